"""An alert as its subscribers receive it: built once, within 20 kB whatever the article holds. Pure.

The same facts always give the same bytes. Headlines and quotes stay original but safe to show (``plain_text``).
What does not fit is left out from the least telling end, in a fixed order, and ``trimmed`` says so.
"""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from alerts.ids import alert_id, delivery_id, lane_id, notice_of
from alerts.model import Alert, Delivery
from alerts.notices.facts import OPENING, EntityNames, Moments, NoticeFacts, StoryFacts, TopicFacts
from alerts.notices.plain_text import clean, isolate, shorten
from alerts.notices.quote import opening, quotes
from alerts.notices.timestamp import rfc3339
from processors.model import Article, Evidence, FieldName, Verdict
from processors.normalize.text import Text

MAX_BODY_BYTES = 20_000
"""What Standard Webhooks advises; many receivers refuse more."""

# ``type`` and ``timestamp`` around the data.
_ENVELOPE_BYTES = 200

TEXT_CHARS = 240

# Generous for real news, and each a bound that hostile input meets.
_TITLE_CHARS, _NAME_CHARS, _CLAUSE_CHARS, _URL_CHARS = 500, 200, 200, 2_000
_LABELS, _OUTLETS, _QUOTES, _HIGHLIGHTS = 30, 10, 10, 12

# An article published longer ago than this reaches a desk as old news.
LATE_AFTER_MS = 3_600_000

_ENCODER = msgspec.json.Encoder()


def build_alert(
    *,
    name: str,
    article: Article,
    verdict: Verdict,
    topic: TopicFacts,
    story: StoryFacts,
    moments: Moments,
    entities: Mapping[str, EntityNames] | None = None,
    links: Mapping[str, str] | None = None,
    texts: Mapping[FieldName, Text] | None = None,
    notice: NoticeFacts = OPENING,
) -> Alert:
    """What is told of a story under ``topic``: that it is new, unless ``notice`` says otherwise.

    ``name`` is the daemon's configured name. ``texts`` are the article's fields where they were read already; they
    only save time.
    """
    alert = alert_id(name, topic.id, story.id)
    data = {
        "alert": _head(alert, topic, notice),
        **({"delta": dict(notice.delta)} if notice.delta is not None else {}),
        "story": _story(story),
        "article": _article(article, moments),
        "evidence": _evidence(article, verdict, entities or {}, texts or {}),
        "score": round(verdict.score, 3),
        "latency": _latency(article, moments),
        "links": {key: url for key, link in sorted((links or {}).items()) if (url := _url(link))},
        "text": _text(article, topic, notice.news),
        "trimmed": False,
    }
    _trim(data)
    return Alert(
        id=alert,
        notice=notice_of(alert, notice.keys),
        type=notice.type,
        topic=topic.id,
        story=story.id,
        severity=topic.severity,
        labels=dict(topic.labels),
        data=data,
    )


def encode(alert: Alert, at_ms: int) -> bytes:
    """The body of every delivery of this alert, at most ``MAX_BODY_BYTES``; ``at_ms`` is when it became ready."""
    return _ENCODER.encode({"type": alert.type, "timestamp": rfc3339(at_ms), "data": alert.data})


def delivery_to(
    receiver: str,
    alert: Alert,
    body: bytes,
    at_ms: int,
    trace: str = "",
    locale: str = "",
    timezone: str = "",
    lane: str = "",
    urgent: bool = False,
) -> Delivery:
    """One alert for one receiver. ``trace`` goes with it as its ``traceparent``, the rest as its route asks.

    ``lane`` is its story's unless another is given.
    """
    return Delivery(
        id=delivery_id(receiver, alert.notice),
        receiver=receiver,
        lane=lane or lane_id(receiver, alert.story),
        type=alert.type,
        notice=alert.notice,
        created_ms=at_ms,
        body=body,
        trace=trace,
        locale=locale,
        timezone=timezone,
        urgent=urgent,
    )


