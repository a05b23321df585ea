"""Who was told something weighty of a story is not told the lesser things of it: through the pipeline."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daemon.backtest.replay import Replay
from daemon.sources.decode import Decoder
from daemon.watch import Watch
from tests.daemon.build import a_line, a_watch, value_of
from tests.daemon.desk import BODY, NIGHT, TITLE, Desk, receivers, shown

TOPICS = """\
topics:
  waters: {severity: info, match: فيضان OR سيول, updates: {floor: 0s}}
  victims: {severity: critical, match: قتلى, updates: {floor: 0s}}
"""
"""Floods, and the dead of anything. The lesser one stands first."""

VICTIMS = f"{TITLE} وسقوط قتلى"
RULES = [{"source": {"topic": "victims"}, "target": {"severity": "info"}}]


def a_desk(folder: Path, runner: asyncio.Runner, **sections: Any) -> Desk:
    settings: dict[str, Any] = {
        "topics": TOPICS,
        "receivers": receivers(desk=["alert.*"], duty=["alert.*"]),
        "route": {"receiver": "desk", "routes": [{"receiver": "desk", "continue": True}, {"receiver": "duty"}]},
        "inhibit_rules": RULES,
    }
    return Desk(a_watch(folder, **settings | sections), runner)


def topics(told: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((each["receiver"], each["data"]["alert"]["topics"][0]["id"]) for each in told)


@pytest.fixture
def desk(tmp_path: Path, runner: asyncio.Runner) -> Desk:
    return a_desk(tmp_path, runner)


def test_of_one_article_the_weightier_goes_first_and_inhibits_the_other(desk: Desk) -> None:
    told = desk.reads(title=VICTIMS)

    assert topics(told) == [("desk", "victims"), ("duty", "victims")]
    (line,) = desk.log
    by_topic = {each["topic"]: each for each in line["told"]}
    assert by_topic["waters"]["withheld"] == [["desk", "inhibited", "victims"], ["duty", "inhibited", "victims"]]
    assert line["outcome"] == "alerted"
    assert value_of(desk.process.metrics, "rasid_withheld_total", {"reason": "inhibited"}) == 2


def test_what_was_told_before_is_not_taken_back_but_not_updated(desk: Desk) -> None:
    assert topics(desk.reads()) == [("desk", "waters"), ("duty", "waters")]
    assert topics(desk.reads(1, id="b", title=VICTIMS)) == [("desk", "victims"), ("duty", "victims")]
    updates = desk.reads(2, id="c", title=VICTIMS, lang="tr")

    assert topics(updates) == [("desk", "victims"), ("duty", "victims")]
    assert {type_ for _, type_, _, _ in shown(updates)} == {"alert.updated"}


def test_another_story_is_not_concerned(desk: Desk) -> None:
    desk.reads(title=VICTIMS)

    told = desk.reads(1, id="b", title="سيول تجرف طريقا في الجبل البعيد", body="نص آخر")

    assert topics(told) == [("desk", "waters"), ("duty", "waters")]


def test_only_a_receiver_that_was_told_the_source_is_spared_the_target(tmp_path: Path, runner: asyncio.Runner) -> None:
    quiet = {"receiver": "duty", "match": {"topic": "victims"}, "mute_time_intervals": ["nights"]}
    routes = [{"receiver": "desk", "continue": True}, quiet, {"receiver": "duty"}]
    desk = a_desk(tmp_path, runner, route={"receiver": "desk", "routes": routes}, time_intervals=[NIGHT])

    told = desk.at("2030-03-18T00:00+02:00").reads(title=VICTIMS)

    assert topics(told) == [("desk", "victims"), ("duty", "waters")]


def test_a_story_with_nothing_but_targets_ends_as_inhibited(desk: Desk) -> None:
    desk.reads(title=VICTIMS)
    desk.reads(1, id="b", title=TITLE.replace("فيضان", "سيول"))

    assert desk.reads(2, id="c", title=TITLE, lang="tr") == [], "the article is about the lesser topic only"
    assert [line["outcome"] for line in desk.log] == ["alerted", "repeat", "inhibited"]


def test_an_archive_is_inhibited_as_the_daemon_would_and_ids_are_the_same(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner)
    watch: Watch = desk.process.watch
    replay = Replay(watch, now=datetime(2030, 3, 18, tzinfo=UTC))
    lines = [
        a_line(id=f"{number}", title=title, body=BODY, lang=lang, published_at=f"2030-03-17T10:0{number}:00Z")
        for number, (title, lang) in enumerate([(TITLE, "ar"), (VICTIMS, "ar"), (TITLE, "tr")])
    ]
    decided = [replay.step(Decoder().decode(line).article)[1] for line in lines]

    told = [[(each.topic, each.to, len(each.withheld)) for each in decision.told] for decision in decided if decision]
    both = ("desk", "duty")
    assert told == [[("waters", both, 0)], [("victims", both, 0)], [("waters", (), 2)]]
