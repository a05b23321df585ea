"""An event as Prometheus Alertmanager's API v2 takes it. Pure.

All notices of an alert have the same labels, so an Alertmanager holds them as one alert: an update changes what it says
and how long it fires. News has no end that anybody could tell: it fires until ``resolve_after`` has passed.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
from yarl import URL

from alerts.model import Delivery, Severity, Wait
from alerts.notices.heartbeat import TYPE as HEARTBEAT
from alerts.notices.timestamp import rfc3339
from alerts.rendering.event import Event, mapping, text_of
from alerts.rendering.message import Message

HEARTBEATS_MISSED = 3
"""After which the alert that all is well ends: one may be lost on its way, and one more with a restart."""

_NOT_IN_A_NAME = re.compile(r"[^a-zA-Z0-9_]")


def alertmanager_body(
    event: Event, message: Message, delivery: Delivery, resolve_after: timedelta, now_ms: int
) -> bytes:
    """The JSON that is posted, one alert.

    The same for every attempt, except that one made late has its end put off by whole ``resolve_after``: an alert whose
    end had passed would be taken for resolved, and nobody would hear of it.
    """
    if event.type == HEARTBEAT:
        resolve_after = timedelta(seconds=HEARTBEATS_MISSED * int(text_of(event.data.get("every_s")) or 0))
    step = max(1, resolve_after // timedelta(milliseconds=1))
    late = max(0, now_ms + step // 2 - (delivery.created_ms + step))
    ends_ms = delivery.created_ms + step * (1 + -(-late // step))
    alert: dict[str, Any] = {
        "labels": _labels(event, delivery),
        "annotations": {key: str(value) for key, value in _annotations(event, message) if value},
        "startsAt": rfc3339(delivery.created_ms),
        "endsAt": rfc3339(ends_ms),
    }
    if url := _address(message.url):
        alert["generatorURL"] = url
    return msgspec.json.encode([alert])


def _labels(event: Event, delivery: Delivery) -> dict[str, str]:
    """What tells the alert from others, in every notice the same. Empty ones would be dropped anyway."""
    head = event.part("alert")
    if event.type == HEARTBEAT:  # always the same alert, which fires while all is well
        return {"alertname": event.type, "name": text_of(event.data.get("name")), "severity": "info"}
    if not head:  # a digest, or something that Rasid says of itself: each is an alert of its own
        return {"alertname": event.type or "rasid", "delivery": delivery.id, "severity": _weightiest(event)}
    named = {
        "alertname": text_of(event.topic.get("id")) or "rasid",
        "severity": text_of(head.get("severity")),
        "story": text_of(event.part("story").get("id")),
    }
    own = _own_labels(mapping(head.get("labels")), set(named))
    return {name: value for name, value in {**own, **named}.items() if value}


def _weightiest(event: Event) -> str:
    """The severity of a digest's weightiest alert. Old ones, and news that waited for its hour, page nobody."""
    shown = {text_of(each.get("severity")) for each in event.parts("alerts")}
    if event.data.get("reason") not in (Wait.GROUP, Wait.THROTTLED):
        return Severity.INFO.value
    return next((each.value for each in reversed(Severity) if each.value in shown), Severity.INFO.value)


def _own_labels(labels: Mapping[str, object], taken: set[str]) -> dict[str, str]:
    """The topic's, under names that Prometheus takes; one that we use ourselves gets ``topic_`` before it."""
    named = {}
    for written, value in labels.items():
        name = _NOT_IN_A_NAME.sub("_", written)
        named[f"topic_{name}" if name in taken or not name[:1].isalpha() else name] = text_of(value)
    return named


def _annotations(event: Event, message: Message) -> list[tuple[str, str]]:
    head = event.part("alert")
    return [
        ("summary", message.title),
        ("description", "\n".join(message.lines) if message.body is None else message.body),
        ("url", message.url),
        ("reason", text_of(head.get("reason") or event.data.get("reason"))),
        ("notice_number", text_of(head.get("number"))),
    ]


def _address(url: str) -> str:
    """A link in the letters that a URI may have, or nothing: with a wrong one the whole alert would be refused."""
    try:
        return str(URL(url)) if url else ""
    except ValueError:
        return ""
