"""YAML as people write it: every value keeps its place, every mistake is named with its place.

Refused, because they hide what a file means: anchors and aliases (a few hundred bytes can stand for billions),
duplicate keys (the last would win in silence), nesting and sizes beyond any sane file.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from processors.errors import InvalidInput, Problem
from processors.plain_words import LINES, plain_words
from processors.scalar_place import place_in
from processors.yaml_places import Path, Place, Places, read_places
from processors.yaml_plain import Unusual, plain_data
from processors.yaml_unreadable import ODD_SPACE, odd_space

LONGEST_FILE = 1 << 20
"""Bytes: the largest hand-written topic set seen is under 200 kB."""

Model = TypeVar("Model", bound=BaseModel)


class YamlDocument:
    """The data of one file; where each part of it stands is read when it is first asked for, which is seldom."""

    def __init__(self, path: str, text: str, data: Any) -> None:
        self.path = path
        self.text = text
        self.data = data

    @cached_property
    def _places(self) -> Places:
        return read_places(self.path, self.text)[1]

    def holds(self, path: Path) -> bool:
        """Whether a value stands at ``path``."""
        return path in self._places.values

    def place(self, path: Path) -> Place:
        """Where the value at ``path`` stands, or the nearest part around it that is in the file."""
        for length in range(len(path), -1, -1):
            if (found := self._places.values.get(path[:length])) is not None:
                return found
        return 1, 1

    def cut_short(self, path: Path) -> bool:
        """Whether a comment begins behind the value at ``path``, in its line: `` #`` does not belong to it."""
        line, column = self.place(path)
        rest = self.text.splitlines()[line - 1][column - 1 :]
        return not rest.startswith(("|", ">", '"', "'")) and " #" in rest

    def problem(self, path: Path, message: str, *, key: bool = False) -> Problem:
        """A problem with the value, or the key, at ``path``."""
        line, column = self._places.keys.get(path, self.place(path)) if key else self.place(path)
        return Problem(self.path, line, column, message)

    def problem_in_text(self, path: Path, text: str, offset: int, message: str) -> Problem:
        """A problem ``offset`` characters into the text value at ``path``."""
        if (written := self._places.moved.get(path)) is not None:
            return Problem(self.path, *place_in(written, text, offset), message)
        line, column = self._places.blocks.get(path, self.place(path))
        before = text[:offset]
        line_in_text = before.count("\n")
        in_line = offset - (before.rfind("\n") + 1)
        block = self._places.blocks.get(path) is not None
        return Problem(self.path, line + line_in_text, (column if block or not line_in_text else 1) + in_line, message)


def load_yaml(path: str, text: str) -> YamlDocument:
    """Read one document. Raises ``InvalidInput`` with the place of each problem."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_FILE:
        raise InvalidInput([Problem(path, 0, 0, "larger than 1 MiB: split it into several files")])
    try:
        data = plain_data(text)
    except Unusual:
        data, _ = read_places(path, text)
    return YamlDocument(path, text, data)


def validate(document: YamlDocument, model: type[Model], *, at: Path = ()) -> Model:
    """The data at ``at`` as ``model``. Raises ``InvalidInput`` that lists every problem."""
    data = document.data
    for step in at:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        located = [(_in_file(document, at, each), each) for each in error.errors()]
        meant = _of_the_branch_meant(located)
        raise InvalidInput([_validation_problem(document, model, at, *each) for each in meant]) from error


def nearest(name: str, known: Iterable[str]) -> str:
    """ ", did you mean `x`?" for the closest known name, or nothing."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f", did you mean `{found[0]}`?" if found else ""


def meant(name: str, known: Iterable[str]) -> str:
    """The same, and where none is close, all that are known: "; there are: `a`, `b`"."""
    names = list(known)
    return nearest(name, names) or f"; there are: {', '.join(names) or 'none'}"


def _in_file(document: YamlDocument, at: Path, error: Any) -> Path:
    """Where in the file, from ``at`` on: pydantic names the branch of a union too, of which the file knows nothing."""
    if not error["loc"]:
        return ()
    *around, last = error["loc"]
    location: Path = ()
    for part in around:
        if isinstance(part, int) or document.holds((*at, *location, part)):
            location = (*location, part)
    of_the_model = error["type"] in ("missing", *_UNKNOWN) or last == "[key]"
    return (*location, last) if of_the_model or document.holds((*at, *location, last)) else location


def _of_the_branch_meant(located: list[tuple[Path, Any]]) -> list[tuple[Path, Any]]:
    """Without saying that a value should have been of the other kind, where what it is wrong in is told as well."""
    return [
        (location, error)
        for location, error in located
        if error["type"] not in _OTHER_KIND
        or not any(
            other[: len(location)] == location and (len(other) > len(location) or told["type"] not in _OTHER_KIND)
            for other, told in located
        )
    ]


def _validation_problem(
    document: YamlDocument, model: type[BaseModel], at: Path, location: Path, error: Any
) -> Problem:
    path = (*at, *location)
    if error["type"] in _UNKNOWN:
        name, known = str(location[-1]), _names_at(model, location[:-1])
        if odd_space([name]) is not None:
            return document.problem(path, ODD_SPACE, key=True)
        return document.problem(path, f"unknown key `{name}`{nearest(name, known) or _expected(known)}", key=True)
    if error["type"] == "missing":
        return document.problem(path[:-1], f"`{location[-1]}` is missing")
    if location and location[-1] == "[key]":
        language = "{2,3}" in str(error.get("ctx", {}).get("pattern"))
        rule = "a language has two or three letters: ar, en" if language else _NAME_RULE
        return document.problem(path[:-1], f"`{location[-2]}`: {rule}", key=True)
    message = plain_words(error["type"], error.get("ctx", {})) or str(error["msg"]).removeprefix("Value error, ")
    if message == LINES and location and not isinstance(location[-1], int):
        message = _BELOW
    if error["type"] == "string_type" and location and location[-1] in ("match", "exclude"):
        message = "expected a query: write `match: |`, then the query on the next line, indented"
    name = ".".join(map(str, location))
    return document.problem(path, f"{name}: {message}" if name else message)


_NAME_RULE = "a name is of small Latin letters, digits and hyphens, at most 80"

_BELOW = f"{LINES} below it, indented, without a dash before them"

_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_OTHER_KIND = ("string_type", "dict_type", "model_type", "dataclass_type", "list_type", "tuple_type")


def _expected(known: list[str]) -> str:
    return f"; expected one of {', '.join(f'`{name}`' for name in known)}" if known else ""


def _names_at(model: type[BaseModel], location: Path) -> list[str]:
    found: list[Any] = [model]
    for step in location:
        inner: list[Any] = []
        for each in found:
            fields = each.__pydantic_fields__
            field = fields.get(str(step)) or next((f for f in fields.values() if f.alias == step), None)
            inner += _models_in(field.annotation) if field else [each]
        found = inner
    return sorted({field.alias or name for each in found for name, field in each.__pydantic_fields__.items()})


def _models_in(annotation: Any) -> list[Any]:
    """The models, and the dataclasses that are checked like them, which a value may be."""
    if isinstance(annotation, type) and hasattr(annotation, "__pydantic_fields__"):
        return [annotation]
    if get_origin(annotation) in (Union, UnionType, list, tuple, dict) or get_args(annotation):
        return [model for part in get_args(annotation) for model in _models_in(part)]
    return []
