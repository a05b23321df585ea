"""Who is told what of one story under one topic: its opening, or to each who was told that, what is new since. Pure.

Receivers of an alert are those that its routes led to when it opened. A receiver that a route leads to only later gets
no updates of it: new routes never send old alerts. One whose route no longer holds for an article is told its news
with the first that it holds for.

What is withheld from a receiver is passed over: it is not told later. One that was never told of the alert hears of it,
as an opening, with the first article that has news of it once nothing withholds it any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from msgspec.structs import replace

from alerts.admission.admission import Amendment
from alerts.model import Alert, Delivery, Pending
from alerts.notices.digest import TYPE as DIGEST
from alerts.notices.digest_line import amended_by, pending_to
from alerts.notices.facts import OPENING
from alerts.notices.payload import encode
from alerts.pacing.repeat import repeat_key
from alerts.receiver import Receiver
from alerts.routing.conditions import AlertFacts
from alerts.routing.inhibition import inhibited_by
from alerts.routing.routing import Led, routed, takes
from alerts.silences.kept_facts import keep_facts
from alerts.withholding import Withheld, withheld
from daemon.alert_facts import facts_of, facts_of_topic, topic_facts
from daemon.history.alert_line import alert_line
from daemon.history.decision_line import JUDGED, Held, NotAgain, Told
from daemon.paced import delivery_on, is_old, paced_to
from daemon.placed import Placed, alert_of, correction_of, may_wait, notice_about
from daemon.untold import mark_of
from processors.model import Verdict
from processors.stories.news import (
    News,
    again,
    due,
    floor_ends_ms,
    known_by,
    last_told_ms,
    news_to,
    not_told,
    passed_over,
    told_all,
    told_more,
)
from processors.stories.reasons import Updates
from processors.stories.rows import AlertState, Reader

_REASONS = 20
"""Of one notice in the decision log; as many as the notice itself lists."""


@dataclass(slots=True)
class Telling:
    """What came of one topic. ``state`` is None where nothing was told."""

    alert: str
    state: AlertState | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)  # of the log of alerts, one for each of those
    held: list[Held] = field(default_factory=list)
    not_again: list[NotAgain] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)  # of updates, one each
    amendments: list[Amendment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _LedTo:
    """A receiver that routes lead to now."""

    receiver: Receiver
    updates: Updates  # that reach it
    withheld: Withheld | None  # why nothing is told to it now
    led: Led  # how
    facts: bytes  # what silences look at, where it waits


def open_alert(placed: Placed, verdict: Verdict) -> Telling:
    """The alert that the topic has this story."""
    alert, led = alert_of(placed, verdict, OPENING), _led(placed, verdict)
    telling = Telling(alert.id)
    _, passed = _tell(telling, placed, alert, led)
    telling.state = AlertState(
        alert=alert.id,
        notices=1,
        last_notice=alert.notice,
        deliveries=_ids(telling),
        readers=tuple(
            not_told(placed.row, _mark(each))
            if each in passed
            else told_all(placed.row, _mark(each), alert.notice, placed.arrival_ms)
            for each in (to.receiver for to in led)
        ),
    )
    return telling


def update_alert(placed: Placed, verdict: Verdict, known: AlertState) -> Telling:
    """What is new, to each receiver of the alert that it is due to. Receivers told the same get the same notice."""
    telling = Telling(known.alert)
    known = replace(known, readers=known_by(known.readers, placed.now_ms))
    if (corrected := correction_of(placed, verdict, known)) is not None:
        amended = amended_by(corrected, placed.matched.record.appended_ms or placed.now_ms, placed.now_ms)
        telling.amendments.append(Amendment(may_wait(placed, known), amended))
    after = {reader.receiver: reader for reader in known.readers}
    notices, unaware = _due(telling, placed, verdict, known)
    last = ""
    for (news, number, previous), led in notices.items():
        alert = alert_of(placed, verdict, notice_about(placed, news, number + 1, previous))
        told, passed = _tell(telling, placed, alert, led, _reasons(news))
        for receiver in told:
            reader = after[_mark(receiver)]
            after[reader.receiver] = told_more(placed.row, reader, alert.notice, placed.arrival_ms)
            last = alert.notice
        for receiver in passed:
            after[_mark(receiver)] = passed_over(placed.row, after[_mark(receiver)])
        if last == alert.notice:
            telling.reasons += dict.fromkeys(reason.value for reason, _ in news.reasons)
    if unaware:
        alert = alert_of(placed, verdict, OPENING)
        for receiver in _tell(telling, placed, alert, unaware)[0]:
            after[_mark(receiver)] = told_all(placed.row, _mark(receiver), alert.notice, placed.arrival_ms)
            last = alert.notice
    readers = tuple(after.values())
    if readers != known.readers:
        telling.state = AlertState(
            alert=known.alert,
            notices=known.notices + bool(last),
            last_notice=last or known.last_notice,
            deliveries=(*known.deliveries, *(each for each in _ids(telling) if each not in known.deliveries)),
            readers=readers,
        )
    return telling


def _due(
    telling: Telling, placed: Placed, verdict: Verdict, known: AlertState
) -> tuple[Mapping[tuple[News, int, str], Sequence[_LedTo]], Sequence[_LedTo]]:
    """To whom which news is due, also where it is withheld; and who must be told of the alert first."""
    notices: dict[tuple[News, int, str], list[_LedTo]] = {}
    unaware: list[_LedTo] = []
    held: dict[tuple[tuple[str, ...], int], list[str]] = {}
    readers = {reader.receiver: reader for reader in known.readers}
    for to in _led(placed, verdict) if readers else ():
        if (reader := readers.get(_mark(to.receiver))) is None:
            continue
        news, told_now = _news(telling, placed, verdict, known, reader, to)
        if not news.reasons:
            continue
        if to.withheld is None and not reader.notices and takes(to.receiver, OPENING.type):
            unaware.append(to)
        elif to.withheld is not None or told_now:
            notices.setdefault((news, reader.notices, reader.last_notice), []).append(to)
        else:
            waits = _reasons(news), floor_ends_ms(reader, to.updates)
            held.setdefault(waits, []).append(to.receiver.name)
    telling.held += [Held(verdict.topic, reasons, tuple(names), until) for (reasons, until), names in held.items()]
    return notices, unaware


def _news(
    telling: Telling, placed: Placed, verdict: Verdict, known: AlertState, reader: Reader, to: _LedTo
) -> tuple[News, bool]:
    """What is new to a receiver, and whether it is told now: because it is due, or because the route tells again what
    goes on. Nothing is told again that somebody has judged, or that is withheld."""
    news = news_to(placed.row, reader, to.updates, placed.watch.named.is_country)
    if due(news, reader, to.updates, placed.arrival_ms):
        return news, True
    told_ms = last_told_ms(placed.row, reader)
    key = repeat_key(to.led.pacing.again_ms, told_ms, placed.arrival_ms, placed.now_ms)
    if not key or not reader.notices:
        return news, False
    name, topic, withheld = to.receiver.name, verdict.topic, to.withheld
    if known.alert in placed.judged:
        telling.not_again.append(NotAgain(topic, name, JUDGED))
    elif withheld is not None:
        telling.not_again.append(NotAgain(topic, name, withheld.why, withheld.by))
    else:
        return again(news, key), True
    return news, False


def _led(placed: Placed, verdict: Verdict) -> Sequence[_LedTo]:
    """Whom routes lead to now."""
    watch = placed.watch
    topic = topic_facts(watch, verdict.topic)
    facts = facts_of(watch, placed.matched.article, verdict, placed.story)
    leads_to = routed(watch.route, facts, datetime.fromtimestamp(placed.now_ms / 1000, UTC))
    kept = keep_facts(facts)
    kept_from = withheld(
        facts,
        leads_to,
        (*watch.loaded.silences, *placed.silences),
        placed.now_ms,
        lambda receiver: _inhibited(placed, facts, receiver),
    )
    return [
        _LedTo(watch.receivers[name], led.updates.within(topic.updates), kept_from.get(name), led, kept)
        for name, led in leads_to.items()
        if name in watch.receivers
    ]


def _inhibited(placed: Placed, facts: AlertFacts, receiver: str) -> str:
    """The topic of an alert of the story that the receiver was told and that inhibits this one, "" if none does."""
    watch = placed.watch
    if not watch.loaded.inhibitions or not takes(watch.receivers[receiver], OPENING.type):
        return ""
    own = _mark(watch.receivers[receiver])
    told = [
        facts_of_topic(watch, topic, placed.story)
        for topic, state in placed.alerts.items()
        if topic != facts.topic and any(each.receiver == own and each.notices for each in state.readers)
    ]
    return inhibited_by(facts, watch.loaded.inhibitions, told)


def _tell(
    telling: Telling, placed: Placed, alert: Alert, led: Sequence[_LedTo], reasons: tuple[str, ...] = ()
) -> tuple[Sequence[Receiver], Sequence[Receiver]]:
    """Who gets it by itself, who when it is its turn, and who in the digest of a backlog, if it takes digests.

    Returns whoever gets it at all, and those who would if it were not withheld from them.
    """
    matched, appended_ms, now_ms = placed.matched, placed.matched.record.appended_ms, placed.now_ms
    old = is_old(matched, placed.watch.loaded.config, now_ms)
    digested = [to for to in led if old and takes(to.receiver, DIGEST)]
    single = [to for to in led if to not in digested and takes(to.receiver, alert.type)]
    passed = [to for to in (*single, *digested) if to.withheld is not None]
    backlog = [to for to in digested if to.withheld is None]
    later = [to.receiver for to in backlog]
    when_ms = appended_ms or now_ms
    telling.pending += [pending_to(to.receiver.name, alert, when_ms, now_ms, facts=to.facts) for to in backlog]
    sent = [to for to in single if to.withheld is None]
    at_once = [to.receiver for to in sent if to.led.pacing.at_once]
    body = encode(alert, now_ms) if sent else b""
    ways = [(to.receiver, to.led) for to in sent if to.receiver in at_once]
    telling.deliveries += [delivery_on(matched, alert, body, receiver.name, led, now_ms) for receiver, led in ways]
    paced = [to for to in sent if to.receiver not in at_once]
    waiting = [paced_to(matched, alert, body, to.receiver.name, to.led, now_ms, to.facts) for to in paced]
    telling.pending += waiting
    later += [to.receiver for to in paced]
    if not reasons or at_once or later or passed:
        telling.told.append(
            Told(
                topic=alert.topic,
                alert=alert.id,
                notice=alert.notice,
                reason=alert.data["alert"]["reason"],
                reasons=reasons,
                to=tuple(receiver.name for receiver in at_once),
                later=tuple(receiver.name for receiver in later),
                waits=tuple(
                    (each.receiver, each.wait.value) for each in waiting if each.plan is None or not each.plan.alone
                ),
                withheld=tuple(to.withheld for to in passed if to.withheld is not None),
            )
        )
        telling.lines.append(alert_line(alert, telling.told[-1], now_ms))
    return [*at_once, *later], [to.receiver for to in passed]


def _ids(telling: Telling) -> tuple[str, ...]:
    return (*(each.id for each in telling.deliveries), *(each.id for each in telling.pending))


def _reasons(news: News) -> tuple[str, ...]:
    return tuple(f"{reason}:{about}" if about else reason.value for reason, about in news.reasons[:_REASONS])


def _mark(receiver: Receiver) -> int:
    return mark_of(receiver.name)
