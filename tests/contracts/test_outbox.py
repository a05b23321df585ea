"""What every ``Outbox`` promises."""

import asyncio

from alerts.model import Attempt, Leased, Reply
from alerts.outbox.outbox import Outbox
from alerts.store.keys import MEMORY_KEEP
from tests.contracts.store import HOUR, NOW, Store, a_delivery, effects, put

LEASE = 20_000
OK = Attempt(Reply.DELIVERED, 204)
FAILED = Attempt(Reply.FAILED, 500)


async def lend(outbox: Outbox, now_ms: int = NOW, **free: int) -> list[Leased]:
    return list((await outbox.lease(free or {"desk": 10}, now_ms, LEASE)).leased)


def ids(leased: list[Leased]) -> list[str]:
    return [each.delivery.id for each in leased]


async def fill(store: Store, *names: str) -> None:
    """One delivery a name in one lane, admitted in order."""
    await put(store, *(effects(offset, a_delivery(name)) for offset, name in enumerate(names)))


def test_only_the_head_of_a_lane_is_lent_and_only_once(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(
            store, effects(0, a_delivery("d1")), effects(1, a_delivery("d2")), effects(2, a_delivery("e1", lane="x"))
        )

        first, again = await lend(store.outbox), await lend(store.other_outbox)

        assert ids(first) == ["d1", "e1"]
        assert again == []

    runner.run(scenario())


def test_what_is_lent_is_what_was_admitted(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        delivery = a_delivery("d1", body='{"عنوان": "\\u0000"}'.encode() + bytes(range(256)))
        await put(store, effects(0, delivery))

        (lent,) = await lend(store.outbox)

        assert lent == Leased(delivery=delivery, attempt=1, order_gap=False, replay=False)

    runner.run(scenario())


def test_no_more_is_lent_than_a_receiver_has_room_for(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        lanes = [a_delivery(f"d{n}", lane=f"l{n}") for n in range(5)]
        others = [a_delivery(f"e{n}", receiver="radio", lane=f"l{n}") for n in range(5)]
        await put(store, effects(0, *lanes, *others))

        lent = await lend(store.outbox, desk=2, radio=0)

        assert len(lent) == 2
        assert {each.delivery.receiver for each in lent} == {"desk"}

    runner.run(scenario())


def test_after_a_success_the_lane_goes_on_and_nothing_is_pinned(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1", "d2")
        (first,) = await lend(store.outbox)

        assert await store.outbox.delivered(first, OK, NOW)

        (second,) = await lend(store.outbox)
        assert second.delivery.id == "d2"
        assert await store.outbox.delivered(second, OK, NOW)
        held, depth = await store.admission.snapshot("p"), await store.outbox.depth()
        assert held is not None
        assert held.low == held.checkpoint == 2
        assert (depth.ready, depth.oldest_ms, dict(depth.by_receiver)) == (0, 0, {})
        assert (await store.outbox.lease({"desk": 1}, NOW + HOUR, LEASE)).next_due == {}

    runner.run(scenario())


def test_settling_twice_is_harmless_and_said(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1", "d2")
        (first,) = await lend(store.outbox)

        assert await store.outbox.delivered(first, OK, NOW)
        assert not await store.outbox.delivered(first, OK, NOW)
        assert not await store.outbox.later(first, FAILED, NOW, NOW + 5)
        assert not await store.outbox.dead(first, FAILED, NOW, "exhausted")
        assert ids(await lend(store.outbox)) == ["d2"]

    runner.run(scenario())


def test_a_failure_is_due_again_when_told_and_counts_as_an_attempt(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1")
        (first,) = await lend(store.outbox)
        await store.outbox.later(first, FAILED, NOW, NOW + 5_000)

        early = await store.outbox.lease({"desk": 1}, NOW + 4_999, LEASE)
        (second,) = await lend(store.outbox, NOW + 5_000)

        assert (list(early.leased), early.next_due) == ([], {"desk": NOW + 5_000})
        assert second.attempt == 2

    runner.run(scenario())


def test_a_failure_told_again_counts_once(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1")
        (first,) = await lend(store.outbox)
        for _ in range(3):  # the reply to the first call was lost
            await store.outbox.later(first, FAILED, NOW, NOW + 5_000)

        (second,) = await lend(store.outbox, NOW + 5_000)

        assert second.attempt == 2

    runner.run(scenario())


def test_what_was_settled_is_never_added_again(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1", "d2")
        (first,) = await lend(store.outbox)
        await store.outbox.delivered(first, OK, NOW)
        (second,) = await lend(store.outbox)
        await store.outbox.dead(second, FAILED, NOW, "exhausted")

        await put(store, effects(2, a_delivery("d1"), a_delivery("d2")), a=2)

        held = await store.admission.snapshot("p")
        assert held is not None
        assert (await store.outbox.depth()).ready == 0
        assert held.low == held.checkpoint == 3

    runner.run(scenario())


def test_what_was_added_is_forgotten_after_a_documented_time(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        later = NOW + round(MEMORY_KEEP.total_seconds() * 1000)
        await fill(store, "d1")
        (first,) = await lend(store.outbox)
        await store.outbox.delivered(first, OK, NOW)

        await put(store, effects(1, a_delivery("d2")), a=1, now_ms=later)
        await put(store, effects(2, a_delivery("d1")), a=2, now_ms=later)

        assert (await store.outbox.depth()).ready == 2

    runner.run(scenario())


def test_a_lease_runs_out_and_the_attempt_was_not_counted(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1")
        await lend(store.outbox)

        assert await lend(store.other_outbox, NOW + LEASE - 1) == []
        (again,) = await lend(store.other_outbox, NOW + LEASE)
        assert (again.delivery.id, again.attempt) == ("d1", 1)

    runner.run(scenario())


def test_an_instance_that_comes_back_takes_its_own_leases_only(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("d1"), a_delivery("e1", receiver="radio")))
        await lend(store.outbox, desk=1)
        await lend(store.other_outbox, radio=1)

        assert await store.outbox.reclaim(["desk", "radio"], NOW + 1) == 1
        assert ids(await lend(store.outbox, NOW + 1, desk=1, radio=1)) == ["d1"]

    runner.run(scenario())


def test_what_was_given_back_is_due_at_once(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1")
        (first,) = await lend(store.outbox)

        await store.outbox.give_back(first, NOW + 1)

        (again,) = await lend(store.other_outbox, NOW + 1)
        assert again.attempt == 1

    runner.run(scenario())


def test_a_head_of_an_hour_is_parked_and_later_ones_go_on_marked(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1", "d2")
        (first,) = await lend(store.outbox)
        await store.outbox.later(first, FAILED, NOW, NOW + 2 * HOUR)

        assert await lend(store.outbox, NOW + HOUR - 1) == []
        (second,) = await lend(store.outbox, NOW + HOUR)
        assert (second.delivery.id, second.order_gap) == ("d2", True)
        await store.outbox.delivered(second, OK, NOW + HOUR)

        (parked,) = await lend(store.outbox, NOW + 2 * HOUR)
        assert (parked.delivery.id, parked.attempt, parked.order_gap) == ("d1", 2, False)
        held = await store.admission.snapshot("p")
        assert held is not None
        assert held.low == 0, "a parked delivery still pins its record"
        await store.outbox.delivered(parked, OK, NOW + 2 * HOUR)
        await put(store, effects(2, a_delivery("d3")), a=2, now_ms=NOW + 2 * HOUR)
        (third,) = await lend(store.outbox, NOW + 2 * HOUR)
        assert (third.delivery.id, third.order_gap) == ("d3", False)

    runner.run(scenario())


def test_the_dead_are_kept_with_their_reason_and_free_their_lane(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1", "d2")
        (first,) = await lend(store.outbox)

        assert await store.outbox.dead(first, FAILED, NOW + 7, "exhausted")

        (letter,) = await store.outbox.dead_letters(10)
        assert (letter.id, letter.receiver, letter.reason, letter.attempts, letter.died_ms, letter.body) == (
            "d1", "desk", "exhausted", 1, NOW + 7, b"{}",
        )  # fmt: skip
        assert ids(await lend(store.outbox, NOW + 7)) == ["d2"]
        held, depth = await store.admission.snapshot("p"), await store.outbox.depth()
        assert held is not None
        assert held.low == 1
        assert (depth.ready, depth.dead) == (1, 1)

    runner.run(scenario())


def test_a_replay_has_the_same_id_and_bytes_and_says_so(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await fill(store, "d1", "d2")
        (first,) = await lend(store.outbox)
        await store.outbox.dead(first, FAILED, NOW, "exhausted")

        assert await store.outbox.replay(["d1", "never heard of"], NOW + HOUR) == 1
        assert await store.outbox.replay(["d1"], NOW + HOUR) == 0

        replayed = next(each for each in await lend(store.outbox, NOW + HOUR) if each.delivery.id == "d1")
        assert replayed == Leased(delivery=first.delivery, attempt=1, order_gap=False, replay=True)
        assert await store.outbox.delivered(replayed, OK, NOW + HOUR)
        assert (await store.outbox.depth()).dead == 0

    runner.run(scenario())


def test_the_deliveries_of_a_removed_receiver_end_dead(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        gone = [a_delivery(f"e{n}", receiver="radio") for n in range(3)]
        await put(store, effects(0, a_delivery("d1"), *gone))

        assert await store.outbox.retire(["desk"], NOW + 1) == 3
        assert await store.outbox.retire(["desk"], NOW + 1) == 0

        letters = await store.outbox.dead_letters(10)
        assert {(letter.id, letter.reason) for letter in letters} == {(f"e{n}", "receiver_removed") for n in range(3)}
        assert dict((await store.outbox.depth()).by_receiver) == {"desk": 1}

    runner.run(scenario())


def test_a_disabled_receiver_is_remembered_until_enabled(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await store.outbox.disable("desk", "410 Gone", NOW)

        assert await store.other_outbox.disabled() == {"desk": "410 Gone"}
        assert await store.outbox.enable("desk")
        assert not await store.outbox.enable("desk")
        assert await store.outbox.disabled() == {}

    runner.run(scenario())


def test_depth_counts_what_is_unfinished_by_receiver(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("d1"), a_delivery("e1", receiver="radio")), now_ms=NOW + 5)

        depth = await store.outbox.depth()

        assert (depth.ready, depth.oldest_ms, dict(depth.by_receiver)) == (2, NOW + 5, {"desk": 1, "radio": 1})
        assert 0 <= depth.memory_used < 1

    runner.run(scenario())
