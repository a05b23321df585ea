"""What a rule of the linter says, and what it is given to look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from processors.errors import Problem
from processors.topics.lint.name_uses import NameUses
from processors.topics.query.text import read_query_text
from processors.topics.query.tree import Query
from processors.topics.topic import TermList, Topic
from processors.yaml_places import Path


class Severity(StrEnum):
    """How sure it is that the author did not mean it."""

    ERROR = "error"  # a part of the topic can never do anything
    WARNING = "warning"  # it finds too little or too much
    HINT = "hint"  # it can be written shorter, or is worth a second look


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that keeps what the topic means: at ``line`` and ``column`` of the file, ``old`` becomes ``new``."""

    line: int
    column: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Found:
    """One place that a rule is about. ``fix``: only where the change is safe to make by machine."""

    problem: Problem
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is told to the author."""

    code: str
    severity: Severity
    where: str  # topic:name or list:name
    problem: Problem
    fix: Fix | None = None

    def __str__(self) -> str:
        place = str(Problem(self.problem.path, self.problem.line, self.problem.column, "")).removesuffix(": ")
        return f"{place}: {self.code} {self.severity}: {self.problem.message}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that was loaded together: topics and lists by name, and the names of entities."""

    topics: Mapping[str, Topic]
    lists: Mapping[str, TermList]
    names: NameUses
    looked_at: Sequence[str] = ()
    """Topics whose findings are asked for; the others are there because they are referred to."""


TopicCheck = Callable[[Topic, Desk], Iterator[Found]]
ListCheck = Callable[[TermList, Desk], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for in every topic, in every list, or in both."""

    code: str
    severity: Severity
    title: str  # what is wrong, in a few words
    why: str  # the reason and the remedy, for ``--explain``
    topic: TopicCheck | None = None
    list: ListCheck | None = None


def queries(topic: Topic) -> Iterator[tuple[str, Query, str]]:
    """The parts of a topic that are queries: their key, the query, and the text that was parsed."""
    yield "match", topic.match, read_query_text(topic.file.match).text
    if topic.exclude is not None:
        yield "exclude", topic.exclude, read_query_text(topic.file.exclude).text


def in_query(topic: Topic, part: str, at: int, message: str, *, old: str = "", new: str | None = None) -> Found:
    """Something ``at`` characters into a parsed query; with ``new``, ``old`` stands there and should be ``new``."""
    written = read_query_text(getattr(topic.file, part)).place(at)
    return as_written(topic, part, written, message, old=old, new=new)


def as_written(topic: Topic, part: str, at: int, message: str, *, old: str = "", new: str | None = None) -> Found:
    """The same, ``at`` characters into the query as its author wrote it."""
    problem = topic.problem(at, message, part=part)
    return Found(problem, None if new is None else Fix(problem.line, problem.column, old, new))


def at_key(topic: Topic, path: Path, message: str, *, key: bool = False) -> Found:
    """Something about another key of a topic."""
    return Found(topic.document.problem(("topics", topic.name, *path), message, key=key))


def in_list(held: TermList, path: Path, message: str) -> Found:
    """Something in a list."""
    return Found(held.document.problem(("lists", held.name, *path), message))