def _head(alert: str, topic: TopicFacts, notice: NoticeFacts) -> dict[str, Any]:
    return {
        "id": alert,
        "notice": notice_of(alert, notice.keys),
        "topics": [{"id": clean(topic.id, _NAME_CHARS), "title": _texts(topic.titles)}],
        "severity": topic.severity.value,
        "labels": _texts(topic.labels),
        "reason": notice.reason,
        "number": notice.number,
        "previous": notice.previous,
    }


def _story(story: StoryFacts) -> dict[str, Any]:
    outlets = [
        {
            "source": clean(outlet.source, _NAME_CHARS),
            "url": _url(outlet.url),
            "origin": clean(outlet.origin, _NAME_CHARS) or None,
        }
        for outlet in story.outlets[:_OUTLETS]
    ]
    return {
        "id": story.id,
        "first_seen": rfc3339(story.first_seen_ms),
        "articles": story.articles,
        "independent_sources": story.sources,
        "outlets": story.carriers,
        "languages": [clean(language, 8) for language in story.languages],
        "first_outlet": outlets[0] if outlets else None,
        "top_outlets": outlets,
        "coverage": [
            {
                "group": clean(group.group, _NAME_CHARS),
                "carrying": [clean(outlet, _NAME_CHARS) for outlet in group.carrying],
                "silent": [clean(outlet, _NAME_CHARS) for outlet in group.silent],
            }
            for group in story.coverage
        ],
    }


def _article(article: Article, moments: Moments) -> dict[str, Any]:
    published_ms = _published_ms(article)
    # A clock ahead of ours makes nothing younger than new.
    age_ms = None if published_ms is None else max(0, moments.admitted_ms - published_ms)
    return {
        "id": clean(article.id, _NAME_CHARS),
        "title": clean(article.title, _TITLE_CHARS),
        "url": _url(article.url),
        "source": clean(article.source, _NAME_CHARS),
        "lang": clean(article.lang, 35) or None,  # the longest well-formed tag that RFC 5646 asks to support
        "published": None if published_ms is None else rfc3339(published_ms),
        "age": None if age_ms is None else age_ms // 1000,
        "late": age_ms is not None and age_ms > LATE_AFTER_MS,
    }


def _evidence(
    article: Article, verdict: Verdict, entities: Mapping[str, EntityNames], texts: Mapping[FieldName, Text]
) -> list[dict[str, Any]]:
    shown = []
    fields: tuple[tuple[FieldName, str, int], ...] = (("title", article.title, 1), ("body", article.body, _QUOTES))
    for field, raw, most in fields:
        found = [evidence for evidence in verdict.evidence if evidence.field == field]
        spans = [(each.start, each.end) for each in found]
        for quote in quotes(raw, spans, most, one_sentence=field == "title", text=texts.get(field)):
            marks = [_highlight(found[number], start, end, entities) for number, start, end in quote.highlights]
            if marks:
                shown.append({"field": field, "quote": quote.text, "highlights": marks[:_HIGHLIGHTS]})
    for each in verdict.evidence:
        if each.field not in ("title", "body"):  # source, url, tags …: the value itself is what can be shown
            value = clean(each.text, _CLAUSE_CHARS)
            marks = [_highlight(each, 0, len(value), entities)]
            shown.append({"field": clean(each.field, _NAME_CHARS), "quote": value, "highlights": marks})
    return shown[:_QUOTES]


