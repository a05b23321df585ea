import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from alerts.dispatcher import LEASE_MS, Dispatcher, Ending
from alerts.errors import Unavailable
from alerts.memory_state import MemoryState, Waiting
from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.outbox import Lease
from alerts.receiver import Receiver

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

    async def lease(self, free: Mapping[str, int], now_ms: int, lease_ms: int) -> Lease:
        self._call("lease")
        return await super().lease(free, now_ms, lease_ms)

    async def retire(self, receivers: Sequence[str], now_ms: int) -> int:
        self._call("retire")
        return await super().retire(receivers, now_ms)

    async def delivered(self, leased: Leased, attempt: Attempt, now_ms: int) -> bool:
        self._call("delivered")
        return await super().delivered(leased, attempt, now_ms)


class World:
    """One dispatcher with everything around it scripted: the receivers, the clock, the store's moods."""

    def __init__(self, *receivers: Receiver, poll_seconds: float = NEVER_SECONDS) -> None:
        self.state = MemoryState()
        self.outbox = Unsteady(self.state)
        self.clock = 1_000_000
        self.sent: list[Leased] = []
        self.open: Counter[str] = Counter()
        self.most_open: Counter[str] = Counter()
        self.settled_as: list[tuple[str, Ending, str]] = []
        self.ended_with_receiver = 0
        self.lines: list[str] = []
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

    def info(self, event: str, **values: Any) -> None:
        assert re.fullmatch("[a-z_]+", event), "an event is a name; what to do is its hint"
        self.lines.append(event)
        self.hints[event] = values.get("hint", "")
        self._changed.set()

    warning = info


def a_receiver(name: str, *, most: int = 16, retry: tuple[int, ...] = (0, 5, 300)) -> Receiver:
    waits = tuple(timedelta(seconds=each) for each in retry)
    return Receiver(name=name, url="https://r.example/", secrets=(), retry=waits, max_in_flight=most)


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


def test_a_delivery_goes_out_as_soon_as_the_dispatcher_is_woken() -> None:
    async def scenario() -> None:
        world = World()

        async def play_it() -> None:
            world.admit("a")
            await world.until(lambda: len(world.settled_as) == 1)

        await running(world, play_it)
        assert world.settled_as == [("a", Ending.DELIVERED, "")]
        assert not world.state.waiting

    play(scenario)


def test_without_a_fault_everything_is_sent_once_and_in_order_within_its_story() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", most=3), a_receiver("duty"))
        for number in range(60):
            world.admit(f"{number:02}", receiver=("desk", "duty")[number % 2], story=str(number % 6))

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 60))
        assert len(world.sent) == len(set(world.ids_sent)) == 60
        for story in range(6):
            of_story = [id_ for id_ in world.ids_sent if int(id_) % 6 == story]
            assert of_story == sorted(of_story)
        assert world.most_open["desk"] == 3

    play(scenario)


def test_a_failed_delivery_is_tried_again_on_schedule_and_holds_its_story_only() -> None:
    async def scenario() -> None:
        world = World()
        world.answers["desk"] = always(FAILED, OK)
        world.admit("a1", story="a")
        world.admit("a2", story="a")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.admit("b1", story="b")
            world.pass_time(4.9)
            await world.until(lambda: len(world.settled_as) == 2)
            assert world.ids_sent == ["a1", "b1"]
            world.pass_time(0.1)
            await world.until(lambda: len(world.settled_as) == 4)

        await running(world, play_it)
        assert world.ids_sent == ["a1", "b1", "a1", "a2"]
        assert [leased.attempt for leased in world.sent] == [1, 1, 2, 1]
        assert world.settled_as[0] == ("a1", Ending.LATER, "")

    play(scenario)


def test_a_delivery_that_used_up_its_schedule_is_dead_and_visible() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", retry=(0, 5)))
        world.answers["desk"] = always(FAILED)
        world.admit("a")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.pass_time(5)
            await world.until(lambda: len(world.settled_as) == 2)

        await running(world, play_it)
        (letter,) = await world.outbox.dead_letters(10)
        assert (letter.id, letter.reason, letter.attempts) == ("a", "exhausted", 2)
        assert "`rasid deliveries replay`" in world.hints["delivery_dead"]
        assert world.settled_as[-1] == ("a", Ending.DEAD, "exhausted")

    play(scenario)


