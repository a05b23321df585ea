"""Where in an article groups of patterns may stand, as its letters tell before it is read.

Enough to say of most candidates that what must be together is apart. Sentences and distances are those of
``processors/matchers/stretches.py``: what is apart here is apart in the text.
"""

from collections import defaultdict
from collections.abc import Sequence, Set

from processors.matchers.alphabet import letters_of
from processors.matchers.look import Placed
from processors.matchers.stretches import first_words, longest_word, sentence_at, sentence_starts, spaced

Point = tuple[int, int, int]
"""Where a pattern may begin and end, and in which sentence; in the title all three are negative."""

SEVERAL = -2
"""As a sentence: it begins in one and ends in another, and is in none."""

MOST_POINTS = 64
"""Of one group; where there are more it may be anywhere. So many are compared with as many others."""

LEAD_WORDS = 100
"""``lead:`` is the title and so many first words of the body."""

_TITLE_SENTENCE = -1
_BEFORE_BODY = 1 << 40
"""The title stands so far before the body, for nothing is near across the two."""


class Places:
    """Of one article."""

    def __init__(self, title: Placed, body: Placed, loose: Set[int]) -> None:
        opening = body.raw[: first_words(body.raw, LEAD_WORDS)]
        self._opening_end = len(spaced(letters_of(opening)))
        self._longest = 1 + max(longest_word(title.raw), longest_word(body.raw))
        self._points: defaultdict[int, list[Point]] = defaultdict(list)
        self._anywhere = {*loose, *title.loose, *body.loose}
        for groups, start, end in title.seen():
            self._put(groups, (start - _BEFORE_BODY, end - _BEFORE_BODY, _TITLE_SENTENCE))
        starts = sentence_starts(body.raw) if body.hits else []
        for groups, start, end in body.seen():
            self._put(groups, (start, end, sentence_at(starts, start)))
        self._anywhere.update(group for group, points in self._points.items() if len(points) > MOST_POINTS)
        self.joined: dict[tuple[int, str], tuple[list[Point], int] | None] = {}
        """What is together, by the number of what asks and where: found once for all topics."""

    def _put(self, groups: Sequence[int], point: Point) -> None:
        for group in groups:
            points = self._points[group]
            if len(points) <= MOST_POINTS:
                points.append(point)

    def of(self, groups: Sequence[int], where: str) -> list[Point] | None:
        """The points of any of the groups; None where one of them may be anywhere."""
        found: list[Point] = []
        for group in groups:
            points = self._points.get(group)
            if group in self._anywhere:
                return None
            if points is not None:
                found += points
        if not found or where == "text":
            return found
        if where == "title":
            return [point for point in found if point[0] < 0]
        if where == "body":
            return [point for point in found if point[0] >= 0]
        return [point for point in found if point[1] <= self._opening_end]

    def reach(self, words: int) -> int:
        """The most letters from the end of a place to the start of another with so many words between."""
        return (words + 2) * self._longest
