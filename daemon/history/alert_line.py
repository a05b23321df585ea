"""A line of the log of alerts: one notice as the API and the live page show it. Pure.

It is written in the same step as what the notice led to, so nothing that was told is missing here, and what every
process told is in one order. It says what was decided then; what became of a delivery is asked elsewhere.
"""

from typing import Any

import msgspec

from alerts.ids import delivery_id
from alerts.model import Alert, Severity
from alerts.notices.direction import direction
from alerts.notices.timestamp import rfc3339
from alerts.withholding import Withheld
from daemon.history.decision_line import Told

_QUOTES, _HIGHLIGHTS = 4, 8
"""Of one notice, the most telling: the wire's body has all of them."""


class Topic(msgspec.Struct, frozen=True):
    """A topic and what its desk calls it, by language."""

    id: str
    title: dict[str, str]


class StoryOf(msgspec.Struct, frozen=True):
    """The story as it stood after the article."""

    id: str
    first_seen: str
    articles: int
    independent_sources: int
    outlets: int


class Named(msgspec.Struct, frozen=True):
    """An entity in the two scripts, and its role at the article's date."""

    id: str
    arabic: str | None = None
    latin: str | None = None
    role: str | None = None


class Highlight(msgspec.Struct, frozen=True, omit_defaults=True):
    """What decided: ``start`` to ``end`` of the quote, in code points."""

    start: int
    end: int
    clause: str
    level: str
    entity: Named | None = None
    support: str = ""
    plain: str = ""  # the unbroken form of a word that was broken on purpose
    repaired: bool = False


class Quote(msgspec.Struct, frozen=True):
    """A sentence of the article with its highlights. ``field`` is ``title``, ``body``, or another field's name."""

    field: str
    quote: str
    dir: str
    highlights: list[Highlight]


class ToldTo(msgspec.Struct, frozen=True):
    """A receiver that gets the notice, by itself or in a digest."""

    receiver: str
    delivery: str
    digest: bool


class KeptFrom(msgspec.Struct, frozen=True):
    """A receiver that would have got it: ``why`` it did not, and ``by`` which interval, silence or topic."""

    receiver: str
    why: str
    by: str


class AlertRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One notice of an alert. Moments are RFC 3339 in UTC."""

    cursor: str = ""  # its place in the log; pass it back as it is
    id: str  # of the alert: the same for all notices of a topic and a story
    notice: str
    type: str  # alert.opened, alert.updated, alert.corrected
    reason: str
    reasons: list[str]  # of an update, all of them: sources:10, language:tr
    number: int  # which notice of the alert this is, from 1
    previous: str | None
    at: str  # when it was decided
    topic: Topic
    severity: Severity
    labels: dict[str, str]
    headline: str
    dir: str  # rtl or ltr, of the headline
    lang: str | None
    source: str
    url: str | None  # http or https only
    article: str
    published: str | None
    story: StoryOf
    evidence: list[Quote]
    score: float
    receivers: list[ToldTo]  # none: no route leads anywhere
    withheld: list[KeptFrom]


_encode = msgspec.json.Encoder().encode
encode_record = _encode
"""A record as the API gives it: JSON on one line."""

_decoder = msgspec.json.Decoder(AlertRecord)


def alert_line(alert: Alert, told: Told, now_ms: int) -> bytes:
    """The line of a notice: ``alert`` as its subscribers get it, and whom ``told`` names."""
    data = alert.data
    head, article, story = data["alert"], data["article"], data["story"]
    topic = head["topics"][0]
    return _encode(
        AlertRecord(
            id=alert.id,
            notice=alert.notice,
            type=alert.type,
            reason=told.reason,
            reasons=list(told.reasons),
            number=head["number"],
            previous=head["previous"],
            at=rfc3339(now_ms),
            topic=Topic(topic["id"], topic["title"]),
            severity=alert.severity,
            labels=head["labels"],
            headline=article["title"],
            dir=direction(article["title"]),
            lang=article["lang"],
            source=article["source"],
            url=article["url"],
            article=article["id"],
            published=article["published"],
            story=msgspec.convert(story, StoryOf),
            evidence=[_quote(each) for each in data["evidence"][:_QUOTES]],
            score=data["score"],
            receivers=[_told(name, alert, digest=False) for name in told.to]
            + [_told(name, alert, digest=True) for name in told.later],
            withheld=[_kept(each) for each in told.withheld],
        )
    )


def read_alert(cursor: str, line: bytes) -> AlertRecord | None:
    """The record of a line. None where another version wrote it in another shape."""
    try:
        return msgspec.structs.replace(_decoder.decode(line), cursor=cursor)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def _quote(evidence: dict[str, Any]) -> Quote:
    marks = [msgspec.convert(each, Highlight) for each in evidence["highlights"][:_HIGHLIGHTS]]
    return Quote(evidence["field"], evidence["quote"], direction(evidence["quote"]), marks)


def _told(receiver: str, alert: Alert, *, digest: bool) -> ToldTo:
    return ToldTo(receiver, delivery_id(receiver, alert.notice), digest)


def _kept(withheld: Withheld) -> KeptFrom:
    return KeptFrom(withheld.receiver, withheld.why, withheld.by)
