"""How people and on-call tools see a digest, whatever it is of."""

import json
from datetime import timedelta
from typing import Any

import pytest

from alerts.model import Delivery, Wait
from alerts.rendering.alertmanager import alertmanager_body
from alerts.rendering.event import Event, Style
from alerts.rendering.message import message_of
from alerts.rendering.words import LOCALES
from tests.alerts.rendering.test_message import NOON_MS, bare


def a_digest(reason: str, *severities: str, **line: Any) -> Event:
    article = {"title": "Flood at the old bridge", "source": "Coast"}
    alerts = [{"topic": "floods", "severity": each, "article": article, **line} for each in severities]
    return Event("alert.digest", "2030-01-01T00:00:00.000Z", {"reason": reason, "alerts": alerts, "total": len(alerts)})


@pytest.mark.parametrize(
    ("reason", "locale", "title"),
    [
        ("backlog", "en", "Late alerts: 2"),
        ("group", "en", "Alerts: 2"),
        ("scheduled", "ar", "أبرز الأخبار: 2"),
        ("throttled", "tr", "Diğer uyarılar: 2"),
        ("scheduled", "fr", "À la une: 2"),
    ],
)
def test_its_title_says_why_they_come_together(reason: str, locale: str, title: str) -> None:
    assert bare(message_of(a_digest(reason, "info", "info"), Style(locale)).title) == title


def test_every_language_has_words_for_every_reason() -> None:
    for words in LOCALES.values():
        assert words.digests.keys() == set(Wait) - {Wait.BACKLOG}
        assert len({words.kinds["alert.digest"], *words.digests.values()}) == len(Wait)


def test_a_story_that_many_tell_says_of_how_many_sources() -> None:
    (line,) = message_of(a_digest("scheduled", "info", independent_sources=7), Style("en")).lines
    assert bare(line) == "• floods: Flood at the old bridge (Coast) · Independent sources: 7"


@pytest.mark.parametrize(
    ("reason", "severities", "pages_as"),
    [
        ("group", ("info", "critical", "warning"), "critical"),
        ("throttled", ("info", "warning"), "warning"),
        ("group", (), "info"),
        ("backlog", ("critical",), "info"),
        ("scheduled", ("critical",), "info"),
    ],
)
def test_an_on_call_tool_is_told_how_weighty_the_weightiest_is_unless_it_is_old(
    reason: str, severities: tuple[str, ...], pages_as: str
) -> None:
    event = a_digest(reason, *severities)
    delivery = Delivery(
        id="evt_x", receiver="oncall", lane="l", type="alert.digest", notice="n", created_ms=NOON_MS, body=b""
    )
    body = alertmanager_body(event, message_of(event, Style("en")), delivery, timedelta(hours=1), NOON_MS)

    (alert,) = json.loads(body)
    assert alert["labels"] == {"alertname": "alert.digest", "delivery": "evt_x", "severity": pages_as}
    assert alert["annotations"]["reason"] == reason
