"""Many alerts in one body: what a receiver gets of a backlog, of a group, of a slot of time. Pure.

A digest is its members, and which of them were corrected since: the same ones give the same id and the same bytes, and
another set of them is another digest. So a receiver that drops ids that it knows never drops an alert with them,
whatever the store lost in between.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from alerts.ids import delivery_id, digest_notice, lane_id
from alerts.model import Delivery, Pending, Plan, Severity, Wait
from alerts.notices.digest_line import NAME_CHARS, Line, line_of, lines_of
from alerts.notices.payload import MAX_BODY_BYTES, TEXT_CHARS
from alerts.notices.plain_text import isolate, shorten
from alerts.notices.timestamp import rfc3339
from processors.normalize.scripts import has_arabic
from processors.stories.reasons import Reason

TYPE = "alert.digest"

SINGULAR_WAITS = (Wait.GROUP,)
"""A notice that nothing came to join goes out as itself."""

_URGENT_WAITS = (Wait.GROUP, Wait.THROTTLED)
"""Digests that are as urgent as what is in them. What waited for its hour, or for days, is in no hurry."""

_HEADS: Mapping[Wait, tuple[str, str]] = {
    Wait.BACKLOG: ("تنبيهات متأخرة", "Late alerts"),
    Wait.GROUP: ("تنبيهات", "Alerts"),
    Wait.SCHEDULED: ("أبرز الأخبار", "Top stories"),
    Wait.THROTTLED: ("تنبيهات أخرى", "More alerts"),
}
"""How the line of text begins, in Arabic and in English."""

_CORRECTED: Mapping[str, tuple[str, str]] = {
    Reason.DENIAL: ("نفي", "Denied"),
    Reason.RETRACTION: ("تصحيح", "Corrected"),
}
"""What stands before a headline that corrects, in the same languages."""

# Room for ``type``, ``timestamp`` and the counts around the lists.
_ENVELOPE_BYTES = 300

# Of the body, what the list of topics may take. A desk has tens of them; the alerts matter more.
_TOPICS_BYTES = 3_000


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a story is told of."""

    articles: int
    sources: int  # independent ones


_SEVEREST = tuple(reversed(Severity))

_ENCODER = msgspec.json.Encoder()


def together(
    members: Sequence[Pending], weights: Mapping[str, Weight] | None = None, then: Sequence[Pending] = ()
) -> Delivery:
    """What all ``members`` of one group go out in: the one there is, where its group says so, else their digest.

    One that was corrected meanwhile goes out as it was written only where its correction is told right after it, among
    those of ``then``.
    """
    first = members[0]
    if len(members) == 1 and first.single is not None and first.wait in SINGULAR_WAITS:
        line = line_of(first)
        followed = line is not None and any(each is not None and each.id == line.id for each in map(line_of, then))
        if first.amended is None or followed:
            return first.single
    return build_digest(members, weights)


def amended_in(members: Sequence[Pending]) -> Mapping[str, str]:
    """Those of the members that a correction came for, with its notice, as FLUSH asks for them."""
    return {each.id: each.amended_by for each in members if each.amended is not None}


def stories_of(members: Sequence[Pending]) -> Mapping[str, int]:
    """The stories of members that are told by their weight, each with the time at which it was told of, ms."""
    lines = [(line_of(each), each.created_ms) for each in members if each.wait is Wait.SCHEDULED]
    return {line.story: at_ms for line, at_ms in lines if line is not None}


def build_digest(members: Sequence[Pending], weights: Mapping[str, Weight] | None = None) -> Delivery:
    """The digest of all ``members``, of one group and at least one; as many are shown as fit.

    Of a scheduled one the stories, by their ``weights`` where these are known; else the alerts, the newest first, and
    the most severe before them where it is no backlog.
    """
    first = members[0]
    plan, receiver, wait = first.plan, first.receiver, first.wait
    lines, total = lines_of(members)
    lines.sort(key=lambda line: (line.appended, line.id), reverse=True)
    times = (lines[-1].appended, lines[0].appended) if lines else (None, None)
    counted = lines
    if plan is not None and wait is Wait.SCHEDULED:
        lines = _by_weight(lines, weights or {})
        total = len(lines) or total
        lines = lines[: plan.top]
    elif wait is not Wait.BACKLOG:
        lines.sort(key=lambda line: _SEVEREST.index(line.severity))
    slot = _slot(plan)
    shown, topics = _fitting(lines, counted, len(_ENCODER.encode(slot)) - len("{}"))
    data = {
        "reason": wait,
        **slot,
        "alerts": shown,
        "total": total,
        "more": total - len(shown),
        "topics": topics,
        "from": times[0],
        "to": times[1],
        "text": _text(wait, total, lines),
    }
    # As of the last that came in: what is the same digest must have the same bytes, whenever it is made.
    last = max(members, key=lambda member: (member.created_ms, member.id))
    notice = digest_notice(_name(plan), [f"{each.id} {each.amended_by}".rstrip() for each in members])
    return Delivery(
        id=delivery_id(receiver, notice),
        receiver=receiver,
        lane=lane_id(receiver, Wait.BACKLOG.value) if plan is None else plan.lane,
        type=TYPE,
        notice=notice,
        created_ms=last.created_ms,
        body=_ENCODER.encode({"type": TYPE, "timestamp": rfc3339(last.created_ms), "data": data}),
        locale=last.locale,
        timezone=last.timezone,
        urgent=wait in _URGENT_WAITS and any(map(_urgent, members)),
    )


