"""When what is pending becomes a digest."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from alerts.dispatch.backlog import LONGEST_WAIT_MS, MOST_MEMBERS, QUIET_MS, due, flush
from alerts.dispatch.removal import Removal
from alerts.model import Pending
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.outbox import Backlog
from alerts.store.memory_state import Later, MemoryState
from tests.alerts.dispatch.dispatching import World, a_receiver, play, running

NOW = 1_800_000_000_000


def a_backlog(pending: int, *, oldest_s: float, newest_s: float) -> Backlog:
    return Backlog("desk", pending, NOW - round(oldest_s * 1000), NOW - round(newest_s * 1000))


def hold(state: MemoryState, count: int, *, receiver: str = "desk", begin: int = 0, since_ms: int = NOW) -> None:
    """So many are pending."""
    for number in range(begin, begin + count):
        name = f"{receiver}-{number:05}"
        pending = Pending(id=name, receiver=receiver, notice=name, created_ms=since_ms, summary=b"{}")
        state.pending[name] = Later(pending, since_ms, {("p", number)})
        state.told[name] = since_ms


def totals(state: MemoryState) -> list[tuple[str, int]]:
    """Receiver and size of each digest that is ready."""
    return [
        (each.delivery.receiver, json.loads(each.delivery.body)["data"]["total"]) for each in state.waiting.values()
    ]


@pytest.mark.parametrize(
    ("why", "backlog", "now_out"),
    [
        ("more is coming", a_backlog(999, oldest_s=59, newest_s=4), 0),
        ("nothing came for a while", a_backlog(1, oldest_s=5, newest_s=5), 1),
        ("the first has waited for long", a_backlog(7, oldest_s=60, newest_s=0), 7),
        ("a digest is full", a_backlog(1_000, oldest_s=1, newest_s=0), 1_000),
        ("two are, the rest may grow", a_backlog(2_345, oldest_s=1, newest_s=0), 2_000),
        ("quiet: the rest goes too", a_backlog(2_345, oldest_s=9, newest_s=6), 2_345),
        ("the clock of who added it is ahead", a_backlog(3, oldest_s=-30, newest_s=-30), 0),
    ],
)
def test_a_digest_is_made_when_the_backlog_was_read_or_takes_long_or_is_full(
    why: str, backlog: Backlog, now_out: int
) -> None:
    assert (QUIET_MS, LONGEST_WAIT_MS, MOST_MEMBERS) == (5_000, 60_000, 1_000)
    assert due(backlog, NOW) == now_out, why


def test_each_receiver_gets_digests_of_its_own(runner: asyncio.Runner) -> None:
    state = MemoryState()
    hold(state, 3)
    hold(state, 2, receiver="duty")

    assert runner.run(flush(MemoryOutbox(state, "one"), NOW, lambda backlog: backlog.pending)) == 2
    assert sorted(totals(state)) == [("desk", 3), ("duty", 2)]
    assert state.pending == {}


def test_only_as_many_as_are_wanted_go_out_the_oldest_first(runner: asyncio.Runner) -> None:
    state = MemoryState()
    hold(state, 2, since_ms=NOW + 5)
    hold(state, 2_300, begin=2)

    assert runner.run(flush(MemoryOutbox(state, "one"), NOW, lambda backlog: due(backlog, NOW))) == 2
    assert totals(state) == [("desk", 1_000), ("desk", 1_000)]
    assert len(state.pending) == 302 and "desk-00000" in state.pending


class Raced(MemoryOutbox):
    """Another process flushes between our reading and our writing."""

    async def pending(self, receiver: str, limit: int) -> Sequence[Pending]:
        held = await super().pending(receiver, limit)
        await flush(MemoryOutbox(self._state, "other"), NOW, lambda backlog: 1)
        return held


def test_what_another_process_takes_meanwhile_is_told_once(runner: asyncio.Runner) -> None:
    state = MemoryState()
    hold(state, 3)

    assert runner.run(flush(Raced(state, "one"), NOW, lambda backlog: backlog.pending)) == 0
    assert totals(state) == [("desk", 1)]
    assert runner.run(flush(MemoryOutbox(state, "one"), NOW, lambda backlog: backlog.pending)) == 1
    assert sum(total for _, total in totals(state)) == 3


def test_what_is_pending_for_a_removed_receiver_ends_as_one_dead_digest(runner: asyncio.Runner) -> None:
    state = MemoryState()
    hold(state, 3)
    hold(state, 2, receiver="gone")

    assert runner.run(Removal(MemoryOutbox(state, "one")).look(["desk"], NOW)) == 1
    assert [letter.reason for letter in state.dead.values()] == ["receiver_removed"]
    assert {each.pending.receiver for each in state.pending.values()} == {"desk"}


def test_what_is_pending_for_a_receiver_that_only_another_process_knows_is_kept(runner: asyncio.Runner) -> None:
    state = MemoryState()
    removal, both, one = Removal(MemoryOutbox(state, "one")), ["desk", "duty"], ["desk"]
    runner.run(removal.look(both, NOW))
    runner.run(removal.look(one, NOW))
    hold(state, 2, receiver="new")
    hold(state, 1, receiver="duty")
    runner.run(flush(MemoryOutbox(state, "one"), NOW, lambda backlog: backlog.pending * (backlog.receiver == "duty")))

    assert runner.run(removal.look(one, NOW)) == 1
    assert (len(state.pending), state.waiting) == (2, {})


def test_a_dispatcher_makes_and_sends_what_is_due() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk"))
        hold(world.state, 4, since_ms=world.clock)

        async def play_it() -> None:
            world.pass_time(10)
            await world.until(lambda: len(world.settled_as) == 1)

        await running(world, play_it)
        assert [leased.delivery.type for leased in world.sent] == ["alert.digest"]
        assert (world.state.pending, world.state.digested) == ({}, {})

    play(scenario)
