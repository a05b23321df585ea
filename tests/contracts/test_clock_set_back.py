"""A clock that is ahead for a while, and then right: what every ``Outbox`` promises."""

import asyncio

from alerts.model import Attempt, Reply
from alerts.store.durations import LONGEST_WAIT, milliseconds
from tests.contracts.store import NOW, Store, a_delivery, effects, put

LEASE = 20_000
AHEAD = NOW + 365 * 86_400_000
FAILED, OK = Attempt(Reply.FAILED, 500), Attempt(Reply.DELIVERED, 204)
LONGEST = milliseconds(LONGEST_WAIT)


async def lent(store: Store, now_ms: int) -> list[str]:
    return [each.delivery.id for each in (await store.outbox.lease({"desk": 9}, now_ms, LEASE)).leased]


def test_what_was_added_tried_or_lent_meanwhile_is_due_when_the_clock_is_right(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        tried, held = a_delivery("tried", lane="one"), a_delivery("held", lane="two")
        await put(store, effects(0, tried), effects(1, held), now_ms=AHEAD)
        leases = (await store.outbox.lease({"desk": 9}, AHEAD, LEASE)).leased
        first = next(each for each in leases if each.delivery.id == "tried")
        await store.outbox.later(first, FAILED, AHEAD, AHEAD + 3_600_000)
        await put(
            store, effects(2, a_delivery("new", lane="three"), a_delivery("after", lane="one")), a=2, now_ms=AHEAD
        )

        assert sorted(await lent(store, NOW)) == ["held", "new", "tried"], "each at the head of its lane"
        assert await lent(store, NOW) == [], "and lent once"
        await store.outbox.delivered(first, OK, NOW)
        assert await lent(store, NOW) == ["after"]

    runner.run(scenario())


def test_what_waits_no_longer_than_anything_may_keeps_its_time(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("a")))
        (first,) = (await store.outbox.lease({"desk": 9}, NOW, LEASE)).leased
        await store.outbox.later(first, FAILED, NOW, NOW + LONGEST)
        assert await lent(store, NOW) == []

    runner.run(scenario())
