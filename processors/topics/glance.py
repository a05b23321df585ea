"""A query as it is asked of the places that screening saw, before the article is read.

Gives every doubt in favour and costs a hundredth of reading: what a glance does not hold, no reading holds. NOT,
ranges, fields of one value, other topics, and expressions without letters of their own always may.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Protocol

from processors.topics.places import MOST_POINTS, Places, Point
from processors.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Count,
    InField,
    Leaf,
    Near,
    Or,
    Query,
    Weighted,
    Within,
)

_MOST_PAIRS = MOST_POINTS * MOST_POINTS
"""Compared by one operator; where there would be more, it may hold."""

Found = tuple[list[Point], int]
"""Places, and how many of them at most do not reach into one another."""


class Glance(Protocol):
    """A part of a query."""

    def holds(self, places: Places, where: str) -> bool:
        """Whether it may hold in that field of the article."""
        ...

    def found(self, places: Places, where: str) -> Found | None:
        """Where it may stand; None where that may be anywhere."""
        ...


class Glances:
    """Makes them of queries. ``group_of`` numbers the group of a leaf's patterns; only ``screened`` groups are seen."""

    def __init__(self, group_of: Callable[[Leaf], int | None], screened: Container[int]) -> None:
        self._group_of = group_of
        self._screened = screened

    def of(self, node: Query) -> Glance:
        """A glance for a query."""
        match node:
            case Or():
                return self._any(node.children)
            case And():
                return _All(self._each(node.children))
            case AtLeast():
                return _Some(node.count, self._each(node.children))
            case Near():
                left = self.of(node.left)
                return _Alone(left) if node.kind == "NOTNEAR" else _Near(left, self.of(node.right), node.distance)
            case Within():
                children = self._each(node.children)
                return _Sentence(_side_by_side(children)) if node.kind == "SENTENCE" else _All(children)
            case Count():
                return _Times(node.count, self.of(node.child))
            case InField():
                return _In(node.field, self.of(node.child)) if node.field in TEXT_FIELDS else _Doubt()
            case Weighted():
                return self.of(node.child)
            case _:
                group = self._group_of(node) if isinstance(node, Leaf) else None
                return _Leaves((group,)) if group is not None and group in self._screened else _Doubt()

    def _each(self, queries: Sequence[Query]) -> tuple[Glance, ...]:
        return tuple(map(self.of, queries))

    def _any(self, queries: Sequence[Query]) -> Glance:
        children = self._each(queries)
        leaves = [child.groups for child in children if isinstance(child, _Leaves)]
        others = [child for child in children if not isinstance(child, _Leaves)]
        groups = tuple(dict.fromkeys(group for each in leaves for group in each))
        return _Leaves(groups) if not others else _Any((*([_Leaves(groups)] if groups else []), *others))


def _side_by_side(children: Sequence[Glance]) -> tuple[Glance, ...]:
    """All that must be in one sentence: what AND joins inside must be, too."""
    return tuple(each for child in children for each in (child.children if isinstance(child, _All) else (child,)))


class _Doubt:
    def holds(self, places: Places, where: str) -> bool:
        return True

    def found(self, places: Places, where: str) -> Found | None:
        return None


class _Leaves:
    def __init__(self, groups: tuple[int, ...]) -> None:
        self.groups = groups

    def holds(self, places: Places, where: str) -> bool:
        found = places.of(self.groups, where)
        return found is None or bool(found)

    def found(self, places: Places, where: str) -> Found | None:
        found = places.of(self.groups, where)
        return None if found is None else (found, len(found))


class _Joining(ABC):
    """Two or more that must be together. Found once for all topics that ask for it."""

    def holds(self, places: Places, where: str) -> bool:
        found = self.found(places, where)
        return found is None or bool(found[0])

    def found(self, places: Places, where: str) -> Found | None:
        key = id(self), where
        if key not in places.joined:
            places.joined[key] = self._find(places, where)
        return places.joined[key]

    @abstractmethod
    def _find(self, places: Places, where: str) -> Found | None: ...


class _Any(_Joining):
    def __init__(self, children: tuple[Glance, ...]) -> None:
        self._children = children

    def holds(self, places: Places, where: str) -> bool:
        for child in self._children:  # noqa: SIM110 - asked many times of an article: any() takes twice as long
            if child.holds(places, where):
                return True
        return False

    def _find(self, places: Places, where: str) -> Found | None:
        points, most = list[Point](), 0
        for child in self._children:
            found = child.found(places, where)
            if found is None:
                return None
            points += found[0]
            most += found[1]
        return points, most


