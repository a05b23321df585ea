"""What every ``Deliveries`` promises: what is known of each delivery, and that it can be sent again."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

import msgspec
import pytest

from alerts.admission.memory_admission import MemoryAdmission
from alerts.admission.redis_admission import RedisAdmission
from alerts.deliveries.deliveries import Asked, Deliveries, Known, Place, Standing, Wanted
from alerts.deliveries.memory_deliveries import MemoryDeliveries
from alerts.deliveries.redis_deliveries import RedisDeliveries
from alerts.model import Attempt, Leased, Pending, Plan, Reply, Severity, Wait
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.memory_state import MemoryState
from alerts.store.redis_connection import connect
from tests.contracts.store import HOUR, NOW, Store, a_delivery, a_pending, effects, put

LEASE = 20_000
OK, FAILED = Attempt(Reply.DELIVERED, 204), Attempt(Reply.FAILED, 500)
KEPT = 5
"""Deliveries that arrived and are kept, in these tests."""

_names = (f"deliveries-{number}" for number in count())


@dataclass(frozen=True)
class World:
    """A store, and what is known of the deliveries in it."""

    store: Store
    deliveries: Deliveries

    async def lend(self, now_ms: int = NOW, **free: int) -> list[Leased]:
        return list((await self.store.outbox.lease(free or {"desk": 100}, now_ms, LEASE)).leased)

    async def deliver(self, *names: str, now_ms: int = NOW) -> None:
        """They become ready, and arrive one after the other, a millisecond apart."""
        held = await self.store.admission.snapshot("p")
        at = 0 if held is None else held.checkpoint
        await put(self.store, effects(at, *(a_delivery(name, lane=name) for name in names)), a=at)
        for number, leased in enumerate(
            sorted(await self.lend(now_ms), key=lambda each: names.index(each.delivery.id))
        ):
            await self.store.outbox.delivered(leased, OK, now_ms + number)

    async def listed(self, wanted: Wanted, limit: int = 100) -> list[Known]:
        """All pages of ``limit``, one after the other."""
        found: list[Known] = []
        after: Place | None = None
        while True:
            page = await self.deliveries.page(wanted, limit, after)
            assert len(page.found) <= limit
            found += page.found
            after = page.after
            if after is None:
                return found

    async def ids(self, wanted: Wanted) -> list[str]:
        return [each.id for each in await self.listed(wanted)]


@pytest.fixture(params=["memory", "valkey", "redis"])
def world(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[World]:
    if request.param == "memory":
        state = MemoryState()
        outbox = MemoryOutbox(state, "one", delivered_kept=KEPT)
        yield World(Store(MemoryAdmission(state), outbox, outbox), MemoryDeliveries(state))
        return
    client, name = connect(request.getfixturevalue(f"{request.param}_url")), next(_names)
    redis_outbox = RedisOutbox(client, name, "one", delivered_kept=KEPT)
    store = Store(RedisAdmission(client, name), redis_outbox, redis_outbox)
    yield World(store, RedisDeliveries(client, name))
    runner.run(client.aclose())


def test_each_stands_where_it_came_to(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        names = ("sent", "dead", "late", "lent")
        await put(
            world.store,
            effects(0, *(a_delivery(each, lane=each) for each in names), pending=(a_pending("later"),)),
            effects(1, a_delivery("behind", lane="late")),
        )
        leased = {each.delivery.id: each for each in await world.lend()}
        await world.store.outbox.delivered(leased["sent"], OK, NOW + 1)
        await world.store.outbox.dead(leased["dead"], FAILED, NOW + 2, "exhausted")
        await world.store.outbox.later(leased["late"], FAILED, NOW + 3, NOW + 5_000)

        found = {each.id: each for each in await world.listed(Wanted())}

        assert {id_: (each.standing.value, each.at_ms, each.next_ms) for id_, each in found.items()} == {
            "sent": ("delivered", NOW + 1, None),
            "dead": ("dead", NOW + 2, None),
            "late": ("ready", NOW, NOW + 5_000),
            "behind": ("ready", NOW, None),
            "lent": ("leased", NOW, None),
            "later": ("pending", NOW, None),
        }
        assert (found["sent"].status, found["sent"].attempts, found["sent"].body) == (204, 1, b"{}")
        assert (found["dead"].reason, found["dead"].attempts, found["dead"].type) == ("exhausted", 1, "alert.opened")
        assert (found["late"].attempts, found["late"].lane, found["later"].receiver) == (1, "desk-late", "desk")
        assert await world.deliveries.find(["sent", "never"]) == {"sent": found["sent"]}

    runner.run(scenario())


def paced(name: str, receiver: str) -> Pending:
    """One that waits for others of its group, and may go out alone."""
    plan = Plan(f"{receiver}/floods", Wait.GROUP, (), "digests", NOW + HOUR, Severity.INFO)
    alone = a_delivery(name, receiver=receiver, lane="l1", body=BODY)
    return msgspec.structs.replace(a_pending(name, receiver=receiver), plan=plan, single=alone)


def test_what_its_route_paces_says_why_it_waits_and_until_when(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, pending=(a_pending("old"), paced("new", "desk"))))

        found = {each.id: (each.reason, each.next_ms, each.type, each.body) for each in await world.listed(Wanted())}

        assert found == {
            "old": ("backlog", None, "", b"{}"),
            "new": ("group", NOW + HOUR, "alert.opened", BODY),
        }

    runner.run(scenario())


BODY = 'من 12 30 "x" y 7 8 '.encode()
"""Looks like what is kept before the bytes of a finished delivery."""


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_are_the_whole_list_in_order(limit: int, world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        chance = random.Random(7)
        receivers = ("desk", "غرفة الأخبار", "x" * 64)
        made = [a_delivery(f"d{n}", receiver=chance.choice(receivers), lane=f"l{n % 3}", body=BODY) for n in range(60)]
        pending = tuple(a_pending(f"w{n}", receiver=chance.choice(receivers)) for n in range(5))
        pending += tuple(paced(f"w{n}", chance.choice(receivers)) for n in range(5, 10))
        for number in range(4):  # many at the same moment, as a batch makes them
            some = effects(number, *made[number::4], pending=pending if number == 1 else ())
            await put(world.store, some, a=number, now_ms=NOW + number // 2)
        for number, leased in enumerate(await world.lend(NOW + 5, **dict.fromkeys(receivers, 2))):
            settle = world.store.outbox.dead if number % 2 else None
            await (settle(leased, FAILED, NOW, "gone") if settle else world.store.outbox.delivered(leased, OK, NOW + 1))

        whole = await world.listed(Wanted(), limit)

        places = [(each.at_ms, each.id) for each in whole]
        assert places == sorted(places, reverse=True) and len(set(places)) == 70
        for wanted in (
            Wanted(receiver=receivers[1]),
            Wanted(receiver=receivers[2], standing=frozenset({Standing.READY, Standing.DEAD})),
            Wanted(lanes=frozenset({"desk-l1", f"{receivers[1]}-l2"})),
            Wanted(since_ms=NOW + 1, until_ms=NOW + 1),
            Wanted(until_ms=NOW),
            Wanted(standing=frozenset({Standing.PENDING, Standing.DELIVERED}), receiver="desk"),
            Wanted(receiver="nobody"),
        ):
            assert await world.listed(wanted, limit) == [each for each in whole if fits(each, wanted)]

    runner.run(scenario())


def fits(each: Known, wanted: Wanted) -> bool:
    """The definition, word by word."""
    return (
        each.standing in wanted.standing
        and (not wanted.receiver or each.receiver == wanted.receiver)
        and (not wanted.lanes or each.lane in wanted.lanes)
        and wanted.since_ms <= each.at_ms <= (wanted.until_ms or each.at_ms)
    )


def test_what_arrived_is_sent_again_with_its_bytes_when_its_turn_comes(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await world.deliver("d1")
        (before,) = await world.listed(Wanted())

        asked = [await world.deliveries.ask_again(["d1", "never"], NOW + HOUR) for _ in range(2)]

        assert asked == [Asked(1, [], ["never"])] * 2
        assert await world.listed(Wanted()) == [replace(before, replay=True)], "it stays what it is until its turn"
        assert (await world.lend(NOW + HOUR), await world.deliveries.waiting_replays()) == ([], 1)
        assert await world.deliveries.next_replays(10) == ["d1"]
        assert await world.store.outbox.replay(["d1"], NOW + HOUR) == 1
        assert (await world.deliveries.next_replays(10), await world.deliveries.waiting_replays()) == ([], 0)
        assert await world.store.outbox.replay(["d1"], NOW + HOUR) == 0
        (again,) = await world.lend(NOW + HOUR)
        assert again == Leased(delivery=a_delivery("d1", lane="d1"), attempt=1, order_gap=False, replay=True)
        assert await world.deliveries.ask_again(["d1"], NOW + HOUR) == Asked(0, ["d1"], [])
        await world.store.outbox.delivered(again, Attempt(Reply.DELIVERED, 200), NOW + HOUR + 1)
        assert await world.listed(Wanted()) == [replace(before, at_ms=NOW + HOUR + 1, status=200)]

    runner.run(scenario())


def test_a_receiver_has_few_unfinished_replays_at_a_time(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await world.deliver("d1", "d2", "d3", "d4")
        await world.deliveries.ask_again(["d3"], NOW)
        await world.deliveries.ask_again(["d1", "d2", "d4"], NOW + 1)

        first = await world.deliveries.next_replays(2)
        await world.store.outbox.replay(first, NOW + 1)
        while_busy = await world.deliveries.next_replays(2)
        (one, _) = await world.lend(NOW + 1)
        await world.store.outbox.delivered(one, OK, NOW + 2)
        then = await world.deliveries.next_replays(2)

        assert (first, while_busy, then) == (["d3", "d1"], [], ["d2"])

    runner.run(scenario())


def test_what_was_forgotten_while_it_waited_to_be_sent_again_holds_up_nobody(
    world: World, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await world.deliver("a1", "a2", "b")
        for at, name in enumerate(("a1", "a2", "b")):
            await world.deliveries.ask_again([name], NOW + at)
        assert await world.deliveries.forget_oldest(2) == 2

        for _ in range(3):
            await world.store.outbox.replay(await world.deliveries.next_replays(1), NOW + 9)

        assert [each.delivery.id for each in await world.lend(NOW + 9)] == ["b"]
        assert await world.deliveries.waiting_replays() == 0

    runner.run(scenario())


def test_all_of_a_list_is_sent_again_without_being_read(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await world.deliver("d1", "d2", "d3")
        places, after = await world.deliveries.places(Wanted(receiver="desk"), 2)
        rest, end = await world.deliveries.places(Wanted(receiver="desk"), 2, after)
        assert ([place.id for place in (*places, *rest)], end) == (["d3", "d2", "d1"], None)

        for _ in range(2):
            await world.deliveries.ask_all_again("desk", ["d1", "d2", "never"], NOW)
        await world.deliveries.ask_all_again("desk", [], NOW)
        await world.store.outbox.replay(await world.deliveries.next_replays(10), NOW)

        assert sorted(each.delivery.id for each in await world.lend()) == ["d1", "d2"]
        assert await world.deliveries.waiting_replays() == 0

    runner.run(scenario())


def test_a_replay_that_fails_for_good_is_dead(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await world.deliver("d1")
        await world.deliveries.ask_again(["d1"], NOW)
        await world.store.outbox.replay(await world.deliveries.next_replays(10), NOW)
        (again,) = await world.lend()
        await world.store.outbox.dead(again, FAILED, NOW + 9, "exhausted")

        (known,) = await world.listed(Wanted())

        assert (known.standing, known.at_ms, known.reason) == (Standing.DEAD, NOW + 9, "exhausted")

    runner.run(scenario())


def test_of_what_arrived_the_newest_are_kept_and_for_a_time(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        arrived = Wanted(standing=frozenset({Standing.DELIVERED}))
        await world.deliver(*(f"d{n}" for n in range(KEPT + 3)))
        assert await world.ids(arrived) == [f"d{n}" for n in range(KEPT + 2, 2, -1)]
        assert (await world.deliveries.ask_again(["d0"], NOW)).unknown == ["d0"]

        await world.deliver("new", now_ms=NOW + 31 * 24 * HOUR)

        assert await world.ids(arrived) == ["new"], "older than the default of history.keep"

    runner.run(scenario())


def test_the_oldest_are_forgotten_to_make_room(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await world.deliver("d1", "d2", "d3")

        assert [await world.deliveries.forget_oldest(2) for _ in range(3)] == [2, 1, 0]
        assert await world.ids(Wanted()) == []

    runner.run(scenario())
