"""Pacing as a plain program says it: a list of what waits, looked at moment by moment. It shares no code with ours.

What the documentation promises is written down here once more, without a thought for cost, stores or crashes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = 60_000
SEVERITIES = ["info", "warning", "critical"]


@dataclass(frozen=True)
class Notice:
    """Something to tell; or an article with nothing new, or somebody's verdict on the alert of a topic and a story."""

    name: str
    at: int
    story: str
    topic: str
    severity: str
    source: str
    urgent: bool
    corrected: bool
    entity: str = ""
    new: bool = True
    verdict: bool = False


@dataclass(frozen=True)
class Silence:
    """Of a topic or a story, from when to when: told to nobody. Both known from the beginning."""

    name: str
    topic: str
    story: str  # "" for any, as the topic
    start: int
    end: int

    def holds(self, notice: Notice, now: int) -> bool:
        """Whether nobody is told of it now."""
        of_topic, of_story = self.topic in ("", notice.topic), self.story in ("", notice.story)
        return of_topic and of_story and self.start <= now < self.end


@dataclass(frozen=True)
class Policy:
    """Of the only route."""

    group_by: tuple[str, ...]
    wait: int
    interval: int
    most: int = 0  # 0: no throttle
    per: int = 1
    by_topic: bool = True
    hours: tuple[str, ...] = ()
    zone: str = "UTC"
    repeat: int = 0


@cache
def next_hour(after: int, hours: tuple[str, ...], zone: str) -> int:
    """Minute by minute."""
    moment, clock = datetime.fromtimestamp(after / 1000, UTC).replace(second=0, microsecond=0), ZoneInfo(zone)
    while True:
        moment += timedelta(minutes=1)
        if moment.astimezone(clock).strftime("%H:%M") in hours:
            return round(moment.timestamp() * 1000)


Told = tuple[int, str, frozenset[str], frozenset[str]]
"""When, why, what, and the corrections that are shown in its place."""


