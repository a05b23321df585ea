"""What every store promises of a correction that comes while notices of its alert wait."""

import asyncio

from alerts.admission.admission import Amendment
from alerts.model import Amended, Attempt, Reply, Wait
from tests.contracts.store import NOW, Store, a_delivery, a_pending, effects, paced, put

FIRST, SECOND = Amended("denied", bytes(range(256))), Amended("retracted", b"{}")


def corrects(*ids: str, amended: Amended = FIRST) -> tuple[Amendment, ...]:
    return (Amendment(ids, amended),)


async def waiting(store: Store, group: str = "desk/g") -> dict[str, Amended | None]:
    return {each.id: each.amended for each in await store.outbox.pending(group, 9)}


def test_what_waits_is_amended_and_nothing_else(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, a_delivery("ready"), pending=(paced("d1"), paced("d2"), a_pending("b1"))))
        await put(store, effects(1, amendments=corrects("d1", "ready", "nobody", "b1"), memory={"s": b"1"}), a=1)

        assert await waiting(store) == {"d1": FIRST, "d2": None}
        assert await waiting(store, "desk") == {"b1": FIRST}
        assert (await store.outbox.depth()).pending == 3

    runner.run(scenario())


def test_of_two_corrections_the_later_holds_also_in_one_batch_with_what_waits(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        records = [
            effects(0, pending=(paced("d1"), paced("d2"))),
            effects(1, amendments=corrects("d1", "d2")),
            effects(2, amendments=corrects("d2", amended=SECOND)),
        ]
        await put(store, *records)
        assert await waiting(store) == {"d1": FIRST, "d2": SECOND}
        await put(store, *records)
        assert await waiting(store) == {"d1": FIRST, "d2": SECOND}, "the same again changes nothing"

    runner.run(scenario())


def test_a_digest_made_before_the_correction_came_is_not_taken(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, pending=(paced("d1"), paced("d2"))))
        await put(store, effects(1, amendments=corrects("d2"), memory={"s": b"1"}), a=1)
        digest, members = a_delivery("g"), ["d1", "d2"]

        assert not await store.outbox.flush(digest, members, NOW, group="desk/g")
        assert not await store.outbox.flush(digest, members, NOW, group="desk/g", amended={"d1": "denied"})
        assert not await store.outbox.flush(digest, members, NOW, group="desk/g", amended={"d2": "retracted"})
        assert (await store.outbox.depth()).pending == 2
        for _ in range(2):
            assert await store.outbox.flush(digest, members, NOW, group="desk/g", amended={"d2": "denied"})
        depth = await store.outbox.depth()
        assert (depth.pending, depth.ready) == (0, 1)

    runner.run(scenario())


def test_what_went_out_is_amended_no_more_and_leaves_nothing_behind(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, pending=(a_pending("b1"),)))
        await put(store, effects(1, amendments=corrects("b1"), memory={"s": b"1"}), a=1)
        assert await store.outbox.flush(a_delivery("g"), ["b1"], NOW, amended={"b1": "denied"})
        await put(store, effects(2, amendments=corrects("b1", amended=SECOND), memory={"s": b"2"}), a=2)

        (lent,) = (await store.outbox.lease({"desk": 9}, NOW, 20_000)).leased
        assert await store.outbox.delivered(lent, Attempt(Reply.DELIVERED, 204), NOW)
        await put(store, effects(3, pending=(paced("d1"),)), a=3)
        assert await waiting(store) == {"d1": None}

    runner.run(scenario())


def test_what_a_throttle_holds_stays_amended(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(store, effects(0, pending=(paced("d1"),)))
        await put(store, effects(1, amendments=corrects("d1"), memory={"s": b"1"}), a=1)
        held = paced("d1", "desk/t", 90_000, wait=Wait.THROTTLED)

        assert await store.outbox.hold("desk/g", [held], NOW)
        assert await waiting(store, "desk/t") == {"d1": FIRST}
        await put(store, effects(2, amendments=corrects("d1", amended=SECOND), memory={"s": b"2"}), a=2)
        assert await waiting(store, "desk/t") == {"d1": SECOND}

    runner.run(scenario())
