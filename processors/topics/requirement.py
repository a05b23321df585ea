"""What must at least be in an article for a query to hold: a cheap test over screened patterns.

A superset by construction: NOT, ranges and fields that hold one value ask for nothing, so an article that matches is
never passed over; most that do not are, without being read. What must be near one another must be in one field.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from processors.topics.query.tree import (
    And,
    AtLeast,
    Count,
    InField,
    Leaf,
    Near,
    Or,
    Query,
    Term,
    TopicRef,
    Weighted,
    Within,
)

_PLACE = 1 << 40
"""Far above the number of any group."""

ANYWHERE, TITLE, BODY = 0, _PLACE, 2 * _PLACE
"""Added to the number of a group of patterns: where in the article one of them is asked for."""

_PLACES = {"title": TITLE, "body": BODY, "lead": ANYWHERE, "text": ANYWHERE}
"""The start of the body is looked at as all of it: where it ends is only known once it was read."""


def group_of(key: int) -> int:
    """The group that a key asks for, wherever."""
    return key % _PLACE


_NO_KEYS: frozenset[int] = frozenset()
"""One for all: of 225,000 topics each would have its own."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """``any``: one of the keys or of the parts; else all of both. Keys are groups of patterns, with their place."""

    any: bool
    keys: tuple[int, ...]
    parts: tuple["Requirement", ...]
    one_of: frozenset[int] = field(init=False, compare=False)  # the keys of ``any``
    size: int = field(init=False, compare=False)  # of all parts, each counted wherever it stands

    def __post_init__(self) -> None:
        size = 1 + sum([part.size for part in self.parts]) if self.parts else 1
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "one_of", frozenset(self.keys) if self.any else _NO_KEYS)

    def holds(self, present: Set[int]) -> bool:
        """Whether the groups in ``present`` suffice."""
        # Asked many times of an article: plain loops take half as long as any() and all().
        if self.any:
            if self.one_of and not self.one_of.isdisjoint(present):
                return True
            for part in self.parts:  # noqa: SIM110
                if part.holds(present):
                    return True
            return False
        for key in self.keys:
            if key not in present:
                return False
        for part in self.parts:  # noqa: SIM110
            if not part.holds(present):
                return False
        return True

    def every_key(self) -> Iterator[int]:
        """The keys in it, those of its parts included."""
        yield from self.keys
        for part in self.parts:
            yield from part.every_key()


NOTHING = Requirement(any=False, keys=(), parts=())
"""Asks for nothing: every article is a candidate."""

MOST_PARTS = 2_000
"""Of one requirement: asking a larger one of every article costs more than the closer look that it saves."""


class Requirements:
    """The requirements of queries, none larger than ``MOST_PARTS``; they are asked of what ``Screen`` finds.

    ``group_of`` numbers the group of a leaf's patterns, None for a leaf that asks for none; ``topic`` knows the
    queries of other topics.
    """

    def __init__(self, group_of: Callable[[Leaf], int | None], topic: Callable[[str], Query]) -> None:
        self._group_of = group_of
        self._topic = topic
        self._of_topics: dict[str, Requirement] = {}  # each once, however many refer to it
        self._of_keys: dict[int, Requirement] = {}  # of one leaf: a few thousand words stand in all queries

    def of(self, node: Query, where: str = "text") -> Requirement:
        """The requirement of a query, asked in one of the fields whose text is matched."""
        match node:
            case Term():
                return self._leaf(node, where)
            case InField():
                return self.of(node.child, node.field)
            case And() | Or() | AtLeast():
                parts = [self.of(child, where) for child in node.children]
                every = isinstance(node, And) or (isinstance(node, AtLeast) and node.count == len(parts))
                return _all(parts) if every else _any(parts)
            case Near() | Within() if where in ("lead", "text"):
                return _any([self._together(node, "title"), self._together(node, "body")])
            case Near() | Within():
                return self._together(node, where)
            case Count() | Weighted():
                return self.of(node.child, where)
            case TopicRef():
                if node.name not in self._of_topics:
                    self._of_topics[node.name] = self.of(self._topic(node.name))
                return self._of_topics[node.name]
            case _:
                return self._leaf(node, where)

    def _together(self, node: Query, field: str) -> Requirement:
        """Of an operand of proximity, all of which is in one field."""
        match node:
            case And() | Within():
                return _all([self._together(child, field) for child in node.children])
            case Or():
                return _any([self._together(child, field) for child in node.children])
            case Near():
                left = self._together(node.left, field)
                return left if node.kind == "NOTNEAR" else _all([left, self._together(node.right, field)])
            case Weighted():
                return self._together(node.child, field)
            case _:
                return self._leaf(node, field)

    def _leaf(self, node: Query, where: str) -> Requirement:
        if not isinstance(node, Leaf) or where not in _PLACES:
            return NOTHING
        key = self._group_of(node)
        if key is None:
            return NOTHING
        if place := _PLACES[where]:
            key += place
        if key not in self._of_keys:
            self._of_keys[key] = Requirement(any=False, keys=(key,), parts=())
        return self._of_keys[key]


def _all(parts: Sequence[Requirement]) -> Requirement:
    keys: dict[int, None] = {}
    kept: list[Requirement] = []
    for part in parts:
        if part.any:
            kept.append(part)
            continue
        for key in part.keys:
            keys[key] = None
        kept += part.parts
    needed = Requirement(any=False, keys=tuple(keys), parts=tuple(kept))
    return needed if needed.size <= MOST_PARTS else Requirement(any=False, keys=tuple(keys), parts=())


def _any(parts: Sequence[Requirement]) -> Requirement:
    if any(part == NOTHING for part in parts):
        return NOTHING
    keys: dict[int, None] = {}
    kept: list[Requirement] = []
    for part in parts:
        if part.any:
            keys.update(dict.fromkeys(part.keys))
            kept += part.parts
        elif not part.parts and len(part.keys) == 1:
            keys[part.keys[0]] = None
        else:
            kept.append(part)
    needed = Requirement(any=True, keys=tuple(keys), parts=tuple(kept))
    return needed if needed.size <= MOST_PARTS else NOTHING
