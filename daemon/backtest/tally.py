"""What a backtest found, counted by day and by topic. Values only; the reports are made from them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from alerts.withholding import Why, Withheld
from daemon.history.decision_line import Decision

OPENED = "opened"
"""The reason of a story's first notice; every other one is an update."""

MOST_LISTED = 2_000
"""Notices that a report lists; all are counted. More than anybody reads, and a page of about 1 MB."""

UNKNOWN_DAY = date.min


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that a subscriber would have been told, or kept from."""

    day: date
    at: datetime  # event time of its article
    topic: str
    reason: str
    story: str
    alert: str
    notice: str
    article: str
    title: str
    source: str
    url: str
    lang: str
    receivers: tuple[str, ...]
    withheld: tuple[Withheld, ...] = ()  # receivers that would have been told

    @property
    def reaches_nobody(self) -> bool:
        """Whether it was withheld from all whom routes lead to."""
        return bool(self.withheld) and not self.receivers


@dataclass(slots=True)
class Tally:
    """Counts of one set of topics over an archive. ``zone`` is where a day begins."""

    zone: tzinfo
    articles: Counter[date] = field(default_factory=Counter)
    matched: Counter[date] = field(default_factory=Counter)
    alerts: Counter[date] = field(default_factory=Counter)
    updates: Counter[date] = field(default_factory=Counter)
    by_topic: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # topic and: matched, opened, updated, unrouted, or why withheld
    by_day: Counter[tuple[str, date]] = field(default_factory=Counter)  # alerts of a topic on a day
    reasons: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    stories: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)  # the first ``MOST_LISTED``

    def add(self, at: datetime, decision: Decision | None) -> list[Notice]:
        """Count one article; the notices that it led to."""
        at = at.astimezone(self.zone)
        day = at.date()
        self.articles[day] += 1
        if decision is None:
            return []
        self.matched[day] += 1
        self.relations[decision.relation] += 1
        self.stories.add(decision.story)
        for topic in decision.topics:
            self.by_topic[topic, "matched"] += 1
        notices = [self._notice(at, decision, number) for number in range(len(decision.told))]
        for notice in notices:
            self._count(notice)
        return notices

    @property
    def days(self) -> list[date]:
        """Every day of the archive, in order, those without articles left out."""
        return sorted(self.articles)

    @property
    def topics(self) -> list[str]:
        """Topics that matched anything, most alerts first."""
        names = {topic for topic, _ in self.by_topic}
        return sorted(names, key=lambda name: (-self.by_topic[name, OPENED], -self.by_topic[name, "matched"], name))

    @property
    def opened(self) -> int:
        """Alerts: stories told of, once for each topic."""
        return self.alerts.total()

    def most_on_a_day(self, topic: str) -> tuple[int, date]:
        """The most alerts that the topic had on one day, and the first such day."""
        days = [(self.by_day[topic, day], day) for day in self.days]
        return max(days, key=lambda each: (each[0], -each[1].toordinal()), default=(0, UNKNOWN_DAY))

    def _notice(self, at: datetime, decision: Decision, number: int) -> Notice:
        told = decision.told[number]
        return Notice(
            day=at.date(),
            at=at,
            topic=told.topic,
            reason=told.reason,
            story=decision.story,
            alert=told.alert,
            notice=told.notice,
            article=decision.article,
            title=decision.title,
            source=decision.source,
            url=decision.url,
            lang=decision.lang,
            receivers=(*told.to, *told.later),
            withheld=told.withheld,
        )

    def withheld(self, topic: str) -> str:
        """``3 muted, 1 silenced``: of its notices, those that some receiver was kept from."""
        counts = [(self.by_topic[topic, why.value], why.value) for why in Why]
        return ", ".join(f"{count:,} {why}" for count, why in counts if count)

    def _count(self, notice: Notice) -> None:
        for why in {each.why for each in notice.withheld}:
            self.by_topic[notice.topic, why] += 1
        if len(self.notices) < MOST_LISTED:
            self.notices.append(notice)
        if notice.reaches_nobody:
            return
        opened = notice.reason == OPENED
        (self.alerts if opened else self.updates)[notice.day] += 1
        self.reasons[notice.reason] += 1
        self.by_topic[notice.topic, OPENED if opened else "updated"] += 1
        if opened:
            self.by_day[notice.topic, notice.day] += 1
        if not notice.receivers:
            self.by_topic[notice.topic, "unrouted"] += 1
