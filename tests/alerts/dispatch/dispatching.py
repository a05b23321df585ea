"""A dispatcher with everything around it scripted, for its tests."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any

from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.observer import Ending
from alerts.dispatch.rooms import MOST_OPEN
from alerts.dispatch.standing import Standing
from alerts.errors import Unavailable
from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.outbox import Lease
from alerts.rate import Rate
from alerts.receiver import Receiver
from alerts.store.memory_state import MemoryState, Waiting

NEVER_SECONDS = 30.0  # a poll that no test lives to see: what happens, happens because something woke the loop
OK = Attempt(reply=Reply.DELIVERED, status=200)
FAILED = Attempt(reply=Reply.FAILED, status=500)
GONE = Attempt(reply=Reply.GONE, status=410)
Answers = Callable[[Leased], Awaitable[Attempt]]


class Unsteady(MemoryOutbox):
    """An outbox that is down for the next so many calls of a verb; ``before`` is called at each of them."""

    def __init__(self, state: MemoryState) -> None:
        super().__init__(state, "one")
        self.down: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.before: Callable[[str], None] = lambda verb: None

    def _call(self, verb: str) -> None:
        self.calls[verb] += 1
        self.before(verb)
        if self.down[verb] > 0:
            self.down[verb] -= 1
            raise Unavailable(f"Redis: {verb}")

    async def lease(self, free: Mapping[str, int], now_ms: int, lease_ms: int, **limits: Any) -> Lease:
        self._call("lease")
        return await super().lease(free, now_ms, lease_ms, **limits)

    async def retire(self, receivers: Sequence[str], now_ms: int) -> int:
        self._call("retire")
        return await super().retire(receivers, now_ms)

    async def announce(self, deliveries: Sequence[Delivery], now_ms: int) -> int:
        self._call("announce")
        return await super().announce(deliveries, now_ms)

    async def delivered(self, leased: Leased, attempt: Attempt, now_ms: int) -> bool:
        self._call("delivered")
        return await super().delivered(leased, attempt, now_ms)


class World:
    """One dispatcher with everything around it scripted: the receivers, the clock, the store's moods."""

    def __init__(self, *receivers: Receiver, poll_seconds: float = NEVER_SECONDS, most_open: int = MOST_OPEN) -> None:
        self.limit = most_open
        self.state = MemoryState()
        self.outbox = Unsteady(self.state)
        self.clock = 1_000_000
        self.sent: list[Leased] = []
        self.open: Counter[str] = Counter()
        self.most_open: Counter[str] = Counter()
        self.most_open_in_all = 0
        self.settled_as: list[tuple[str, Ending, str]] = []
        self.ended_with_receiver = 0
        self.lines: list[str] = []
        self.standings: Mapping[str, Standing] = {}
        self.hints: dict[str, str] = {}
        self.answers: dict[str, Answers] = {}
        self._changed = asyncio.Event()
        self.receivers = {each.name: each for each in receivers or (a_receiver("desk"),)}
        self.dispatcher = self.another(poll_seconds)

    def another(self, poll_seconds: float = NEVER_SECONDS) -> Dispatcher:
        return Dispatcher(
            outbox=self.outbox,
            sender=self,
            receivers=self.receivers,
            observer=self,
            log=self,
            now_ms=lambda: self.clock,
            chance=lambda: 0.5,
            poll_seconds=poll_seconds,
            most_open=self.limit,
        )

    def admit(self, id_: str, *, receiver: str = "desk", story: str = "") -> None:
        lane = f"{receiver}/{story or id_}"
        delivery = Delivery(
            id=id_, receiver=receiver, lane=lane, type="alert.opened", notice=id_, created_ms=self.clock, body=b"{}"
        )
        self.state.sequence += 1
        self.state.waiting[id_] = Waiting(delivery, self.state.sequence, self.clock, lane)
        self.state.due.setdefault((receiver, lane), self.clock)
        self.dispatcher.wake.set()

    def pass_time(self, seconds: float) -> None:
        self.clock += round(seconds * 1000)
        self.dispatcher.wake.set()

    @property
    def ids_sent(self) -> list[str]:
        return [leased.delivery.id for leased in self.sent]

    def told(self, receiver: str) -> list[Any]:
        """The bodies that were sent to it."""
        return [json.loads(each.delivery.body) for each in self.sent if each.delivery.receiver == receiver]

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        name = receiver.name
        self.sent.append(leased)
        self.open[name] += 1
        self.most_open[name] = max(self.most_open[name], self.open[name])
        self.most_open_in_all = max(self.most_open_in_all, self.open.total())
        self._changed.set()
        try:
            await asyncio.sleep(0)
            return await self.answers[name](leased) if name in self.answers else OK
        finally:
            self.open[name] -= 1

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        self._changed.set()

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        assert now_ms <= self.clock, "the moment of the reply, however long the store takes"
        self.settled_as.append((leased.delivery.id, ending, reason))
        self._changed.set()

    def removed(self, deliveries: int) -> None:
        self.ended_with_receiver += deliveries
        self._changed.set()

    def stand(self, standings: Mapping[str, Standing], now_ms: int) -> None:
        self.standings = standings
        self._changed.set()

    def info(self, event: str, **values: Any) -> None:
        assert re.fullmatch("[a-z_]+", event), "an event is a name; what to do is its hint"
        if event != "delivery_attempt":  # one for each request, which ``attempted`` is told of already
            self.lines.append(event)
        self.hints[event] = values.get("hint", "")
        self._changed.set()

    warning = info


def a_receiver(
    name: str,
    *,
    most: int = 16,
    retry: tuple[int, ...] = (0, 5, 300),
    events: tuple[str, ...] = ("alert.*",),
    rate: Rate | None = None,
) -> Receiver:
    waits = tuple(timedelta(seconds=each) for each in retry)
    return Receiver(
        name=name, url="https://r.example/", secrets=(), events=events, retry=waits, max_in_flight=most, rate=rate
    )


def always(*attempts: Attempt) -> Answers:
    """These answers in turn, the last one for ever."""
    left = list(attempts)

    async def answer(leased: Leased) -> Attempt:
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


def play(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


async def running(world: World, scenario: Callable[[], Awaitable[None]]) -> None:
    """Play ``scenario`` while the dispatcher runs, then let it drain."""
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(world.dispatcher.run(stopping))
        await scenario()
        stopping.set()
