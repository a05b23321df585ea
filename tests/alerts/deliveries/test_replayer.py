"""Replays go out a few at a time, beside what is new."""

import asyncio
from typing import Any

from alerts.deliveries.deliveries import Deliveries
from alerts.deliveries.memory_deliveries import MemoryDeliveries
from alerts.deliveries.replayer import AT_ONCE, FORGOTTEN_AT_ONCE, ROOM, Replayer
from alerts.errors import Unavailable
from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.outbox import Depth
from alerts.store.memory_state import MemoryState, Sent
from tests.contracts.store import HOUR, NOW, a_delivery

OK = Attempt(Reply.DELIVERED, 204)


class Desk:
    """A receiver that lost everything, and the replayer over its store."""

    def __init__(self, arrived: int) -> None:
        self.state = MemoryState()
        self.outbox = MemoryOutbox(self.state, "one")
        self.deliveries: Deliveries = MemoryDeliveries(self.state)
        self.now_ms = NOW
        self.lines: list[str] = []
        self.woken = 0
        self.waiting: list[int] = []
        for number in range(arrived):
            id_ = f"evt_{number:05}"
            self.state.sent[id_] = Sent(a_delivery(id_, lane=id_, body=b"%d" % number), 204, 1, NOW - arrived + number)

    def replayer(self, outbox: MemoryOutbox | None = None) -> Replayer:
        return Replayer(
            deliveries=self.deliveries,
            outbox=outbox or self.outbox,
            log=self,
            kept_ms=HOUR,
            now_ms=lambda: self.now_ms,
            added=self._wake,
            waiting=self.waiting.append,
        )

    def _wake(self) -> None:
        self.woken += 1

    def info(self, event: str, **values: Any) -> None:
        self.lines.append(event)

    warning = info

    async def take(self, room: int) -> list[Leased]:
        """So many are sent, and arrive."""
        leased = list((await self.outbox.lease({"desk": room}, self.now_ms, 20_000)).leased)
        for each in leased:
            await self.outbox.delivered(each, OK, self.now_ms)
        return leased


def test_everything_is_sent_again_once_in_order_with_its_bytes(runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        desk, taken = Desk(3 * AT_ONCE + 1), list[Delivery]()
        before = {id_: sent.delivery for id_, sent in desk.state.sent.items()}
        await desk.deliveries.ask_again(sorted(before), NOW)
        replayer = desk.replayer()
        while await replayer.step():
            desk.now_ms += 1_000
            assert len(desk.state.waiting) <= AT_ONCE
            leased = await desk.take(100)
            assert all(each.replay for each in leased)
            taken += [each.delivery for each in leased]

        assert taken == [before[id_] for id_ in sorted(before)]
        assert desk.waiting == [2 * AT_ONCE + 1, AT_ONCE + 1, 1, 0, 0]
        assert (desk.woken, await desk.deliveries.waiting_replays(), desk.state.replaying) == (4, 0, {})

    runner.run(scenario())


def test_a_new_alert_waits_for_no_more_than_one_round_of_a_slow_receiver(runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        desk = Desk(1_000)
        await desk.deliveries.ask_again(sorted(desk.state.sent), NOW)
        replayer = desk.replayer()
        for _ in range(100):  # it takes nothing meanwhile
            await replayer.step()
            desk.now_ms += 1_000
        desk.state.add(a_delivery("new", lane="new"), desk.now_ms)
        order: list[str] = []
        for _ in range(2 * AT_ONCE):
            await replayer.step()
            order += [each.delivery.id for each in await desk.take(1)]
            desk.now_ms += 1_000

        assert order.index("new") <= AT_ONCE

    runner.run(scenario())


def test_what_arrived_is_forgotten_before_the_store_is_full(runner: asyncio.Runner) -> None:
    class Filling(MemoryOutbox):
        """A kB each, and a server of a MB."""

        async def depth(self) -> Depth:
            self.memory_used = len(desk.state.sent) / 1_000
            return await super().depth()

    desk = Desk(900)
    ids = sorted(desk.state.sent)

    runner.run(desk.replayer(Filling(desk.state, "one")).step())

    assert sorted(desk.state.sent) == ids[FORGOTTEN_AT_ONCE:]
    assert len(desk.state.sent) / 1_000 <= ROOM
    assert desk.lines == ["delivered_forgotten"]


def test_a_store_that_does_not_answer_is_waited_for(runner: asyncio.Runner) -> None:
    class Down(MemoryOutbox):
        down = 3

        async def depth(self) -> Depth:
            self.down -= 1
            if self.down >= 0:
                raise Unavailable("Redis: gone")
            stopping.set()
            return await super().depth()

    stopping = asyncio.Event()
    desk = Desk(0)

    async def scenario() -> None:
        async with asyncio.timeout(30):
            await desk.replayer(Down(desk.state, "one")).run(stopping)

    runner.run(scenario())

    assert desk.lines == ["waiting"]
