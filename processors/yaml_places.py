"""A YAML file read with care: every value, and where it stands; every mistake, each with its place.

Refused, because they hide what a file means: anchors and aliases (a few hundred bytes can stand for billions),
duplicate keys (the last would win in silence), nesting beyond any sane file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from processors.errors import InvalidInput, Problem
from processors.scalar_place import Written
from processors.yaml_unreadable import advice, yaml_problem

LONGEST_PLAIN = 10_000
"""Characters of a value without quotes: the library takes seconds to see that a longer one is no number."""

DEEPEST = 32
"""Levels: the deepest file that means anything has about ten, and reading goes down one call a level."""

Path = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, from 1."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a file stand."""

    keys: dict[Path, Place]
    values: dict[Path, Place]
    blocks: dict[Path, Place]  # where the first character of a text value stands, inside | and quotes
    moved: dict[Path, Written]  # values whose characters stand elsewhere in the file


def read_places(path: str, text: str) -> tuple[Any, Places]:
    """The data of a file, and the places of its parts. Raises ``InvalidInput`` with the place of each problem."""
    try:
        if problems := list(_refused_events(path, text)):
            raise InvalidInput(problems)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise InvalidInput([yaml_problem(path, text, error)]) from error
    reader = _Reader(path, text)
    data = reader.read(node, ()) if node is not None else {}
    if reader.problems:
        raise InvalidInput(reader.problems)
    return data, reader.places


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
                yield Problem(path, *place, f"nested deeper than {DEEPEST} levels: ten are enough for any file here")
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
        self.places = Places({}, {}, {}, {})

    def read(self, node: Any, path: Path) -> Any:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self.places.values[path] = line, column
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.ScalarNode) and not node.style and len(node.value) > LONGEST_PLAIN:
            self.problems.append(Problem(self._path, line, column, "a plain value this long: put it in quotes"))
            return None
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, number)) for number, item in enumerate(node.value)]
        if node.style in ("|", ">"):
            self.places.blocks[path] = line + 1, self._indent(line) + 1
        elif node.style in ("'", '"'):
            self.places.blocks[path] = line, column + 1
        else:
            self.places.blocks[path] = line, column
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
            self.places.keys[*path, key] = place
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
            self.places.moved[path] = Written(
                node.start_mark.line + 1, node.start_mark.column + 1, node.style or "", source
            )

    def _indent(self, line: int) -> int:
        """Indentation of the first text line of a block that begins after ``line``."""
        for text in self._lines[line:]:
            if text.strip():
                return len(text) - len(text.lstrip(" "))
        return 0


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
