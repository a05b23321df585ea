"""What must at least be in an article for a query to hold: a cheap test over screened patterns.

A superset by construction: NOT, ranges and fields that hold one value ask for nothing, so an article that matches is
never passed over; most that do not are, without being read. What must be near one another must be in one field.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field

from processors.topics.query import (
    And,
    AtLeast,
    Count,
    EntityRef,
    InField,
    ListRef,
    Near,
    Or,
    Phrase,
    Query,
    Regex,
    Term,
    TopicRef,
    Weighted,
    Within,
)

Leaf = Term | Phrase | Regex | EntityRef | ListRef

_PLACE = 1 << 40
"""Far above the number of any group."""

ANYWHERE, TITLE, BODY = 0, _PLACE, 2 * _PLACE
"""Added to the number of a group of patterns: where in the article one of them is asked for."""

_PLACES = {"title": TITLE, "body": BODY, "lead": ANYWHERE, "text": ANYWHERE}
"""The start of the body is looked at as all of it: where it ends is only known once it was read."""


def group_of(key: int) -> int:
    """The group that a key asks for, wherever."""
    return key % _PLACE


class _Everything(Container[int]):
    def __contains__(self, key: object) -> bool:
        return True


EVERYTHING: Container[int] = _Everything()
"""As what is present: every requirement holds."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """``any``: one of the keys or of the parts; else all of both. Keys are groups of patterns, with their place."""

    any: bool
    keys: tuple[int, ...]
    parts: tuple["Requirement", ...]
    size: int = field(init=False, compare=False)  # of all parts, each counted wherever it stands

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 1 + sum(part.size for part in self.parts))

    def holds(self, present: Container[int]) -> bool:
        """Whether the groups in ``present`` suffice."""
        # Asked many times of an article: plain loops take half as long as any() and all().
        if self.any:
            for key in self.keys:
                if key in present:
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


@dataclass(frozen=True, slots=True)
class _Needs:
    group_of: Callable[[Leaf], int | None]
    topic: Callable[[str], Requirement]

    def of(self, node: Query, where: str) -> Requirement:
        match node:
            case InField():
                return self.of(node.child, node.field)
            case And() | Or() | AtLeast():
                parts = [self.of(child, where) for child in node.children]
                every = isinstance(node, And) or (isinstance(node, AtLeast) and node.count == len(parts))
                return _all(parts) if every else _any(parts)
            case Near() | Within() if where in ("lead", "text"):
                return _any([self.together(node, "title"), self.together(node, "body")])
            case Near() | Within():
                return self.together(node, where)
            case Count() | Weighted():
                return self.of(node.child, where)
            case TopicRef():
                return self.topic(node.name)
            case _:
                return self.leaf(node, where)

    def together(self, node: Query, field: str) -> Requirement:
        """Of an operand of proximity, all of which is in one field."""
        match node:
            case And() | Within():
                return _all([self.together(child, field) for child in node.children])
            case Or():
                return _any([self.together(child, field) for child in node.children])
            case Near():
                left = self.together(node.left, field)
                return left if node.kind == "NOTNEAR" else _all([left, self.together(node.right, field)])
            case Weighted():
                return self.together(node.child, field)
            case _:
                return self.leaf(node, field)

    def leaf(self, node: Query, where: str) -> Requirement:
        if isinstance(node, Leaf) and where in _PLACES and (group := self.group_of(node)) is not None:
            place = _PLACES[where]
            return Requirement(any=False, keys=(group + place if place else group,), parts=())
        return NOTHING


def requirement_of(
    query: Query, group_of: Callable[[Leaf], int | None], topic: Callable[[str], Requirement]
) -> Requirement:
    """The requirement of ``query``, never larger than ``MOST_PARTS``; asked of what ``Screen`` finds.

    ``group_of`` numbers the group of a leaf's patterns, None for a leaf that asks for none;
    ``topic`` knows the requirements of other topics.
    """
    return _Needs(group_of, topic).of(query, "text")


def _all(parts: Sequence[Requirement]) -> Requirement:
    keys: dict[int, None] = {}
    kept: list[Requirement] = []
    for part in parts:
        if not part.any:
            keys.update(dict.fromkeys(part.keys))
            kept += part.parts
        else:
            kept.append(part)
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
