"""What must at least be in an article for a query to hold: a cheap test over screened patterns.

A superset by construction: NOT, ranges and fields that hold one value ask for nothing, so an article that matches is
never passed over; most that do not are, without being read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from processors.topics.check import walk
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
    Term,
    TopicRef,
    Weighted,
    Within,
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
        if self.any:
            return bool(present & self.bits) or any(part.holds(present) for part in self.parts)
        return present & self.bits == self.bits and all(part.holds(present) for part in self.parts)


NOTHING = Requirement(any=False, bits=0, parts=())
"""Asks for nothing: every article is a candidate."""

MOST_PARTS = 2_000
"""Of one requirement: asking a larger one of every article costs more than the closer look that it saves."""


def requirement_of(query: Query, bit_of: Callable[[Query], int], topic: Callable[[str], Requirement]) -> Requirement:
    """The requirement of ``query``, never larger than ``MOST_PARTS``.

    ``bit_of`` numbers the group of a leaf's patterns (1 << n); ``topic`` knows the requirements of other topics.
    """

    def need(node: Query) -> Requirement:
        match node:
            case Term() | Phrase() | EntityRef() | ListRef():
                return Requirement(any=False, bits=bit_of(node), parts=())
            case InField(field="title" | "lead" | "body" | "text"):
                return need(node.child)
            case And() | Within():
                return _all([need(child) for child in node.children])
            case Or():
                return _any([need(child) for child in node.children])
            case AtLeast():
                parts = [need(child) for child in node.children]
                return _all(parts) if node.count == len(parts) else _any(parts)
            case Near():
                left = need(node.left)
                return left if node.kind == "NOTNEAR" else _all([left, need(node.right)])
            case Count() | Weighted():
                return need(node.child)
            case TopicRef():
                return topic(node.name)
            case _:
                return NOTHING

    return need(query)


def bits_of(query: Query, bit_of: Callable[[Query], int], topic: Callable[[str], int]) -> int:
    """The groups of every leaf, and those of topics referred to: all that a rough look must find."""
    bits = 0
    for node in walk(query):
        if isinstance(node, Term | Phrase | EntityRef | ListRef):
            bits |= bit_of(node)
        elif isinstance(node, TopicRef):
            bits |= topic(node.name)
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
