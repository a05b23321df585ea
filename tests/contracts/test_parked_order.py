"""What every ``Outbox`` promises about the order of deliveries that left their lane."""

import asyncio

from alerts.model import Attempt, Leased, Reply
from alerts.outbox.outbox import Outbox
from tests.contracts.store import HOUR, NOW, Store, a_delivery, effects, put

OK = Attempt(Reply.DELIVERED, 204)
FAILED = Attempt(Reply.FAILED, 500)


async def lend(outbox: Outbox, now_ms: int) -> list[Leased]:
    return list((await outbox.lease({"desk": 10}, now_ms, 20_000)).leased)


def test_of_two_parked_deliveries_of_a_lane_either_is_marked_while_the_other_waits(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("d1")), effects(1, a_delivery("d2")))
        (first,) = await lend(store.outbox, NOW)
        await store.outbox.later(first, FAILED, NOW, NOW + 3 * HOUR)
        (second,) = await lend(store.outbox, NOW + HOUR)
        await store.outbox.later(second, FAILED, NOW + HOUR, NOW + 2 * HOUR)
        assert await lend(store.outbox, NOW + HOUR) == [], "it is parked as well"

        (second,) = await lend(store.outbox, NOW + 2 * HOUR)
        assert (second.delivery.id, second.order_gap) == ("d2", True)
        await store.outbox.delivered(second, OK, NOW + 2 * HOUR)
        (first,) = await lend(store.outbox, NOW + 3 * HOUR)
        assert (first.delivery.id, first.order_gap) == ("d1", False)

    runner.run(scenario())
