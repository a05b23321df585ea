"""Many alerts in one body: what a receiver gets of a backlog. Pure.

A digest is its members: the same ones give the same id and the same bytes, and another set of them is another digest.
So a receiver that drops ids that it knows never drops an alert with them, whatever the store lost in between.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from alerts.ids import delivery_id, digest_notice, lane_id
from alerts.model import Alert, Delivery, Pending, Severity
from alerts.payload import MAX_BODY_BYTES, TEXT_CHARS
from alerts.plain_text import isolate, shorten
from alerts.timestamp import rfc3339

TYPE = "alert.digest"

BACKLOG = "backlog"
"""Why these alerts come together: their articles were old when they were read. Also the word of their lane."""

# Less than an alert shows of its article: a headline and a link each, so that some forty fit.
_TITLE_CHARS, _NAME_CHARS, _URL_CHARS = 200, 100, 500

# Room for ``type``, ``timestamp`` and the counts around the lists.
_ENVELOPE_BYTES = 300

# Of the body, what the list of topics may take. A desk has tens of them; the alerts matter more.
_TOPICS_BYTES = 3_000

_ARABIC = re.compile("[\u0621-\u064a]")


class _Article(msgspec.Struct, frozen=True):
    id: str
    title: str
    url: str | None
    source: str
    lang: str | None
    published: str | None


class Line(msgspec.Struct, frozen=True):
    """What a digest shows of one alert."""

    id: str
    topic: str
    severity: Severity
    story: str
    appended: str  # when the source got the article
    article: _Article
    reason: str = "opened"  # why it is told, also where it is an update


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Line)


def pending_to(receiver: str, alert: Alert, appended_ms: int, now_ms: int) -> Pending:
    """``alert`` for a receiver, to go out in a digest. The delivery that it replaces has the same id."""
    article = alert.data["article"]
    url = article["url"]
    line = Line(
        id=alert.id,
        topic=alert.data["alert"]["topics"][0]["id"],
        severity=alert.severity,
        story=alert.story,
        appended=rfc3339(appended_ms),
        article=_Article(
            id=shorten(article["id"], _NAME_CHARS),
            title=shorten(article["title"], _TITLE_CHARS),
            url=url if url and len(url) <= _URL_CHARS else None,
            source=shorten(article["source"], _NAME_CHARS),
            lang=article["lang"],
            published=article["published"],
        ),
        reason=alert.data["alert"]["reason"],
    )
    return Pending(
        id=delivery_id(receiver, alert.notice),
        receiver=receiver,
        notice=alert.notice,
        created_ms=now_ms,
        summary=_ENCODER.encode(line),
    )


def build_digest(members: Sequence[Pending]) -> Delivery:
    """The digest of all ``members``, of one receiver and at least one; as many are shown as fit, the newest."""
    receiver = members[0].receiver
    lines = [line for line in map(_line, members) if line is not None]
    lines.sort(key=lambda line: (line.appended, line.id), reverse=True)
    shown, topics = _fitting(lines)
    data = {
        "reason": BACKLOG,
        "alerts": shown,
        "total": len(members),
        "more": len(members) - len(shown),
        "topics": topics,
        "from": lines[-1].appended if lines else None,
        "to": lines[0].appended if lines else None,
        "text": _text(len(members), lines),
    }
    # As of the last that came in: what is the same digest must have the same bytes, whenever it is made.
    created_ms = max(member.created_ms for member in members)
    notice = digest_notice(BACKLOG, [member.id for member in members])
    return Delivery(
        id=delivery_id(receiver, notice),
        receiver=receiver,
        lane=lane_id(receiver, BACKLOG),
        type=TYPE,
        notice=notice,
        created_ms=created_ms,
        body=_ENCODER.encode({"type": TYPE, "timestamp": rfc3339(created_ms), "data": data}),
    )


def _line(pending: Pending) -> Line | None:
    """None where another version wrote it in another shape: it is still counted."""
    try:
        return _DECODER.decode(pending.summary)
    except msgspec.DecodeError:
        return None


def _fitting(lines: Sequence[Line]) -> tuple[list[msgspec.Raw], list[dict[str, Any]]]:
    """The newest lines, and how many alerts each topic has, the most first."""
    topics: list[dict[str, Any]] = []
    for topic, count in sorted(Counter(line.topic for line in lines).items(), key=lambda each: (-each[1], each[0])):
        if len(_ENCODER.encode([*topics, {"id": topic, "alerts": count}])) > _TOPICS_BYTES:
            break
        topics.append({"id": topic, "alerts": count})
    # The line of text is short, but may be all of four bytes a character, or escaped.
    room = MAX_BODY_BYTES - _ENVELOPE_BYTES - len(_ENCODER.encode(topics)) - 4 * TEXT_CHARS
    shown: list[msgspec.Raw] = []
    for line in lines:
        encoded = _ENCODER.encode(line)
        room -= len(encoded) + 1
        if room < 0:
            break
        shown.append(msgspec.Raw(encoded))
    return shown, topics


def _text(total: int, lines: Sequence[Line]) -> str:
    """``Late alerts: 137: headline; headline``, in Arabic where most headlines are."""
    titles = [line.article.title for line in lines if line.article.title]
    arabic = 2 * sum(_ARABIC.search(title) is not None for title in titles) >= len(titles) > 0
    text = f"تنبيهات متأخرة: {total}" if arabic else f"Late alerts: {total}"
    between, joint = ": ", "؛ " if arabic else "; "
    for title in titles:
        # Two characters are the isolate's own. A stump of a headline says nothing.
        room = TEXT_CHARS - len(text) - len(between) - 2
        if room < min(len(title), 40):
            break
        text += between + isolate(shorten(title, room))
        between = joint
    return text
