"""One set of topics taken over an archive: replayed, counted within a span of days, kept for a comparison."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daemon.backtest.difference import Side
from daemon.backtest.mailbox import Mailbox
from daemon.backtest.posts import Post, Posts
from daemon.backtest.replay import Replay
from daemon.backtest.tally import Notice, Tally
from daemon.watch import Watch
from processors.model import Article
from processors.stories.event_time import event_time


@dataclass(frozen=True, slots=True)
class Span:
    """The days that count, ends included; what comes up to a story window before them is only remembered."""

    start: date
    end: date
    zone: tzinfo
    now: datetime  # of the run: nothing in an archive is later

    @classmethod
    def parse(cls, start: str | None, end: str | None, zone: str, now: datetime | None = None) -> "Span":
        """As written on a command line. ``ValueError`` says what is wrong with it."""
        try:
            found = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {zone!r}: write one like Africa/Cairo or UTC") from error
        first, last = _day(start, "--from") or date.min, _day(end, "--to") or date.max
        if first > last:
            raise ValueError(f"--from {first} is after --to {last}: exchange them")
        return cls(first, last, found, now or datetime.now(UTC))

    def counts(self, moment: datetime) -> bool:
        """Whether what happens then is counted."""
        return self.start <= moment.astimezone(self.zone).date() <= self.end

    def matters(self, moment: datetime, window: timedelta) -> bool:
        """Whether it is counted, or may be part of a story that is."""
        day = moment.astimezone(self.zone).date()
        return day <= self.end and (self.start == date.min or day >= self.start - window - timedelta(days=1))


class Run:
    """Topics and what came of them so far."""

    def __init__(self, watch: Watch, span: Span) -> None:
        self.watch = watch
        self.tally = Tally(span.zone)
        self.posts = Posts(span.zone)
        self.side = Side(topics=set(watch.topics))
        self.warmed_up = 0  # articles that were only remembered
        self._span = span
        self._fresh: list[Post] = []
        self._replay = Replay(watch, now=span.now)
        self._mailbox = Mailbox(self._replay.weights, watch.loaded.silences)

    def step(self, article: Article) -> list[Notice]:
        """Take one article; what would have been told of it."""
        window = self.watch.loaded.config.stories.window
        if not self._span.matters(event_time(article, self._span.now), window):
            return []
        at, decision = self._replay.step(article)
        if (effects := self._replay.effects) is not None:
            self._fresh += self._counted(self._mailbox.step(effects, self._replay.now_ms))
        if not self._span.counts(at):
            self.warmed_up += 1
            return []
        notices = self.tally.add(at, decision)
        self.side.add(decision, notices)
        return notices

    def sent(self) -> list[Post]:
        """What receivers were sent since this was asked last."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def end(self) -> None:
        """The archive is over: what waits is sent when it is due."""
        self._fresh += self._counted(self._mailbox.rest())

    def _counted(self, posts: Iterable[Post]) -> list[Post]:
        counted = [post for post in posts if self._span.counts(post.at)]
        for post in counted:
            self.posts.add(post)
        return counted


def in_order(articles: Iterable[Article], now: datetime) -> Iterator[Article]:
    """By event time; those of one moment, and those without a date, as they came."""
    yield from sorted(articles, key=lambda article: event_time(article, now))


def _day(written: str | None, option: str) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ValueError(f"{option} {written}: write a day like 2026-03-31") from error
