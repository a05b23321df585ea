"""Which topics an article may match, asked of the groups of patterns that were found in it.

A topic is filed under groups of which at least one must be present, and of its possible groups those are taken that are
rare: in most articles none is there, and the topic costs nothing. What is rare is seen in the first articles.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from processors.topics.requirement import Requirement

ARTICLES_LOOKED_AT = 500
"""After so many it is known which groups are rare."""

_Clauses = Sequence[tuple[float, Requirement]]
"""Their weights, and what each needs."""


class Candidates:
    """Made of topics, each with its clauses and the weight that they must have together."""

    def __init__(self, topics: Mapping[str, tuple[_Clauses, float]]) -> None:
        self._topics = list(topics.items())
        self._seen: Counter[int] = Counter()
        self._articles = 0
        self._file()

    def among(self, present: int) -> list[str]:
        """The topics that may match where the groups ``present`` are, in order; all others cannot."""
        if self._articles < ARTICLES_LOOKED_AT:
            self._learn(present)
        asked = self._everywhere
        if keys := present & self.keys:
            asked = sorted({*asked, *(number for key in _bits(keys) for number in self._filed[key])})
        found = []
        for number in asked:
            name, (clauses, threshold) = self._topics[number]
            if suffices(clauses, threshold, present):
                found.append(name)
        return found

    def _learn(self, present: int) -> None:
        self._seen.update(_bits(present))
        self._articles += 1
        if self._articles == ARTICLES_LOOKED_AT:
            self._file()

    def _file(self) -> None:
        filed: defaultdict[int, list[int]] = defaultdict(list)
        self._everywhere: list[int] = []
        for number, (_, (clauses, _)) in enumerate(self._topics):
            keys = self._keys_of([need for _, need in clauses])
            for key in _bits(keys or 0):
                filed[key].append(number)
            if keys is None:
                self._everywhere.append(number)
        self._filed = dict(filed)
        self.keys = sum(self._filed)

    def _keys_of(self, alternatives: Sequence[Requirement]) -> int | None:
        """Groups of which one must be present for one of the requirements to hold; None where none need be."""
        keys = 0
        for need in alternatives:
            if need.any:
                inner = self._keys_of(need.parts)
                if inner is None:
                    return None
                keys |= need.bits | inner
                continue
            choices = [*_bits(need.bits), *(self._keys_of([part]) for part in need.parts)]
            best = min((each for each in choices if each is not None), key=self._commonness, default=None)
            if best is None:
                return None
            keys |= best
        return keys

    def _commonness(self, keys: int) -> int:
        return sum(self._seen[key] + 1 for key in _bits(keys))


def suffices(clauses: _Clauses, threshold: float, present: int) -> bool:
    """Whether the clauses that may hold where these groups are present weigh enough."""
    weights = [weight for weight, need in clauses if need.holds(present)]
    return bool(weights) and sum(weights) >= threshold


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
