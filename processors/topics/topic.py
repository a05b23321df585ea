"""Topic files and list files: what a desk writes, validated, every mistake with its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from processors.errors import InvalidInput, Problem
from processors.stories.updates_file import UpdatesFile
from processors.topics.query.parse import parse_query
from processors.topics.query.text import QueryError
from processors.topics.query.tree import Query
from processors.yaml_document import YamlDocument, load_yaml, validate
from processors.yaml_places import Path

BUILT_IN = "builtin:"
"""How the path of what comes with the program begins."""

NAME = r"^[a-z0-9][a-z0-9-]{0,79}$"
"""Names of topics and lists: they stand in ids, labels and URLs."""

Name = Annotated[str, StringConstraints(pattern=NAME)]

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


def _no_number(value: object) -> object:
    """A number would be read as seconds since 1970: 20260131 as a day of August 1970."""
    if isinstance(value, int | float):
        raise ValueError("expected a date or a time: 2026-01-31 or 2026-01-31T18:00")  # noqa: TRY004 - what a validator raises
    return value


Moment = Annotated[datetime, BeforeValidator(_no_number)]
"""A date or a time as people write it."""


class _Part(BaseModel):
    """A misspelt key is an error, never a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class Lint(_Part):
    """What ``rasid lint`` may find here and is right all the same."""

    ignore: dict[Annotated[str, StringConstraints(pattern=r"^RSD\d{3}$")], Annotated[str, Field(min_length=1)]] = {}
    """Code of a rule → the reason why it does not apply."""


class TopicTest(_Part):
    """One example that the topic must match, or must not. Run by ``rasid check`` and at every reload.

    ``published_at`` names a moment: a date, or a time without an offset, is read in the topic's time zone.
    """

    text: str = ""
    title: str = ""
    source: str = ""
    lang: str = ""
    published_at: Moment | None = None
    expect: Literal["match", "no_match"]
    why: str = ""


class TopicFile(_Part):
    """One topic as written."""

    title: dict[Language, str] = {}
    match: str
    threshold: Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)] = 1  # else yes would be 1
    exclude: str = ""
    severity: Literal["info", "warning", "critical"] = "info"
    labels: dict[Name, str] = {}
    timezone: str = "UTC"
    enabled: bool = True
    updates: UpdatesFile = UpdatesFile()
    tests: list[TopicTest] = []
    lint: Lint = Lint()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"`{name}` is no time zone: write for instance Africa/Cairo") from error
        return name

    @field_validator("tests")
    @classmethod
    def _moments(cls, tests: list[TopicTest], read: ValidationInfo) -> list[TopicTest]:
        zone = ZoneInfo(read.data.get("timezone", "UTC"))  # absent where it is wrong, which is told already
        return [test.model_copy(update={"published_at": _aware(test.published_at, zone)}) for test in tests]


class ListFile(_Part):
    """One list as written: things that a query may name together."""

    title: dict[Language, str] = {}
    terms: dict[Language, list[str]] = {}
    verbs: dict[Language, list[str]] = {}
    bare: dict[Language, list[str]] = {}
    """Words that take particles, and neither ال nor pronouns."""
    blocked_by: Annotated[dict[Language, list[str]], Field(alias="not")] = {}
    """Phrases in which the terms mean something else: one that shares a word with such a phrase does not count."""
    entities: list[str] = []
    lint: Lint = Lint()

    def words(self) -> Iterator[tuple[str, Mapping[str, Sequence[str]]]]:
        """What is written in each part, under the part's key."""
        yield from (("terms", self.terms), ("verbs", self.verbs), ("bare", self.bare), ("not", self.blocked_by))


class File(_Part):
    """A file may hold topics, lists, or both."""

    topics: dict[Name, TopicFile] = {}
    lists: dict[Name, ListFile] = {}


def _aware(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.replace(tzinfo=zone) if moment is not None and moment.tzinfo is None else moment


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that was read: its query is parsed, its references are not yet resolved."""

    name: str
    file: TopicFile
    match: Query
    exclude: Query | None
    document: YamlDocument = field(compare=False, repr=False)

    def problem(self, at: int, message: str, *, part: str = "match") -> Problem:
        """A problem ``at`` characters into this topic's query."""
        path: Path = ("topics", self.name, part)
        return self.document.problem_in_text(path, getattr(self.file, part), at, message)


@dataclass(frozen=True, slots=True)
class TermList:
    """A list that was read."""

    name: str
    file: ListFile
    document: YamlDocument = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that some files hold."""

    topics: Sequence[Topic] = ()
    lists: Sequence[TermList] = ()
    warnings: Sequence[Problem] = ()


def load_topics(files: Iterable[tuple[str, str]]) -> Loaded:
    """Read files, given as (path, text). Raises ``InvalidInput`` that lists every problem of every file."""
    topics: dict[str, Topic] = {}
    lists: dict[str, TermList] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for path, text in files:
        try:
            document = load_yaml(path, text)
        except InvalidInput as error:
            problems += error.problems
            continue
        try:
            held = validate(document, File)
        except InvalidInput as error:
            problems += [*error.problems, *_query_problems(document)]
            continue
        for name, list_file in held.lists.items():
            if name in lists:
                twice = f"list `{name}` is also in {lists[name].document.path}: names are used once"
                problems.append(document.problem(("lists", name), twice, key=True))
            lists[name] = TermList(name, list_file, document)
        for name, topic_file in held.topics.items():
            if name in topics:
                twice = f"topic `{name}` is also in {topics[name].document.path}: names are used once"
                problems.append(document.problem(("topics", name), twice, key=True))
            elif (topic := _read_topic(name, topic_file, document, problems, warnings)) is not None:
                topics[name] = topic
    if problems:
        raise InvalidInput(problems)
    return Loaded(tuple(topics.values()), tuple(lists.values()), tuple(warnings))


def _query_problems(document: YamlDocument) -> Iterator[Problem]:
    """What is wrong with the queries of a file that has other problems: its author mends all of them at once."""
    topics = document.data.get("topics") if isinstance(document.data, dict) else None
    for name, topic in (topics if isinstance(topics, dict) else {}).items():
        for part in ("match", "exclude"):
            text = topic.get(part) if isinstance(topic, dict) else None
            if isinstance(text, str) and text:
                try:
                    parse_query(text)
                except QueryError as error:
                    yield document.problem_in_text(("topics", name, part), text, error.at, error.message)


def _read_topic(
    name: str, file: TopicFile, document: YamlDocument, problems: list[Problem], warnings: list[Problem]
) -> Topic | None:
    parsed: dict[str, Query] = {}
    for part in ("match", "exclude"):
        text = getattr(file, part)
        if not text and part == "exclude":
            continue
        path: Path = ("topics", name, part)
        try:
            result = parse_query(text)
        except QueryError as error:
            cut = ". In YAML a comment begins at ` #`: write `match: |`, then the query on the next line, indented"
            message = error.message + (cut if document.cut_short(path) else "")
            problems.append(document.problem_in_text(path, text, error.at, message))
            continue
        parsed[part] = result.query
        warnings += (document.problem_in_text(path, text, each.at, each.message) for each in result.warnings)
    if "match" not in parsed or bool(file.exclude) != ("exclude" in parsed):
        return None
    return Topic(name, file, parsed["match"], parsed.get("exclude"), document)
