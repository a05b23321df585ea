"""Two sets of topics over one archive: what the new one no longer tells, and what it tells anew.

Stories of two sets have different ids where different articles founded them. So a story is *kept* where the new set
told of any story that holds one of its articles.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from daemon.backtest.tally import OPENED, Notice
from daemon.history.decision_line import Decision
from processors.counted import counted


@dataclass(slots=True)
class Side:
    """What one set told, as far as the comparison needs it."""

    articles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # of each story
    topics: set[str] = field(default_factory=set)
    told: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # topics told of, by article's story
    opened: list[Notice] = field(default_factory=list)

    def add(self, decision: Decision | None, notices: Collection[Notice]) -> None:
        """Remember one article."""
        if decision is None:
            return
        self.articles[decision.story].add(decision.article)
        for notice in notices:
            if notice.reason == OPENED and not notice.reaches_nobody:
                self.opened.append(notice)
                self.told[notice.story].add(notice.topic)


@dataclass(frozen=True, slots=True)
class Difference:
    """The old set's alerts and the new one's. ``lost`` are alerts of the old whose story the new does not tell."""

    old: int
    new: int
    lost: tuple[Notice, ...]
    gained: tuple[Notice, ...]

    @property
    def summary(self) -> str:
        """``212 → 14 alerts, 2 stories lost, 0 gained``."""
        lost, gained = (len({notice.story for notice in notices}) for notices in (self.lost, self.gained))
        return f"{self.old:,} → {counted(self.new, 'alert')}, {counted(lost, 'story')} lost, {gained:,} gained"


def difference(old: Side, new: Side) -> Difference:
    """Compare two sides of one archive. ``topics`` of both are the names that each set watches."""
    return Difference(len(old.opened), len(new.opened), _missing(old, new), _missing(new, old))


def _missing(of: Side, other: Side) -> tuple[Notice, ...]:
    """Alerts of the one whose story the other does not tell of: under the same topic where both have it."""
    told_by_article = _told_by_article(other)
    return tuple(notice for notice in of.opened if not _is_told(notice, of, other, told_by_article))


def _is_told(notice: Notice, of: Side, other: Side, told: Mapping[str, set[str]]) -> bool:
    topics: set[str] = set().union(*(told.get(article, set()) for article in of.articles[notice.story]))
    return notice.topic in topics if notice.topic in other.topics else bool(topics)


def _told_by_article(side: Side) -> Mapping[str, set[str]]:
    return {article: side.told[story] for story, articles in side.articles.items() for article in articles}