def _highlight(evidence: Evidence, start: int, end: int, entities: Mapping[str, EntityNames]) -> dict[str, Any]:
    mark: dict[str, Any] = {
        "start": start,
        "end": end,
        "clause": clean(evidence.clause, _CLAUSE_CHARS),
        "level": evidence.level,
    }
    if evidence.entity:
        names = entities.get(evidence.entity, EntityNames())
        mark["entity"] = {
            "id": clean(evidence.entity, _NAME_CHARS),
            "arabic": clean(names.arabic, _NAME_CHARS) or None,
            "latin": clean(names.latin, _NAME_CHARS) or None,
            "role": clean(evidence.via.rpartition(".")[2], _NAME_CHARS) or None,
        }
        if evidence.via:
            mark["via"] = clean(evidence.via, _NAME_CHARS)
    for key, value in (("support", evidence.support), ("period", evidence.period), ("plain", evidence.plain)):
        if value:
            mark[key] = clean(value, _CLAUSE_CHARS)
    if evidence.repaired:
        mark["repaired"] = True
    return mark


def _latency(article: Article, moments: Moments) -> dict[str, int | None]:
    """How long each step took, in milliseconds; None where a step has no time."""
    points = (_published_ms(article), moments.appended_ms, moments.matched_ms, moments.admitted_ms)
    names = ("published_to_appended", "appended_to_matched", "matched_to_admitted")
    steps = {
        name: None if earlier is None or later is None else max(0, later - earlier)
        for name, earlier, later in zip(names, points[:-1], points[1:], strict=True)
    }
    start = next((point for point in points if point is not None), moments.admitted_ms)
    return {**steps, "total": max(0, moments.admitted_ms - start)}


def _text(article: Article, topic: TopicFacts, new: str) -> str:
    """``topic: what is new: headline (source)``, each part with its own direction."""
    titles = topic.titles
    title = titles.get(article.lang.partition("-")[0]) or titles.get("ar") or titles.get("en") or topic.id
    head, source = clean(title, 80), clean(article.source, 40)
    tail = f" ({isolate(source)})" if source else ""
    start = f"{isolate(head)}: " + (f"{new}: " if new else "")
    # Two characters are the isolate's own.
    room = TEXT_CHARS - len(start) - len(tail) - 2
    news = clean(article.title, _TITLE_CHARS) or opening(article.body)
    return start + isolate(shorten(news, room)) + tail


def _trim(data: dict[str, Any]) -> None:
    """Leave out the least telling parts until the body fits. Always in this order."""
    evidence, outlets, coverage = data["evidence"], data["story"]["top_outlets"], data["story"]["coverage"]
    delta = [part for part in data.get("delta", {}).values() if isinstance(part, list)]
    while len(_ENCODER.encode(data)) > MAX_BODY_BYTES - _ENVELOPE_BYTES:
        data["trimmed"] = True
        longest = max((len(item["highlights"]) for item in evidence), default=0)
        if len(evidence) > 3:
            evidence.pop()
        elif len(outlets) > 3:
            outlets.pop()
        elif coverage:
            coverage.pop()
        elif longest > 2:
            next(item for item in evidence if len(item["highlights"]) == longest)["highlights"].pop()
        elif data["links"]:
            data["links"].popitem()
        elif data["alert"]["labels"]:
            data["alert"]["labels"].popitem()
        elif data["alert"]["topics"][0]["title"]:
            data["alert"]["topics"][0]["title"].popitem()
        elif outlets:
            outlets.pop()
        elif len(part := max(delta, key=len, default=[])) > 1:
            part.pop()
        else:  # one evidence item of each highlight is well below the limit
            evidence.pop()


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Labels or titles, by key, so that their order in a file does not change the bytes."""
    return {clean(key, _NAME_CHARS): clean(value, _NAME_CHARS) for key, value in sorted(texts.items())[:_LABELS]}


def _url(url: str) -> str | None:
    """A link that a browser may open, or nothing: a cut or cleaned URL would be another one."""
    if len(url) > _URL_CHARS or not url.lower().startswith(("http://", "https://")):
        return None
    return url if clean(url, _URL_CHARS) == url and " " not in url else None


def _published_ms(article: Article) -> int | None:
    published = article.published_at
    return None if published is None else math.floor(published.timestamp() * 1000)
