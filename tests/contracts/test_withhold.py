"""What every ``Outbox`` promises of notices that end untold when their turn comes."""

import asyncio

from alerts.model import Pending
from alerts.outbox.outbox import Backlog, Group
from alerts.store.keys import MEMORY_KEEP
from tests.contracts.store import NOW, Store, a_delivery, a_pending, effects, paced, put

KEPT_MS = round(MEMORY_KEEP.total_seconds() * 1000)


async def admit(store: Store, *pending: Pending, a: int = 0) -> None:
    await put(store, *(effects(a + at, pending=(each,)) for at, each in enumerate(pending)), a=a)


async def low(store: Store) -> int:
    standing = await store.admission.snapshot("p")
    assert standing is not None
    return standing.low


async def withhold(store: Store, *members: Pending, now_ms: int = NOW) -> bool:
    return await store.outbox.withhold(members, "silenced", [f"sil_{each.id}" for each in members], now_ms)


def test_what_is_withheld_leaves_its_group_and_frees_its_pins(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        members = paced("d1"), paced("d2"), paced("d3")
        await admit(store, *members)
        await put(store, effects(7, repeats=("d1",)), b=8, partition="q")

        for _ in range(2):
            assert await withhold(store, *members[:2])
        assert [each.id for each in await store.outbox.pending("desk/g", 9)] == ["d3"]
        assert (await low(store), (await store.outbox.depth()).pending) == (2, 1)
        other = await store.admission.snapshot("q")
        assert other is not None and other.low == 8, "what a repeat pinned is free too"

        assert await withhold(store, members[2])
        assert (await store.outbox.groups(9), await low(store)) == ([], 3)
        assert (await store.outbox.lease({"desk": 9}, NOW, 20_000)).leased == []

    runner.run(scenario())


def test_what_is_left_of_a_group_is_whole(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"), paced("d2"))
        assert await withhold(store, paced("d1"))

        assert await store.outbox.groups(9) == [Group("desk/g", NOW)]
        assert await store.outbox.flush(a_delivery("d2"), ["d2"], NOW, group="desk/g", whole=1)

    runner.run(scenario())


def test_it_is_known_to_be_withheld_until_it_is_added_again(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"), paced("d2"))
        assert await store.admission.withheld(["d1", "d2"]) == set() and not await store.admission.withholds()
        assert await withhold(store, paced("d1"), paced("d2"))
        assert await store.admission.withheld(["d1", "d2", "d3"]) == {"d1", "d2"} and await store.admission.withholds()

        await admit(store, paced("d1"), a=2)
        await put(store, effects(3, a_delivery("d2")), a=3)
        assert await store.admission.withheld(["d1", "d2"]) == set()
        assert [each.id for each in await store.outbox.pending("desk/g", 9)] == ["d1"]
        assert [each.delivery.id for each in (await store.outbox.lease({"desk": 9}, NOW, 20_000)).leased] == ["d2"]
        assert await low(store) == 2
        assert await withhold(store, paced("d1")), "and may be withheld again"
        assert await store.admission.withheld(["d1"]) == {"d1"}

    runner.run(scenario())


def test_nothing_is_withheld_where_another_process_was_faster(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"), paced("d2"))
        assert await store.outbox.flush(a_delivery("d1"), ["d1"], NOW, group="desk/g")

        assert not await withhold(store, paced("d1"), paced("d2"))
        assert not await withhold(store, paced("d1"))
        assert [each.id for each in await store.outbox.pending("desk/g", 9)] == ["d2"]
        assert await low(store) == 0

    runner.run(scenario())


def test_a_backlog_is_as_much_smaller(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, a_pending("b1"), a_pending("b2"), paced("d1"))

        assert await withhold(store, a_pending("b1"))
        assert await store.outbox.backlogs() == [Backlog("desk", 1, NOW, NOW)]
        assert await withhold(store, a_pending("b2"))
        assert await store.outbox.backlogs() == []
        assert await store.outbox.groups(9) == [Group("desk/g", NOW)]

    runner.run(scenario())


def test_two_thousand_are_withheld_in_one_step(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        members = [paced(f"d{number}") for number in range(2_000)]
        await admit(store, *members)

        assert await withhold(store, *members)
        assert (await store.outbox.groups(9), await low(store)) == ([], 2_000)

    runner.run(scenario())
