"""Who is told what of one story under one topic: its opening, or to each who was told that, what is new since. Pure.

Receivers of an alert are those that its routes led to when it opened. A receiver that a route leads to only later gets
no updates of it: new routes never send old alerts. One whose route no longer holds for an article is told its news
with the first that it holds for.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from alerts.delta import notice_of_news
from alerts.digest import TYPE as DIGEST
from alerts.digest import pending_to
from alerts.facts import OPENING, Coverage, Moments, NoticeFacts, Outlet, StoryFacts, TopicFacts
from alerts.model import Alert, Delivery, Pending
from alerts.payload import build_alert, delivery_to, encode
from alerts.receiver import Receiver
from alerts.routing import AlertFacts, routed, takes
from daemon.decision_line import Held, Told
from daemon.look import Matched, arrival_ms
from daemon.source import traceparent
from daemon.watch import Watch
from processors.model import Verdict
from processors.stories.event_time import milliseconds
from processors.stories.news import News, due, news_to, told_all, told_more
from processors.stories.reasons import Updates
from processors.stories.rows import AlertState, Reader, StoryRow
from processors.stories.story import carries

_ARABIC = re.compile("[\u0621-\u064a]")

_REASONS = 20
"""Of one notice in the decision log; as many as the notice itself lists."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An article in its story, as both now stand."""

    matched: Matched
    story: str
    row: StoryRow
    watch: Watch
    name: str
    now_ms: int

    @property
    def arrival_ms(self) -> int:
        """When the article came."""
        return arrival_ms(self.matched, self.now_ms)


@dataclass(slots=True)
class Telling:
    """What came of one topic. ``state`` is None where nothing was told."""

    alert: str
    state: AlertState | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)  # of updates, one each


def open_alert(placed: Placed, verdict: Verdict) -> Telling:
    """The alert that the topic has this story."""
    alert = _alert(placed, verdict, OPENING)
    receivers = [receiver for receiver, _ in _receivers(placed, alert.topic)]
    telling = Telling(alert.id)
    _tell(telling, placed, alert, receivers)
    telling.state = AlertState(
        alert=alert.id,
        notices=1,
        last_notice=alert.notice,
        deliveries=_ids(telling),
        readers=tuple(told_all(placed.row, _hash(receiver), alert.notice) for receiver in receivers),
    )
    return telling


def update_alert(placed: Placed, verdict: Verdict, known: AlertState) -> Telling:
    """What is new, to each receiver of the alert that it is due to. Receivers told the same get the same notice."""
    telling = Telling(known.alert)
    notices: dict[tuple[News, int, str], list[tuple[Receiver, Reader]]] = {}
    for receiver, reader, updates in _readers(placed, verdict.topic, known):
        news = news_to(placed.row, reader, updates, placed.watch.named.is_country)
        if due(news, reader, updates, placed.arrival_ms):
            notices.setdefault((news, reader.notices, reader.last_notice), []).append((receiver, reader))
        elif news.reasons:
            telling.held.append(Held(verdict.topic, _reasons(news)))
    after, last = {reader.receiver: reader for reader in known.readers}, ""
    for (news, number, previous), readers in notices.items():
        alert = _alert(placed, verdict, _notice(placed, news, number + 1, previous))
        for receiver in _tell(telling, placed, alert, [receiver for receiver, _ in readers], _reasons(news)):
            reader = after[_hash(receiver)]
            after[reader.receiver] = told_more(placed.row, reader, alert.notice, placed.arrival_ms)
            last = alert.notice
        if last == alert.notice:
            telling.reasons += dict.fromkeys(reason.value for reason, _ in news.reasons)
    telling.held = list(dict.fromkeys(telling.held))
    if last:
        telling.state = AlertState(
            alert=known.alert,
            notices=known.notices + 1,
            last_notice=last,
            deliveries=(*known.deliveries, *_ids(telling)),
            readers=tuple(after.values()),
        )
    return telling


def _alert(placed: Placed, verdict: Verdict, notice: NoticeFacts) -> Alert:
    matched, watch = placed.matched, placed.watch
    return build_alert(
        name=placed.name,
        article=matched.article,
        verdict=verdict,
        topic=watch.topics.get(verdict.topic, TopicFacts(verdict.topic)),
        story=_story_facts(placed.story, placed.row, watch.loaded.config.stories.outlets),
        moments=Moments(
            admitted_ms=placed.now_ms, matched_ms=matched.matched_ms, appended_ms=matched.record.appended_ms
        ),
        entities=watch.entities,
        texts=matched.texts,
        notice=notice,
    )


