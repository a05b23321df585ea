"""What is urgent goes before what is not, of other lanes; the order of its own lane stays, and nothing starves."""

import asyncio

import msgspec

from alerts.model import Attempt, Delivery, Reply
from alerts.outbox.outbox import Outbox
from alerts.rate import Rate
from alerts.store.durations import URGENT_AHEAD, milliseconds
from tests.contracts.store import NOW, Store, a_delivery, effects, paced, put

LEASE = 20_000
AHEAD = milliseconds(URGENT_AHEAD)
OK, FAILED = Attempt(Reply.DELIVERED, 204), Attempt(Reply.FAILED, 500)
TEN = {"desk": Rate(10, 1_000)}


def urgent(name: str, lane: str = "") -> Delivery:
    return msgspec.structs.replace(a_delivery(name, lane=lane or name), urgent=True)


async def admit(store: Store, *deliveries: Delivery, at: int, now_ms: int = NOW) -> None:
    await put(store, effects(at, *deliveries), a=at, now_ms=now_ms)


async def send(outbox: Outbox, now_ms: int, room: int = 1) -> list[str]:
    """What is lent then, and arrives."""
    lent = (await outbox.lease({"desk": room}, now_ms, LEASE, rates=TEN)).leased
    for each in lent:
        await outbox.delivered(each, OK, now_ms)
    return [each.delivery.id for each in lent]


def many(count: int, prefix: str = "n") -> list[Delivery]:
    return [a_delivery(f"{prefix}{number:03}", lane=f"{prefix}{number:03}") for number in range(count)]


def test_it_does_not_wait_behind_five_hundred_of_other_stories(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, *many(500), at=0)
        assert await send(store.outbox, NOW, 10) == [f"n{number:03}" for number in range(10)]
        await admit(store, urgent("u1"), urgent("u2"), at=1, now_ms=NOW + 500)

        assert await send(store.outbox, NOW + 900) == [], "the rate holds for it"
        assert await send(store.outbox, NOW + 1_000, 3) == ["u1", "u2", "n010"]

    runner.run(scenario())


def test_what_is_before_it_in_its_own_story_goes_before_it_and_as_soon(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        lane = "zz"
        await admit(store, *many(20), *(a_delivery(f"s{number}", lane=lane) for number in range(3)), at=0)
        await admit(store, urgent("u", lane), at=1)

        assert [*await send(store.outbox, NOW), *await send(store.outbox, NOW)] == ["s0", "s1"]
        assert [*await send(store.outbox, NOW), *await send(store.outbox, NOW)] == ["s2", "u"]
        assert await send(store.outbox, NOW) == ["n000"]
        await admit(store, a_delivery("s4", lane=lane), at=2)
        assert await send(store.outbox, NOW) == ["n001"], "what comes later in the story is in no hurry"

    runner.run(scenario())


def test_what_waited_for_the_documented_time_goes_before_it(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, *many(2, "old"), at=0)
        await admit(store, *many(2, "new"), at=1, now_ms=NOW + 1)
        await admit(store, urgent("u"), at=2, now_ms=NOW + AHEAD + 1)

        told = [await send(store.outbox, NOW + AHEAD + 1) for _ in range(5)]
        assert [name for (name,) in told] == ["old000", "old001", "new000", "new001", "u"]

    runner.run(scenario())


def test_what_is_lent_or_failed_is_not_lent_again_because_something_urgent_came(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await admit(store, a_delivery("a", lane="one"), a_delivery("b", lane="two"), at=0)
        one, two = (await store.outbox.lease({"desk": 9}, NOW, LEASE)).leased
        await store.outbox.later(two, FAILED, NOW, NOW + 60_000)
        await admit(store, urgent("u1", "one"), urgent("u2", "two"), at=1)

        assert (await store.other_outbox.lease({"desk": 9}, NOW + 1, LEASE)).leased == []
        await store.outbox.delivered(one, OK, NOW + 1)
        assert await send(store.outbox, NOW + 1, 9) == ["u1"]
        assert await send(store.outbox, NOW + 60_000, 9) == ["b"]
        assert await send(store.outbox, NOW + 60_000, 9) == ["u2"]

    runner.run(scenario())


def test_it_is_first_again_where_it_was_given_back_or_its_process_died(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, *many(3), at=0)
        await admit(store, urgent("u"), at=1)
        (lent,) = (await store.outbox.lease({"desk": 1}, NOW, LEASE)).leased
        await store.outbox.give_back(lent, NOW)
        (lent,) = (await store.outbox.lease({"desk": 1}, NOW, LEASE)).leased
        assert lent.delivery.id == "u" and lent.delivery.urgent
        assert await store.outbox.reclaim(["desk"], NOW) == 1
        assert await send(store.outbox, NOW) == ["u"]

    runner.run(scenario())


def test_what_was_paced_and_is_urgent_goes_first_when_it_is_told(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, *many(3), at=0)
        await put(store, effects(1, pending=(paced("d1"), paced("d2"))), a=1)
        digest = msgspec.structs.replace(a_delivery("digest"), urgent=True)
        assert await store.outbox.flush(digest, ["d1", "d2"], NOW, group="desk/g", whole=2)

        assert await send(store.outbox, NOW) == ["digest"]

    runner.run(scenario())
