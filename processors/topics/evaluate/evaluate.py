"""Whether a query holds for an article that was read, and which mentions decided it."""

from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from processors.model import FieldName
from processors.topics.evaluate.hits import Found, Hit, all_near, distinct, fused, not_near, outermost
from processors.topics.evaluate.operands import Way, ways_of
from processors.topics.evaluate.reading import Reading
from processors.topics.evaluate.scopes import SENTENCE_WORDS, within
from processors.topics.query.ranges import contains_moment, contains_number
from processors.topics.query.tree import (
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
from processors.topics.query.values import holds_value

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
                return self._reading.joined(query, where, self._near)
            case Within():
                return self._reading.joined(query, where, self._within)
            case Weighted():
                return self.places(query.child, where)
            case _:
                return []  # refused where queries are checked

    def _near(self, query: Near, where: str) -> list[Hit]:
        lefts = self._ways(ways_of(query.left), where)
        if not lefts:
            return []
        rights = self._ways(ways_of(query.right), where)
        if query.kind == "NOTNEAR":
            return [place for rows in lefts for place in self._alone(rows, rights, query.distance)]
        ordered = query.kind == "ONEAR"
        places = [
            place
            for left in lefts
            for right in rights
            for place in all_near(left, right, query.distance, ordered=ordered)
        ]
        return outermost(map(fused, places)) if query.fused else places

    def _alone(self, rows: list[list[Hit]], rights: list[list[list[Hit]]], distance: int) -> list[Hit]:
        """Places of all ``rows`` that are near none of the others, in the fields in which each row has one left."""
        for right in rights:
            rows = [not_near(row, right, distance) for row in rows]
        fields = set[FieldName]({"title", "body"}).intersection(*({place.field for place in row} for row in rows))
        return [place for row in rows for place in row if place.field in fields]

    def _within(self, query: Within, where: str) -> list[Hit]:
        ways: list[Way] = [()]
        for child in query.children:
            ways = [(*way, *more) for way in ways for more in ways_of(child)]
        sentence = query.kind == "SENTENCE"
        part_of = self._reading.sentence if sentence else self._reading.paragraph
        most_between = SENTENCE_WORDS if sentence else None
        return [place for rows in self._ways(ways, where) for place in within(rows, part_of, most_between)]

    def _ways(self, ways: Iterable[Way], where: str) -> list[list[list[Hit]]]:
        """The places of each row of every way that has places of all its rows; what follows a row without is spared."""
        found = []
        for way in ways:
            rows: list[list[Hit]] = []
            for row in way:
                places = [place for each in row for place in self.places(each, where)]
                if not places:
                    break
                rows.append(places)
            else:
                found.append(rows)
        return found

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
            return [place for rows in self._ways(ways_of(query.left), where) for row in rows for place in row]
        return super().places(query, where)


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
