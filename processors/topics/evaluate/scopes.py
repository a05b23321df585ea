"""What is together in one sentence or paragraph: one place of each operand, no two sharing a character."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence

from processors.model import FieldName
from processors.topics.evaluate.hits import MOST_PAIRS, MOST_STEPS, Hit, apart, join, words_between

SENTENCE_WORDS = 40
"""SENTENCE also needs at most this many words between: 10 % of sentences in the Saudi papers exceed 60 words."""

MOST_TOGETHER = 10
"""Operands that must be in one sentence or paragraph: more are no sentence that anybody writes."""

PartOf = Callable[[Hit], int | None]
"""The number of the sentence or paragraph that a place is in; None where it goes on into the next."""


def within(rows: Sequence[Sequence[Hit]], part_of: PartOf, most_between: int | None) -> list[Hit]:
    """One place of each row, all in one part of one field. ``most_between``: words between neighbours."""
    if most_between is not None:
        rows = _reachable(rows, most_between)
    if not all(rows):
        return []  # without asking for sentences, which costs far more
    parts: list[dict[tuple[FieldName, int], list[Hit]]] = []
    for hits in rows:
        grouped: defaultdict[tuple[FieldName, int], list[Hit]] = defaultdict(list)
        for each in hits:
            if (part := part_of(each)) is not None:
                grouped[each.field, part].append(each)
        parts.append(grouped)
    joined: list[Hit] = []
    for key in parts[0]:
        if all(key in part for part in parts[1:]):
            joined += _Chooser([part[key] for part in parts], most_between, MOST_PAIRS - len(joined)).found
        if len(joined) >= MOST_PAIRS:
            break
    return joined


def _reachable(rows: Sequence[Sequence[Hit]], most_between: int) -> Sequence[Sequence[Hit]]:
    """Of the first row those places that some place of every other row can be close enough to."""
    first, *others = rows
    longest = max((each.last_word - each.first_word + 1 for row in rows for each in row), default=0)
    reach = (len(rows) - 1) * (most_between + longest)
    for hits in others:
        starts: defaultdict[FieldName, list[int]] = defaultdict(list)
        for each in hits:
            starts[each.field].append(each.first_word)
        for row in starts.values():
            row.sort()
        first = [
            each for each in first if _any_from(starts[each.field], each.first_word - reach, each.last_word + reach)
        ]
    return [first, *others]


def _any_from(starts: Sequence[int], low: int, high: int) -> bool:
    begin = bisect_left(starts, low)
    return begin < len(starts) and starts[begin] <= high


class _Chooser:
    """Takes one place of each row in reading order, each at most so many words after the one before it.

    A place from which the remaining rows were not reached is not tried again with the same rows remaining: that keeps
    the work proportional to the places, whatever their number in one sentence.
    """

    def __init__(self, rows: Sequence[Sequence[Hit]], most_between: int | None, limit: int) -> None:
        places = [(each, number) for number, row in enumerate(rows) for each in row]
        self._places = sorted(places, key=lambda place: (place[0].first_word, place[0].start, place[0].end))
        self._every_row = (1 << len(rows)) - 1
        self._most_between = most_between
        self._limit = limit
        self._steps = 0
        self._hopeless: set[tuple[int, int]] = set()
        self.found: list[Hit] = []
        self._choose(0, 0, ())

    def _choose(self, position: int, rows: int, taken: tuple[Hit, ...]) -> bool:
        """Whether trying again with others taken before may have another end."""
        if rows == self._every_row:
            self.found.append(join(*taken))
            return True
        hopeful = False
        for number in range(position, len(self._places)):
            each, row = self._places[number]
            if taken and self._too_far(taken[-1], each):
                break
            self._steps += 1
            if self._steps > MOST_STEPS or len(self.found) >= self._limit:
                return True
            if rows >> row & 1 or (number, rows) in self._hopeless:
                continue
            free = all(apart(each, other) for other in taken)
            if not free or self._choose(number + 1, rows | 1 << row, (*taken, each)):
                hopeful = True
            else:
                self._hopeless.add((number, rows))
        return hopeful

    def _too_far(self, last: Hit, each: Hit) -> bool:
        return self._most_between is not None and words_between(last, each) > self._most_between
