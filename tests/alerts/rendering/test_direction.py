"""In which order lines are shown, judged by an implementation of UAX #9 that nobody here wrote (python-bidi).

What is compared is the visual order, from left to right, as a screen draws it. Marks and isolates draw nothing.
"""

import re

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from alerts.rendering.event import Event, Style
from alerts.rendering.message import LEFT_TO_RIGHT, RIGHT_TO_LEFT, message_of
from alerts.rendering.told import directed

UNSEEN = re.compile("[\u200e\u200f\u2066-\u2069]")


def seen(line: str) -> str:
    """A line as a screen draws it that finds the direction by itself."""
    return UNSEEN.sub("", str(get_display(line)))


def alert(title: str, source: str, lang: str, **changes: object) -> Event:
    data = {
        "alert": {"severity": "info", "topics": [{"id": "ports", "title": {"ar": "الموانئ", "en": "Ports"}}]},
        "article": {"title": title, "source": source, "lang": lang, "published": "2026-03-01T12:05:00.000Z"},
        "story": {"independent_sources": 3},
    }
    return Event("alert.opened", "", data | changes)


ARABIC, LATIN = "السفينة MV Example تصل", "Ship سفينة arrives"


@pytest.mark.parametrize(
    ("locale", "title", "drawn"),
    [
        ("ar", ARABIC, "لصت MV Example ةنيفسلا :ئناوملا"),
        ("ar", LATIN, "Ship ةنيفس arrives :ئناوملا"),
        ("en", ARABIC, "Ports: لصت MV Example ةنيفسلا"),
        ("en", LATIN, "Ports: Ship ةنيفس arrives"),
        ("ar", "(Reuters) 15 قتيلاً", "(Reuters) 15 ًاليتق :ئناوملا"),
        ("ar", "15-20 مارس: C-3", "C-3 :سرام 15-20 :ئناوملا"),
        ("en", "!خبر عاجل", "Ports: لجاع ربخ!"),
    ],
)
def test_a_title_is_drawn_in_the_order_of_our_words_whatever_stands_in_it(locale: str, title: str, drawn: str) -> None:
    assert seen(message_of(alert(title, "", "ar"), Style(locale)).title) == drawn


@pytest.mark.parametrize(
    ("locale", "source", "drawn"),
    [
        ("ar", "سانا", "3 :ةلقتسم رداصم · 2026-03-01 12:05 UTC رشُن · اناس"),
        ("ar", "News.Example", "3 :ةلقتسم رداصم · 2026-03-01 12:05 UTC رشُن · News.Example"),
        ("en", "سانا", "اناس · Published 2026-03-01 12:05 UTC · Independent sources: 3"),
        ("en", "News.Example", "News.Example · Published 2026-03-01 12:05 UTC · Independent sources: 3"),
    ],
)
def test_a_line_of_facts_keeps_its_order_whoever_the_source_is(locale: str, source: str, drawn: str) -> None:
    line = message_of(alert("خبر", source, "ar"), Style(locale)).lines[-1]

    assert seen(line) == drawn


def test_figures_that_changed_are_told_in_the_order_of_the_words() -> None:
    delta = {"reasons": [{"reason": "figures", "about": None}], "figures": {"was": ["12 killed"], "now": ["15 قتيلاً"]}}
    line = message_of(alert("خبر", "", "ar", delta=delta), Style("ar")).lines[0]

    assert seen(line) == "ًاليتق 15 ىلإ 12 killed نم"


@pytest.mark.parametrize(
    ("line", "mark", "drawn"),
    [
        ("\u2068Syria\u2069 — \u2068خبر\u2069", RIGHT_TO_LEFT, "ربخ — Syria"),
        ("\u2068سوريا\u2069 — \u2068news\u2069", LEFT_TO_RIGHT, "ايروس — news"),
        ("> \u2068news\u2069 و\u2068خبر\u2069", RIGHT_TO_LEFT, "ربخو news >"),
    ],
)
def test_a_line_of_a_template_that_begins_with_news_has_the_direction_of_our_words(
    line: str, mark: str, drawn: str
) -> None:
    assert seen(directed(line, mark)) == drawn


WORDS = st.lists(
    st.sampled_from(["خبر", "القاهرة", "news", "MV", "15", "(", ")", "-", ":", "C++", "عدد", "«", "»", "!", "50%"]),
    min_size=1,
    max_size=6,
).map(" ".join)


@given(WORDS, st.sampled_from(["ar", "en"]), st.sampled_from(["سانا", "AP"]))
def test_no_headline_moves_anything_outside_itself(title: str, locale: str, source: str) -> None:
    line = seen(message_of(alert(title, source, "ar"), Style(locale)).title)

    if locale == "ar":
        assert line.endswith(" :ئناوملا")
    else:
        assert line.startswith("Ports: ")