def _urgent(member: Pending) -> bool:
    by_severity = member.plan is not None and member.plan.severity is Severity.CRITICAL
    return by_severity or (member.single is not None and member.single.urgent)


def _name(plan: Plan | None) -> str:
    """What a digest is of, besides its members: the group, and the end of its slot where it has one."""
    if plan is None:
        return Wait.BACKLOG.value
    return plan.group if plan.wait is Wait.GROUP else f"{plan.group} {plan.due_ms}"


def _slot(plan: Plan | None) -> dict[str, Any]:
    if plan is None:
        return {}
    about = {"group": {key: shorten(value, NAME_CHARS) for key, value in plan.about}}
    return about if plan.wait is Wait.GROUP else {**about, "slot_end": rfc3339(plan.due_ms)}


def _by_weight(lines: Sequence[Line], weights: Mapping[str, Weight]) -> list[Line]:
    """One line for each story, the newest of it: critical stories, which no other may push out, then the others, each
    by independent sources."""
    newest: dict[str, Line] = {}
    for line in lines:
        newest.setdefault(line.story, line)
    critical = {line.story for line in lines if line.severity is Severity.CRITICAL}
    weighed = [_weighed(line, weights.get(story)) for story, line in newest.items()]
    return sorted(
        weighed,
        key=lambda line: (line.story not in critical, -_number(line.independent_sources), -_number(line.articles)),
    )


def _weighed(line: Line, weight: Weight | None) -> Line:
    if weight is None:  # it is forgotten: what it was when it was told of
        return line
    return msgspec.structs.replace(line, articles=weight.articles, independent_sources=weight.sources)


def _number(count: int | msgspec.UnsetType) -> int:
    return 0 if isinstance(count, msgspec.UnsetType) else count


def _fitting(
    lines: Sequence[Line], counted: Sequence[Line], taken: int
) -> tuple[list[msgspec.Raw], list[dict[str, Any]]]:
    """The first lines, and how many of those that are counted each topic has, the most first, beside what is taken."""
    topics: list[dict[str, Any]] = []
    for topic, count in sorted(Counter(line.topic for line in counted).items(), key=lambda each: (-each[1], each[0])):
        if len(_ENCODER.encode([*topics, {"id": topic, "alerts": count}])) > _TOPICS_BYTES:
            break
        topics.append({"id": topic, "alerts": count})
    # The line of text is short, but may be all of four bytes a character, or escaped.
    room = MAX_BODY_BYTES - _ENVELOPE_BYTES - taken - len(_ENCODER.encode(topics)) - 4 * TEXT_CHARS
    shown: list[msgspec.Raw] = []
    for line in lines:
        encoded = _ENCODER.encode(line)
        room -= len(encoded) + 1
        if room < 0:
            break
        shown.append(msgspec.Raw(encoded))
    return shown, topics


def _text(wait: Wait, total: int, lines: Sequence[Line]) -> str:
    """``Late alerts: 137: headline; headline``, in Arabic where most headlines are."""
    heads = [(line.article.title, line.reason) for line in lines if line.article.title]
    arabic = 2 * sum(has_arabic(title) for title, _ in heads) >= len(heads) > 0
    text = f"{_HEADS[wait][0 if arabic else 1]}: {total}"
    between, joint = ": ", "؛ " if arabic else "; "
    for title, reason in heads:
        if reason in _CORRECTED:
            between += f"{_CORRECTED[reason][0 if arabic else 1]}: "
        # Two characters are the isolate's own. A stump of a headline says nothing.
        room = TEXT_CHARS - len(text) - len(between) - 2
        if room < min(len(title), 40):
            break
        text += between + isolate(shorten(title, room))
        between = joint
    return text
