"""A YAML file read fast: its data and nothing else, in one pass.

Nearly all files are what they should be, and packs hold tens of thousands of values. Whatever is out of the ordinary
is left to ``yaml_places``, which says what is wrong with it and where, or reads it all the same.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import yaml

from processors.yaml_places import DEEPEST, LONGEST_PLAIN


class Unusual(Exception):
    """The file needs the careful reader."""


_TELLING = frozenset(first or "" for first in yaml.resolver.Resolver.yaml_implicit_resolvers)
"""A value without quotes is text, unless it begins like a number, a date, a truth value or nothing at all."""

_resolver = yaml.resolver.Resolver()


def plain_data(text: str) -> Any:
    """The data of a file, the same as ``read_places`` gives; ``{}`` of an empty one. Raises ``Unusual``."""
    loader = None
    try:
        loader = yaml.CSafeLoader(text)  # refuses characters that no file may hold
        return _document(loader.get_event)
    except yaml.YAMLError as error:
        raise Unusual from error
    finally:
        if loader is not None:
            loader.dispose()


def _document(next_event: Callable[[], Any]) -> Any:
    data: Any = {}
    documents = 0
    while (kind := type(event := next_event())) is not yaml.StreamEndEvent:
        if kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise Unusual
        elif kind in _VALUES:
            data = _value(event, next_event, 1)
    return data


_VALUES = frozenset((yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent))


def _value(event: Any, next_event: Callable[[], Any], depth: int) -> Any:
    kind = type(event)
    if kind is yaml.AliasEvent or event.anchor is not None or event.tag is not None or depth > DEEPEST:
        raise Unusual
    if kind is yaml.ScalarEvent:
        return event.value if event.style else _plain(event.value)
    if kind is yaml.SequenceStartEvent:
        sequence = []
        while type(inner := next_event()) is not yaml.SequenceEndEvent:
            sequence.append(_value(inner, next_event, depth + 1))
        return sequence
    mapping: dict[Any, Any] = {}
    while type(inner := next_event()) is not yaml.MappingEndEvent:
        if type(inner) is not yaml.ScalarEvent:
            raise Unusual
        key = _value(inner, next_event, depth)
        if isinstance(key, bool):
            key = inner.value  # YAML 1.1 reads on, off, yes, no as true and false; nobody means that of a key
        if not isinstance(key, str | int) or key in mapping:
            raise Unusual
        mapping[key] = _value(next_event(), next_event, depth + 1)
    return mapping


def _plain(value: str) -> Any:
    if value[:1] not in _TELLING:
        if len(value) > LONGEST_PLAIN:
            raise Unusual
        return value
    return _resolved(value)


@lru_cache(4096)  # small numbers and yes or no, again and again
def _resolved(value: str) -> Any:
    if len(value) > LONGEST_PLAIN:
        raise Unusual
    try:
        tag = _resolver.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
        return yaml.constructor.SafeConstructor().construct_object(yaml.ScalarNode(tag, value))
    except Exception as error:  # whatever a date or a number of a strange shape leads the library to
        raise Unusual from error
