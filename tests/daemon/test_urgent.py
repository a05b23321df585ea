"""What goes before the rest where a receiver's queue is long: what is critical, and what says of itself that it is."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.build import a_watch
from tests.daemon.desk import receivers
from tests.daemon.test_paced import TOPICS, PacedDesk

URGENT: list[tuple[str, dict[str, Any], bool]] = [
    ("harbour", {}, False),
    ("quake", {}, True),
    ("flood", {"title": "عاجل: flood في البلدة القديمة"}, True),
    ("flood", {"title": "flood: لا شيء عاجل هنا"}, False),
]
GROUPED = {"group_by": [], "group_wait": "30s"}
HELD = {"throttle": {"most": 1, "per": "1h"}}
AT_SIX = {"digest": {"at": "18:00"}}


def desk_of(folder: Path, runner: asyncio.Runner, **route: Any) -> PacedDesk:
    watch = a_watch(folder, topics=TOPICS, receivers=receivers(desk=["alert.*"]), route={"receiver": "desk", **route})
    return PacedDesk(watch, runner)


def waiting(desk: PacedDesk) -> list[bool]:
    """Of what is ready, whether it is urgent; taken."""
    found = [each.delivery.urgent for each in desk.process.state.waiting.values()]
    desk.process.state.waiting.clear()
    return found


@pytest.mark.parametrize(("word", "article", "urgent"), URGENT)
@pytest.mark.parametrize("route", [{}, {"group_wait": "30s"}], ids=["at once", "paced"])
def test_an_alert_of_a_critical_topic_or_whose_headline_begins_so_is_urgent(
    word: str, article: dict[str, Any], urgent: bool, route: dict[str, Any], tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = desk_of(tmp_path, runner, **route)
    desk.runner.run(_reads(desk, word, **article))
    desk.process.now_ms += 30_000
    runner.run(desk.teller.due(desk.process.now_ms))

    assert waiting(desk) == [urgent]


async def _reads(desk: PacedDesk, word: str, number: int = 1, **article: Any) -> None:
    """As ``hears``, but nothing is taken."""
    own = " ".join(f"{word}{number}word{step}" for step in range(40))
    values = {"id": f"{word}{number}", "title": f"{word} {own[:60]}", "body": own, "source": "الساحل"} | article
    desk.source.add("p", desk.record(**values))
    await desk.process.read_all()


@pytest.mark.parametrize(
    ("route", "seconds", "urgent"),
    [(GROUPED, 30, True), (HELD, 3_600, True), (AT_SIX, 86_400, False)],
    ids=["a group", "beyond a throttle", "at its hour"],
)
def test_a_digest_is_as_urgent_as_what_is_in_it_but_not_one_that_waited_for_its_hour(
    route: dict[str, Any], seconds: int, urgent: bool, tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = desk_of(tmp_path, runner, **route)
    runner.run(_reads(desk, "harbour", 1))
    for number in (1, 2):
        runner.run(_reads(desk, "quake", number))
    runner.run(desk.teller.due(desk.process.now_ms))
    at_once = waiting(desk)
    desk.process.now_ms += seconds * 1_000
    runner.run(desk.teller.due(desk.process.now_ms))

    assert [*at_once, *waiting(desk)][-1] is urgent
