"""What people read of an event: in their words, by their clock, in one order on every screen."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.receiver import Receiver
from alerts.rendering.event import Event, Style, read_event, shown_time
from alerts.rendering.examples import example_deliveries
from alerts.rendering.message import Message, message_of
from alerts.rendering.words import LOCALES

KEYS = (
    "alert article story delta evidence alerts total text topics title lang severity source url published quote field "
    "reasons reason about countries entities figures was now id arabic latin topic independent_sources"
).split()
DESK = Receiver(name="desk", url="", secrets=())
NOON_MS = 1_795_608_000_000  # 2026-11-25 12:00 UTC
EXAMPLES = example_deliveries(DESK, NOON_MS)


def told(kind: str, locale: str = "", zone: str = "UTC") -> Message:
    return message_of(read_event(EXAMPLES[kind].body), Style(locale, ZoneInfo(zone)))


def bare(text: str) -> str:
    """Without the signs that nobody sees."""
    return text.translate({ord(char): None for char in "\u200e\u200f\u2068\u2069"})


def test_an_alert_is_told_in_arabic_by_the_clock_of_cairo() -> None:
    message = told("alert.opened", "ar", "Africa/Cairo")

    assert bare(message.title) == "مهم: تجربة راصد: تجربة: تأجيل افتتاح الميناء الجديد في طرطوس إلى 15 مارس"
    assert [bare(line) for line in message.lines] == [
        "«قالت هيئة الميناء أمس إن الافتتاح تأجل، ولن تنشر Reuters الخبر لأنه ليس خبراً.»",
        "وكالة المثال · نُشر 2026-11-25 13:57 UTC+2 · مصادر مستقلة: 3 · وسائل إعلام: 4",
    ]
    assert message.url == "https://news.example/rasid/test?number=1"


@pytest.mark.parametrize(
    ("kind", "locale", "title", "first"),
    [
        ("alert.updated", "en", "Important: Update: A test of Rasid: ", "independent sources: 3"),
        ("alert.updated", "fr", "Important: Mise à jour: Un essai de Rasid: ", "sources indépendantes : 3"),
        ("alert.updated", "tr", "Önemli: Güncelleme: Rasid denemesi: ", "bağımsız kaynaklar: 3"),
        ("alert.updated", "", "مهم: تحديث: تجربة راصد: ", "عدد المصادر المستقلة: 3"),
        ("alert.corrected", "ar", "مهم: تصحيح: تجربة راصد: ", "نفي"),
        (
            "alert.digest",
            "en",
            "Late alerts: 1",
            "• rasid-test: تجربة: تأجيل افتتاح الميناء الجديد في طرطوس إلى 15 مارس",
        ),
    ],
)
def test_our_own_words_are_those_of_the_locale_and_the_news_stay_as_they_were(
    kind: str, locale: str, title: str, first: str
) -> None:
    message = told(kind, locale)

    assert bare(message.title).startswith(title)
    assert bare(message.lines[0]).startswith(first)


def test_every_language_has_the_same_words() -> None:
    kinds = {locale: (set(words.kinds), set(words.severities), set(words.reasons)) for locale, words in LOCALES.items()}

    assert len(set(map(repr, map(sorted, [each for group in kinds.values() for each in group])))) == 3


@pytest.mark.parametrize(
    ("written", "zone", "shown"),
    [
        ("2026-07-01T23:30:00.000Z", "Africa/Cairo", "2026-07-02 02:30 UTC+3"),
        ("2026-01-01T00:10:00.000Z", "America/St_Johns", "2025-12-31 20:40 UTC-3:30"),
        ("2026-01-01T00:10:00.000Z", "UTC", "2026-01-01 00:10 UTC"),
        ("9999-12-31T23:59:59.000Z", "Asia/Baghdad", ""),
        ("yesterday", "UTC", ""),
        (None, "UTC", ""),
    ],
)
def test_a_time_is_shown_by_the_readers_clock(written: object, zone: str, shown: str) -> None:
    assert shown_time(written, Style(zone=ZoneInfo(zone))) == shown


SCALARS = st.sampled_from([None, True, 0, -3, "", "خبر", "a\nb", "\u202e"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*EXAMPLES, "alert.later", ""]), st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=5))
def test_a_body_of_another_shape_is_told_as_well_as_can_be(kind: str, data: Mapping[str, Any]) -> None:
    for locale in (*LOCALES, ""):
        message = message_of(Event(kind, "", data), Style(locale))
        assert all("\n" not in line and "\u202e" not in line for line in (message.title, *message.lines))


@given(st.binary())
def test_bytes_that_are_no_event_are_told_as_nothing(body: bytes) -> None:
    assert message_of(read_event(body), Style()).url == ""


def test_the_same_delivery_is_told_in_the_same_words() -> None:
    again = example_deliveries(DESK, NOON_MS)

    assert {kind: msgspec.json.encode(told(kind)) for kind in EXAMPLES} == {
        kind: msgspec.json.encode(message_of(read_event(again[kind].body), Style(zone=ZoneInfo("UTC"))))
        for kind in again
    }
