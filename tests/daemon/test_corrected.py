"""A correction that comes while its alert still waits: whatever shows the alert then shows it corrected."""

import asyncio
import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from alerts.dispatch.backlog import flush
from alerts.rendering.event import Style, read_event
from alerts.rendering.message import message_of
from alerts.store.memory_state import MemoryState
from tests.daemon.build import a_watch
from tests.daemon.desk import receivers
from tests.daemon.test_paced import PacedDesk, a_desk, kinds

OLD, DENIED = "فيضان يغمر سوق البلدة", "وزارة الري تنفي: فيضان يغمر سوق البلدة"
HOURS = {"at": ["18:00"], "timezone": "Africa/Cairo"}
WAYS: dict[str, dict[str, Any]] = {
    "scheduled": {"digest": HOURS},
    "group": {"group_by": ["source"], "group_wait": "30m"},
    "throttled": {"throttle": {"most": 1, "per": "1h"}},
}


def corrected(desk: PacedDesk) -> list[dict[str, Any]]:
    """An alert that waits, and half a minute later its denial; what is told at once."""
    desk.hears("فيضان", 7)
    desk.after(1)
    desk.hears("فيضان", title=OLD, source="الساحل")
    desk.after(30)
    return desk.hears("فيضان", title=DENIED, id="denial", source="الأفق")


@pytest.mark.parametrize("way", WAYS)
def test_the_digest_that_it_waited_in_shows_the_correction_and_what_it_corrects(
    way: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner, **WAYS[way])
    (told,) = corrected(desk)
    later = desk.after(6 * 3600)

    assert (told["type"], told["data"]["article"]["title"]) == ("alert.corrected", DENIED)
    (digest,) = [each for each in later if each["type"] == "alert.digest"]
    assert digest["data"]["reason"] == way
    (line,) = [each for each in digest["data"]["alerts"] if each["id"] == told["data"]["alert"]["id"]]
    assert (line["reason"], line["article"]["title"], line["was"]) == ("denial", DENIED, OLD)
    assert "نفي: \u2068وزارة الري" in digest["data"]["text"]
    assert digest["data"]["more"] == 0 and digest["data"]["total"] == len(digest["data"]["alerts"])


def test_a_chat_reads_that_it_is_denied(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, **WAYS["scheduled"])
    corrected(desk)
    (digest,) = desk.after(6 * 3600)

    body = json.dumps({key: digest[key] for key in ("type", "timestamp", "data")}).encode()
    lines = message_of(read_event(body), Style("en", UTC)).lines
    assert any(f"denied: \u2068{DENIED}\u2069" in line for line in lines), lines


def test_a_group_that_goes_out_right_before_the_correction_tells_the_alert_as_it_came(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner, group_wait="30m")
    desk.hears("فيضان", title=OLD, source="الساحل")
    told = desk.hears("فيضان", title=DENIED, id="denial", source="الأفق")

    assert [(each["type"], each["data"]["article"]["title"]) for each in told] == [
        ("alert.opened", OLD),
        ("alert.corrected", DENIED),
    ]


def test_it_is_shown_corrected_also_to_whom_the_correction_is_not_told(tmp_path: Path, runner: asyncio.Runner) -> None:
    watch = a_watch(
        tmp_path,
        topics="topics:\n  floods: {match: فيضان}\n",
        receivers=receivers(desk=["alert.opened", "alert.digest"], duty=["alert.*"]),
        route={"receiver": "desk", "digest": HOURS},
    )
    desk = PacedDesk(watch, runner)
    assert corrected(desk) == []
    (digest,) = desk.after(6 * 3600)

    assert [each.get("was") for each in digest["data"]["alerts"]].count(OLD) == 1


def test_an_opening_and_an_update_that_wait_are_one_line_once_they_are_corrected(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner, group_by=["source"], group_wait="30m")
    desk.hears("فيضان", title=OLD, source="الساحل")
    desk.hears("فيضان", title=OLD, id="turkish", source="الساحل", lang="tr")
    (told,) = desk.hears("فيضان", title=DENIED, id="denial", source="الأفق")
    (digest,) = desk.after(3600)

    assert told["type"] == "alert.corrected"
    assert kinds([digest]) == ["group:denial"]
    assert (digest["data"]["total"], digest["data"]["more"]) == (1, 0)


