"""``rasid deliveries``, ``rasid replay``, ``rasid reconcile`` and ``rasid receivers`` against a running server."""

import asyncio
import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alerts.model import Attempt, Delivery, Reply
from alerts.store.memory_state import Dead, MemoryState, Sent
from daemon.cli.deliveries import PAGE, delivery_lines
from daemon.watch import Watch
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_flood, a_watch

HOUR_MS = 3_600_000
BEFORE, AFTER = "2030-03-17T16:00:00Z", "2031-01-01"
"""Around ``NOW``, which is in the future of the clock by which commands count back."""


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """Two receivers."""
    made = [
        {"name": name, "url": "http://127.0.0.1:9/", "secret_file": "secret", "allow": ["127.0.0.0/8"]}
        for name in ("desk", "night")
    ]
    return a_watch(tmp_path_factory.mktemp("w"), receivers=made)


class Asked:
    """A daemon whose store is filled by hand, and one command that asks it."""

    def __init__(self, watch: Watch, folder: Path, capsys: pytest.CaptureFixture[str], runner: asyncio.Runner) -> None:
        self.daemon = AskedDaemon(watch)
        self.state: MemoryState = self.daemon.state
        self._folder, self._capsys, self._runner = folder, capsys, runner

    def fill(self, receiver: str, *, arrived: int = 0, died: int = 0, at_ms: int = NOW) -> tuple[list[str], list[str]]:
        """So many that arrived and that died, one after the other, a millisecond apart. Their ids."""
        ids = [f"evt_{receiver}{number}" for number in range(arrived + died)]
        for number, each in enumerate(ids):
            delivery = Delivery(
                id=each, receiver=receiver, lane=each, type="alert.opened", notice="n", created_ms=NOW, body=b"{}"
            )
            if number < arrived:
                self.state.sent[each] = Sent(delivery, 204, 1, at_ms + number)
            else:
                self.state.dead[each] = Dead(delivery, "exhausted", 9, at_ms + number)
        return ids[:arrived], ids[arrived:]

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        self._capsys.readouterr()  # what the daemon logged while it was filled
        status = self._runner.run(self.daemon.command(self._folder, *arguments))
        said = self._capsys.readouterr()
        return status, said.out, said.err

    def listed(self, *arguments: str) -> list[str]:
        status, out, err = self("deliveries", "list", *arguments, "--format", "jsonl")
        assert (status, err) == (0, "")
        return [json.loads(line)["id"] for line in out.splitlines()]


@pytest.fixture
def rasid(watch: Watch, tmp_path: Path, capsys: pytest.CaptureFixture[str], runner: asyncio.Runner) -> Asked:
    return Asked(watch, tmp_path, capsys, runner)


def test_deliveries_are_listed_by_receiver_state_and_time(rasid: Asked) -> None:
    desk_arrived, desk_died = rasid.fill("desk", arrived=2, died=1)
    night_arrived, _ = rasid.fill("night", arrived=1, at_ms=NOW - HOUR_MS)

    assert rasid.listed() == [*desk_died, *reversed(desk_arrived), *night_arrived]
    assert rasid.listed("--limit", "2") == [*desk_died, desk_arrived[1]]
    assert rasid.listed("--receiver", "night") == night_arrived
    assert rasid.listed("--state", "dead,ready") == desk_died
    assert rasid.listed("--state", "delivered", "--until", "2030-03-17T17:00:00Z") == night_arrived
    assert rasid.listed("--since", "2030-03-17T17:00:00Z", "--receiver", "night") == []


def test_more_than_a_page_is_listed_whole(rasid: Asked) -> None:
    arrived, _ = rasid.fill("desk", arrived=PAGE + 7)

    assert rasid.listed("--limit", "10000") == arrived[::-1]


def test_a_story_s_deliveries_are_found_by_the_beginning_of_its_id(rasid: Asked, runner: asyncio.Runner) -> None:
    runner.run(rasid.daemon.read(a_flood(1), a_flood(2)))
    waiting = {each.delivery.id: json.loads(each.delivery.body) for each in rasid.state.waiting.values()}
    story = next(iter(waiting.values()))["data"]["story"]["id"]

    found = rasid.listed("--story", story[:8])

    assert set(found) == {id_ for id_, body in waiting.items() if body["data"]["story"]["id"] == story}
    assert len(waiting) > len(found) > 0


