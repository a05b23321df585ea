"""How long a receiver only failed is known to every process; a heartbeat is taken on by one of them."""

import asyncio

from alerts.failing_row import GIVEN_UP_AFTER, LONGEST_GAP, FailingRow
from alerts.model import Attempt, Reply
from alerts.store.durations import milliseconds
from tests.contracts.store import HOUR, NOW, Store, a_delivery, effects, put

LEASE = 20_000
FAILED, OK = Attempt(Reply.FAILED, 500), Attempt(Reply.DELIVERED, 204)


async def fails(store: Store, at: int, next_ms: int, other: bool = False) -> None:
    outbox = store.other_outbox if other else store.outbox
    (leased,) = (await outbox.lease({"desk": 1}, at, LEASE)).leased
    await outbox.later(leased, FAILED, at, next_ms)


def test_failures_in_a_row_are_counted_over_all_processes_until_one_works(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("a")))
        assert await store.outbox.failing() == {}
        for number in range(4):
            await fails(store, NOW + number * HOUR, NOW + (number + 1) * HOUR, other=number % 2 == 1)
        assert await store.outbox.failing() == {"desk": FailingRow(NOW, NOW + 3 * HOUR, 4)}

        (leased,) = (await store.outbox.lease({"desk": 1}, NOW + 4 * HOUR, LEASE)).leased
        await store.outbox.delivered(leased, OK, NOW + 4 * HOUR)
        assert await store.other_outbox.failing() == {}

    runner.run(scenario())


def test_a_row_does_not_join_failures_that_are_days_apart(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("a")))
        late = NOW + milliseconds(LONGEST_GAP)
        await fails(store, NOW, late)
        await fails(store, late, late + milliseconds(LONGEST_GAP) + 1)
        assert await store.outbox.failing() == {"desk": FailingRow(NOW, late, 2)}
        last = late + milliseconds(LONGEST_GAP) + 1
        await fails(store, last, last + 1)
        assert await store.outbox.failing() == {"desk": FailingRow(last, last, 1)}

    runner.run(scenario())


def test_the_last_attempt_counts_too_and_what_was_never_sent_does_not(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("a", lane="a"), a_delivery("b", lane="b")))
        one, two = (await store.outbox.lease({"desk": 2}, NOW, LEASE)).leased
        await store.outbox.dead(one, Attempt(Reply.GONE), NOW, "receiver_disabled")
        assert await store.outbox.failing() == {}
        await store.outbox.dead(two, FAILED, NOW + 1, "exhausted")
        assert await store.outbox.failing() == {"desk": FailingRow(NOW + 1, NOW + 1, 1)}

    runner.run(scenario())


def test_a_receiver_that_is_enabled_has_a_clean_record(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("a")))
        await fails(store, NOW, NOW + 1)
        await store.outbox.disable("desk", "failing", NOW)

        assert await store.other_outbox.enable("desk")
        assert await store.outbox.failing() == {}

    runner.run(scenario())


def test_five_days_of_failures_are_too_long_and_an_hour_less_is_not() -> None:
    five_days = milliseconds(GIVEN_UP_AFTER)

    assert FailingRow(NOW, NOW + five_days, 80).too_long
    assert not FailingRow(NOW, NOW + five_days - HOUR, 80).too_long


def test_one_process_only_sends_the_heartbeat_of_a_span_of_time(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        taken = [
            (slot, await outbox.beat("desk", slot))
            for slot in (7, 8, 7, 9)
            for outbox in (store.outbox, store.other_outbox, store.outbox)
        ]
        assert [slot for slot, ours in taken if ours] == [7, 8, 9], "and not the one before: clocks differ a little"
        assert await store.outbox.beat("radio", 7)

    runner.run(scenario())


def test_spans_that_a_clock_took_which_was_ahead_are_taken_again_by_one_process_each(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        assert await store.outbox.beat("desk", 1_000)
        taken = [
            (slot, await outbox.beat("desk", slot))
            for slot in (7, 8, 9)
            for outbox in (store.outbox, store.other_outbox)
        ]
        assert [slot for slot, ours in taken if ours] == [7, 8, 9]

    runner.run(scenario())
