"""What is lent is limited in all, and of a receiver that has a rate in time; whoever lends it."""

import asyncio

from alerts.model import Attempt, Reply
from alerts.rate import Rate
from tests.contracts.store import HOUR, NOW, Store, a_delivery, effects, put

LEASE = 20_000
OK, FAILED = Attempt(Reply.DELIVERED, 204), Attempt(Reply.FAILED, 500)
THREE = {"desk": Rate(3, 1_000)}


async def admit(store: Store, count: int, receiver: str = "desk") -> None:
    names = [f"{receiver}{number:02}" for number in range(count)]
    await put(
        store, effects(0, *(a_delivery(name, receiver=receiver, lane=name) for name in names)), partition=receiver
    )


def test_no_more_is_lent_than_a_rate_allows_in_any_span_by_all_processes_together(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await admit(store, 20)
        lent: list[int] = []
        for at in range(NOW, NOW + 3_000, 100):
            for outbox in (store.outbox, store.other_outbox):
                lease = await outbox.lease({"desk": 2}, at, LEASE, rates=THREE)
                lent += [at] * len(lease.leased)

        assert lent == [NOW] * 3 + [NOW + 1_000] * 3 + [NOW + 2_000] * 3
        assert all(sum(at <= each < at + 1_000 for each in lent) <= 3 for at in lent)

    runner.run(scenario())


def test_what_a_rate_holds_back_falls_due_when_it_may_go_and_nothing_of_it_is_lost(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await admit(store, 7)
        at, ids = NOW, list[str]()
        while len(ids) < 7:
            lease = await store.outbox.lease({"desk": 16}, at, LEASE, rates=THREE)
            ids += [each.delivery.id for each in lease.leased]
            if len(ids) < 7:
                assert lease.next_due == {"desk": at + 1_000}
                at += 1_000

        assert ids == [f"desk{number:02}" for number in range(7)] and at == NOW + 2_000

    runner.run(scenario())


def test_the_rate_of_one_receiver_is_nothing_to_another(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, 9)
        await admit(store, 9, "radio")
        lease = await store.outbox.lease({"desk": 16, "radio": 16}, NOW, LEASE, rates=THREE)

        assert sorted(each.delivery.receiver for each in lease.leased) == ["desk"] * 3 + ["radio"] * 9

    runner.run(scenario())


def test_no_more_is_lent_than_there_is_room_for_in_all_in_the_order_asked(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, 4)
        await admit(store, 4, "radio")
        first = await store.outbox.lease({"radio": 3, "desk": 3}, NOW, LEASE, most=5)
        rest = await store.outbox.lease({"radio": 3, "desk": 3}, NOW, LEASE)

        assert [each.delivery.receiver for each in first.leased] == ["radio"] * 3 + ["desk"] * 2
        assert len(rest.leased) == 3, "what was not lent is due still"

    runner.run(scenario())


def test_it_is_known_for_whom_something_is_unfinished(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        assert set(await store.outbox.waiting()) == set()
        await put(store, effects(0, a_delivery("a"), a_delivery("b", receiver="radio")))
        assert set(await store.other_outbox.waiting()) == {"desk", "radio"}
        (leased,) = (await store.outbox.lease({"desk": 1}, NOW, LEASE)).leased
        await store.outbox.later(leased, FAILED, NOW, NOW + HOUR)
        assert set(await store.outbox.waiting()) == {"desk", "radio"}, "due or not"
        (leased,) = (await store.outbox.lease({"desk": 1}, NOW + HOUR, LEASE)).leased
        await store.outbox.delivered(leased, OK, NOW + HOUR)
        assert set(await store.outbox.waiting()) == {"radio"}

    runner.run(scenario())