def test_a_delivery_is_shown_with_its_body_and_what_the_receiver_said(rasid: Asked, runner: asyncio.Runner) -> None:
    async def fail_once() -> None:
        outbox = rasid.daemon.process.outbox
        (leased,) = (await outbox.lease({"desk": 1}, NOW, 20_000)).leased
        attempt = Attempt(Reply.BUSY, 503, excerpt="no room \u200f here", seconds=0.25)
        await outbox.later(leased, attempt, NOW, NOW + HOUR_MS)

    runner.run(rasid.daemon.read(a_flood(1)))
    runner.run(fail_once())
    (id_,) = [each for each in rasid.state.waiting if rasid.state.waiting[each].delivery.receiver == "desk"]

    status, out, _ = rasid("deliveries", "show", id_)

    shown: dict[str, Any] = json.loads(out)
    assert (status, shown["state"], shown["topic"], shown["attempts"]) == (0, "ready", "floods", 1)
    assert shown["body"] == json.loads(rasid.state.waiting[id_].delivery.body)
    assert [(each["status"], each["outcome"], each["reply"]) for each in shown["history"]] == [
        (503, "later", "no room \u200f here")
    ]
    lines = "\n".join(delivery_lines(shown))
    assert "waiting since 2030-03-17 17:46:40, 1 attempt failed, next attempt 2030-03-17 18:46:40" in lines
    assert "attempt 1: HTTP 503 in 0.25 s, later" in lines and f"story {shown['story']}" in lines


def test_an_unknown_delivery_is_said_to_be_unknown(rasid: Asked) -> None:
    status, out, err = rasid("deliveries", "show", "evt_nothing")

    assert (status, out, err) == (1, "", "rasid: no delivery has the id `evt_nothing`, or it is forgotten\n")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("deliveries", "list", "--state", "ded"), 2, "no state is called `ded`, did you mean `dead`?"),
        (("deliveries", "list", "--receiver", "dsk"), 1, "no receiver is called `dsk`, did you mean `desk`?"),
        (("deliveries", "list", "--since", "soon"), 2, "'soon' is no time"),
        (("deliveries", "list", "--story", "no story"), 1, "`no story` is no story"),
        (("deliveries", "list", "--story", "aaaa"), 1, "no story begins with aaaa"),
        (("replay",), 2, "name the ids to send again, or --receiver"),
        (("replay", "evt_a", "--receiver", "desk"), 2, "name the ids to send again, or --receiver"),
        (("replay", "--receiver", "desk"), 2, "say --since when, or --state dead"),
        (("replay", "evt_a", "--since", "2h"), 2, "--since, --until and --state go with --receiver"),
        (("replay", "https://desk.example/"), 2, "'https://desk.example/' is no id of a delivery"),
        (("replay", "--receiver", "dsk", "--state", "dead"), 1, "no receiver is called `dsk`, did you mean `desk`?"),
        (("replay", "evt_never"), 1, "rasid replay: evt_never is not known, or forgotten"),
        (("replay", "--receiver", "desk", "--state", "dead"), 1, "rasid replay: 0 to send again"),
        (("reconcile", "--receiver", "dsk", "--since", "1d"), 1, "did you mean `desk`?"),
        (("reconcile", "--receiver", "desk", "--since", "1d", "nowhere.txt"), 2, "nowhere.txt"),
        (("reconcile", "--receiver", "desk", "--since", "1d", "--missing"), 2, "--missing needs the FILE"),
    ],
)
def test_what_cannot_be_meant_is_said(arguments: tuple[str, ...], status: int, said: str, rasid: Asked) -> None:
    came_to, out, err = rasid(*arguments)

    assert (came_to, out) == (status, "")
    assert said in err


