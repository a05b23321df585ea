"""Places in an article, and which are near one another. Pure arithmetic on positions."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from processors.model import FieldName, Level

MOST_PAIRS = 1000
"""Pairs of places that one operator keeps: an article that repeats two names a thousand times needs no more."""

MOST_STEPS = 20_000
"""Places that one operator tries to combine where three and more must be together. News needs some hundreds."""


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


def fused(place: Hit) -> Hit:
    """The place as one mention, which is whoever one of its parts names."""
    label, first = place.parts[0]
    named = next((found for _, found in place.parts if found.entity), first)
    whole = msgspec.structs.replace(
        named,
        start=place.start,
        end=place.end,
        first_word=place.first_word,
        last_word=place.last_word,
        level=max(found.level for _, found in place.parts),
        repaired=any(found.repaired for _, found in place.parts),
    )
    return hit(label, whole)


def outermost(hits: Iterable[Hit]) -> list[Hit]:
    """In reading order, without those inside another: of «وزير الخارجية المصري» not also «الخارجية المصري»."""
    kept: list[Hit] = []
    for each in sorted(hits, key=lambda hit: (hit.field != "title", hit.start, -hit.end)):
        if not kept or each.field != kept[-1].field or each.end > kept[-1].end:
            kept.append(each)
    return kept


def apart(one: Hit, other: Hit) -> bool:
    """Whether their mentions share no character. What stands between two that were joined belongs to neither."""
    if _clear_of(one, other):
        return True
    if len(one.parts) == len(other.parts) == 1:
        return False
    return all(a.end <= b.start or b.end <= a.start for _, a in one.parts for _, b in other.parts)


def words_between(one: Hit, other: Hit) -> int:
    """Whole words between two places of one field."""
    first, second = sorted((one, other), key=lambda each: (each.first_word, each.last_word))
    return max(0, second.first_word - first.last_word - 1)


class _Row(NamedTuple):
    """Places of one operand in one field, in order, and how many words the longest goes on after its first."""

    hits: Sequence[Hit]
    longest: int


_NONE = _Row((), 0)


def near(left: Sequence[Hit], right: Sequence[Hit], distance: int, *, ordered: bool) -> list[Hit]:
    """Every pair with at most ``distance`` words between; ``ordered``: left first."""
    pairs: list[Hit] = []
    rows = _by_field(right)
    for one in left:
        for other in _neighbours(one, rows, distance, ordered=ordered):
            pairs.append(join(one, other))
            if len(pairs) >= MOST_PAIRS:
                return pairs
    return pairs


def all_near(
    lefts: Sequence[Sequence[Hit]], rights: Sequence[Sequence[Hit]], distance: int, *, ordered: bool
) -> list[Hit]:
    """One place of each row, each of ``lefts`` near each of ``rights``."""
    if len(lefts) == len(rights) == 1:
        return near(lefts[0], rights[0], distance, ordered=ordered)
    return _Chooser(lefts, rights, distance, ordered).found()


def not_near(left: Sequence[Hit], rights: Sequence[Sequence[Hit]], distance: int) -> list[Hit]:
    """Those of ``left`` that do not have a place of each of ``rights`` near."""
    rows = [_by_field(right) for right in rights]
    return [one for one in left if not all(_has_neighbour(one, row, distance) for row in rows)]


def _has_neighbour(one: Hit, rows: Mapping[FieldName, _Row], distance: int) -> bool:
    return next(_neighbours(one, rows, distance, ordered=False), None) is not None


def _by_field(hits: Sequence[Hit]) -> Mapping[FieldName, _Row]:
    rows: defaultdict[FieldName, list[Hit]] = defaultdict(list)
    for each in sorted(hits, key=lambda each: each.first_word):
        rows[each.field].append(each)
    return {field: _Row(row, max(each.last_word - each.first_word for each in row)) for field, row in rows.items()}


def _neighbours(one: Hit, rows: Mapping[FieldName, _Row], distance: int, *, ordered: bool) -> Iterator[Hit]:
    """One by one, so that whoever needs only the first looks at no others. ``ordered``: only those behind."""
    row, longest = rows.get(one.field, _NONE)
    earliest = one.first_word if ordered else one.first_word - distance - longest - 1
    for position in range(bisect_left(row, earliest, key=lambda each: each.first_word), len(row)):
        other = row[position]
        if other.first_word > one.last_word + distance + 1:
            return
        if ordered and one.end > other.start:
            continue
        if apart(one, other) and words_between(one, other) <= distance:
            yield other


class _Chooser:
    """Takes one place of each row, so that each left one is near each right one."""

    def __init__(
        self, lefts: Sequence[Sequence[Hit]], rights: Sequence[Sequence[Hit]], distance: int, ordered: bool
    ) -> None:
        first, *others = lefts
        self._first = first
        sides = [*((False, row) for row in rights), *((True, row) for row in others)]
        self._rows = [(is_left, _by_field(row)) for is_left, row in sides]
        self._distance = distance
        self._ordered = ordered
        self._steps = 0
        self._found: list[Hit] = []

    def found(self) -> list[Hit]:
        for one in self._first:
            self._choose([one], [])
        return self._found

    def _choose(self, lefts: list[Hit], rights: list[Hit]) -> None:
        taken = len(lefts) + len(rights) - 1
        if taken == len(self._rows):
            self._found.append(join(*lefts, *rights))
            return
        is_left, rows = self._rows[taken]
        others = rights if is_left else lefts
        for each in _neighbours(others[0], rows, self._distance, ordered=self._ordered and not is_left):
            self._steps += 1
            if self._steps > MOST_STEPS or len(self._found) >= MOST_PAIRS:
                return
            if all(self._fits(each, is_left, other) for other in others) and all(
                apart(each, other) for other in (*lefts, *rights)
            ):
                if is_left:
                    self._choose([*lefts, each], rights)
                else:
                    self._choose(lefts, [*rights, each])

    def _fits(self, each: Hit, is_left: bool, other: Hit) -> bool:
        left, right = (each, other) if is_left else (other, each)
        return words_between(left, right) <= self._distance and (not self._ordered or left.end <= right.start)


def distinct(hits: Sequence[Hit]) -> list[Hit]:
    """The most places that do not reach into one another, in reading order.

    Pairs that interlock («السفن والملاحة في الميناء وفي البحر») are one place where ships and waters are spoken of.
    """
    chosen: list[Hit] = []
    for each in sorted(hits, key=lambda h: (h.field != "title", h.end, h.start)):
        if not chosen or _clear_of(chosen[-1], each):
            chosen.append(each)
    return chosen


def _clear_of(one: Hit, other: Hit) -> bool:
    return one.field != other.field or one.end <= other.start or other.end <= one.start
