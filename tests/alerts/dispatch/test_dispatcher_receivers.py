"""Receivers that are disabled, slow, busy, added or removed."""

import asyncio
import json

from alerts.dispatch.observer import Ending
from alerts.model import Attempt, Leased, Reply
from tests.alerts.dispatch.dispatching import FAILED, GONE, OK, World, a_receiver, always, play, running


def test_gone_disables_the_receiver_and_the_rest_is_written_off_unsent_until_it_is_enabled() -> None:
    async def scenario() -> None:
        world = World()
        world.answers["desk"] = always(GONE, OK)
        world.admit("a")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.admit("b")
            await world.until(lambda: len(world.settled_as) == 2)
            await world.outbox.enable("desk")
            world.pass_time(10)
            world.admit("c")
            await world.until(lambda: len(world.settled_as) == 3)

        await running(world, play_it)
        assert world.settled_as == [
            ("a", Ending.DEAD, "gone"),
            ("b", Ending.DEAD, "receiver_disabled"),
            ("c", Ending.DELIVERED, ""),
        ]
        assert world.ids_sent == ["a", "c"]

    play(scenario)


def test_the_other_receivers_that_ask_for_it_are_told_once_of_one_that_is_gone() -> None:
    async def scenario() -> None:
        ops, deaf = a_receiver("ops", events=("system.*",)), a_receiver("deaf", events=("system.*",))
        world = World(a_receiver("desk", events=("*",)), ops, deaf, a_receiver("duty"))
        await world.outbox.disable("deaf", "gone", 0)
        world.answers["desk"] = always(GONE)
        for number in range(3):
            world.admit(f"a{number}")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 3)
            world.pass_time(1)
            await world.until(lambda: len(world.settled_as) == 4)

        await running(world, play_it)
        told = [leased.delivery for leased in world.sent if leased.delivery.type == "system.receiver_disabled"]
        assert [each.receiver for each in told] == ["ops"]
        assert json.loads(told[0].body)["data"]["receiver"] == "desk"

    play(scenario)


def test_a_receiver_that_is_gone_is_told_of_before_it_is_written_off() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk"), a_receiver("ops", events=("system.*",)))
        world.answers["desk"] = always(GONE)
        world.outbox.down["announce"] = 1
        known: list[tuple[str, bool]] = []
        world.outbox.before = lambda verb: known.append((verb, "desk" in world.state.disabled))
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 2))
        assert [each for each in known if each[0] == "announce"] == [("announce", False)] * 2
        assert world.state.disabled == {"desk": "gone"}

    play(scenario)


def test_a_receiver_disabled_by_another_process_gets_nothing() -> None:
    async def scenario() -> None:
        world = World()
        await world.outbox.disable("desk", "gone", 0)
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert (world.ids_sent, world.settled_as) == ([], [("a", Ending.DEAD, "receiver_disabled")])

    play(scenario)


def test_a_receiver_that_hangs_holds_up_nobody_else() -> None:
    async def scenario() -> None:
        world = World(a_receiver("hung", most=4), a_receiver("desk"))
        release = asyncio.Event()

        async def hang(leased: Leased) -> Attempt:
            await release.wait()
            return OK

        world.answers["hung"] = hang
        for number in range(20):
            world.admit(f"h{number}", receiver="hung")
            world.admit(f"d{number}", receiver="desk")

        async def play_it() -> None:
            await world.until(lambda: sum(id_.startswith("d") for id_, *_ in world.settled_as) == 20)
            assert world.open["hung"] == 4
            release.set()
            await world.until(lambda: len(world.settled_as) == 40)

        await running(world, play_it)

    play(scenario)


def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks_up_to_an_hour() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk"), a_receiver("other"))
        world.answers["desk"] = always(Attempt(reply=Reply.BUSY, status=429, retry_after_s=7200), OK)
        world.admit("a")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.admit("b")
            world.pass_time(3599)
            world.admit("c", receiver="other")
            await world.until(lambda: len(world.settled_as) == 2)
            assert world.ids_sent == ["a", "c"]
            world.pass_time(1)
            await world.until(lambda: len(world.settled_as) == 3)

        await running(world, play_it)
        assert world.ids_sent == ["a", "c", "b"], "its own retry waits the full two hours"

    play(scenario)


def test_a_receiver_that_is_added_later_gets_what_waits_for_it() -> None:
    async def scenario() -> None:
        world = World()
        world.admit("b")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.admit("a", receiver="duty")  # by a process that was told of it before us
            world.admit("c")
            await world.until(lambda: len(world.settled_as) == 2)
            assert world.ids_sent == ["b", "c"]
            world.dispatcher.replace_receivers({"desk": a_receiver("desk"), "duty": a_receiver("duty")})
            await world.until(lambda: len(world.settled_as) == 3)

        await running(world, play_it)
        assert world.ended_with_receiver == 0

    play(scenario)


def test_what_waits_for_a_receiver_that_was_removed_ends_as_dead_however_late_it_was_admitted() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk"), a_receiver("duty"))

        world.answers["duty"] = always(FAILED)
        world.admit("a", receiver="duty")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.dispatcher.replace_receivers({"desk": a_receiver("desk")})
            await world.until(lambda: world.ended_with_receiver == 1)
            world.admit("late", receiver="duty")  # by a batch that was decided before
            world.pass_time(5)
            await world.until(lambda: world.ended_with_receiver == 2)

        await running(world, play_it)
        letters = await world.outbox.dead_letters(10)
        assert {(each.id, each.reason) for each in letters} == {
            ("a", "receiver_removed"),
            ("late", "receiver_removed"),
        }

    play(scenario)


def test_a_store_that_is_down_when_a_receiver_was_removed_is_asked_again() -> None:
    async def scenario() -> None:
        world = World()
        world.outbox.down["retire"] = 2
        world.admit("a", receiver="removed while we were not running")

        await running(world, lambda: world.until(lambda: world.ended_with_receiver == 1))
        assert world.lines == ["waiting", "receiver_removed", "sending_again"]

    play(scenario)