@dataclass
class Reference:
    """One receiver."""

    policy: Policy
    before: Callable[[Notice], str]  # of groups that are due in the same moment, which goes first: nobody promised that
    waiting: list[Notice] = field(default_factory=list)
    held: dict[str, list[Notice]] = field(default_factory=dict)  # by topic, or "" for all
    held_until: dict[str, int] = field(default_factory=dict)  # the end of the slot in which it was held
    last: dict[tuple[str, ...], int] = field(default_factory=dict)
    through: list[tuple[int, str, str]] = field(default_factory=list)  # slot, topic, severity of what was told
    told: list[Told] = field(default_factory=list)
    said: dict[tuple[str, str], int] = field(default_factory=dict)  # topic and story: when something was said last
    judged: set[tuple[str, str]] = field(default_factory=set)
    silences: list[Silence] = field(default_factory=list)
    silenced: list[tuple[int, str, str]] = field(default_factory=list)  # when, by which, what
    corrected: dict[str, Notice] = field(default_factory=dict)  # what waits → the correction that came meanwhile

    def take(self, notice: Notice) -> None:
        """Something comes. What is not new is said again if nothing was said for long, and nobody has judged it."""
        alert = notice.topic, notice.story
        if notice.verdict:
            self.judged.add(alert)
        elif notice.new or self.again(alert, notice.at):
            self.said[alert] = notice.at
            if notice.corrected:
                waiting = [*self.waiting, *(each for held in self.held.values() for each in held)]
                self.corrected |= {each.name: notice for each in waiting if (each.topic, each.story) == alert}
            self.waiting.append(notice)

    def again(self, alert: tuple[str, str], now: int) -> bool:
        """Whether it is said again, although nothing is new."""
        if not self.policy.repeat or self.policy.hours or alert in self.judged or alert not in self.said:
            return False
        return now - self.said[alert] >= self.policy.repeat

    def loud(self, notices: list[Notice], now: int) -> list[Notice]:
        """Those that nothing silences now; the others are never told."""
        left = []
        for notice in notices:
            by = next((each.name for each in self.silences if each.holds(notice, now)), "")
            if by:
                self.silenced.append((now, by, notice.name))
            else:
                left.append(notice)
        return left

    def group(self, notice: Notice) -> tuple[str, ...]:
        """What it is told with."""
        if self.policy.hours and not notice.corrected:
            return ("scheduled",)
        if self.policy.group_by == ("...",):
            return (notice.topic, notice.story)
        return tuple(str(getattr(notice, key)) for key in self.policy.group_by)

    def ready(self, notice: Notice) -> int:
        """When it may be told."""
        if notice.corrected:
            return notice.at
        if self.policy.hours:
            return next_hour(notice.at, self.policy.hours, self.policy.zone)
        waited = notice.at if notice.urgent or notice.severity == "critical" else notice.at + self.policy.wait
        last = self.last.get(self.group(notice))
        return waited if last is None else max(waited, last + self.policy.interval)

    def next_moment(self) -> int | None:
        """When something is to be told next."""
        moments = [self.ready(each) for each in self.waiting]
        moments += [self.held_until[each.name] for held in self.held.values() for each in held]
        return min(moments, default=None)

    def look(self, now: int) -> None:
        """Tell what is to be told at this moment."""
        for topic in sorted(self.held):
            over = any(self.held_until[each.name] <= now for each in self.held[topic])
            if over and (loud := self.loud(self.held.pop(topic), now)):
                self.tell_digest(loud, "throttled", now)
        groups = {self.group(each): self.before(each) for each in self.waiting if self.ready(each) <= now}
        for group in sorted(groups, key=lambda group: groups[group]):
            members = [each for each in self.waiting if self.group(each) == group]
            self.waiting = [each for each in self.waiting if each not in members]
            self.tell(group, self.loud(members, now), now)

    def tell(self, group: tuple[str, ...], members: list[Notice], now: int) -> None:
        """One group: what is ordinary together, corrections one by one after it."""
        ordinary = [each for each in members if not each.corrected]
        if self.policy.most and group != ("scheduled",):
            ordinary = self.within(ordinary, now)
        if ordinary:
            if group == ("scheduled",):
                self.tell_digest(ordinary, "scheduled", now)
            elif len(ordinary) > 1 or not self.as_it_is(ordinary[0], members):
                self.tell_digest(ordinary, "group", now)
            else:
                self.told.append((now, "single", frozenset([ordinary[0].name]), frozenset()))
            self.last[group] = now
        for each in members:
            if each.corrected:
                self.told.append((now, "single", frozenset([each.name]), frozenset()))
                self.last[group] = now

    def as_it_is(self, notice: Notice, members: list[Notice]) -> bool:
        """Whether it may be told as it came: no correction came, or that is told right after it."""
        corrections = {(each.topic, each.story) for each in members if each.corrected}
        return notice.name not in self.corrected or (notice.topic, notice.story) in corrections

    def tell_digest(self, members: list[Notice], why: str, now: int) -> None:
        """Many together. Of a story with several, fixed hours show the newest, corrections first."""
        lines = [(each, self.corrected.get(each.name)) for each in members]
        if why == "scheduled":
            lines = [
                max(
                    [line for line in lines if line[0].story == story],
                    key=lambda line: ((line[1] or line[0]).at, line[0].topic, line[1] is not None),
                )
                for story in sorted({each.story for each in members})
            ]
        shown = frozenset(correction.name for _, correction in lines if correction is not None)
        self.told.append((now, why, frozenset(each.name for each in members), shown))

    def within(self, ordinary: list[Notice], now: int) -> list[Notice]:
        """What the throttle lets through; the rest is held."""
        slot = now // self.policy.per
        kept = []
        for topic in sorted({each.topic if self.policy.by_topic else "" for each in ordinary}):
            of_it = [each for each in ordinary if not topic or each.topic == topic]
            most_severe = max(SEVERITIES.index(each.severity) for each in of_it)
            as_severe = [
                severity
                for when, what, severity in self.through
                if when == slot and what == topic and SEVERITIES.index(severity) >= most_severe
            ]
            if len(as_severe) < self.policy.most:
                kept += of_it
                self.through.append((slot, topic, SEVERITIES[most_severe]))
            else:
                self.held.setdefault(topic, []).extend(of_it)
                self.held_until |= {each.name: (slot + 1) * self.policy.per for each in of_it}
        return kept


def play(policy: Policy, notices: list[Notice], before: Callable[[Notice], str], silences: list[Silence]) -> Reference:
    """All that is told, in order of time, and what is not."""
    reference = Reference(policy, before, silences=silences)
    for notice in notices:
        while (moment := reference.next_moment()) is not None and moment <= notice.at - 1:
            reference.look(moment)
        reference.take(notice)
        reference.look(notice.at)
    while (moment := reference.next_moment()) is not None:
        reference.look(moment)
    return reference