def test_every_dead_letter_of_a_receiver_is_sent_again_whatever_others_died_since(rasid: Asked) -> None:
    _, of_desk = rasid.fill("desk", arrived=2, died=2 * PAGE + 5)
    rasid.fill("night", died=PAGE, at_ms=NOW + HOUR_MS)

    status, out, err = rasid("deliveries", "replay", "--receiver", "desk", "--state", "dead", "--until", AFTER)

    assert (status, out) == (0, f"{len(of_desk)} will be sent again\n")
    assert f"{len(of_desk)} to send again (0 arrived, {len(of_desk)} were given up); at 10 a second" in err
    assert set(rasid.state.replays) == set(of_desk)


def test_a_range_is_counted_before_and_sent_again(rasid: Asked) -> None:
    arrived, died = rasid.fill("desk", arrived=3, died=2)
    rasid.fill("night", arrived=1)
    range_ = ("--receiver", "desk", "--since", BEFORE, "--until", "2030-03-17T17:46:40.003Z")

    counted, done = rasid("replay", *range_, "--dry-run"), rasid("replay", *range_)

    assert counted[:2] == (0, "") and "4 to send again (3 arrived, 1 were given up)" in counted[2]
    assert done[:2] == (0, "4 will be sent again\n") and done[2] == counted[2]
    assert set(rasid.state.replays) == {*arrived, died[0]}


def test_ids_are_read_from_standard_input(rasid: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    arrived, _ = rasid.fill("desk", arrived=3)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{arrived[0]}\n\n{arrived[2]}\n{arrived[0]}\n"))

    assert rasid("replay", "-")[:2] == (0, "2 will be sent again\n")
    assert set(rasid.state.replays) == {arrived[0], arrived[2]}


def test_nothing_is_sent_again_to_a_receiver_that_takes_nothing(rasid: Asked) -> None:
    (id_,), _ = rasid.fill("desk", arrived=1)
    rasid.state.disabled["desk"] = "gone"
    rasid.state.sent["evt_old"] = replace(
        rasid.state.sent[id_],
        delivery=Delivery(
            id="evt_old", receiver="radio", lane="l", type="alert.opened", notice="n", created_ms=NOW, body=b"{}"
        ),
    )

    assert rasid("replay", id_)[2].endswith("`desk` is disabled (gone): `rasid receivers enable desk` first\n")
    assert "receiver `radio` is not configured any more" in rasid("replay", "evt_old")[2]
    assert rasid.state.replays == {}


def test_reconcile_tells_what_a_subscriber_should_hold_and_does_not(rasid: Asked, tmp_path: Path) -> None:
    arrived, died = rasid.fill("desk", arrived=4, died=1)
    of_night, _ = rasid.fill("night", arrived=1)
    asked = ("reconcile", "--receiver", "desk", "--since", BEFORE, "--until", AFTER)
    held = tmp_path / "held.csv"
    held.write_text(f"id,at\n{arrived[0]},1\n{arrived[2]},2\n{died[0]},3\nevt_forged,4\n{of_night[0]},5\n")

    assert rasid(*asked) == (0, "".join(f"{id_}\n" for id_ in arrived), "")
    status, out, err = rasid(*asked, str(held))
    assert (status, out.splitlines()) == (
        1,
        [
            f"missing\t{arrived[1]}\tdelivered 2030-03-17 17:46:40",
            f"missing\t{arrived[3]}\tdelivered 2030-03-17 17:46:40",
            "unknown\tevt_forged\tnever made here, or so long ago that it is forgotten",
            f"unknown\t{of_night[0]}\twas for night",
        ],
    )
    assert f"rasid replay -c {tmp_path / 'rasid.yaml'} {arrived[1]} {arrived[3]}\n" in err
    assert rasid(*asked, "--missing", str(held))[:2] == (1, f"{arrived[1]}\n{arrived[3]}\n")
    held.write_text("\n".join(arrived))
    assert rasid(*asked, str(held))[:2] == (0, "")


def test_an_unknown_receiver_is_not_enabled_and_the_known_ones_are_named(rasid: Asked) -> None:
    status, _, err = rasid("receivers", "enable", "nobody")

    assert (status, err.startswith("rasid: no receiver is called `nobody`")) == (1, True)
