"""What every store promises of deliveries that wait for a digest, and of the digest."""

import asyncio

from alerts.model import Attempt, Delivery, Reply
from alerts.outbox.outbox import Backlog
from alerts.store.keys import MEMORY_KEEP
from tests.contracts.store import NOW, Store, a_delivery, a_pending, effects, put

LEASE = 20_000
OK = Attempt(Reply.DELIVERED, 204)
FAILED = Attempt(Reply.FAILED, 500)


def a_digest(name: str, receiver: str = "desk") -> Delivery:
    return a_delivery(name, receiver=receiver, lane="backlog", body=bytes(range(256)))


async def wait_for_digest(store: Store, *names: str, receiver: str = "desk", a: int = 0, now_ms: int = NOW) -> None:
    """One record a name, from offset ``a`` on."""
    records = [effects(offset, pending=(a_pending(name, receiver=receiver),)) for offset, name in enumerate(names, a)]
    await put(store, *records, a=a, now_ms=now_ms)


async def positions(store: Store, partition: str = "p") -> tuple[int, int]:
    held = await store.admission.snapshot(partition)
    assert held is not None
    return held.checkpoint, held.low


async def settle(store: Store, verb: str = "delivered") -> list[str]:
    """Everything that is due; which."""
    settled = []
    while leased := (await store.outbox.lease({"desk": 9, "radio": 9}, NOW, LEASE)).leased:
        for each in leased:
            if verb == "dead":
                assert await store.outbox.dead(each, FAILED, NOW, "exhausted")
            else:
                assert await store.outbox.delivered(each, OK, NOW)
            settled.append(each.delivery.id)
    return settled


def test_what_is_pending_is_not_ready_but_pins_its_record(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0), effects(1, pending=(a_pending("d1"), a_pending("e1", receiver="radio"))))

        depth = await store.outbox.depth()
        assert (depth.ready, depth.pending, dict(depth.by_receiver)) == (0, 2, {})
        assert (await store.outbox.lease({"desk": 9}, NOW, LEASE)).leased == []
        assert await positions(store) == (2, 1)
        assert await store.admission.counts() == {"unmatched": 1, "alerted": 1}

    runner.run(scenario())


