"""Which topics an article may match, asked of the groups of patterns that were found in it.

A topic is filed under groups of which at least one must be present, and of its possible groups those are taken that are
rare: in most articles none is there, and the topic costs nothing. What is rare is seen in the first articles.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence, Set
from heapq import nsmallest
from typing import NamedTuple

from processors.topics.glance import Glance
from processors.topics.query.tree import Query
from processors.topics.requirement import Requirement
from processors.topics.sight import Sight

ARTICLES_LOOKED_AT = 500
"""After so many it is known which groups are rare."""

FILED_AT_ONCE = 100
"""Topics filed anew with each article that follows: about a millisecond, which holds nobody up."""


class Clause(NamedTuple):
    """A clause of a topic's outermost OR."""

    query: Query
    weight: float
    need: Requirement
    glance: Glance | None = None  # of a large set none is kept

    def may_hold(self, sight: Sight) -> bool:
        """Whether it may hold where so much is seen of an article."""
        if sight.keys is not None and not self.need.holds(sight.keys):
            return False
        return self.glance is None or sight.places is None or self.glance.holds(sight.places, "text")


class Filed:
    """Topics by keys of which one must be there for them to match."""

    def __init__(self) -> None:
        self.by_key: defaultdict[int, list[int]] = defaultdict(list)
        self.by_two: defaultdict[int, dict[int, tuple[int, ...]]] = defaultdict(dict)  # those that need both of two
        self.everywhere: list[int] = []  # topics that need none


class Candidates:
    """Made of topics, each with its clauses and the weight that they must have together."""

    def __init__(self, topics: Sequence[tuple[Sequence[Clause], float]]) -> None:
        self._topics = topics
        self._seen: Counter[int] = Counter()
        self._articles = 0
        asked = Counter(key for clauses, _ in topics for clause in clauses for key in clause.need.keys)
        self._filed = Filed()
        self._file(range(len(topics)), self._filed, asked)  # what few topics ask for is rare, as far as is known
        self._next = Filed()
        self._next_topic = 0

    @property
    def keys(self) -> Collection[int]:
        """What topics are filed under."""
        return self._filed.by_key.keys() | self._filed.by_two.keys()

    def among(self, present: Set[int]) -> list[int]:
        """The numbers of the topics that may match where the groups of these keys are; all others cannot."""
        if self._next_topic < len(self._topics):
            self._learn(present)
        filed = self._filed
        asked = list(filed.everywhere)
        for key in filed.by_key.keys() & present:
            asked += filed.by_key[key]
        for key in filed.by_two.keys() & present:
            others = filed.by_two[key]
            for other in others.keys() & present:
                asked += others[other]
        if len(asked) > 1:
            asked = sorted(set(asked))
        return [number for number in asked if suffices(*self._topics[number], present)]

    def asked_by(self, number: int, present: Set[int]) -> Set[int]:
        """The keys by which a candidate was asked, of those that are present; none where it is asked always."""
        filed = self._filed
        alone = {key for key in filed.by_key.keys() & present if number in filed.by_key[key]}
        by_two = {
            key for key in filed.by_two.keys() & present for topics in filed.by_two[key].values() if number in topics
        }
        return alone | by_two

    def _learn(self, present: Set[int]) -> None:
        if self._articles < ARTICLES_LOOKED_AT:
            self._seen.update(present)
            self._articles += 1
            return
        # Threads may meet here: each files its share before it says so, so that none is left out.
        end = min(self._next_topic + FILED_AT_ONCE, len(self._topics))
        self._file(range(self._next_topic, end), self._next, self._seen)
        self._next_topic = end
        if end == len(self._topics):
            self._filed = self._next

    def _file(self, numbers: range, filed: Filed, seen: Counter[int]) -> None:
        def commonness(keys: Collection[int]) -> int:
            return sum(seen[key] + 1 for key in keys)

        for number in numbers:
            clauses, _ = self._topics[number]
            if len(clauses) == 1 and not clauses[0].need.any and len(clauses[0].need.keys) > 1:
                rarest, next_rarest = nsmallest(2, clauses[0].need.keys, key=seen.__getitem__)
                others = filed.by_two[rarest]
                others[next_rarest] = (*others.get(next_rarest, ()), number)
                continue
            keys = _keys_of([clause.need for clause in clauses], commonness)
            if keys is None:
                filed.everywhere.append(number)
            else:
                for key in keys:
                    filed.by_key[key].append(number)


def _keys_of(alternatives: Sequence[Requirement], commonness: Callable[[Collection[int]], int]) -> set[int] | None:
    """Groups of which one must be present for one of the requirements to hold; None where none need be."""
    keys: set[int] = set()
    for need in alternatives:
        if need.any:
            inner = _keys_of(need.parts, commonness)
            if inner is None:
                return None
            keys.update(need.keys, inner)
            continue
        choices = [*({key} for key in need.keys), *(_keys_of([part], commonness) for part in need.parts)]
        best = min((each for each in choices if each is not None), key=commonness, default=None)
        if best is None:
            return None
        keys |= best
    return keys


def suffices(clauses: Sequence[Clause], threshold: float, present: Set[int]) -> bool:
    """Whether the clauses that may hold where these groups are present weigh enough."""
    weights = [clause.weight for clause in clauses if clause.need.holds(present)]
    return bool(weights) and sum(weights) >= threshold


def may_suffice(clauses: Sequence[Clause], threshold: float, sight: Sight) -> bool:
    """The same of a candidate, by where the groups are."""
    if sight.places is None:
        return True  # nothing more is known than what made it one
    weights = [clause.weight for clause in clauses if clause.may_hold(sight)]
    return bool(weights) and sum(weights) >= threshold