def test_the_digest_of_a_backlog_shows_it_too(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner)
    body = " ".join(f"كلمة{step}" for step in range(40))
    day = 24 * 60
    desk.reads(-2 * day, title=OLD, body=body)
    (told,) = desk.reads(0, title=DENIED, body=body, id="denial", source="الأفق")
    runner.run(flush(desk.process.outbox, desk.process.now_ms, lambda backlog: backlog.pending))
    (digest,) = runner.run(desk.told())

    assert told["type"] == "alert.corrected"
    assert [(each["article"]["title"], each["was"]) for each in digest["data"]["alerts"]] == [(DENIED, OLD)]


def test_a_correction_that_is_itself_old_stands_once_in_the_digest_of_the_backlog(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner)
    body = " ".join(f"كلمة{step}" for step in range(40))
    day = 24 * 60
    desk.reads(-2 * day, title=OLD, body=body)
    assert desk.reads(-2 * day + 5, title=DENIED, body=body, id="denial", source="الأفق") == []
    runner.run(flush(desk.process.outbox, desk.process.now_ms, lambda backlog: backlog.pending))
    (digest,) = runner.run(desk.told())

    assert [(each["article"]["title"], each["was"]) for each in digest["data"]["alerts"]] == [(DENIED, OLD)]
    assert digest["data"]["total"] == 1


def test_what_was_told_before_it_was_corrected_stays_as_it_was(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, digest=HOURS)
    desk.hears("فيضان", title=OLD, source="الساحل")
    (digest,) = desk.after(6 * 3600)
    (told,) = desk.hears("فيضان", title=DENIED, id="denial", source="الأفق")

    assert [each["article"]["title"] for each in digest["data"]["alerts"]] == [OLD]
    assert told["type"] == "alert.corrected"
    assert desk.after(24 * 3600) == []


def test_a_digest_with_the_correction_has_another_id_than_one_without(tmp_path: Path, runner: asyncio.Runner) -> None:
    ids = []
    for title in (DENIED, OLD):
        desk = a_desk(tmp_path, runner, **WAYS["group"])
        desk.hears("فيضان", title=OLD, source="الساحل")
        desk.hears("فيضان", 3, source="الساحل")
        desk.hears("فيضان", title=title, id="denial", source="الأفق")
        desk.process.now_ms += 1_800_000
        runner.run(desk.teller.due(desk.process.now_ms))
        ids.append(
            next(each.delivery.id for each in desk.process.state.waiting.values() if "digest" in each.delivery.type)
        )

    assert len(set(ids)) == 2


def test_after_a_wipe_what_waits_is_read_again_and_so_is_its_correction(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, digest=HOURS)
    corrected(desk)
    runner.run(desk.process.consumer.tick())
    desk.process.state.restore(MemoryState())
    runner.run(desk.process.consumer.tick())
    runner.run(desk.process.read_all())

    later = desk.after(6 * 3600)
    (digest,) = [each for each in later if each["type"] == "alert.digest"]
    assert [each.get("was") for each in digest["data"]["alerts"]].count(OLD) == 1


def test_a_hundred_receivers_whose_digests_it_waits_in_are_all_shown_the_correction(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    names = [f"desk-{number}" for number in range(100)]
    routes = [{"receiver": name, "digest": HOURS, "continue": True} for name in names]
    watch = a_watch(
        tmp_path,
        topics="topics:\n  floods: {match: فيضان}\n",
        receivers=receivers(**{name: ["alert.opened", "alert.digest"] for name in names}),
        route={"receiver": "desk-0", "routes": routes},
    )
    desk = PacedDesk(watch, runner)
    desk.hears("فيضان", title=OLD, source="الساحل")
    assert desk.hears("فيضان", title=DENIED, id="denial", source="الأفق") == []
    digests = desk.after(6 * 3600)

    assert {each["receiver"] for each in digests} == set(names)
    assert [each["data"]["alerts"][0]["was"] for each in digests] == [OLD] * 100
