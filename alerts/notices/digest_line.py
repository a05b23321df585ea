"""What a digest shows of one alert: written when its notice begins to wait, read when the digest is made. Pure.

What waits is shown as it was when it came; but where a correction was told since, the correction is shown in its place,
with the headline that it corrects.
"""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from alerts.ids import delivery_id
from alerts.model import Alert, Amended, Delivery, Pending, Plan, Severity, Wait
from alerts.notices.plain_text import shorten
from alerts.notices.timestamp import rfc3339

# Less than an alert shows of its article: a headline and a link each, so that some forty fit.
_TITLE_CHARS, NAME_CHARS, _URL_CHARS = 200, 100, 500


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
    was: str | msgspec.UnsetType = msgspec.UNSET  # the headline that waited, where a correction came before it was told
    articles: int | msgspec.UnsetType = msgspec.UNSET  # of its story, where stories are told by their weight
    independent_sources: int | msgspec.UnsetType = msgspec.UNSET


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Line)


def pending_to(
    receiver: str,
    alert: Alert,
    appended_ms: int,
    now_ms: int,
    plan: Plan | None = None,
    single: Delivery | None = None,
    locale: str = "",
    timezone: str = "",
    facts: bytes = b"",
) -> Pending:
    """``alert`` for a receiver, to go out with others. The delivery that it replaces has the same id."""
    article, story = alert.data["article"], alert.data["story"]
    weighed = plan is not None and plan.wait is Wait.SCHEDULED
    url = article["url"]
    line = Line(
        id=alert.id,
        topic=alert.data["alert"]["topics"][0]["id"],
        severity=alert.severity,
        story=alert.story,
        appended=rfc3339(appended_ms),
        article=_Article(
            id=shorten(article["id"], NAME_CHARS),
            title=shorten(article["title"], _TITLE_CHARS),
            url=url if url and len(url) <= _URL_CHARS else None,
            source=shorten(article["source"], NAME_CHARS),
            lang=article["lang"],
            published=article["published"],
        ),
        reason=alert.data["alert"]["reason"],
        articles=story["articles"] if weighed else msgspec.UNSET,
        independent_sources=story["independent_sources"] if weighed else msgspec.UNSET,
    )
    return Pending(
        id=delivery_id(receiver, alert.notice),
        receiver=receiver,
        notice=alert.notice,
        created_ms=now_ms,
        summary=_ENCODER.encode(line),
        plan=plan,
        single=single,
        locale=locale,
        timezone=timezone,
        facts=facts,
    )


def amended_by(alert: Alert, appended_ms: int, now_ms: int) -> Amended:
    """What digests show of notices of the alert that still wait, once ``alert`` corrects it."""
    return Amended(alert.notice, pending_to("", alert, appended_ms, now_ms).summary)


def lines_of(members: Sequence[Pending]) -> tuple[list[Line], int]:
    """What is shown of members, and how many that stands for: all that waits of an alert that was corrected is one."""
    read = [(line_of(member), member) for member in members]
    corrected: dict[tuple[str, str], Line] = {}  # alert and correction
    plain: list[Line] = []
    for line, member in read:
        amended = None if member.amended is None else _decoded(member.amended.summary)
        if line is not None and amended is not None:
            shown = replace(
                amended, was=line.article.title, articles=line.articles, independent_sources=line.independent_sources
            )
            corrected.setdefault((line.id, member.amended_by), shown)
        elif line is not None:
            plain.append(line)
    told = {_same(line) for line in corrected.values()}
    lines = [*corrected.values(), *(line for line in plain if _same(line) not in told)]
    return lines, len(lines) + sum(line is None for line, _ in read)


def line_of(pending: Pending) -> Line | None:
    """None where another version wrote it in another shape: it is still counted."""
    return _decoded(pending.summary)


def _same(line: Line) -> tuple[str, str, str]:
    """The correction itself may wait too, in the digest of a backlog."""
    return line.id, line.article.id, line.reason


def _decoded(summary: bytes) -> Line | None:
    try:
        return _DECODER.decode(summary)
    except msgspec.DecodeError:
        return None
