"""``rasid why`` of what a route paces: until when it waits, in which digest it went out, and when that arrived."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from alerts.dispatch.grouped import Teller
from alerts.model import Attempt, Reply
from daemon.cli.why import answer_lines
from daemon.history.why import why
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_flood, a_line, a_watch

HOUR = 3_600_000
SLOT_END = (NOW // HOUR + 1) * HOUR


@pytest.fixture
def asked(tmp_path: Path, runner: asyncio.Runner) -> AskedDaemon:
    """Three floods, of which the throttle lets one through."""
    watch = a_watch(tmp_path, route={"receiver": "desk", "throttle": {"most": 1, "per": "1h"}, "group_wait": "1m"})
    asked = AskedDaemon(watch)
    runner.run(asked.read(*map(a_flood, (1, 2, 3))))
    return asked


def told(asked: AskedDaemon, runner: asyncio.Runner, article: str) -> tuple[dict[str, Any], str]:
    answer = runner.run(why(asked.past, "floods", article))
    (receiver,) = answer["notices"][0]["receivers"]
    return receiver, "\n".join(answer_lines(answer))


def tell(asked: AskedDaemon, runner: asyncio.Runner, now_ms: int) -> None:
    runner.run(Teller(asked.process.outbox).due(now_ms))


async def arrive(asked: AskedDaemon) -> None:
    """Everything that is ready is delivered when the slot has ended."""
    outbox = asked.process.outbox
    for leased in (await outbox.lease({"desk": 9}, SLOT_END, 20_000)).leased:
        await outbox.delivered(leased, Attempt(Reply.DELIVERED, 204), SLOT_END)


def test_while_it_waits_for_others(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    receiver, lines = told(asked, runner, "flood-1")

    assert (receiver["state"], receiver["waits_for"], receiver["digest"]) == ("pending", "group", False)
    assert receiver["until"] == "2030-03-17T17:47:40.000Z"
    assert "waits for others of its group until 2030-03-17 17:47:40" in lines
    assert "desk's route makes it wait (group)" in lines


def test_of_a_correction_it_is_not_said_that_the_route_makes_it_wait(
    asked: AskedDaemon, runner: asyncio.Runner
) -> None:
    body = " ".join(f"كلمة1رقم{step}" for step in range(30))
    runner.run(asked.read(a_line(id="denial", title="الوزارة تنفي: فيضان في بلدة 1", body=body, source="الأفق")))
    lines = "\n".join(answer_lines(runner.run(why(asked.past, "floods", "denial"))))

    assert "led to a notice (denial) for desk" in lines
    assert "makes it wait" not in lines


def test_while_it_is_throttled_and_once_it_went_out_in_a_digest(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    tell(asked, runner, NOW + 60_000)
    states = [told(asked, runner, f"flood-{number}")[0] for number in (1, 2, 3)]
    throttled = [number for number, each in enumerate(states, 1) if each["waits_for"] == "throttled"]
    (single,) = [number for number in (1, 2, 3) if number not in throttled]
    assert len(throttled) == 2
    assert (
        "throttled until 2030-03-17 18:00:00, then told in a digest" in told(asked, runner, f"flood-{throttled[0]}")[1]
    )

    tell(asked, runner, SLOT_END)
    waiting, _ = told(asked, runner, f"flood-{throttled[0]}")
    assert (waiting["state"], waiting["waits_for"]) == ("unfinished", None)
    runner.run(arrive(asked))
    other, lines = told(asked, runner, f"flood-{throttled[1]}")
    alone, alone_lines = told(asked, runner, f"flood-{single}")

    assert other["digest_id"] == waiting["digest_id"]
    assert (other["state"], other["at"], other["digest"]) == ("delivered", "2030-03-17T18:00:00.000Z", True)
    assert f"delivered in digest {other['digest_id']} at 2030-03-17 18:00" in lines
    assert (alone["state"], alone["digest_id"], alone["digest"]) == ("delivered", None, False)
    assert "desk: delivered at 2030-03-17 18:00" in alone_lines