def test_a_refused_address_keeps_its_schedule_because_names_change() -> None:
    async def scenario() -> None:
        world = World()
        world.answers["desk"] = always(Attempt(reply=Reply.REFUSED, error="denied_address"))
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert world.settled_as == [("a", Ending.LATER, "")]

    play(scenario)


def test_gone_disables_the_receiver_and_the_rest_is_written_off_unsent_until_it_is_enabled() -> None:
    async def scenario() -> None:
        world = World()
        world.answers["desk"] = always(GONE, OK)
        world.admit("a")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.admit("b")
            await world.until(lambda: len(world.settled_as) == 2)
            await world.outbox.enable("desk")
            world.pass_time(10)
            world.admit("c")
            await world.until(lambda: len(world.settled_as) == 3)

        await running(world, play_it)
        assert world.settled_as == [
            ("a", Ending.DEAD, "gone"),
            ("b", Ending.DEAD, "receiver_disabled"),
            ("c", Ending.DELIVERED, ""),
        ]
        assert world.ids_sent == ["a", "c"]

    play(scenario)


def test_a_receiver_disabled_by_another_process_gets_nothing() -> None:
    async def scenario() -> None:
        world = World()
        await world.outbox.disable("desk", "gone", 0)
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert (world.ids_sent, world.settled_as) == ([], [("a", Ending.DEAD, "receiver_disabled")])

    play(scenario)


def test_a_receiver_that_hangs_holds_up_nobody_else() -> None:
    async def scenario() -> None:
        world = World(a_receiver("hung", most=4), a_receiver("desk"))
        release = asyncio.Event()

        async def hang(leased: Leased) -> Attempt:
            await release.wait()
            return OK

        world.answers["hung"] = hang
        for number in range(20):
            world.admit(f"h{number}", receiver="hung")
            world.admit(f"d{number}", receiver="desk")

        async def play_it() -> None:
            await world.until(lambda: sum(id_.startswith("d") for id_, *_ in world.settled_as) == 20)
            assert world.open["hung"] == 4
            release.set()
            await world.until(lambda: len(world.settled_as) == 40)

        await running(world, play_it)

    play(scenario)


def test_a_receiver_that_fails_is_asked_less_at_a_time() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", most=8))
        world.answers["desk"] = always(FAILED)
        for number in range(8):
            world.admit(f"first{number}")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 8)
            assert world.most_open["desk"] == 8
            world.most_open.clear()
            for number in range(8):
                world.admit(f"then{number}")
            await world.until(lambda: len(world.settled_as) == 16)

        await running(world, play_it)
        assert world.most_open["desk"] == 1

    play(scenario)


def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks_up_to_a_minute() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk"), a_receiver("other"))
        world.answers["desk"] = always(Attempt(reply=Reply.BUSY, status=429, retry_after_s=3600), OK)
        world.admit("a")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.admit("b")
            world.pass_time(59)
            world.admit("c", receiver="other")
            await world.until(lambda: len(world.settled_as) == 2)
            assert world.ids_sent == ["a", "c"]
            world.pass_time(1)
            await world.until(lambda: len(world.settled_as) == 3)

        await running(world, play_it)
        assert world.ids_sent == ["a", "c", "b"], "its own retry waits the full hour"

    play(scenario)


def test_a_store_that_is_down_is_waited_for_with_one_line_in_the_log() -> None:
    async def scenario() -> None:
        world = World()
        world.outbox.down["lease"] = 3
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert world.lines == ["waiting", "sending_again"]

    play(scenario)


def test_a_settlement_is_repeated_and_the_delivery_is_not_sent_again_even_after_its_lease() -> None:
    async def scenario() -> None:
        world = World()
        world.outbox.down["delivered"] = 3

        def later(verb: str) -> None:
            if verb == "delivered":
                world.pass_time(LEASE_MS / 1000 + 1)

        world.outbox.before = later
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert world.outbox.calls["delivered"] == 4
        assert world.outbox.calls["lease"] > 3, "it was lent again meanwhile"
        assert world.ids_sent == ["a"]

    play(scenario)