class _All(_Joining):
    def __init__(self, children: tuple[Glance, ...]) -> None:
        self.children = children

    def holds(self, places: Places, where: str) -> bool:
        for child in self.children:  # noqa: SIM110
            if not child.holds(places, where):
                return False
        return True

    def _find(self, places: Places, where: str) -> Found | None:
        """Of what must be together somewhere: any of its places."""
        every = [child.found(places, where) for child in self.children]
        known = [found for found in every if found is not None]
        if not all(points for points, _ in known):
            return [], 0
        if len(known) < len(every):
            return None
        return [point for points, _ in known for point in points], min(most for _, most in known)


class _Some:
    def __init__(self, count: int, children: tuple[Glance, ...]) -> None:
        self._count = count
        self._children = children

    def holds(self, places: Places, where: str) -> bool:
        return sum(child.holds(places, where) for child in self._children) >= self._count

    def found(self, places: Places, where: str) -> Found | None:
        return None


class _Times:
    def __init__(self, count: int, child: Glance) -> None:
        self._count = count
        self._child = child

    def holds(self, places: Places, where: str) -> bool:
        found = self._child.found(places, where)
        return found is None or (bool(found[0]) and found[1] >= self._count)

    def found(self, places: Places, where: str) -> Found | None:
        return None


class _In:
    def __init__(self, where: str, child: Glance) -> None:
        self._where = where
        self._child = child

    def holds(self, places: Places, where: str) -> bool:
        return self._child.holds(places, self._where)

    def found(self, places: Places, where: str) -> Found | None:
        return self._child.found(places, self._where)


class _Sentence(_Joining):
    def __init__(self, children: tuple[Glance, ...]) -> None:
        self._children = children

    def _find(self, places: Places, where: str) -> Found | None:
        every = [child.found(places, where) for child in self._children]
        known = [found[0] for found in every if found is not None]
        if not all(known):
            return [], 0  # without asking for sentences, which costs far more
        grouped = [_by_sentence(points, places) for points in known]
        together = set[int]().union(*grouped[:1]).intersection(*grouped[1:])
        if known and not together:
            return [], 0
        if len(known) < len(every):
            return None
        spans = [_cover(point for points in grouped for point in points[sentence]) for sentence in together]
        return spans, min(sum(len(points[sentence]) for sentence in together) for points in grouped)


def _by_sentence(points: Sequence[Point], places: Places) -> Mapping[int, Sequence[Point]]:
    found: defaultdict[int, list[Point]] = defaultdict(list)
    for point in points:
        sentence = places.sentence(point)
        if sentence is not None:
            found[sentence].append(point)
    return found


class _Near(_Joining):
    def __init__(self, left: Glance, right: Glance, distance: int) -> None:
        self._left = left
        self._right = right
        self._distance = distance

    def _find(self, places: Places, where: str) -> Found | None:
        left = self._left.found(places, where)
        if left is not None and not left[0]:
            return left
        right = self._right.found(places, where)
        if right is not None and not right[0]:
            return right
        if left is None or right is None or len(left[0]) * len(right[0]) > _MOST_PAIRS:
            return None
        reach = places.reach(self._distance)
        pairs = [
            (one, other)
            for one in left[0]
            for other in right[0]
            if other[0] - one[1] <= reach and one[0] - other[1] <= reach
        ]
        most = min(len({one for one, _ in pairs}), len({other for _, other in pairs}))
        return [_cover(pair) for pair in pairs], most


class _Alone:
    """NOTNEAR: each place of its left side stands by itself, also of what AND joins there."""

    def __init__(self, left: Glance) -> None:
        self._left = left

    def holds(self, places: Places, where: str) -> bool:
        return self._left.holds(places, where)

    def found(self, places: Places, where: str) -> Found | None:
        found = self._left.found(places, where)
        return found and (found[0], len(found[0]))


def _cover(points: Iterable[Point]) -> Point:
    """From the start of the first to the end of the last: what is between them is near both."""
    starts, ends = zip(*points, strict=True)
    return min(starts), max(ends)
