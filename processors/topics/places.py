"""Where in an article groups of patterns may stand, as its letters tell before it is read.

Enough to say of most candidates that what must be together is apart. Sentences and distances are those of
``processors/matchers/stretches.py``: what is apart here is apart in the text.
"""

from collections import defaultdict
from collections.abc import Sequence, Set

from processors.matchers.alphabet import letters_of
from processors.matchers.look import Placed
from processors.matchers.stretches import first_words, longest_word, sentence_at, sentence_starts, spaced

Point = tuple[int, int]
"""Where a pattern, or several that are together, may begin and end; in the title both are negative."""

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
            self._put(groups, (start - _BEFORE_BODY, end - _BEFORE_BODY))
        for groups, start, end in body.seen():
            self._put(groups, (start, end))
        self._anywhere.update(group for group, points in self._points.items() if len(points) > MOST_POINTS)
        self.joined: dict[tuple[int, str], tuple[list[Point], int] | None] = {}
        """What is together, by the number of what asks and where: found once for all topics."""
        self._body = body.raw
        self._starts: Sequence[int] | None = None

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

    def sentence(self, point: Point) -> int | None:
        """The number of its sentence; None where it begins in one and ends in another. The title is one."""
        if point[0] < 0:
            return _TITLE_SENTENCE
        if self._starts is None:
            self._starts = sentence_starts(self._body)
        first = sentence_at(self._starts, point[0])
        return first if sentence_at(self._starts, point[1] - 1) == first else None

    def reach(self, words: int) -> int:
        """The most letters from the end of a place to the start of another with so many words between."""
        return (words + 2) * self._longest