def test_draining_finishes_what_was_begun_and_leases_nothing_new() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", most=1))
        release, stopping = asyncio.Event(), asyncio.Event()

        async def hang(leased: Leased) -> Attempt:
            await release.wait()
            return OK

        world.answers["desk"] = hang
        world.admit("a")
        world.admit("b")
        run = asyncio.create_task(world.dispatcher.run(stopping))
        await world.until(lambda: world.ids_sent == ["a"])
        stopping.set()
        release.set()
        await asyncio.wait_for(run, 5)

        assert world.settled_as == [("a", Ending.DELIVERED, "")]
        assert list(world.state.waiting) == ["b"] and not world.state.leases

    play(scenario)


def test_what_was_lent_while_stopping_is_given_back_unsent() -> None:
    async def scenario() -> None:
        world = World()
        stopping = asyncio.Event()
        world.outbox.before = lambda verb: stopping.set()
        world.admit("a")
        await asyncio.wait_for(world.dispatcher.run(stopping), 5)

        assert not world.sent and not world.state.leases
        assert world.state.due == {("desk", "desk/a"): world.clock}

    play(scenario)


def test_what_was_open_when_the_process_died_is_sent_again_at_once_by_the_same_instance() -> None:
    async def scenario() -> None:
        world = World()

        async def hang(leased: Leased) -> Attempt:
            await asyncio.Event().wait()
            return OK

        world.answers["desk"] = hang
        world.admit("a")
        run = asyncio.create_task(world.dispatcher.run(asyncio.Event()))
        await world.until(lambda: len(world.sent) == 1)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        assert world.dispatcher.in_flight == 0 and world.state.waiting

        world.dispatcher = world.another()
        world.answers.clear()
        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert world.sent[0].delivery == world.sent[1].delivery, "the same id and the same bytes"

    play(scenario)


def test_a_bug_comes_out_of_run_and_is_not_lost_in_a_task() -> None:
    async def scenario() -> None:
        world = World()

        async def broken(leased: Leased) -> Attempt:
            raise ZeroDivisionError

        world.answers["desk"] = broken
        world.admit("a")
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(world.dispatcher.run(asyncio.Event()), 5)

    play(scenario)


def test_a_receiver_that_is_added_later_gets_what_waits_for_it() -> None:
    async def scenario() -> None:
        world = World()
        world.admit("b")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.admit("a", receiver="duty")  # by a process that was told of it before us
            world.admit("c")
            await world.until(lambda: len(world.settled_as) == 2)
            assert world.ids_sent == ["b", "c"]
            world.dispatcher.replace_receivers({"desk": a_receiver("desk"), "duty": a_receiver("duty")})
            await world.until(lambda: len(world.settled_as) == 3)

        await running(world, play_it)
        assert world.ended_with_receiver == 0

    play(scenario)


def test_what_waits_for_a_receiver_that_was_removed_ends_as_dead_however_late_it_was_admitted() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk"), a_receiver("duty"))

        world.answers["duty"] = always(FAILED)
        world.admit("a", receiver="duty")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.dispatcher.replace_receivers({"desk": a_receiver("desk")})
            await world.until(lambda: world.ended_with_receiver == 1)
            world.admit("late", receiver="duty")  # by a batch that was decided before
            world.pass_time(5)
            await world.until(lambda: world.ended_with_receiver == 2)

        await running(world, play_it)
        letters = await world.outbox.dead_letters(10)
        assert {(each.id, each.reason) for each in letters} == {
            ("a", "receiver_removed"),
            ("late", "receiver_removed"),
        }

    play(scenario)


def test_a_store_that_is_down_when_a_receiver_was_removed_is_asked_again() -> None:
    async def scenario() -> None:
        world = World()
        world.outbox.down["retire"] = 2
        world.admit("a", receiver="removed while we were not running")

        await running(world, lambda: world.until(lambda: world.ended_with_receiver == 1))
        assert world.lines == ["waiting", "receiver_removed", "sending_again"]

    play(scenario)
