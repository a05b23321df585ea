"""What each topic costs on a number of articles, and what makes them look at it: for authors whose topic is slow."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from processors.model import Article
from processors.topics.query.tree import Leaf, Query, TopicRef, children_of
from processors.topics.watchlist import Watchlist


class TopicCost(msgspec.Struct, frozen=True):
    """Of one topic, on average over all articles."""

    topic: str
    micros: float  # µs of an article, beyond the look that all topics share
    candidates: float  # share of the articles that were looked at closely for it
    matches: float  # share of the articles that match
    triggers: Sequence[
        tuple[str, float]
    ]  # what made articles candidates, and the share of them; the most frequent first


class Costs:
    """Adds up articles. ``watchlist`` was compiled with a timer; its own meter is read and emptied."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist
        self._articles = 0
        self._seconds: Counter[str] = Counter()
        self._matches: Counter[str] = Counter()
        self._candidates: Counter[str] = Counter()
        self._groups: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add(self, articles: Iterable[Article]) -> None:
        """Match them."""
        self._watchlist.meter.drain()
        for article in articles:
            self._articles += 1
            for topic, groups in self._watchlist.triggers(article).items():
                self._candidates[topic] += 1
                self._groups[topic].update(groups)
            self._matches.update(verdict.topic for verdict in self._watchlist.match(article))
            self._seconds.update(self._watchlist.meter.drain())

    def by_cost(self) -> list[TopicCost]:
        """Every topic that is enabled, the dearest first."""
        topics = [name for name, topic in self._watchlist.topics.items() if topic.file.enabled]
        return sorted(map(self._cost, topics), key=lambda cost: (-cost.micros, cost.topic))

    def _cost(self, topic: str) -> TopicCost:
        articles, candidates = max(self._articles, 1), max(self._candidates[topic], 1)
        said = self._said(topic)
        triggers = [(said.get(group, "?"), times / candidates) for group, times in self._groups[topic].most_common()]
        return TopicCost(
            topic=topic,
            micros=self._seconds[topic] / articles * 1e6,
            candidates=self._candidates[topic] / articles,
            matches=self._matches[topic] / articles,
            triggers=triggers,
        )

    def _said(self, topic: str) -> dict[int, str]:
        """Groups of patterns as the topic says them, or a topic that it refers to."""
        said: dict[int, str] = {}
        stack: list[Query] = [self._watchlist.topics[topic].match]
        referred: set[str] = set()
        while stack:
            node = stack.pop()
            if isinstance(node, TopicRef) and node.name not in referred:
                referred.add(node.name)
                stack.append(self._watchlist.topics[node.name].match)
            elif isinstance(node, Leaf) and (group := self._watchlist.group_of(node)) is not None:
                said.setdefault(group, node.source)
            stack += children_of(node)
        return said
