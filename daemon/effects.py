"""What one matched article leads to: its place in a story, notices, deliveries, pins. Pure.

The alerts that a story had are in the story's own row, so that "told already" and "which story" are one decision,
made on one version of the memory and written by one ADMIT.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from alerts.admission.admission import MemoryWrite, RecordEffects
from alerts.ids import alert_id
from alerts.model import Outcome
from alerts.notices.facts import OPENING
from alerts.routing.inhibition import is_target
from alerts.silences.silence import Silence
from daemon.alert_facts import facts_of
from daemon.history.decision_line import decision_line
from daemon.look import Matched, arrival_ms
from daemon.placed import Placed
from daemon.telling import Telling, open_alert, update_alert
from daemon.watch import Watch
from processors.stories.decide import Placement, Relation, decide
from processors.stories.developments import developed
from processors.stories.memory import StoryMemory, Write
from processors.stories.named import Facets


@dataclass(frozen=True, slots=True)
class LedTo:
    """What the store is told, the topics whose alert is new, why others are updated, and all alerts of the article."""

    effects: RecordEffects
    opened: tuple[str, ...]
    updated: tuple[str, ...]  # reasons of each update
    withheld: tuple[str, ...]  # why each receiver is not told that would have been
    alerts: tuple[str, ...]
    story: str


def effects_of(
    matched: Matched,
    memory: StoryMemory,
    watch: Watch,
    *,
    name: str,
    window: timedelta,
    now_ms: int,
    silences: Sequence[Silence] = (),
    judged: Collection[str] = (),
) -> LedTo:
    """Decide, and let ``memory`` know, so that the next article of the batch sees it."""
    arrival = datetime.fromtimestamp(arrival_ms(matched, now_ms) / 1000, UTC)
    article, print_, moment = matched.article, matched.fingerprint, matched.event_time
    topics = [verdict.topic for verdict in matched.verdicts]
    placement = decide(article, print_, moment, memory, name=name, window=window, arrival=arrival, topics=topics)
    if placement.lost:
        return _lost(matched, placement, name, now_ms)
    row = developed(
        placement.row,
        article,
        print_,
        watch.named.facets(article) if placement.writes else Facets(),  # read again as it was: nothing new
        before=placement.before,
        edited=placement.again,
        copied=placement.relation is Relation.COPY,
    )
    writes = list(placement.writes)
    if row is not placement.row:
        writes.append(memory.write_story(placement.story, row))
    # An article read again as it was, or as it once was, tells nothing, not even what waits.
    tells = not placement.again or row is not placement.row
    placed = Placed(
        matched,
        placement.story,
        row,
        watch,
        name,
        now_ms,
        silences,
        judged=judged,
        change=row.changes[-1] if row.changed > placement.row.changed else None,
    )
    by_topic = _tell_topics(placed, tells=tells)
    for topic, telling in by_topic.items():
        if telling.state is not None:
            writes.append(memory.write_alert(placement.story, topic, telling.state))
    return _written(placed, placement, by_topic, writes)


def _written(placed: Placed, placement: Placement, by_topic: Mapping[str, Telling], writes: Sequence[Write]) -> LedTo:
    matched, alerts = placed.matched, placed.row.alerts
    tellings, opened = list(by_topic.values()), [topic for topic in by_topic if topic not in alerts]
    repeats = [each for topic in by_topic if topic in alerts for each in alerts[topic].deliveries]
    outcome = _outcome(tellings, opened)
    effects = RecordEffects(
        offset=matched.record.offset,
        outcome=outcome.value,
        memory=_latest(writes),
        deliveries=tuple(each for telling in tellings for each in telling.deliveries),
        repeats=tuple(dict.fromkeys(repeats)),
        decision=_line(matched, placement, outcome, tellings, placed.now_ms),
        pending=tuple(each for telling in tellings for each in telling.pending),
        alerts=tuple(each for telling in tellings for each in telling.lines),
        amendments=tuple(each for telling in tellings for each in telling.amendments),
    )
    return _led_to(effects, opened, tellings, placement.story)


def _tell_topics(placed: Placed, *, tells: bool) -> Mapping[str, Telling]:
    """What comes of each verdict, by its topic. Those that another could inhibit come after the others."""
    watch, alerts = placed.watch, dict(placed.row.alerts)
    verdicts, rules = placed.matched.verdicts, watch.loaded.inhibitions
    if rules:
        article, story = placed.matched.article, placed.story
        verdicts = tuple(sorted(verdicts, key=lambda each: is_target(facts_of(watch, article, each, story), rules)))
    tellings: dict[str, Telling] = {}
    for verdict in verdicts:
        placed, known = replace(placed, alerts=dict(alerts)), placed.row.alerts.get(verdict.topic)
        if known is None:
            telling = open_alert(placed, verdict)
        else:
            telling = update_alert(placed, verdict, known) if tells else Telling(known.alert)
        tellings[verdict.topic] = telling
        if telling.state is not None:
            alerts[verdict.topic] = telling.state
    return tellings


def _led_to(effects: RecordEffects, opened: Sequence[str], tellings: Sequence[Telling], story: str) -> LedTo:
    return LedTo(
        effects,
        opened=tuple(opened),
        updated=tuple(reason for telling in tellings for reason in telling.reasons),
        withheld=tuple(each.why for telling in tellings for told in telling.told for each in told.withheld),
        alerts=tuple(telling.alert for telling in tellings),
        story=story,
    )


def _lost(matched: Matched, placement: Placement, name: str, now_ms: int) -> LedTo:
    """An article that was read before, of a story that is out of reach: what was told of it must not be told again."""
    alerts = tuple(alert_id(name, verdict.topic, placement.story) for verdict in matched.verdicts)
    effects = RecordEffects(
        offset=matched.record.offset,
        outcome=Outcome.REPEAT.value,
        memory=_latest(placement.writes),
        decision=_line(matched, placement, Outcome.REPEAT, (), now_ms),
    )
    return LedTo(effects, (), (), (), alerts, placement.story)


def _latest(writes: Sequence[Write]) -> tuple[MemoryWrite, ...]:
    rows = {(write.day, write.field): write.row for write in writes}
    return tuple(MemoryWrite(day, field, row) for (day, field), row in rows.items())


def _outcome(tellings: Sequence[Telling], opened: Sequence[str]) -> Outcome:
    notices = [told for telling in tellings for told in telling.told]
    told = [each for each in notices if each.to or each.later]
    if any(each.reason == OPENING.reason for each in told):
        return Outcome.ALERTED
    if told:
        return Outcome.UPDATED
    if withheld := [each.why for notice in notices for each in notice.withheld]:
        return Outcome(withheld[0])
    return Outcome.UNROUTED if opened else Outcome.REPEAT


def _line(matched: Matched, placement: Placement, outcome: Outcome, tellings: Sequence[Telling], now_ms: int) -> bytes:
    return decision_line(
        record=matched.record,
        article=matched.article,
        verdicts=matched.verdicts,
        event_time=matched.event_time,
        dated=matched.dated,
        placement=placement,
        outcome=outcome.value,
        told=[told for telling in tellings for told in telling.told],
        held=[held for telling in tellings for held in telling.held],
        not_again=[each for telling in tellings for each in telling.not_again],
        now_ms=now_ms,
        trace=matched.trace,
    )
