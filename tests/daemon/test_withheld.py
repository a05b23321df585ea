"""What a desk keeps from its receivers at the moment of telling, and what it hears of it afterwards."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from alerts.dispatch.backlog import flush
from daemon.watch import Watch
from tests.daemon.build import a_watch, value_of
from tests.daemon.desk import DAWN, FLOODS, MIDNIGHT, MORNING, NIGHT, TITLE, Desk, receivers, shown


def a_desk(folder: Path, runner: asyncio.Runner, *routes: dict[str, Any], **sections: Any) -> Desk:
    return Desk(muted_watch(folder, *routes, **sections), runner)


def muted_watch(folder: Path, *routes: dict[str, Any], **sections: Any) -> Watch:
    settings: dict[str, Any] = {
        "topics": FLOODS.format("floor: 15m"),
        "receivers": receivers(desk=["alert.*"], duty=["alert.*"]),
        "route": {"receiver": "desk", "routes": list(routes)},
        "time_intervals": [NIGHT],
    }
    return a_watch(folder, **settings | sections)


@pytest.fixture
def asleep(tmp_path: Path, runner: asyncio.Runner) -> Desk:
    """A desk that hears nothing at night, and a duty editor who does."""
    return a_desk(
        tmp_path,
        runner,
        {"receiver": "desk", "mute_time_intervals": ["nights"], "continue": True},
        {"receiver": "duty"},
    )


def test_a_muted_route_tells_nobody_and_others_hear_of_it(asleep: Desk) -> None:
    told = asleep.at(MIDNIGHT).reads()

    assert shown(told) == [("duty", "alert.opened", "opened", 1)]
    (line,) = asleep.log
    assert (line["outcome"], line["told"][0]["to"], line["told"][0]["withheld"]) == (
        "alerted",
        ["duty"],
        [["desk", "muted", "nights"]],
    )
    assert value_of(asleep.process.metrics, "rasid_withheld_total", {"reason": "muted"}) == 1


def test_a_delivery_keeps_in_whose_words_its_route_tells_it(tmp_path: Path, runner: asyncio.Runner) -> None:
    told = a_desk(
        tmp_path,
        runner,
        {"receiver": "desk", "locale": "ar", "timezone": "Africa/Cairo", "continue": True},
        {"receiver": "duty"},
    ).reads()

    assert {each["receiver"]: each["style"] for each in told} == {"desk": ["ar", "Africa/Cairo"], "duty": ["", ""]}


def test_what_is_muted_is_not_told_in_the_morning_but_what_is_new_then_is(asleep: Desk) -> None:
    asleep.at(MIDNIGHT).reads()
    at_night = asleep.at(DAWN).reads(id="b", lang="tr")
    again = asleep.at(MORNING).reads(1, id="c", source="other", lang="ar")
    fresh = asleep.reads(2, id="d", lang="fr")
    later = asleep.reads(20, id="e", title=f"البلدية تنفي: {TITLE}")

    assert shown(at_night) == [("duty", "alert.updated", "language", 2)]
    assert again == [], "nothing is new since the night"
    assert shown(fresh) == [("desk", "alert.opened", "opened", 1)], "duty waits for its floor"
    assert fresh[0]["data"]["story"]["languages"] == ["ar", "tr", "fr"], "the story as it stands, the night included"
    assert sorted(shown(later)) == [("desk", "alert.corrected", "denial", 2), ("duty", "alert.corrected", "denial", 3)]
    to_desk = next(each for each in later if each["receiver"] == "desk")
    assert to_desk["data"]["alert"]["previous"] == fresh[0]["data"]["alert"]["notice"]
    assert to_desk["data"]["delta"]["languages"] == []


def test_a_story_that_nobody_heard_of_ends_as_muted(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, {"receiver": "desk", "mute_time_intervals": "nights"})
    opened, updated = desk.at(MIDNIGHT).reads(), desk.reads(1, id="b", lang="tr")
    repeat = desk.at(MORNING).reads(id="c", source="other")

    assert (opened, updated, repeat) == ([], [], [])
    assert [line["outcome"] for line in desk.log] == ["muted", "muted", "repeat"]
    assert [line["told"][0]["reason"] for line in desk.log[:2]] == ["opened", "language"]
    assert desk.process.state.outcomes == {"muted": 2, "repeat": 1}


def test_an_update_that_was_muted_is_not_told_later_nor_does_its_floor_count(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner, {"receiver": "desk", "mute_time_intervals": "nights"})
    (opened,) = desk.at("2030-03-17T21:59+02:00").reads()
    muted = desk.at(DAWN).reads(id="b", lang="tr")
    (told,) = desk.at(MORNING).reads(id="c", lang="fr")

    assert muted == []
    assert shown([told]) == [("desk", "alert.updated", "language", 2)]
    assert told["data"]["delta"]["languages"] == ["fr"]
    assert told["data"]["alert"]["previous"] == opened["data"]["alert"]["notice"]


def test_a_route_is_active_in_its_intervals_only(tmp_path: Path, runner: asyncio.Runner) -> None:
    week = {"name": "working-week", "time_intervals": [{"weekdays": ["sunday:thursday"], "location": "Africa/Cairo"}]}
    desk = a_desk(
        tmp_path, runner, {"receiver": "desk", "active_time_intervals": ["working-week"]}, time_intervals=[week]
    )
    friday = desk.at("2030-03-15T12:00+02:00").reads()
    sunday = desk.at("2030-03-17T12:00+02:00").reads(id="b", title="فيضان آخر يقطع جسر النهر القديم", body="نص آخر")

    assert (friday, len(sunday)) == ([], 1)
    assert desk.log[0]["told"][0]["withheld"] == [["desk", "muted", "not in working-week"]]


def test_a_muted_route_still_takes_the_alert_and_does_not_mute_its_children(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    child = {"receiver": "duty", "match": {"topic": "harbours"}}
    route = {"receiver": "desk", "mute_time_intervals": ["nights"], "routes": [child]}
    topics = f"{FLOODS.format('floor: 15m')}  harbours: {{match: ميناء}}\n"
    desk = a_desk(tmp_path, runner, route, {"receiver": "duty"}, topics=topics).at(MIDNIGHT)

    assert desk.reads() == [], "the second route is not asked"
    assert shown(desk.reads(id="b", title="حريق في ميناء", body="x")) == [("duty", "alert.opened", "opened", 1)]


def test_a_receiver_is_muted_only_where_all_routes_to_it_are(tmp_path: Path, runner: asyncio.Runner) -> None:
    muted = {"receiver": "desk", "mute_time_intervals": ["nights"], "continue": True}
    desk = a_desk(tmp_path, runner, muted, {"receiver": "desk", "match": {"source": "الساحل"}}).at(MIDNIGHT)

    assert len(desk.reads()) == 1
    assert desk.reads(id="b", source="غيره", title="فيضان آخر يقطع جسر النهر القديم", body="نص آخر") == []


def test_what_is_muted_is_in_no_digest_of_a_backlog(asleep: Desk, runner: asyncio.Runner) -> None:
    asleep.at(MIDNIGHT).reads(-25 * 60)
    runner.run(flush(asleep.process.outbox, asleep.process.now_ms, lambda backlog: backlog.pending))

    assert [(each["receiver"], each["type"]) for each in runner.run(asleep.told())] == [("duty", "alert.digest")]


def test_who_takes_corrections_only_gets_those_of_a_story_that_opened_at_night(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(
        tmp_path,
        runner,
        {"receiver": "desk", "mute_time_intervals": "nights"},
        receivers=receivers(desk=["alert.corrected"]),
    )
    desk.at(MIDNIGHT).reads()

    assert shown(desk.at(MORNING).reads(id="b", title=f"البلدية تنفي: {TITLE}")) == [
        ("desk", "alert.corrected", "denial", 2)
    ]


def test_records_read_again_after_a_crash_are_decided_once(asleep: Desk, runner: asyncio.Runner) -> None:
    asleep.at(MIDNIGHT).reads()
    asleep.source.seek("p", 0)
    asleep.at(MORNING)
    runner.run(asleep.process.read_all())

    assert runner.run(asleep.told()) == []
    assert len(asleep.log) == 1
