"""What one matched article leads to: its place in a story, alerts that are new, deliveries, pins. Pure.

The alerts that a story had are in the story's own row, so that "told already" and "which story" are one decision,
made on one version of the memory and written by one ADMIT.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alerts.admission.admission import MemoryWrite, RecordEffects
from alerts.digest import TYPE as DIGEST
from alerts.digest import pending_to
from alerts.facts import Coverage, Moments, Outlet, StoryFacts, TopicFacts
from alerts.model import Alert, Delivery, Outcome, Pending
from alerts.payload import build_opened, delivery_to, encode
from alerts.routing import AlertFacts, receivers_for, takes
from daemon.decision_line import Told, decision_line
from daemon.look import Matched
from daemon.source import traceparent
from daemon.watch import Watch
from processors.model import Verdict
from processors.stories.decide import Placement, decide
from processors.stories.memory import StoryMemory
from processors.stories.rows import AlertState, StoryRow
from processors.stories.story import carries


@dataclass(frozen=True, slots=True)
class LedTo:
    """What the store is told, the topics whose alert is new, and all alerts that the article belongs to."""

    effects: RecordEffects
    opened: tuple[str, ...]
    alerts: tuple[str, ...]


def effects_of(
    matched: Matched, memory: StoryMemory, watch: Watch, *, name: str, window: timedelta, now_ms: int
) -> LedTo:
    """Decide, and let ``memory`` know, so that the next article of the batch sees it."""
    article = matched.article
    placement = decide(article, matched.fingerprint, matched.event_time, memory, name=name, window=window)
    deliveries: list[Delivery] = []
    pending: list[Pending] = []
    repeats: list[str] = []
    told: list[Told] = []
    alerts: list[str] = []
    writes = {(write.day, write.field): write.row for write in placement.writes}
    for verdict in matched.verdicts:
        known = placement.row.alerts.get(verdict.topic)
        if known is not None:
            repeats += known.deliveries
            alerts.append(known.alert)
            continue
        alert = _open(matched, verdict, placement.row, placement.story, watch, name=name, now_ms=now_ms)
        alerts.append(alert.id)
        to_send, for_later = _told(alert, matched, watch, now_ms)
        deliveries += to_send
        pending += for_later
        told.append(_telling(alert, to_send, for_later))
        ids = (*(each.id for each in to_send), *(each.id for each in for_later))
        state = AlertState(alert=alert.id, notices=1, last_notice=alert.notice, deliveries=ids)
        write = memory.write_alert(placement.story, verdict.topic, state)
        writes[write.day, write.field] = write.row
    outcome = Outcome.ALERTED if deliveries or pending else Outcome.UNROUTED if told else Outcome.REPEAT
    effects = RecordEffects(
        offset=matched.record.offset,
        outcome=outcome.value,
        memory=tuple(MemoryWrite(day, field, data) for (day, field), data in writes.items()),
        deliveries=tuple(deliveries),
        repeats=tuple(dict.fromkeys(repeats)),
        decision=_line(matched, placement, outcome, told, now_ms),
        pending=tuple(pending),
    )
    return LedTo(effects, tuple(each.topic for each in told), tuple(alerts))


def _telling(alert: Alert, to_send: Sequence[Delivery], for_later: Sequence[Pending]) -> Told:
    return Told(
        topic=alert.topic,
        alert=alert.id,
        notice=alert.notice,
        reason=alert.data["alert"]["reason"],
        to=tuple(each.receiver for each in to_send),
        later=tuple(each.receiver for each in for_later),
    )


def _line(matched: Matched, placement: Placement, outcome: Outcome, told: Sequence[Told], now_ms: int) -> bytes:
    return decision_line(
        record=matched.record,
        article=matched.article,
        verdicts=matched.verdicts,
        event_time=matched.event_time,
        placement=placement,
        outcome=outcome.value,
        told=told,
        now_ms=now_ms,
    )


def _open(
    matched: Matched, verdict: Verdict, row: StoryRow, story: str, watch: Watch, *, name: str, now_ms: int
) -> Alert:
    return build_opened(
        name=name,
        article=matched.article,
        verdict=verdict,
        topic=watch.topics.get(verdict.topic, TopicFacts(verdict.topic)),
        story=_story_facts(story, row, watch.loaded.config.stories.outlets),
        moments=Moments(admitted_ms=now_ms, matched_ms=matched.matched_ms, appended_ms=matched.record.appended_ms),
        entities=watch.entities,
        texts=matched.texts,
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
    )


def _coverage(group: str, outlets: Sequence[str], row: StoryRow) -> Coverage:
    carrying = tuple(outlet for outlet in outlets if carries(row, outlet))
    return Coverage(group, carrying, tuple(outlet for outlet in outlets if outlet not in carrying))


def _told(alert: Alert, matched: Matched, watch: Watch, now_ms: int) -> tuple[list[Delivery], list[Pending]]:
    """Who gets the alert by itself, and who in a digest: what is old comes so to each receiver that takes digests."""
    article, appended_ms = matched.article, matched.record.appended_ms
    facts = AlertFacts(alert.topic, alert.severity, alert.labels, article.lang, article.source)
    receivers = [watch.receivers[name] for name in receivers_for(watch.route, facts) if name in watch.receivers]
    for_later: list[Pending] = []
    if appended_ms is not None and _is_old(appended_ms, watch, now_ms):
        later = [receiver for receiver in receivers if takes(receiver, DIGEST)]
        for_later = [pending_to(receiver.name, alert, appended_ms, now_ms) for receiver in later]
        receivers = [receiver for receiver in receivers if receiver not in later]
    names = [receiver.name for receiver in receivers if takes(receiver, alert.type)]
    body = encode(alert, now_ms) if names else b""
    trace = traceparent(matched.record)
    return [delivery_to(name, alert, body, now_ms, trace) for name in names], for_later


def _is_old(appended_ms: int, watch: Watch, now_ms: int) -> bool:
    max_age = watch.loaded.config.limits.max_age
    return now_ms - appended_ms > max_age // timedelta(milliseconds=1)
