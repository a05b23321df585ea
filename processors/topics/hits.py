"""Places in an article, and the operators that compare them: near, within, count. Pure arithmetic on positions."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from processors.model import FieldName, Level

MOST_PAIRS = 1000
"""Pairs of places that one operator keeps: an article that repeats two names a thousand times needs no more."""

LONGEST_HIT = 60
"""Words that one place may span, bounding how far back a neighbour can begin: a phrase with slop, a joined pair."""

SENTENCE_WORDS = 40
"""SENTENCE also needs at most this many words between: 10 % of sentences in the Saudi papers exceed 60 words."""


class Found(msgspec.Struct, frozen=True, gc=False):
    """One mention, with all that evidence tells of it."""

    field: FieldName
    start: int
    end: int
    first_word: int
    last_word: int
    level: Level
    repaired: bool = False
    entity: str = ""
    via: str = ""
    support: str = ""
    period: str = ""


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A place that satisfies an operand: one mention or several joined, each under the label of its clause."""

    field: FieldName
    start: int
    end: int
    first_word: int
    last_word: int
    parts: tuple[tuple[str, Found], ...]


def hit(label: str, found: Found) -> Hit:
    """The place of one mention."""
    return Hit(found.field, found.start, found.end, found.first_word, found.last_word, ((label, found),))


def join(*hits: Hit) -> Hit:
    """The place that covers all of ``hits``, which are in one field."""
    return Hit(
        hits[0].field,
        min(each.start for each in hits),
        max(each.end for each in hits),
        min(each.first_word for each in hits),
        max(each.last_word for each in hits),
        tuple(part for each in hits for part in each.parts),
    )


def apart(one: Hit, other: Hit) -> bool:
    """Whether they share no character."""
    return one.field != other.field or one.end <= other.start or other.end <= one.start


def words_between(one: Hit, other: Hit) -> int:
    """Whole words between two places of one field."""
    first, second = sorted((one, other), key=lambda each: (each.first_word, each.last_word))
    return max(0, second.first_word - first.last_word - 1)


def near(left: Sequence[Hit], right: Sequence[Hit], distance: int, *, ordered: bool) -> list[Hit]:
    """Every pair with at most ``distance`` words between; ``ordered``: left first."""
    pairs: list[Hit] = []
    rows = _by_field(right)
    for one in left:
        for other in _neighbours(one, rows, distance):
            if not ordered or one.end <= other.start:
                pairs.append(join(one, other))
                if len(pairs) >= MOST_PAIRS:
                    return pairs
    return pairs


def not_near(left: Sequence[Hit], right: Sequence[Hit], distance: int) -> list[Hit]:
    """Those of ``left`` that no one of ``right`` is near."""
    rows = _by_field(right)
    return [one for one in left if next(_neighbours(one, rows, distance), None) is None]


def _by_field(hits: Sequence[Hit]) -> Mapping[FieldName, Sequence[Hit]]:
    rows: defaultdict[FieldName, list[Hit]] = defaultdict(list)
    for each in sorted(hits, key=lambda each: each.first_word):
        rows[each.field].append(each)
    return rows


def _neighbours(one: Hit, rows: Mapping[FieldName, Sequence[Hit]], distance: int) -> Iterator[Hit]:
    """One by one, so that whoever needs only the first looks at no others."""
    row = rows.get(one.field, ())
    begin = bisect_left(row, one.first_word - distance - LONGEST_HIT, key=lambda each: each.first_word)
    for position in range(begin, len(row)):
        other = row[position]
        if other.first_word > one.last_word + distance + 1:
            return
        if apart(one, other) and words_between(one, other) <= distance:
            yield other


def within(children: Sequence[Sequence[Hit]], part_of: Callable[[Hit], int], most_between: int | None) -> list[Hit]:
    """One place per child, no two sharing a character, all in one part (sentence or paragraph) of one field.

    ``most_between``: at most so many words between neighbours.
    """
    if most_between is not None:
        children = _reachable(children, _reach(len(children), most_between))
        if not all(children):
            return []  # without asking for sentences, which costs far more
    parts: list[dict[tuple[FieldName, int], list[Hit]]] = []
    for hits in children:
        grouped: defaultdict[tuple[FieldName, int], list[Hit]] = defaultdict(list)
        for each in hits:
            grouped[each.field, part_of(each)].append(each)
        parts.append(grouped)
    joined: list[Hit] = []
    for key in parts[0]:
        if all(key in part for part in parts[1:]):
            joined += _choices([part[key] for part in parts], most_between, MOST_PAIRS - len(joined))
        if len(joined) >= MOST_PAIRS:
            break
    return joined


def _reach(children: int, most_between: int) -> int:
    """How many words apart the first words of two places of one choice can be."""
    return (children - 1) * (most_between + LONGEST_HIT)


def _reachable(children: Sequence[Sequence[Hit]], reach: int) -> Sequence[Sequence[Hit]]:
    """Of the first child those places that some place of every other child can be close enough to."""
    first, *others = children
    for hits in others:
        rows = _by_field(hits)
        first = [
            each
            for each in first
            if _any_from(rows.get(each.field, ()), each.first_word - reach, each.last_word + reach)
        ]
    return [first, *others]


def _any_from(row: Sequence[Hit], low: int, high: int) -> bool:
    """Whether a place of the row, which is in order, begins at a word from ``low`` to ``high``."""
    begin = bisect_left(row, low, key=lambda each: each.first_word)
    return begin < len(row) and row[begin].first_word <= high


def _choices(rows: Sequence[Sequence[Hit]], most_between: int | None, limit: int) -> list[Hit]:
    """Ways to take one hit of each row. Only hits that can still be close enough to the first are looked at."""
    found: list[Hit] = []
    ordered = [sorted(row, key=lambda each: each.first_word) for row in rows]
    reach = None if most_between is None else _reach(len(rows), most_between)

    def choose(taken: tuple[Hit, ...]) -> None:
        if len(found) >= limit:
            return
        if len(taken) == len(rows):
            if most_between is None or _close_enough(taken, most_between):
                found.append(join(*taken))
            return
        row = ordered[len(taken)]
        if taken and reach is not None:
            low, high = taken[0].first_word - reach, taken[0].last_word + reach
            begin = bisect_left(row, low, key=lambda each: each.first_word)
            row = row[begin : bisect_left(row, high, key=lambda each: each.first_word)]
        for each in row:
            if all(apart(each, other) for other in taken):
                choose((*taken, each))

    choose(())
    return found


def _close_enough(hits: Sequence[Hit], most_between: int) -> bool:
    in_order = sorted(hits, key=lambda each: each.first_word)
    return all(words_between(a, b) <= most_between for a, b in pairwise(in_order))


def distinct(hits: Sequence[Hit]) -> list[Hit]:
    """The most places that share no character, in reading order."""
    chosen: list[Hit] = []
    for each in sorted(hits, key=lambda h: (h.field != "title", h.end, h.start)):
        if not chosen or apart(chosen[-1], each):
            chosen.append(each)
    return chosen
