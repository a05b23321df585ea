"""What is wrong with a request's parameters or body, as a person would say it: the place, and what to write. Pure.

``limit: write a whole number from 1 to 500``. What msgspec says of types and bounds is for programmers; the place that
it names is looked up in the type that was asked for, which says what may stand there.
"""

import re
from typing import Any

import msgspec
from msgspec import inspect

_PLACE = re.compile(r" - at `(?P<key>key in )?\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+|\.\.\.)\]")

_MOST_SHOWN_CHARS = 40
"""Of what somebody wrote."""

_SHAPES = {
    "[A-Za-z0-9][A-Za-z0-9._-]{0,63}": "letters, digits, `.`, `_` and `-`, at most 64, the first a letter or a digit",
    "[0-9]{1,15}-[0-9]{1,15}": "a cursor as an answer gave it",
    "evt_[a-z0-9]{1,64}": "the id of a delivery, `evt_` and small letters and digits",
    "[a-z2-7]{26}": "the id of an alert, 26 of the letters a to z and 2 to 7",
}
"""Patterns of the API's parameters and fields → what people are told in their place."""


def wrong_words(kind: type[msgspec.Struct], error: msgspec.ValidationError) -> str:
    """What to say of an error in something that should have been a ``kind``."""
    text = str(error)
    place = _PLACE.search(text)
    steps = list(_STEP.finditer(place["path"])) if place else []
    type_: inspect.Type = inspect.type_info(kind)
    for step in steps:
        type_ = _inside(type_, step["name"])
    where = "".join(_shown(step) for step in steps).removeprefix(".")
    if place is not None and place["key"]:
        return f"{where or 'the body'}: write for each of its keys {_keys(type_)}"
    if (named := re.match(r"Object missing required field `(\w+)`", text)) is not None:
        return f"{_below(where, named[1])} is missing: write {_meant(_inside(type_, named[1]))}"
    if (named := re.match(r"Object contains unknown field `(.*?)`", text, re.DOTALL)) is not None:
        return f"{_below(where, named[1][:_MOST_SHOWN_CHARS])}: there is no such field, only {_fields(type_)}"
    return f"{where or 'the body'}: write {_meant(type_)}"


def _shown(step: re.Match[str]) -> str:
    """``.ids`` and ``[3]``, counted from 0 as programs do; a key of any name is not shown."""
    if step["name"]:
        return f".{step['name']}"
    return f"[{step['index']}]" if step["index"] != "..." else ""


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _kinds(type_: inspect.Type) -> list[inspect.Type]:
    """What it may be, without what describes it, and without the null that stands for not given."""
    while isinstance(type_, inspect.Metadata):
        type_ = type_.type
    if isinstance(type_, inspect.UnionType):
        return [kind for each in type_.types if not isinstance(each, inspect.NoneType) for kind in _kinds(each)]
    return [type_]


def _inside(type_: inspect.Type, name: str | None) -> inspect.Type:
    """The type of a field, or of the entries of a list or mapping."""
    for kind in _kinds(type_):
        if isinstance(kind, inspect.StructType) and name is not None:
            return next((each.type for each in kind.fields if each.encode_name == name), inspect.AnyType())
        if isinstance(kind, inspect.ListType | inspect.VarTupleType):
            return kind.item_type
        if isinstance(kind, inspect.DictType):
            return kind.value_type
    return inspect.AnyType()


def _fields(type_: inspect.Type) -> str:
    named = [each.encode_name for kind in _kinds(type_) if isinstance(kind, inspect.StructType) for each in kind.fields]
    return ", ".join(named)


def _keys(type_: inspect.Type) -> str:
    keys = [_meant(kind.key_type) for kind in _kinds(type_) if isinstance(kind, inspect.DictType)]
    return " or ".join(keys)


def _meant(type_: inspect.Type) -> str:
    """What may be written for a type: ``a whole number from 1 to 500``."""
    return ", or ".join(map(_meant_by, _kinds(type_)))


def _meant_by(kind: inspect.Type) -> str:
    match kind:
        case inspect.IntType():
            return f"a whole number{_between(kind.ge, kind.le)}"
        case inspect.FloatType():
            return f"a number{_between(kind.ge, kind.le)}"
        case inspect.BoolType():
            return "true or false"
        case inspect.EnumType():
            return f"one of {', '.join(str(each.value) for each in kind.cls)}"
        case inspect.LiteralType():
            return f"one of {', '.join(map(str, kind.values))}"
        case inspect.StrType():
            return _text(kind)
        case inspect.DateTimeType():
            return "a moment with its zone, like 2026-11-24T08:00:00Z"
        case inspect.ListType() | inspect.VarTupleType():
            return f"{_size('a list', 'entries', kind.min_length, kind.max_length)}, each {_meant(kind.item_type)}"
        case inspect.DictType():
            return f"an object whose values are each {_meant(kind.value_type)}"
        case inspect.StructType():
            return f"a JSON object with {_fields(kind)}"
    return "something else"


def _between(low: Any, high: Any) -> str:
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" of {low} or more" if low is not None else f" up to {high}" if high is not None else ""


def _text(text: inspect.StrType) -> str:
    if text.pattern is not None:
        return next((said for shape, said in _SHAPES.items() if shape in text.pattern), "a text of the shape asked for")
    return _size("a text", "characters", text.min_length, text.max_length)


def _size(what: str, of: str, least: int | None, most: int | None) -> str:
    if most is not None:
        return f"{what} of {least} to {most} {of}" if least else f"{what} of at most {most} {of}"
    return f"{what} of at least {least} {of}" if least else what
