"""What must at least be in an article for a query to hold: a cheap test over screened patterns.

A superset by construction: NOT, ranges and fields that hold one value ask for nothing, so an article that matches is
never passed over; most that do not are, without being read. What must be near one another must be in one field.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from processors.topics.query import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Count,
    EntityRef,
    InField,
    ListRef,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Term,
    TopicRef,
    Weighted,
    Within,
    children_of,
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """``any``: one of the bits or of the parts; else all of both. Bits are groups of patterns."""

    any: bool
    bits: int
    parts: tuple["Requirement", ...]
    size: int = field(init=False, compare=False)  # of all parts, each counted wherever it stands

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 1 + sum(part.size for part in self.parts))

    def holds(self, present: int) -> bool:
        """Whether the groups in ``present`` suffice."""
        # Asked many times of every article: plain loops take half as long as any() and all().
        if self.any:
            if present & self.bits:
                return True
            for part in self.parts:  # noqa: SIM110
                if part.holds(present):
                    return True
            return False
        if present & self.bits != self.bits:
            return False
        for part in self.parts:  # noqa: SIM110
            if not part.holds(present):
                return False
        return True


NOTHING = Requirement(any=False, bits=0, parts=())
"""Asks for nothing: every article is a candidate."""

MOST_PARTS = 2_000
"""Of one requirement: asking a larger one of every article costs more than the closer look that it saves."""


_BODY, _ANYWHERE, _PLACES = 1, 2, 3
_SHIFTS = {"title": 0, "body": _BODY, "lead": _ANYWHERE, "text": _ANYWHERE}
"""The start of the body is looked at as all of it: where it ends is only known once it was read."""


def present_in(title: int, body: int) -> int:
    """What an article holds, of the groups found in its title and those found in its body."""
    return title | body << _BODY | (title | body) << _ANYWHERE


def group_bit(number: int) -> int:
    """The bit of a group of patterns: three apart, for the title, for the body and for either."""
    return 1 << _PLACES * number


@dataclass(frozen=True, slots=True)
class _Needs:
    bit_of: Callable[[Query], int]
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
        if isinstance(node, Term | Phrase | EntityRef | ListRef) and where in _SHIFTS:
            return Requirement(any=False, bits=self.bit_of(node) << _SHIFTS[where], parts=())
        return NOTHING


def requirement_of(query: Query, bit_of: Callable[[Query], int], topic: Callable[[str], Requirement]) -> Requirement:
    """The requirement of ``query``, never larger than ``MOST_PARTS``; asked of what ``present_in`` returns.

    ``bit_of`` numbers the group of a leaf's patterns (``group_bit``); ``topic`` knows the requirements of other topics.
    """
    return _Needs(bit_of, topic).of(query, "text")


def bits_of(query: Query, bit_of: Callable[[Query], int], topic: Callable[[str], int]) -> int:
    """The groups of every leaf, and those of topics referred to: all that a rough look must find.

    What must not be there, or not near, is of no interest to it; nor are fields that hold one value.
    """
    bits = 0
    stack = [query]
    while stack:
        match node := stack.pop():
            case Term() | Phrase() | EntityRef() | ListRef():
                bits |= bit_of(node)
            case TopicRef():
                bits |= topic(node.name)
            case Near() if node.kind == "NOTNEAR":
                stack.append(node.left)
            case Not():
                pass
            case InField() if node.field not in TEXT_FIELDS:
                pass
            case _:
                stack += children_of(node)
    return bits


def _all(parts: Sequence[Requirement]) -> Requirement:
    bits = 0
    kept: list[Requirement] = []
    for part in parts:
        if not part.any:
            bits |= part.bits
            kept += part.parts
        else:
            kept.append(part)
    needed = Requirement(any=False, bits=bits, parts=tuple(kept))
    return needed if needed.size <= MOST_PARTS else Requirement(any=False, bits=bits, parts=())


def _any(parts: Sequence[Requirement]) -> Requirement:
    if any(part == NOTHING for part in parts):
        return NOTHING
    bits = 0
    kept: list[Requirement] = []
    for part in parts:
        if part.any:
            bits |= part.bits
            kept += part.parts
        elif not part.parts and part.bits & (part.bits - 1) == 0:
            bits |= part.bits
        else:
            kept.append(part)
    needed = Requirement(any=True, bits=bits, parts=tuple(kept))
    return needed if needed.size <= MOST_PARTS else NOTHING