def test_what_is_pending_is_shown_by_receiver_oldest_first(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        summary = '{"عنوان": "\\u0000"}'.encode() + bytes(range(256))
        await put(store, effects(0, pending=(a_pending("z", summary=summary),)), now_ms=NOW)
        await wait_for_digest(store, "b", "a", a=1, now_ms=NOW + 5)
        await wait_for_digest(store, "e1", receiver="radio", a=3, now_ms=NOW + 7)

        assert await store.outbox.backlogs() == [
            Backlog("desk", 3, NOW, NOW + 5),
            Backlog("radio", 1, NOW + 7, NOW + 7),
        ]
        held = await store.outbox.pending("desk", 2)
        assert list(held) == [a_pending("z", summary=summary), a_pending("a")]
        assert [each.id for each in await store.outbox.pending("desk", 9)] == ["z", "a", "b"]
        assert list(await store.outbox.pending("nobody", 9)) == []

    runner.run(scenario())


def test_a_digest_replaces_what_it_stands_for_and_takes_over_its_pins(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(7, pending=(a_pending("q1"),)), b=8, partition="q")
        await wait_for_digest(store, "d1", "d2", "d3")

        assert await store.outbox.flush(a_digest("g"), ["d1", "d2", "q1"], NOW + 60_000)

        depth = await store.outbox.depth()
        assert (depth.ready, depth.pending, depth.oldest_ms) == (1, 1, NOW + 60_000)
        assert await store.outbox.backlogs() == [Backlog("desk", 1, NOW, NOW)]
        assert (await positions(store), await positions(store, "q")) == ((3, 0), (8, 7))
        (lent,) = (await store.outbox.lease({"desk": 9}, NOW + 60_000, LEASE)).leased
        assert lent.delivery == a_digest("g")

        await store.outbox.delivered(lent, OK, NOW + 60_000)
        assert (await positions(store), await positions(store, "q")) == ((3, 2), (8, 8)), "d3 is still pending"
        assert dict((await store.outbox.depth()).by_receiver) == {}

    runner.run(scenario())


def test_a_flush_may_be_repeated_and_two_processes_do_not_flush_the_same(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await wait_for_digest(store, "d1", "d2")

        assert await store.outbox.flush(a_digest("g"), ["d1", "d2"], NOW)
        assert await store.outbox.flush(a_digest("g"), ["d1", "d2"], NOW), "the reply to the first was lost"
        assert not await store.other_outbox.flush(a_digest("h"), ["d1", "d2"], NOW), "read before, made another one"
        await wait_for_digest(store, "d3", a=2)
        assert not await store.other_outbox.flush(a_digest("h"), ["d2", "d3"], NOW), "d2 went out already"

        assert [each.id for each in await store.outbox.pending("desk", 9)] == ["d3"]
        assert await settle(store) == ["g"]
        assert await store.outbox.flush(a_digest("g"), ["d1", "d2"], NOW), "settled meanwhile"
        assert await settle(store) == []

    runner.run(scenario())


def test_what_was_told_in_a_digest_is_never_added_again(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await wait_for_digest(store, "d1")
        again = effects(1, a_delivery("d1"), pending=(a_pending("d1"),))

        await put(store, again, a=1)
        assert (await store.outbox.depth()).pending == 1
        await store.outbox.flush(a_digest("g"), ["d1"], NOW)
        await put(store, effects(2, a_delivery("d1"), pending=(a_pending("d1"),)), a=2)
        assert await settle(store) == ["g"]
        await put(store, effects(3, a_delivery("d1"), pending=(a_pending("d1"),)), a=3)

        depth = await store.outbox.depth()
        assert (depth.ready, depth.pending) == (0, 0)
        assert await positions(store) == (4, 4)

    runner.run(scenario())


def test_what_was_sent_as_an_alert_is_in_no_digest(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("d1")))

        await wait_for_digest(store, "d1", a=1)

        depth = await store.outbox.depth()
        assert (depth.ready, depth.pending) == (1, 0)
        await settle(store)
        assert await positions(store) == (2, 2)

    runner.run(scenario())


def test_a_repeat_pins_what_is_pending_and_later_its_digest(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await wait_for_digest(store, "d1", "d2")
        await put(store, effects(5, repeats=("d1",)), b=6, partition="q")
        assert await positions(store, "q") == (6, 5)

        await store.outbox.flush(a_digest("g"), ["d1", "d2"], NOW)
        await put(store, effects(9, repeats=("d2", "unheard of")), b=10, partition="r")

        assert (await positions(store, "q"), await positions(store, "r")) == ((6, 5), (10, 9))
        assert await settle(store) == ["g"]
        assert [await positions(store, name) for name in "pqr"] == [(2, 2), (6, 6), (10, 10)]
        await put(store, effects(10, repeats=("d2",)), a=10, partition="r")
        assert await positions(store, "r") == (11, 11), "told; nothing is needed any more"

    runner.run(scenario())


def test_of_many_repeats_the_first_record_of_each_partition_is_needed(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await wait_for_digest(store, "d1", "d2")
        for offset in range(2, 6):
            await put(store, effects(offset, repeats=("d1", "d2")), a=offset)
        await store.outbox.flush(a_digest("g"), ["d2"], NOW)
        await put(store, effects(6, repeats=("d2",)), a=6)

        assert await positions(store) == (7, 0)
        await store.outbox.flush(a_digest("h"), ["d1"], NOW)
        (first,) = (await store.outbox.lease({"desk": 1}, NOW, LEASE)).leased
        assert first.delivery.id == "g"
        await store.outbox.delivered(first, OK, NOW)
        assert await positions(store) == (7, 0)
        await settle(store)
        assert await positions(store) == (7, 7)

    runner.run(scenario())


def test_the_digest_needs_the_first_record_of_its_members_in_whatever_order(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await put(store, effects(0), *(effects(offset, pending=(a_pending(f"d{offset}"),)) for offset in (1, 2, 3)))

        assert await store.outbox.flush(a_digest("g"), ["d3", "d1", "d2"], NOW)

        assert await positions(store) == (4, 1)

    runner.run(scenario())


def test_in_a_partition_made_anew_a_repeat_is_needed_although_its_offset_is_lower(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await put(store, a=0, b=90)
        await put(store, effects(90, a_delivery("d1")), effects(91, pending=(a_pending("d2"),)), a=90)
        await store.admission.skip("p", "first", 92, 0, "recreated")

        await put(store, effects(0), effects(4, repeats=("d2",)), effects(7, repeats=("d1",)), a=0)
        assert await positions(store) == (8, 4)
        await store.outbox.flush(a_digest("g"), ["d2"], NOW)
        assert await positions(store) == (8, 4)

        await settle(store)
        assert await positions(store) == (8, 8)

    runner.run(scenario())


def test_digests_of_a_receiver_arrive_in_order(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await wait_for_digest(store, "d1", "d2")
        await store.outbox.flush(a_digest("h"), ["d1"], NOW)
        await store.outbox.flush(a_digest("g"), ["d2"], NOW)

        assert await settle(store) == ["h", "g"]

    runner.run(scenario())


def test_a_dead_digest_can_be_replayed_and_frees_its_records(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await wait_for_digest(store, "d1")
        await store.outbox.flush(a_digest("g"), ["d1"], NOW)

        assert await settle(store, "dead") == ["g"]
        assert await positions(store) == (1, 1)
        assert await store.outbox.replay(["g"], NOW) == 1
        await put(store, effects(1, repeats=("d1",)), a=1)
        assert await positions(store) == (2, 2)

        assert await settle(store) == ["g"]
        assert (await store.outbox.depth()).dead == 0

    runner.run(scenario())


def test_what_is_pending_or_in_an_unfinished_digest_is_not_forgotten(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        later = NOW + round(MEMORY_KEEP.total_seconds() * 1000)
        await wait_for_digest(store, "d1", "d2")
        await store.outbox.flush(a_digest("g"), ["d1"], NOW)

        await put(store, effects(2, a_delivery("other")), a=2, now_ms=later)
        await put(store, effects(3, pending=(a_pending("d1"), a_pending("d2"))), a=3, now_ms=later)

        depth = await store.outbox.depth()
        assert (depth.ready, depth.pending) == (2, 1)

    runner.run(scenario())


def test_a_digest_of_a_thousand_is_one_step(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        names = [f"d{number:04}" for number in range(1_000)]
        await put(store, effects(0, pending=tuple(a_pending(name) for name in names)))

        held = [each.id for each in await store.outbox.pending("desk", 1_000)]
        assert held == names
        assert await store.outbox.flush(a_digest("g"), held, NOW)

        assert await settle(store) == ["g"]
        assert await positions(store) == (1, 1)
        assert await store.outbox.backlogs() == []

    runner.run(scenario())
