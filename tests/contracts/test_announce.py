"""What every ``Outbox`` promises of deliveries that no record led to."""

import asyncio

from alerts.model import Attempt, Reply
from tests.contracts.store import NOW, Store, a_delivery, effects, put

LEASE = 20_000


def test_what_is_announced_is_sent_like_any_other_and_pins_nothing(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("d1")), effects(1))
        event = a_delivery("e1", lane="system", body='{"نص": "\\u0000"}'.encode() + bytes(range(256)))
        other = a_delivery("e2", receiver="ops", lane="system")

        assert await store.outbox.announce([event, other], NOW + 1) == 2

        lent = (await store.other_outbox.lease({"desk": 9, "ops": 9}, NOW + 1, LEASE)).leased
        assert [each.delivery.id for each in lent] == ["d1", "e1", "e2"]
        assert lent[1].delivery == event
        depth = await store.outbox.depth()
        assert (depth.ready, dict(depth.by_receiver)) == (3, {"desk": 2, "ops": 1})
        await store.outbox.delivered(lent[0], Attempt(Reply.DELIVERED, 204), NOW + 1)
        held = await store.admission.snapshot("p")
        assert held is not None
        assert held.low == held.checkpoint == 2

    runner.run(scenario())


def test_events_of_a_lane_arrive_in_order(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await store.outbox.announce([a_delivery("b", lane="system"), a_delivery("a", lane="system")], NOW)

        arrived = []
        while leased := (await store.outbox.lease({"desk": 9}, NOW, LEASE)).leased:
            arrived += [each.delivery.id for each in leased]
            await store.outbox.delivered(leased[0], Attempt(Reply.DELIVERED, 204), NOW)

        assert arrived == ["b", "a"]

    runner.run(scenario())


def test_an_event_is_announced_once_whatever_became_of_it(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        event = a_delivery("e1", lane="system")

        assert await store.outbox.announce([event, event], NOW) == 1
        assert await store.other_outbox.announce([event], NOW + 1) == 0, "another process saw it too"
        (lent,) = (await store.outbox.lease({"desk": 9}, NOW, LEASE)).leased
        await store.outbox.dead(lent, Attempt(Reply.FAILED, 500), NOW, "exhausted")

        assert await store.outbox.announce([event, a_delivery("e2", lane="system")], NOW + 2) == 1
        assert (await store.outbox.depth()).ready == 1

    runner.run(scenario())


def test_nothing_to_announce_is_no_work(store: Store, runner: asyncio.Runner) -> None:
    assert runner.run(store.outbox.announce([], NOW)) == 0
