"""YAML as people write it: every value keeps its place, every mistake is named with its place.

Refused, because they hide what a file means: anchors and aliases (a few hundred bytes can stand for billions),
duplicate keys (the last would win in silence), nesting and sizes beyond any sane file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from processors.errors import InvalidInput, Problem
from processors.scalar_place import Written, place_in
from processors.yaml_unreadable import advice, yaml_problem

LONGEST_FILE = 1 << 20
"""Bytes: the largest hand-written topic set seen is under 200 kB."""

LONGEST_PLAIN = 10_000
"""Characters of a value without quotes: the library takes seconds to see that a longer one is no number."""

DEEPEST = 32
"""Levels: the deepest file that means anything has about ten, and reading goes down one call a level."""

Path = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, from 1."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The data of one file, and where each part of it stands."""

    path: str
    data: Any
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]
    blocks: Mapping[Path, Place]  # where the first character of a text value stands, inside | and quotes
    moved: Mapping[Path, Written] = field(default_factory=dict)  # values whose characters stand elsewhere in the file

    def place(self, path: Path) -> Place:
        """Where the value at ``path`` stands, or the nearest part around it that is in the file."""
        for length in range(len(path), -1, -1):
            if (found := self.values.get(path[:length])) is not None:
                return found
        return 1, 1

    def problem(self, path: Path, message: str, *, key: bool = False) -> Problem:
        """A problem with the value, or the key, at ``path``."""
        line, column = self.keys.get(path, self.place(path)) if key else self.place(path)
        return Problem(self.path, line, column, message)

    def problem_in_text(self, path: Path, text: str, offset: int, message: str) -> Problem:
        """A problem ``offset`` characters into the text value at ``path``."""
        if (written := self.moved.get(path)) is not None:
            return Problem(self.path, *place_in(written, text, offset), message)
        line, column = self.blocks.get(path, self.place(path))
        before = text[:offset]
        line_in_text = before.count("\n")
        in_line = offset - (before.rfind("\n") + 1)
        block = self.blocks.get(path) is not None
        return Problem(self.path, line + line_in_text, (column if block or not line_in_text else 1) + in_line, message)


def load_yaml(path: str, text: str) -> YamlDocument:
    """Read one document. Raises ``InvalidInput`` with the place of each problem."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_FILE:
        raise InvalidInput([Problem(path, 0, 0, "larger than 1 MiB: split it into several files")])
    try:
        problems = list(_refused_events(path, text))
        if problems:
            raise InvalidInput(problems)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise InvalidInput([yaml_problem(path, text, error)]) from error
    reader = _Reader(path, text)
    data = reader.read(node, ()) if node is not None else {}
    if reader.problems:
        raise InvalidInput(reader.problems)
    return YamlDocument(path, data, reader.keys, reader.values, reader.blocks, reader.moved)


def validate(document: YamlDocument, model: type[Model], *, at: Path = ()) -> Model:
    """The data at ``at`` as ``model``. Raises ``InvalidInput`` that lists every problem."""
    data = document.data
    for step in at:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInput([_validation_problem(document, model, at, each) for each in error.errors()]) from error


def nearest(name: str, known: Iterable[str]) -> str:
    """ ", did you mean `x`?" for the closest known name, or nothing."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f", did you mean `{found[0]}`?" if found else ""


def _refused_events(path: str, text: str) -> Iterator[Problem]:
    depth = documents = 0
    events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
    for event in events:
        place = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            told = f"anchors and aliases (& and *) are not read: write the value out{_how_to_write(text, event)}"
            yield Problem(path, *place, told)
            return
        if tag := getattr(event, "tag", None):
            told = f"the tag {tag} is not read: write the plain value{_how_to_write(text, event)}"
            yield Problem(path, *place, told)
            return
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                yield Problem(path, *place, f"nested deeper than {DEEPEST} levels")
                return
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                yield Problem(path, *place, "a second document (---): one document a file")
                return


def _how_to_write(text: str, event: Any) -> str:
    return advice(text.splitlines(), event.start_mark.line)


