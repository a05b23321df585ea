"""What a backtest is told as: counts, chart, comparison, JUnit, page."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import msgspec
import pytest

from alerts.withholding import Withheld
from daemon.backtest.chart import MOST_BARS, chart, spans_of
from daemon.backtest.difference import Difference, Side, difference
from daemon.backtest.html import page
from daemon.backtest.junit import junit
from daemon.backtest.run import Span
from daemon.backtest.tally import Tally
from daemon.history.decision_line import Decision, Told

DAY = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


def a_decision(
    article: str, story: str, *told: Told, topics: tuple[str, ...] = ("floods",), title: str = ""
) -> Decision:
    return Decision(
        at=0, article=article, outcome="alerted", story=story, relation="new", topics=topics, told=told, title=title
    )


def opened(topic: str = "floods", *to: str, reason: str = "opened") -> Told:
    return Told(topic=topic, alert=f"alert of {topic}", notice=f"{topic} {reason}", reason=reason, to=to)


def a_tally(title: str = "فيضان") -> Tally:
    tally = Tally(UTC)
    tally.add(DAY, a_decision("a", "s1", opened("floods", "desk"), title=title))
    tally.add(DAY, a_decision("b", "s1", opened("floods", "desk", reason="sources")))
    tally.add(DAY + timedelta(days=2), a_decision("c", "s2", opened("harbours"), topics=("floods", "harbours")))
    tally.add(DAY + timedelta(days=2), None)
    return tally


def test_openings_are_alerts_and_all_else_updates() -> None:
    tally = a_tally()

    assert (tally.articles.total(), tally.matched.total(), len(tally.stories)) == (4, 3, 2)
    assert (tally.opened, tally.updates.total()) == (2, 1)
    assert tally.topics == ["floods", "harbours"]
    assert tally.by_topic["floods", "matched"] == 3
    assert tally.by_topic["harbours", "unrouted"] == 1
    assert tally.most_on_a_day("floods") == (1, date(2026, 3, 4))


def test_what_is_withheld_from_all_is_no_alert_and_is_counted_beside_them() -> None:
    tally, side = a_tally(), Side(topics={"floods"})
    muted, silenced = Withheld("desk", "muted", "nights"), Withheld("duty", "silenced", "sil_x")
    from_all = msgspec.structs.replace(opened("floods"), withheld=(muted, silenced))
    from_one = msgspec.structs.replace(opened("floods", "desk"), withheld=(silenced,))
    for number, told in enumerate((from_all, from_one)):
        decision = a_decision(f"d{number}", f"s{number + 3}", told)
        side.add(decision, tally.add(DAY, decision))

    assert (tally.opened, tally.by_topic["floods", "opened"]) == (3, 2)
    assert tally.withheld("floods") == "1 muted, 2 silenced"
    assert next(line for line in chart(tally) if line.startswith("floods")).endswith("(1 muted, 2 silenced)")
    assert "<td>1 muted, 2 silenced<td>" in page("x", tally)
    assert "<td>opened (muted, silenced)<td" in page("x", tally)
    assert [each.story for each in side.opened] == ["s4"], "what nobody hears of is not lost by a change of topics"


def test_a_day_begins_where_the_desk_is() -> None:
    tally = Tally(ZoneInfo("Africa/Cairo"))
    tally.add(DAY, None)

    assert tally.days == [date(2026, 3, 5)]


def test_the_chart_has_a_bar_for_each_day_and_a_line_for_each_topic() -> None:
    lines = list(chart(a_tally()))

    assert lines[0] == "4 articles, 3 matched, 2 stories, 2 alerts, 1 update"
    assert [line[:10] for line in lines if line.startswith("2026")] == ["2026-03-04", "2026-03-05", "2026-03-06"]
    assert all(len(line) <= 100 for line in lines)
    assert (
        lines[-1] == "harbours                                 1       1        0  1 on 2026-03-06  (1 routed nowhere)"
    )


def test_an_empty_archive_has_a_chart_too() -> None:
    assert list(chart(Tally(UTC))) == ["0 articles, 0 matched, 0 stories, 0 alerts, 0 updates"]


@pytest.mark.parametrize(("days", "longest"), [(1, 1), (62, 1), (63, 7), (434, 7), (1000, 31)])
def test_a_long_archive_is_shown_by_weeks_then_by_months(days: int, longest: int) -> None:
    first = date(2026, 1, 5)  # a Monday
    spans = spans_of([first, first + timedelta(days=days - 1)])

    assert max(map(len, spans)) == longest
    assert len(spans) <= MOST_BARS
    assert sum(map(len, spans)) == days


def a_side(*told: tuple[str, str, str], topics: tuple[str, ...] = ("floods",)) -> Side:
    """Of (article, story, topic that was told of it or "")."""
    side, tally = Side(topics=set(topics)), Tally(UTC)
    for article, story, topic in told:
        decision = a_decision(article, story, *([opened(topic, "desk")] if topic else []), topics=topics)
        side.add(decision, tally.add(DAY, decision))
    return side


@pytest.mark.parametrize(
    ("name", "old", "new", "lost", "gained"),
    [
        ("the same", a_side(("a", "s", "floods")), a_side(("a", "s", "floods")), 0, 0),
        ("another article founds it", a_side(("a", "s", "floods"), ("b", "s", "")), a_side(("b", "t", "floods")), 0, 0),
        ("no longer told", a_side(("a", "s", "floods"), ("c", "u", "floods")), a_side(("c", "u", "floods")), 1, 0),
        ("told anew", a_side(), a_side(("a", "s", "floods")), 0, 1),
        (
            "told under another topic, where the new set has the old one",
            a_side(("a", "s", "floods"), topics=("floods", "harbours")),
            a_side(("a", "s", "harbours"), topics=("floods", "harbours")),
            1,
            1,
        ),
        (
            "told under a topic of another name",
            a_side(("a", "s", "floods")),
            a_side(("a", "s", "water"), topics=("water",)),
            0,
            0,
        ),
    ],
)
def test_a_story_is_kept_where_the_new_topics_tell_of_any_of_its_articles(
    name: str, old: Side, new: Side, lost: int, gained: int
) -> None:
    compared = difference(old, new)

    assert (len(compared.lost), len(compared.gained)) == (lost, gained), name


def test_the_difference_is_one_sentence() -> None:
    old = a_side(("a", "s", "floods"), ("b", "t", "floods"))

    assert difference(old, a_side()).summary == "2 → 0 alerts, 2 stories lost, 0 gained"


def test_junit_has_a_case_for_each_topic_and_fails_those_that_the_backtest_fails() -> None:
    suite = ET.fromstring(junit(["floods", "harbours"], {"floods": "tells less\nlost: \x00<فيضان>"}, {"alerts": "2"}))

    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.get("name") for case in suite.iter("testcase")] == ["floods", "harbours"]
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("tells less", "tells less\nlost: <فيضان>")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)


def test_a_page_shows_hostile_headlines_as_text() -> None:
    html = page("Backtest <a>", a_tally(title='<script>alert(1)</script>" onload="x'), ["a & b"])
    tags = _Tags()
    tags.feed(html)

    assert "script" not in tags.seen
    assert "&lt;script&gt;" in html
    assert "a &amp; b" in html


def test_a_page_tells_what_was_lost() -> None:
    old = a_side(("a", "s", "floods"))
    compared: Difference = difference(old, a_side())

    html = page("Backtest", Tally(UTC), (), compared)

    assert "1 → 0 alerts, 1 story lost, 0 gained" in html
    assert "Lost: told by the old topics only (1)" in html


@pytest.mark.parametrize(
    ("start", "end", "zone", "says"),
    [
        ("2026-3", None, "UTC", "--from 2026-3: write a day like"),
        (None, "tomorrow", "UTC", "--to tomorrow: write a day like"),
        ("2026-03-02", "2026-03-01", "UTC", "exchange them"),
        (None, None, "Cairo/Africa", "unknown time zone 'Cairo/Africa'"),
        (None, None, "../etc", "unknown time zone"),
    ],
)
def test_a_span_that_cannot_be_says_how_to_write_it(start: str, end: str, zone: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Span.parse(start, end, zone)
