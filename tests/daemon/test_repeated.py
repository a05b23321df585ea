"""``repeat_interval``: a story that goes on is told again, until somebody has judged or silenced it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from alerts.silences.silence import a_silence
from alerts.store.memory_state import MemoryState
from alerts.verdicts.verdict import Says, Verdict
from daemon.history.why import why
from daemon.sources.source import Record
from daemon.watch import Watch
from processors.stories.rows import ID_LENGTH
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_line, a_watch, value_of
from tests.daemon.desk import BEGUN, BODY, FLOODS, MINUTE, NIGHT, TITLE, Desk, receivers, shown

HOUR = 60
AGAIN = ("alert.updated", "repeat")


def a_desk(folder: Path, runner: asyncio.Runner, updates: str = "floor: 15m", **route: Any) -> Desk:
    return Desk(watched(folder, updates, **route), runner)


def watched(folder: Path, updates: str = "floor: 15m", **route: Any) -> Watch:
    routes = [{"receiver": "desk", "continue": True, "repeat_interval": "1h", **route}, {"receiver": "chat"}]
    return a_watch(
        folder,
        topics=FLOODS.format(updates),
        receivers=receivers(desk=["alert.*"], chat=["alert.*"]),
        time_intervals=[NIGHT],
        route={"receiver": "desk", "routes": routes},
    )


def comes(desk: Desk, minute: float, **article: Any) -> list[tuple[str, str, str, int]]:
    """An article with the same text comes from another outlet; what the desk is told."""
    told = reads(desk, minute, **{"id": f"at {minute}", "source": f"outlet {minute}"} | article)
    return [each for each in shown(told) if each[0] == "desk"]


def reads(desk: Desk, minute: float, **article: Any) -> list[dict[str, Any]]:
    """What is told when the article comes, which is now."""
    desk.process.now_ms = desk.begun + round(minute * MINUTE)
    return desk.reads(minute, **article)


def judge(desk: Desk, says: Says) -> None:
    alert = desk.log[0]["told"][0]["alert"]
    verdict = Verdict(topic="floods", says=says, alert=alert, story="", author="منى", comment="", at_ms=NOW)
    desk.runner.run(desk.process.verdicts.put(verdict))


def test_it_is_told_again_with_the_first_article_behind_each_interval(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner)
    desk.reads()
    told = {minute: comes(desk, minute) for minute in (1, 59, 60, 61, 119, 125, 184, 185)}

    assert {minute: each for minute, each in told.items() if each} == {
        60: [("desk", *AGAIN, 2)],
        125: [("desk", *AGAIN, 3)],
        185: [("desk", *AGAIN, 4)],
    }
    assert value_of(desk.process.metrics, "rasid_updates_total", {"reason": "repeat"}) == 3
    assert [line["told"][0]["reasons"] for line in desk.log if line["outcome"] == "updated"] == [["repeat"]] * 3


def test_what_is_told_again_says_how_the_story_stands_and_what_grew(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner)
    (opened, _) = desk.reads()
    comes(desk, 30)
    (told,) = reads(desk, 60, id="b", source="الأفق")

    assert told["receiver"] == "desk", "the chat's route has no such interval"
    assert told["data"]["alert"]["previous"] == opened["data"]["alert"]["notice"]
    assert told["data"]["delta"]["reasons"] == [{"reason": "repeat", "about": None}]
    assert [each["source"] for each in told["data"]["delta"]["outlets"]] == ["outlet 30", "الأفق"]
    assert (told["data"]["story"]["articles"], told["data"]["article"]["id"]) == (3, "b")
    assert "تذكير" in told["data"]["text"]


def test_news_puts_it_off_and_what_waits_for_a_floor_goes_along(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, "floor: 3h")
    desk.reads()
    assert comes(desk, 30, lang="tr") == [("desk", "alert.updated", "language", 2)]
    assert comes(desk, 60, lang="fr") == [], "thirty minutes after the last"
    (told,) = reads(desk, 90, id="z", source="z")

    assert told["data"]["delta"]["reasons"] == [
        {"reason": "repeat", "about": None},
        {"reason": "language", "about": "fr"},
    ]
    assert comes(desk, 120) == []


def test_it_is_told_again_where_no_update_is_wanted(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, updates="floor: 0s, on: []")
    desk.reads()

    assert comes(desk, 20, lang="tr") == []
    assert comes(desk, 61, lang="fr") == [("desk", *AGAIN, 2)]


@pytest.mark.parametrize("says", list(Says))
def test_a_verdict_ends_it_and_what_is_new_is_told_all_the_same(
    says: Says, tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner)
    desk.reads()
    assert comes(desk, 60) == [("desk", *AGAIN, 2)]
    judge(desk, says)

    assert [comes(desk, hours * HOUR) for hours in range(2, 9)] == [[]] * 7
    assert desk.log[-1]["outcome"] == "repeat"
    assert desk.log[-1]["not_again"] == [["floods", "desk", "judged", ""]]
    assert comes(desk, 9 * HOUR, lang="tr") == [("desk", "alert.updated", "language", 3)]


def test_a_silence_of_the_story_ends_it_while_it_holds_and_nothing_is_counted_as_withheld(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner)
    desk.reads()
    story = desk.log[0]["story"]
    silence = a_silence(
        match={"story": [story]}, author="منى", comment="seen", start_ms=BEGUN, end_ms=NOW + 24 * HOUR * MINUTE
    )
    desk.runner.run(desk.process.silences.add(silence))

    assert [comes(desk, hours * HOUR) for hours in (1, 2, 3)] == [[]] * 3
    assert {line["outcome"] for line in desk.log[1:]} == {"repeat"}
    assert desk.log[-1]["not_again"] == [["floods", "desk", "silenced", silence.id]]
    assert value_of(desk.process.metrics, "rasid_withheld_total", {"reason": "silenced"}) == 0
    desk.runner.run(desk.process.silences.expire(silence.id))
    assert comes(desk, 4 * HOUR) == [("desk", *AGAIN, 2)]


def test_a_muted_route_tells_again_in_the_morning(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, mute_time_intervals=["nights"]).at("2030-03-17T21:30+02:00")
    desk.reads()
    moments = ("2030-03-17T23:00+02:00", "2030-03-18T03:00+02:00")
    at_night = [comes(desk.at(moment), 0, id=moment, source=moment) for moment in moments]
    desk.at("2030-03-18T07:30+02:00")

    assert at_night == [[], []]
    assert comes(desk, 0) == [("desk", *AGAIN, 2)]


def test_an_article_that_is_read_again_repeats_nothing(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner)
    desk.reads()

    assert shown(desk.reads(90)) == []


def test_after_a_standstill_a_story_is_told_again_once(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner)
    reads(desk, 0)
    desk.process.now_ms = BEGUN + 10 * HOUR * MINUTE + 1
    for number in range(1, 41):  # ten hours of it are read in one go
        record = Record(next(desk.offsets), a_line(**a_copy(number)), BEGUN + number * 15 * MINUTE, "p")
        desk.source.add("p", record)
    runner.run(desk.process.read_all())
    told = runner.run(desk.told())

    assert [each for each in shown(told) if each[0] == "desk"] == [("desk", *AGAIN, 2)]


def test_a_clock_that_was_ahead_for_a_while_holds_no_news_back(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner)
    day = "2030-03-17T10:00:00Z"

    def piped(minute: int, lang: str) -> list[str]:
        """A record without a time of its own comes now."""
        desk.process.now_ms = desk.begun + minute * MINUTE
        line = a_line(id=f"{minute}", source=f"{minute}", title=TITLE, body=BODY, lang=lang, published_at=day)
        desk.source.add("p", Record(next(desk.offsets), line, None, "p"))
        runner.run(desk.process.read_all())
        return [each for who, _, each, _ in shown(runner.run(desk.told())) if who == "desk"]

    assert piped(0, "ar") == ["opened"]
    assert piped(365 * 24 * HOUR, "tr") == ["language"]
    assert piped(1, "fr") == ["language"], "when it was last told is not known"
    assert piped(15, "fa") == [], "the floor counts from then on"
    assert piped(16, "fa") == ["language"]
    assert piped(75, "fa") == []
    assert piped(76, "fa") == ["repeat"]


def test_a_receiver_that_was_never_told_is_told_nothing_again(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, match={"lang": "ar"})
    desk.reads(lang="en", title="flood flood flood in the market")

    assert comes(desk, 90, lang="en", title="flood flood flood in the market") == []
    assert comes(desk, 91, title="flood flood flood in the market") == []


def test_read_again_after_a_wipe_it_has_the_same_ids(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner)
    for minute in (0, 60):  # the receivers are down
        article = a_copy(minute)
        desk.process.now_ms = BEGUN + minute * MINUTE
        desk.source.add("p", Record(next(desk.offsets), a_line(**article), desk.process.now_ms, "p"))
        runner.run(desk.process.read_all())
    runner.run(desk.process.consumer.tick())
    before = {each.delivery.id: each.delivery.type for each in desk.process.state.waiting.values()}

    desk.process.state.restore(MemoryState())
    desk.process.now_ms = BEGUN + 119 * MINUTE
    runner.run(desk.process.consumer.tick())
    runner.run(desk.process.read_all())
    after = {each.delivery.id: each.delivery.type for each in desk.process.state.waiting.values()}

    assert after == before
    assert sorted(before.values()) == ["alert.opened", "alert.opened", "alert.updated"]


def test_two_routes_with_intervals_of_their_own_never_share_a_notice(tmp_path: Path, runner: asyncio.Runner) -> None:
    routes = [
        {"receiver": "desk", "repeat_interval": "1h", "continue": True},
        {"receiver": "chat", "repeat_interval": "2h"},
    ]
    watch = a_watch(
        tmp_path,
        topics=FLOODS.format("floor: 15m"),
        receivers=receivers(desk=["alert.*"], chat=["alert.*"]),
        route={"receiver": "desk", "routes": routes},
    )
    desk = Desk(watch, runner)
    desk.reads()
    told = [each for hour in range(1, 6) for each in reads(desk, hour * HOUR, id=str(hour), source=str(hour))]

    assert [each["receiver"] for each in told].count("desk") == 5
    assert [each["receiver"] for each in told].count("chat") == 2
    assert len({each["data"]["alert"]["notice"] for each in told}) == 7


def test_a_desk_that_took_over_from_an_older_version_goes_on_from_the_start_of_the_story(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner)
    desk.reads()
    for bucket in desk.process.state.memory.values():
        for name, row in bucket.items():
            if name.startswith("s:"):
                bucket[name] = without_last_told(row)

    assert comes(desk, 59) == []
    assert comes(desk, 61) == [("desk", *AGAIN, 2)]


def without_last_told(row: bytes) -> bytes:
    """The row as it was written before readers had the moment at which they were last told."""
    fields = msgspec.msgpack.decode(row[ID_LENGTH:])
    for alert in fields[9].values():
        alert[4] = [reader[:9] for reader in alert[4]]
    return row[:ID_LENGTH] + msgspec.msgpack.encode(fields)


def test_why_says_that_it_was_told_again_and_why_it_is_no_more(tmp_path: Path, runner: asyncio.Runner) -> None:
    asked = AskedDaemon(a_watch(tmp_path, route={"receiver": "desk", "repeat_interval": "1h"}))
    for number in range(3):
        asked.process.now_ms = NOW + number * HOUR * MINUTE
        runner.run(asked.read(a_line(**a_copy(number))))
        if number == 1:
            alert = json.loads(asked.state.decisions[0])["told"][0]["alert"]
            verdict = Verdict(
                topic="floods", says=Says.RELEVANT, alert=alert, story="", author="منى", comment="", at_ms=NOW
            )
            runner.run(asked.past.verdicts.put(verdict))

    says = [runner.run(why(asked.past, "floods", f"copy-{number}"))["says"] for number in range(3)]
    assert "led to a notice (repeat) for desk" in says[1]
    assert says[2].endswith("told of already: a repeat; not told again to desk: somebody has judged it")


def a_copy(number: int) -> dict[str, Any]:
    return {"id": f"copy-{number}", "title": TITLE, "body": BODY, "source": f"outlet {number}"}