class _Reader:
    """Turns nodes into plain data and notes where everything stands."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text
        self._lines = text.split("\n")
        self._scalars = yaml.constructor.SafeConstructor()
        self.problems: list[Problem] = []
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.blocks: dict[Path, Place] = {}
        self.moved: dict[Path, Written] = {}

    def read(self, node: Any, path: Path) -> Any:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.values[path] = line, column
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.ScalarNode) and not node.style and len(node.value) > LONGEST_PLAIN:
            self.problems.append(Problem(self._path, line, column, "a plain value this long: put it in quotes"))
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, number)) for number, item in enumerate(node.value)]
        if node.style in ("|", ">"):
            self.blocks[path] = line + 1, self._indent(line) + 1
        elif node.style in ("'", '"'):
            self.blocks[path] = line, column + 1
        else:
            self.blocks[path] = line, column
        if node.style != "|":
            self._note_moved(node, path)
        try:
            return self._scalars.construct_object(node)
        except Exception as error:  # whatever a date or a number of a strange shape leads the library to
            self.problems.append(Problem(self._path, line, column, f"cannot be read: {_short(error)}"))
            return None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[Any, Any]:
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            place = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            key = self._key(key_node)
            if not isinstance(key, str | int):
                self.problems.append(Problem(self._path, *place, "a key must be a plain word"))
                continue
            # YAML 1.1 reads the keys on, off, yes, no as true and false; nobody means that.
            key = key_node.value if isinstance(key, bool) else key
            if key in data:
                self.problems.append(Problem(self._path, *place, f"`{key}` stands twice: keep one"))
                continue
            self.keys[*path, key] = place
            data[key] = self.read(value_node, (*path, key))
        return data

    def _key(self, node: Any) -> Any:
        try:
            return self._scalars.construct_object(node) if isinstance(node, yaml.ScalarNode) else None
        except Exception:  # 2026-13-45: looks like a date and is none
            return None

    def _note_moved(self, node: Any, path: Path) -> None:
        source = self._text[node.start_mark.index : node.end_mark.index]
        if "\n" in source or "\\" in source or "''" in source:
            self.moved[path] = Written(node.start_mark.line + 1, node.start_mark.column + 1, node.style or "", source)

    def _indent(self, line: int) -> int:
        """Indentation of the first text line of a block that begins after ``line``."""
        for text in self._lines[line:]:
            if text.strip():
                return len(text) - len(text.lstrip(" "))
        return 0


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _validation_problem(document: YamlDocument, model: type[BaseModel], at: Path, error: Any) -> Problem:
    location = tuple(part for part in error["loc"] if not _is_branch(document, at, error["loc"], part))
    path = (*at, *location)
    if error["type"] == "extra_forbidden":
        name, known = str(location[-1]), _names_at(model, location[:-1])
        return document.problem(path, f"unknown key `{name}`{nearest(name, known) or _expected(known)}", key=True)
    if error["type"] == "missing":
        return document.problem(path[:-1], f"`{location[-1]}` is missing")
    if location and location[-1] == "[key]":
        language = "{2,3}" in str(error.get("ctx", {}).get("pattern"))
        rule = "a language has two or three letters: ar, en" if language else _NAME_RULE
        return document.problem(path[:-1], f"`{location[-2]}`: {rule}", key=True)
    message = _PLAIN_WORDS.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    if error["type"] == "string_type" and location and location[-1] in ("match", "exclude"):
        message = "expected a query: write `match: |`, then the query on the next line, indented"
    name = ".".join(map(str, location))
    return document.problem(path, f"{name}: {message}" if name else message)


_NAME_RULE = "a name is of small Latin letters, digits and hyphens, at most 80"

_PLAIN_WORDS = {
    "string_type": "expected text: put it into quotes",
    "dict_type": "expected lines of `key: value`",
    "model_type": "expected lines of `key: value`",
    "list_type": "expected a list: `[a, b]`, or a line `- a` for each",
    "bool_parsing": "expected yes or no",
    "bool_type": "expected yes or no",
}
"""The kind of a mistake → what is told of it in the place of the library's words."""


def _expected(known: list[str]) -> str:
    return f"; expected one of {', '.join(f'`{name}`' for name in known)}" if known else ""


def _is_branch(document: YamlDocument, at: Path, location: Path, part: str | int) -> bool:
    """Pydantic names the branch of a union inside the location; the file knows nothing of it."""
    path = (*at, *location[: location.index(part) + 1])
    return path not in document.values and location.index(part) < len(location) - 1 and isinstance(part, str)


def _names_at(model: type[BaseModel], location: Path) -> list[str]:
    found: list[type[BaseModel]] = [model]
    for step in location:
        inner: list[type[BaseModel]] = []
        for each in found:
            field = each.model_fields.get(str(step))
            field = field or next((f for f in each.model_fields.values() if f.alias == step), None)
            inner += _models_in(field.annotation) if field else [each]
        found = inner
    return sorted({field.alias or name for each in found for name, field in each.model_fields.items()})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, UnionType, list, tuple, dict) or get_args(annotation):
        return [model for part in get_args(annotation) for model in _models_in(part)]
    return []