def _notice(placed: Placed, news: News, number: int, previous: str) -> NoticeFacts:
    return notice_of_news(
        news,
        number=number,
        previous=previous,
        entities=placed.watch.entities,
        is_country=placed.watch.named.is_country,
        arabic=_ARABIC.search(placed.matched.article.title) is not None,
    )


def _story_facts(story: str, row: StoryRow, watched: Mapping[str, Sequence[str]]) -> StoryFacts:
    return StoryFacts(
        id=story,
        first_seen_ms=row.first_ms,
        articles=row.articles,
        sources=row.independent_sources,
        carriers=row.source_count,
        outlets=tuple(Outlet(outlet.source, outlet.url, outlet.origin) for outlet in row.outlets),
        coverage=tuple(_coverage(group, names, row) for group, names in watched.items()),
        languages=row.languages,
    )


def _coverage(group: str, outlets: Sequence[str], row: StoryRow) -> Coverage:
    carrying = tuple(outlet for outlet in outlets if carries(row, outlet))
    return Coverage(group, carrying, tuple(outlet for outlet in outlets if outlet not in carrying))


def _receivers(placed: Placed, topic: str) -> Iterator[tuple[Receiver, Updates]]:
    """Whom routes lead to now, with the updates that reach each."""
    article, watch = placed.matched.article, placed.watch
    facts = watch.topics.get(topic, TopicFacts(topic))
    leads_to = routed(watch.route, AlertFacts(topic, facts.severity, facts.labels, article.lang, article.source))
    for name, updates in leads_to.items():
        if name in watch.receivers:
            yield watch.receivers[name], updates.within(facts.updates)


def _readers(placed: Placed, topic: str, known: AlertState) -> Iterator[tuple[Receiver, Reader, Updates]]:
    """Those of them that were there when the alert opened."""
    readers = {reader.receiver: reader for reader in known.readers}
    for receiver, updates in _receivers(placed, topic) if readers else ():
        if (reader := readers.get(_hash(receiver))) is not None:
            yield receiver, reader, updates


def _tell(
    telling: Telling, placed: Placed, alert: Alert, receivers: Sequence[Receiver], reasons: tuple[str, ...] = ()
) -> list[Receiver]:
    """Who gets it by itself, and who in a digest: what is old comes so to each receiver that takes digests.

    Returns whoever gets it at all.
    """
    appended_ms, now_ms = placed.matched.record.appended_ms, placed.now_ms
    later: list[Receiver] = []
    if appended_ms is not None and _is_old(placed, appended_ms):
        later = [receiver for receiver in receivers if takes(receiver, DIGEST)]
        telling.pending += [pending_to(receiver.name, alert, appended_ms, now_ms) for receiver in later]
    at_once = [receiver for receiver in receivers if receiver not in later and takes(receiver, alert.type)]
    body = encode(alert, now_ms) if at_once else b""
    trace = traceparent(placed.matched.record)
    telling.deliveries += [delivery_to(receiver.name, alert, body, now_ms, trace) for receiver in at_once]
    if not reasons or at_once or later:
        telling.told.append(
            Told(
                topic=alert.topic,
                alert=alert.id,
                notice=alert.notice,
                reason=alert.data["alert"]["reason"],
                reasons=reasons,
                to=tuple(receiver.name for receiver in at_once),
                later=tuple(receiver.name for receiver in later),
            )
        )
    return [*at_once, *later]


def _is_old(placed: Placed, appended_ms: int) -> bool:
    """Whether the article waited for long where we read it, or was old news when it came there: a backfill."""
    config = placed.watch.loaded.config
    waited_ms, late_ms = placed.now_ms - appended_ms, appended_ms - milliseconds(placed.matched.event_time)
    max_age, window = config.limits.max_age, config.stories.window
    return waited_ms > max_age // timedelta(milliseconds=1) or late_ms > window // timedelta(milliseconds=1)


def _ids(telling: Telling) -> tuple[str, ...]:
    return (*(each.id for each in telling.deliveries), *(each.id for each in telling.pending))


def _reasons(news: News) -> tuple[str, ...]:
    return tuple(f"{reason}:{about}" if about else reason.value for reason, about in news.reasons[:_REASONS])


def _hash(receiver: Receiver) -> int:
    return zlib.crc32(receiver.name.encode("utf-8"))
