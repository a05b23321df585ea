"""What a query means, by trying everything: the language's definition once more, without a thought of speed.

Knows nothing of forms and spellings: each unit of an invented text says itself which leaves it is a mention of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from processors.topics.query.tree import (
    And,
    AtLeast,
    Count,
    InField,
    Near,
    Not,
    Or,
    Query,
    Weighted,
    Within,
)


@dataclass(frozen=True)
class Unit:
    """A word or name of a text, and where it stands."""

    means: frozenset[str]  # the leaves, as written in a query, that it is a mention of
    field: str
    first: int  # number of its first word in the field, and of its last
    last: int
    sentence: int
    paragraph: int


@dataclass(frozen=True)
class Place:
    """One unit, or several that an operator joined."""

    units: frozenset[Unit]

    @property
    def field(self) -> str:
        return next(iter(self.units)).field

    @property
    def first(self) -> int:
        return min(unit.first for unit in self.units)

    @property
    def last(self) -> int:
        return max(unit.last for unit in self.units)


LEAD_WORDS = 100
SENTENCE_WORDS = 40
Rows = list[list[Place]]


def score(query: Query, threshold: float, exclude: Query | None, units: Sequence[Unit]) -> float:
    """The sum over the outermost clauses that hold; 0 where the topic does not match."""
    held = [weight for clause, weight in _clauses(query) if holds(clause, units, "text")]
    excluded = exclude is not None and holds(exclude, units, "text")
    return sum(held) if held and sum(held) >= threshold and not excluded else 0


def _clauses(query: Query) -> Iterator[tuple[Query, float]]:
    match query:
        case Or():
            for child in query.children:
                yield from _clauses(child)
        case Weighted():
            yield query.child, query.weight
        case _:
            yield query, 1


def holds(query: Query, units: Sequence[Unit], where: str) -> bool:
    """Whether a query holds in one field, or in ``text``, which is both."""
    match query:
        case And():
            return all(holds(child, units, where) for child in query.children)
        case Or():
            return any(holds(child, units, where) for child in query.children)
        case Not():
            return not holds(query.child, units, where)
        case AtLeast():
            return sum(holds(child, units, where) for child in query.children) >= query.count
        case Count():
            return _most_apart(_places(query.child, units, where)) >= query.count
        case InField():
            return holds(query.child, units, query.field)
        case Weighted():
            return holds(query.child, units, where)
        case _:
            return bool(_places(query, units, where))


def _places(query: Query, units: Sequence[Unit], where: str) -> list[Place]:
    match query:
        case Or():
            return [place for child in query.children for place in _places(child, units, where)]
        case Near() if query.kind == "NOTNEAR":
            lefts = [_rows(way, units, where) for way in _ways(query.left)]
            rights = [_rows(way, units, where) for way in _ways(query.right)]
            return [place for rows in lefts for place in _alone(rows, rights, query.distance)]
        case Near():
            sides = product(_ways(query.left), _ways(query.right))
            return [
                _joined(chosen)
                for left, right in sides
                for chosen in _choices(_rows([*left, *right], units, where))
                if _all_near(chosen[: len(left)], chosen[len(left) :], query)
            ]
        case Within():
            ways = product(*map(_ways, query.children))
            rows = (_rows([each for way in several for each in way], units, where) for several in ways)
            return [_joined(chosen) for each in rows for chosen in _choices(each) if _together(chosen, query)]
        case _:
            return [Place(frozenset([unit])) for unit in units if query.source in unit.means and _inside(unit, where)]


def _inside(unit: Unit, where: str) -> bool:
    lead = unit.field == "title" or unit.last < LEAD_WORDS
    return where in ("text", unit.field) or (where == "lead" and lead)


def _ways(query: Query) -> list[list[Query]]:
    """AND inside means all of them, OR any: every way, as what must be there in it."""
    match query:
        case And():
            return [[each for way in ways for each in way] for ways in product(*map(_ways, query.children))]
        case Or():
            return [way for child in query.children for way in _ways(child)]
        case _:
            return [[query]]


def _rows(way: Sequence[Query], units: Sequence[Unit], where: str) -> Rows:
    return [_places(each, units, where) for each in way]


def _choices(rows: Rows) -> Iterator[tuple[Place, ...]]:
    """One place of each row, in one field, no two of them sharing a unit."""
    for chosen in product(*rows):
        if len({place.field for place in chosen}) == 1 and all(
            map(_apart, *zip(*combinations(chosen, 2), strict=True))
        ):
            yield chosen


def _apart(one: Place, other: Place) -> bool:
    return not one.units & other.units


def _between(one: Place, other: Place) -> int:
    first, second = sorted((one, other), key=lambda place: (place.first, place.last))
    return max(0, second.first - first.last - 1)


def _all_near(left: Sequence[Place], right: Sequence[Place], query: Near) -> bool:
    ordered = query.kind == "ONEAR"
    return all(_between(a, b) <= query.distance and (not ordered or a.last < b.first) for a, b in product(left, right))


def _alone(left: Rows, rights: Sequence[Rows], distance: int) -> list[Place]:
    def is_near(one: Place, rows: Rows) -> bool:
        return all(
            any(one.field == b.field and _apart(one, b) and _between(one, b) <= distance for b in row) for row in rows
        )

    kept = [[one for one in row if not any(is_near(one, rows) for rows in rights)] for row in left]
    fields = set.intersection(*({place.field for place in row} for row in kept))
    return [place for row in kept for place in row if place.field in fields]


def _together(chosen: Sequence[Place], query: Within) -> bool:
    units = [unit for place in chosen for unit in place.units]
    if query.kind == "PARAGRAPH":
        return len({unit.paragraph for unit in units}) == 1
    in_order = sorted(chosen, key=lambda place: (place.first, place.last))
    close = all(_between(a, b) <= SENTENCE_WORDS for a, b in pairwise(in_order))
    return close and len({unit.sentence for unit in units}) == 1


def _joined(places: Sequence[Place]) -> Place:
    return Place(frozenset(unit for place in places for unit in place.units))


def _most_apart(places: Sequence[Place]) -> int:
    """The most of them that do not reach into one another."""
    count, last = 0, ("", -1)
    for place in sorted(places, key=lambda place: (place.field, place.last, -place.first)):
        if (place.field, place.first) > last or place.field != last[0]:
            count, last = count + 1, (place.field, place.last)
    return count
