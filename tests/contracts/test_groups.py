"""What every store promises of notices that routes pace: when their group is due, and what becomes of them."""

import asyncio

from alerts.model import Attempt, Pending, Plan, Reply, Severity, Throttle, Wait
from alerts.outbox.outbox import Backlog, Group, Through
from alerts.pacing.turn import NOTHING_USED, Used
from alerts.store.keys import GROUP_KEEP
from tests.contracts.store import NOW, Store, a_delivery, a_pending, effects, paced, put

LEASE = 20_000
OK = Attempt(Reply.DELIVERED, 204)
SECOND = 1_000


async def admit(store: Store, *pending: Pending, a: int = 0, now_ms: int = NOW) -> None:
    """One record each, from offset ``a`` on."""
    await put(store, *(effects(offset, pending=(each,)) for offset, each in enumerate(pending, a)), a=a, now_ms=now_ms)


async def low(store: Store) -> int:
    held = await store.admission.snapshot("p")
    assert held is not None
    return held.low


def test_a_group_is_due_when_the_first_of_its_notices_is(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1", due=30_000), paced("d2", due=20_000), paced("e", "desk/h", due=10_000))
        assert await store.outbox.groups(9) == [Group("desk/h", NOW + 10_000), Group("desk/g", NOW + 20_000)]
        assert await store.outbox.groups(1) == [Group("desk/h", NOW + 10_000)]

        await admit(store, paced("d3", due=25_000), paced("d4", due=0), a=3)
        assert await store.outbox.groups(9) == [Group("desk/g", NOW), Group("desk/h", NOW + 10_000)]
        assert [each.id for each in await store.outbox.pending("desk/g", 9)] == ["d1", "d2", "d3", "d4"]
        assert (await store.outbox.pending("desk/g", 1))[0] == paced("d1", due=30_000)
        assert await store.outbox.backlogs() == []
        depth = await store.outbox.depth()
        assert (depth.ready, depth.pending) == (0, 5)

    runner.run(scenario())


def test_a_group_that_was_told_is_due_no_sooner_than_its_interval_after(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"))
        assert await store.outbox.flush(a_delivery("d1"), ["d1"], NOW, group="desk/g", whole=1)
        assert await store.outbox.groups(9) == []

        await admit(store, paced("d2", due=SECOND, interval=60_000), a=1, now_ms=NOW + SECOND)
        assert await store.outbox.groups(9) == [Group("desk/g", NOW + 60_000)]
        await admit(store, paced("d3", due=61_000, interval=60_000), a=2, now_ms=NOW + SECOND)
        assert await store.outbox.groups(9) == [Group("desk/g", NOW + 60_000)], "a later one does not put it off"
        await admit(store, paced("d4", due=2_000), a=3, now_ms=NOW + 2_000)
        assert await store.outbox.groups(9) == [Group("desk/g", NOW + 2_000)], "a correction does not wait for it"
        await admit(store, paced("e1", "desk/h", due=5, interval=60_000), a=4)
        assert Group("desk/h", NOW + 5) in await store.outbox.groups(9), "another group"

    runner.run(scenario())


def test_a_clock_that_was_ahead_for_a_while_puts_a_group_off_by_its_interval_at_most(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"))
        await store.outbox.flush(a_delivery("d1"), ["d1"], NOW + 20 * 3_600_000, group="desk/g")

        await admit(store, paced("d2", due=SECOND, interval=60_000), a=1)
        assert await store.outbox.groups(9) == [Group("desk/g", NOW + 60_000)]

    runner.run(scenario())


def test_when_a_group_was_told_is_forgotten_after_the_longest_interval(store: Store, runner: asyncio.Runner) -> None:
    day = round(GROUP_KEEP.total_seconds() * 1000)

    async def scenario() -> None:
        await admit(store, paced("d1"), paced("e1", "desk/h"))
        await store.outbox.flush(a_delivery("d1"), ["d1"], NOW, group="desk/g")
        await store.outbox.flush(a_delivery("e1"), ["e1"], NOW + day, group="desk/h")

        await admit(store, paced("d2", due=5, interval=2 * day), a=2)
        assert await store.outbox.groups(9) == [Group("desk/g", NOW + 5)]

    runner.run(scenario())


def test_a_notice_that_nothing_joined_goes_out_as_itself_and_keeps_its_pin(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1", body=bytes(range(256))))
        for _ in range(2):
            assert await store.outbox.flush(a_delivery("d1", body=bytes(range(256))), ["d1"], NOW, group="desk/g")
        await put(store, effects(1, pending=(paced("d1"),)), a=1)

        depth = await store.outbox.depth()
        assert (depth.ready, depth.pending, await low(store), await store.outbox.groups(9)) == (1, 0, 0, [])
        (lent,) = (await store.outbox.lease({"desk": 9}, NOW, LEASE)).leased
        assert lent.delivery == a_delivery("d1", body=bytes(range(256)))
        assert await store.outbox.delivered(lent, OK, NOW)
        assert await low(store) == 2
        assert (await store.outbox.lease({"desk": 9}, NOW + LEASE, LEASE)).leased == []

    runner.run(scenario())


def test_a_group_that_grew_since_it_was_looked_at_is_looked_at_again(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"), paced("d2"))
        digest = a_delivery("g")

        await admit(store, paced("d3"), a=2)
        assert not await store.outbox.flush(digest, ["d1", "d2"], NOW, group="desk/g", whole=2)
        assert (await store.outbox.depth()).pending == 3
        assert await store.outbox.flush(digest, ["d1", "d2"], NOW, group="desk/g")
        assert await store.outbox.groups(9) == [Group("desk/g", NOW)], "one is left"
        assert not await store.other_outbox.flush(a_delivery("h"), ["d2", "d3"], NOW, group="desk/g", whole=1)
        assert [each.id for each in await store.outbox.pending("desk/g", 9)] == ["d3"]

    runner.run(scenario())


def test_what_a_throttle_lets_through_is_counted_with_what_it_lets_through(
    store: Store, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"), paced("d2", "desk/h"), paced("d3", "desk/i"))
        first, second = Used(NOW + 60_000, (0, 1, 0)), Used(NOW + 60_000, (1, 1, 0))
        assert await store.outbox.used(["desk/x", "desk/y"]) == {}

        through = [Through("desk/x", NOTHING_USED, first)]
        assert await store.outbox.flush(a_delivery("d1"), ["d1"], NOW, group="desk/g", through=through)
        assert await store.other_outbox.used(["desk/y", "desk/x"]) == {"desk/x": first}
        assert not await store.other_outbox.flush(a_delivery("d2"), ["d2"], NOW, group="desk/h", through=through)
        assert [each.id for each in await store.outbox.pending("desk/h", 9)] == ["d2"], "another was faster"
        again = [Through("desk/x", first, second), Through("desk/y", NOTHING_USED, first)]
        assert await store.other_outbox.flush(a_delivery("d2"), ["d2"], NOW, group="desk/h", through=again)
        assert await store.outbox.used(["desk/x", "desk/y"]) == {"desk/x": second, "desk/y": first}
        assert await store.outbox.used([]) == {}

    runner.run(scenario())


def test_what_is_held_waits_in_another_group_and_keeps_its_pin(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"), paced("d2"), paced("d3"))
        held = [paced(name, "desk/t", 90_000, wait=Wait.THROTTLED) for name in ("d1", "d2")]

        for _ in range(2):
            assert await store.outbox.hold("desk/g", held, NOW)
        assert await store.outbox.groups(9) == [Group("desk/g", NOW), Group("desk/t", NOW + 90_000)]
        assert list(await store.outbox.pending("desk/t", 9)) == held
        assert [each.id for each in await store.outbox.pending("desk/g", 9)] == ["d3"]
        assert await low(store) == 0

        assert await store.outbox.hold("desk/g", [paced("d3", "desk/t", 80_000, wait=Wait.THROTTLED)], NOW)
        assert await store.outbox.groups(9) == [Group("desk/t", NOW + 80_000)]
        assert await store.outbox.flush(a_delivery("digest"), ["d1", "d2", "d3"], NOW, group="desk/t", whole=3)
        assert not await store.outbox.hold("desk/g", held, NOW), "it went out meanwhile"
        assert (await store.outbox.groups(9), await low(store)) == ([], 0)
        (lent,) = (await store.outbox.lease({"desk": 9}, NOW, LEASE)).leased
        await store.outbox.delivered(lent, OK, NOW)
        assert await low(store) == 3

    runner.run(scenario())


def test_a_repeat_pins_what_waits_and_adds_nothing(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1", due=60_000))
        await put(store, effects(5, pending=(paced("d1"),)), effects(6, repeats=("d1",)), b=7, partition="q")

        assert (await store.outbox.depth()).pending == 1
        assert await store.outbox.groups(9) == [Group("desk/g", NOW + 60_000)], "not due any sooner"
        held = await store.admission.snapshot("q")
        assert held is not None and held.low == 5

    runner.run(scenario())


def test_a_backlog_and_a_group_of_one_receiver_do_not_mix(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1", due=60_000), a_pending("b1"))

        assert await store.outbox.backlogs() == [Backlog("desk", 1, NOW, NOW)]
        assert [each.id for each in await store.outbox.pending("desk", 9)] == ["b1"]
        assert await store.outbox.flush(a_delivery("g"), ["b1"], NOW)
        assert await store.outbox.groups(9) == [Group("desk/g", NOW + 60_000)]
        assert await store.outbox.backlogs() == []

    runner.run(scenario())


def test_a_flush_with_the_wrong_shape_changes_nothing(store: Store, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await admit(store, paced("d1"))
        assert not await store.outbox.flush(a_delivery("g"), ["d1", "nobody"], NOW, group="desk/g")
        assert not await store.outbox.hold("desk/g", [paced("nobody", "desk/t")], NOW)

        assert [each.id for each in await store.outbox.pending("desk/g", 9)] == ["d1"]
        assert await store.outbox.groups(9) == [Group("desk/g", NOW)]

    runner.run(scenario())


def test_throttles_are_part_of_what_is_stored_with_a_notice(store: Store, runner: asyncio.Runner) -> None:
    plan = Plan(
        "desk/g", Wait.GROUP, (), "lane", NOW, Severity.CRITICAL, 5, alone=True, throttle=Throttle("desk/x", 3, 60_000)
    )
    pending = Pending(
        id="d1", receiver="desk", notice="n", created_ms=NOW, summary=b"{}", plan=plan, locale="ar", timezone="UTC"
    )

    async def scenario() -> None:
        await admit(store, pending)
        assert list(await store.outbox.pending("desk/g", 9)) == [pending]

    runner.run(scenario())
