"""Whether a query holds for an article that was read, and which mentions decided it."""

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from processors.topics.hits import SENTENCE_WORDS, Found, Hit, distinct, near, not_near, within
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
    Range,
    Regex,
    Term,
    TopicRef,
    Weighted,
    Within,
)
from processors.topics.ranges import contains_moment, contains_number
from processors.topics.reading import Reading
from processors.topics.values import holds_value

Parts = list[tuple[str, Found]]
"""Mentions under the labels of their clauses."""

TopicHolds = Callable[[str], Parts | None]
"""The verdict on another topic."""


class Evaluation:
    """Evaluates queries of one topic on one article. ``zone`` is the topic's."""

    def __init__(self, reading: Reading, zone: ZoneInfo, topic_holds: TopicHolds) -> None:
        self._reading = reading
        self._zone = zone
        self._topic_holds = topic_holds

    def holds(self, query: Query, where: str = "text") -> Parts | None:
        """The mentions that decided, possibly none (NOT, a range, a source); None where it does not hold."""
        match query:
            case Term() | Phrase() | Regex() if where not in TEXT_FIELDS:
                return [] if holds_value(self._reading.article, where, query) else None
            case Term() | Phrase() | Regex() | EntityRef() | ListRef() | Near() | Within():
                return _parts(self.places(query, where)) or None
            case And():
                return self._all(query, where)
            case Or():
                held = [parts for child in query.children if (parts := self.holds(child, where)) is not None]
                return [part for parts in held for part in parts] if held else None
            case Not():
                return [] if self.holds(query.child, where) is None else None
            case AtLeast():
                held = [parts for child in query.children if (parts := self.holds(child, where)) is not None]
                return [part for parts in held for part in parts] if len(held) >= query.count else None
            case Count():
                places = distinct(self.places(query.child, where))
                return _parts(places) if len(places) >= query.count else None
            case InField():
                return self.holds(query.child, query.field)
            case Weighted():
                return self.holds(query.child, where)
            case Range():
                return [] if self._in_range(query) else None
            case TopicRef():
                return self._topic_holds(query.name)

    def _all(self, query: And, where: str) -> Parts | None:
        collected: Parts = []
        for child in query.children:
            parts = self.holds(child, where)
            if parts is None:
                return None
            collected += parts
        return collected

    def places(self, query: Query, where: str) -> list[Hit]:
        """The places of an operand of proximity, scope or COUNT."""
        match query:
            case Term() | Phrase() | Regex() | EntityRef() | ListRef():
                return self._reading.hits(query, where)
            case Or():
                return [place for child in query.children for place in self.places(child, where)]
            case Near():
                return self._near(query, where)
            case Within():
                return self._within(query, where)
            case And():
                return self._joined(query, where)
            case Weighted():
                return self.places(query.child, where)
            case _:
                return []

    def _near(self, query: Near, where: str) -> list[Hit]:
        left = self.places(query.left, where)
        if query.kind == "NOTNEAR":
            return not_near(left, self.places(query.right, where), query.distance)
        rights = query.right.children if isinstance(query.right, And) else (query.right,)
        for right in rights:  # a NEAR/5 (b AND c): b near, and c near
            left = near(left, self.places(right, where), query.distance, ordered=query.kind == "ONEAR")
        return left

    def _within(self, query: Within, where: str) -> list[Hit]:
        operands = [part for child in query.children for part in _conjuncts(child)]
        rows = [self.places(operand, where) for operand in operands]
        if not all(rows):
            return []
        if query.kind == "SENTENCE":
            return within(rows, self._reading.sentence, SENTENCE_WORDS)
        return within(rows, self._reading.paragraph, None)

    def _joined(self, query: And, where: str) -> list[Hit]:
        """AND as an operand of NEAR on its left: all of them, in one sentence."""
        rows = [self.places(child, where) for child in query.children]
        return within(rows, self._reading.sentence, None) if all(rows) else []

    def _in_range(self, query: Range) -> bool:
        if query.field == "words":
            return contains_number(query, self._reading.words())
        published = self._reading.article.published_at
        return published is not None and contains_moment(query, published, self._reading.now, self._zone)


class Likely(Evaluation):
    """Gives every doubt in favour: what it does not hold, ``Evaluation`` does not either.

    Mentions are not decided yet, so that a NOT may turn out either way.
    """

    def holds(self, query: Query, where: str = "text") -> Parts | None:
        """As ``Evaluation``, with NOT always held."""
        return [] if isinstance(query, Not) else super().holds(query, where)

    def places(self, query: Query, where: str) -> list[Hit]:
        """As ``Evaluation``, with nothing near that must not be."""
        if isinstance(query, Near) and query.kind == "NOTNEAR":
            return self.places(query.left, where)
        return super().places(query, where)


def _conjuncts(query: Query) -> Iterator[Query]:
    """AND inside SENTENCE means all in the same sentence."""
    if isinstance(query, And):
        for child in query.children:
            yield from _conjuncts(child)
    else:
        yield query


def _parts(places: list[Hit]) -> Parts:
    return [part for place in places for part in place.parts]


def top_clauses(query: Query) -> Iterator[tuple[Query, float]]:
    """The clauses of the outermost OR with their weights; one without a weight weighs 1."""
    match query:
        case Or():
            for child in query.children:
                yield from top_clauses(child)
        case Weighted():
            yield query.child, query.weight
        case _:
            yield query, 1.0
