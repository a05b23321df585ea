"""What a desk is told after the opening: through the pipeline, as its receivers get it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from alerts.dispatch.backlog import flush
from daemon.sources.source import Record
from daemon.watch import Watch
from tests.daemon.build import NOW, a_line, a_watch, value_of
from tests.daemon.desk import BEGUN, BODY, FLOODS, MINUTE, TITLE, Desk, receivers, shown


@pytest.fixture
def desk(tmp_path: Path, runner: asyncio.Runner) -> Desk:
    return Desk(a_watch(tmp_path), runner)


def test_another_language_is_an_update_that_says_what_is_new(desk: Desk) -> None:
    (opened,) = desk.reads()
    (updated,) = desk.reads(1, id="b", source="Kıyı", lang="tr")

    assert shown([updated]) == [("desk", "alert.updated", "language", 2)]
    assert updated["data"]["alert"]["previous"] == opened["data"]["alert"]["notice"]
    assert updated["data"]["alert"]["id"] == opened["data"]["alert"]["id"]
    assert updated["data"]["delta"] == {
        "reasons": [{"reason": "language", "about": "tr"}],
        "independent_sources": {"was": 1, "now": 1},
        "outlets": [{"source": "Kıyı", "url": None, "origin": "الساحل"}],
        "languages": ["tr"],
        "countries": [],
        "entities": [],
        "figures": None,
        "edited": [],
    }
    assert updated["data"]["story"]["languages"] == ["ar", "tr"]
    assert "بلغة أخرى" in updated["data"]["text"]
    assert value_of(desk.process.metrics, "rasid_updates_total", {"reason": "language"}) == 1
    assert value_of(desk.process.metrics, "rasid_records_total", {"outcome": "updated"}) == 1


def test_the_decision_log_says_why_it_was_told_and_what_waits(desk: Desk) -> None:
    desk.reads()
    desk.reads(1, id="b", lang="tr")
    desk.reads(2, id="c", lang="fr")

    lines = [json.loads(line) for line in desk.process.state.decisions]
    assert [(line["outcome"], line.get("told", [{}])[0].get("reasons"), line.get("held")) for line in lines] == [
        ("alerted", None, None),
        ("updated", ["language:tr"], None),
        ("repeat", None, [["floods", ["language:fr"], ["desk"], BEGUN + 16 * MINUTE]]),
    ]


EDITS = [
    ("a typo", {"title": "فيضان يغمر سوق بلدة الحجـر"}, None),
    ("another word order", {"title": "سوق بلدة الحجر يغمره فيضان"}, None),
    ("a footer", {"body": BODY + "\nجميع الحقوق محفوظة للموقع"}, None),
    ("a paragraph more", {"body": BODY + " وأضاف المراسل أن المياه بدأت تنحسر عن الطرق الفرعية مساء"}, None),
    ("the same number spelled out", {"title": f"{TITLE} ومقتل سبعة"}, None),
    ("another number", {"title": f"{TITLE} ومقتل 9 أشخاص"}, ("alert.updated", "figures")),
    ("the number left out", {"title": TITLE}, None),
    ("a denial", {"title": f"البلدية تنفي: {TITLE}"}, ("alert.corrected", "denial")),
    ("what only looks like a denial", {"title": f"البلدية لا تنفي: {TITLE}"}, None),
    ("a retraction in the headline", {"title": f"تصحيح: {TITLE}"}, ("alert.corrected", "retraction")),
    (
        "a note of a correction",
        {"body": f"تصحيح: البلدة هي الحجر لا الحجرة\n{BODY}"},
        ("alert.corrected", "retraction"),
    ),
    ("a country in the headline", {"title": f"{TITLE} في سوريا"}, ("alert.updated", "country")),
    ("a person in the headline", {"title": f"{TITLE} وعبد الفتاح السيسي يعزي"}, ("alert.updated", "entity")),
    ("an agency in the headline", {"title": f"رويترز: {TITLE}"}, None),
]


@pytest.mark.parametrize(("name", "edit", "told"), EDITS, ids=[name for name, _, _ in EDITS])
def test_an_edit_is_told_once_if_it_is_news(
    desk: Desk, name: str, edit: dict[str, str], told: tuple[str, str] | None
) -> None:
    first: dict[str, Any] = {
        "title": f"{TITLE} ومقتل 7 أشخاص",
        "body": f"في اليمن {BODY}",
        "url": "https://n.example/1",
    }
    edited = first | {key: value.replace(BODY, first["body"]) for key, value in edit.items()}
    desk.reads(**first)

    assert [(type_, reason) for _, type_, reason, _ in shown(desk.reads(1, **edited))] == ([told] if told else [])
    undone, done_again = desk.reads(30, **first), desk.reads(60, **edited)
    other_id = desk.reads(90, **edited | {"id": "a-2"})
    assert (undone, done_again, other_id) == ([], [], [])


def test_an_edit_under_another_id_at_the_same_address_is_an_edit(desk: Desk) -> None:
    desk.reads(title=f"{TITLE} ومقتل 7 أشخاص", url="https://n.example/flood?utm_source=x")
    (told,) = desk.reads(5, id="b", title=f"{TITLE} ومقتل 9 أشخاص", url="https://n.example/flood")

    assert shown([told]) == [("desk", "alert.updated", "figures", 2)]
    assert told["data"]["delta"]["figures"] == {"was": ["7 أشخاص"], "now": ["9 أشخاص"]}
    assert told["data"]["delta"]["edited"] == ["b"]
    assert "من \u20687 أشخاص\u2069 إلى \u20689 أشخاص\u2069" in told["data"]["text"]


def test_what_comes_under_the_floor_is_told_behind_it_in_one_notice(desk: Desk) -> None:
    desk.reads()
    first = desk.reads(1, id="b", lang="tr")
    waits = [*desk.reads(2, id="c", lang="fr"), *desk.reads(3, title=f"{TITLE} ومقتل 9")]
    still = desk.reads(15.9, id="d")
    (told,) = desk.reads(16, id="e")
    after = desk.reads(60, id="f")

    assert (len(first), waits, still, after) == (1, [], [], [])
    assert told["data"]["delta"]["reasons"] == [
        {"reason": "figures", "about": None},
        {"reason": "language", "about": "fr"},
    ]
    assert told["data"]["alert"]["previous"] == first[0]["data"]["alert"]["notice"]


def test_a_correction_does_not_wait_and_takes_along_what_does(desk: Desk) -> None:
    desk.reads()
    desk.reads(1, id="b", lang="tr")
    desk.reads(2, id="c", lang="fr")
    (told,) = desk.reads(3, id="d", title=f"وزارة الري تنفي: {TITLE}")
    later = desk.reads(60, id="e", title=f"وزارة الداخلية تنفي: {TITLE}")

    assert shown([told]) == [("desk", "alert.corrected", "denial", 3)]
    assert [each["reason"] for each in told["data"]["delta"]["reasons"]] == ["denial", "language"]
    assert later == [], "it is denied once"


def test_an_article_read_again_as_it_was_tells_not_even_what_waits(desk: Desk) -> None:
    desk.reads()
    desk.reads(1, id="b", lang="tr")
    desk.reads(2, id="c", lang="fr")

    assert desk.reads(60, id="c", lang="fr") == []
    assert len(desk.reads(61, id="d")) == 1


def test_forty_outlets_with_one_text_are_one_alert(desk: Desk) -> None:
    told = [desk.reads(number, id=f"{number}", source=f"outlet {number}", lang="ar") for number in range(40)]

    assert [len(each) for each in told] == [1] + [0] * 39


def test_each_receiver_gets_what_its_route_and_its_events_let_through(tmp_path: Path, runner: asyncio.Runner) -> None:
    routes = [
        {"receiver": "duty", "continue": True, "updates": {"on": ["denial", "figures"], "floor": "1h"}},
        {"receiver": "corrections", "continue": True},
        {"receiver": "desk"},
    ]
    watch = a_watch(
        tmp_path,
        topics=FLOODS.format("on: [language, figures, denial], floor: 10m"),
        receivers=receivers(desk=["alert.*"], duty=["alert.*"], corrections=["alert.corrected"]),
        route={"receiver": "desk", "routes": routes},
    )
    desk = Desk(watch, runner)

    opened = desk.reads(title=f"{TITLE} ومقتل 7")
    language = desk.reads(1, id="b", lang="tr", title=f"{TITLE} ومقتل 7")
    figures = desk.reads(12, title=f"{TITLE} ومقتل 9")
    again = desk.reads(30, title=f"{TITLE} ومقتل 10")
    denied = desk.reads(31, id="c", title=f"وزارة الري تنفي: {TITLE}")

    assert sorted(shown(opened)) == [("desk", "alert.opened", "opened", 1), ("duty", "alert.opened", "opened", 1)]
    assert shown(language) == [("desk", "alert.updated", "language", 2)]
    assert sorted(shown(figures)) == [("desk", "alert.updated", "figures", 3), ("duty", "alert.updated", "figures", 2)]
    assert shown(again) == [("desk", "alert.updated", "figures", 4)]
    assert sorted(shown(denied)) == [
        ("corrections", "alert.corrected", "denial", 2),
        ("desk", "alert.corrected", "denial", 5),
        ("duty", "alert.corrected", "denial", 3),
    ]
    by_receiver = {each["receiver"]: each["data"]["delta"] for each in denied}
    assert by_receiver["duty"]["figures"] == {"was": ["9"], "now": ["10"]}, "what waited for the hour"
    assert by_receiver["desk"]["figures"] is None
    assert by_receiver["corrections"]["languages"] == ["tr"], "all since the opening"


def test_new_routes_get_no_updates_of_old_alerts_and_removed_receivers_none(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    def watch(*names: str) -> Watch:
        routes = [{"receiver": name, "continue": True} for name in names]
        return a_watch(
            tmp_path,
            topics=FLOODS.format("floor: 0s"),
            receivers=receivers(**{name: ["alert.*"] for name in names}),
            route={"receiver": names[0], "routes": routes},
        )

    desk = Desk(watch("one", "two"), runner)
    assert len(desk.reads()) == 2
    desk.process.watch = watch("two", "three")
    updated = desk.reads(1, id="b", lang="tr")
    fresh = desk.reads(2, id="c", title="فيضان آخر يقطع جسر النهر القديم صباحا", body=BODY[::-1])

    assert shown(updated) == [("two", "alert.updated", "language", 2)]
    assert sorted(receiver for receiver, *_ in shown(fresh)) == ["three", "two"]


def test_a_hundred_receivers_are_all_told_what_is_new(tmp_path: Path, runner: asyncio.Runner) -> None:
    names = [f"desk-{number}" for number in range(100)]
    watch = a_watch(
        tmp_path,
        topics=FLOODS.format("floor: 0s"),
        receivers=receivers(**{name: ["alert.*"] for name in names}),
        route={"receiver": "desk-0", "routes": [{"receiver": name, "continue": True} for name in names]},
    )
    desk = Desk(watch, runner)

    assert len(desk.reads()) == 100
    assert {each["receiver"] for each in desk.reads(1, id="b", lang="tr")} == set(names)


def test_a_topic_may_tell_each_story_once_and_no_more(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = Desk(a_watch(tmp_path, topics=FLOODS.format("on: []")), runner)
    desk.reads()

    assert desk.reads(1, id="b", lang="tr", title=f"وزارة الري تنفي: {TITLE}") == []


def test_updates_of_a_backlog_come_in_its_digest(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = Desk(a_watch(tmp_path), runner)
    day = 24 * 60
    assert desk.reads(-day) == []
    assert desk.reads(1 - day, id="b", lang="tr") == []

    runner.run(flush(desk.process.outbox, NOW, lambda backlog: backlog.pending))
    (digest,) = runner.run(desk.told())

    assert (digest["type"], digest["data"]["total"]) == ("alert.digest", 2)
    assert [each["reason"] for each in digest["data"]["alerts"]] == ["language", "opened"]


def test_a_record_that_repeats_an_unfinished_update_is_needed_until_it_is_delivered(desk: Desk) -> None:
    desk.reads()
    for number, lang in enumerate(["tr", "ar"]):
        desk.source.add(
            "p", Record(next(desk.offsets), a_line(id=f"b{number}", title=TITLE, body=BODY, lang=lang), BEGUN)
        )
    desk.runner.run(desk.process.read_all())

    (update,) = desk.process.state.waiting.values()
    assert (update.delivery.type, update.pins) == ("alert.updated", {("p", 1), ("p", 2)})
    desk.runner.run(desk.told())
    assert desk.process.waiting() == []
