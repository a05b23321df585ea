"""What is noted of a batch so that it can be asked about: every article in a few bytes, near misses with their text."""

from dataclasses import dataclass, field

from alerts.ledger.seen import marks
from daemon.history.miss_line import MOST_TOPICS, Budget, invalid_line, near_line
from daemon.look import LookedAt
from daemon.sources.source import Record
from processors.errors import InvalidArticle
from processors.model import Article


@dataclass(slots=True)
class Noted:
    """Of one batch. ``left_out`` near misses were more than may be written."""

    articles: list[tuple[str, str]] = field(default_factory=list)  # id and address
    misses: dict[int, bytes] = field(default_factory=dict)  # by offset
    left_out: int = 0

    def seen(self, now_ms: int) -> bytes:
        """The marks of the batch's articles."""
        return marks(self.articles, now_ms, partial=self.left_out > 0)


class Noting:
    """Of one source. ``names`` are the keys under which its publisher writes id and address."""

    def __init__(self, names: tuple[str, str]) -> None:
        self._names = names
        self._budget = Budget()

    def article(self, noted: Noted, record: Record, article: Article, looked_at: LookedAt, now_ms: int) -> None:
        """An article that was looked at."""
        noted.articles.append((article.id, article.url))
        if not looked_at.near:
            return
        if len(looked_at.near) > MOST_TOPICS:
            noted.left_out += 1
        if self._budget.take(now_ms):
            noted.misses[record.offset] = near_line(record, article, looked_at.near, looked_at.spans, now_ms)
        else:
            noted.left_out += 1

    def invalid(self, noted: Noted, record: Record, error: InvalidArticle, now_ms: int) -> None:
        """A record that holds no article. It is in the dead letters as well, in full."""
        if self._budget.take(now_ms):
            noted.misses[record.offset] = invalid_line(record, error, self._names, now_ms)
