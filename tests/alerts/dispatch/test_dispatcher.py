"""Deliveries go out in order, are tried again, and survive a store that is down and a process that ends."""

import asyncio

import pytest

from alerts.dispatch.dispatcher import LEASE_MS
from alerts.dispatch.observer import Ending
from alerts.model import Attempt, Leased, Reply
from tests.alerts.dispatch.dispatching import FAILED, OK, World, a_receiver, always, play, running


def test_a_delivery_goes_out_as_soon_as_the_dispatcher_is_woken() -> None:
    async def scenario() -> None:
        world = World()

        async def play_it() -> None:
            world.admit("a")
            await world.until(lambda: len(world.settled_as) == 1)

        await running(world, play_it)
        assert world.settled_as == [("a", Ending.DELIVERED, "")]
        assert not world.state.waiting

    play(scenario)


def test_without_a_fault_everything_is_sent_once_and_in_order_within_its_story() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", most=3), a_receiver("duty"))
        for number in range(60):
            world.admit(f"{number:02}", receiver=("desk", "duty")[number % 2], story=str(number % 6))

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 60))
        assert len(world.sent) == len(set(world.ids_sent)) == 60
        for story in range(6):
            of_story = [id_ for id_ in world.ids_sent if int(id_) % 6 == story]
            assert of_story == sorted(of_story)
        assert world.most_open["desk"] == 3

    play(scenario)


def test_a_failed_delivery_is_tried_again_on_schedule_and_holds_its_story_only() -> None:
    async def scenario() -> None:
        world = World()
        world.answers["desk"] = always(FAILED, OK)
        world.admit("a1", story="a")
        world.admit("a2", story="a")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.admit("b1", story="b")
            world.pass_time(4.9)
            await world.until(lambda: len(world.settled_as) == 2)
            assert world.ids_sent == ["a1", "b1"]
            world.pass_time(0.1)
            await world.until(lambda: len(world.settled_as) == 4)

        await running(world, play_it)
        assert world.ids_sent == ["a1", "b1", "a1", "a2"]
        assert [leased.attempt for leased in world.sent] == [1, 1, 2, 1]
        assert world.settled_as[0] == ("a1", Ending.LATER, "")

    play(scenario)


def test_a_delivery_that_used_up_its_schedule_is_dead_and_visible() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", retry=(0, 5)))
        world.answers["desk"] = always(FAILED)
        world.admit("a")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 1)
            world.pass_time(5)
            await world.until(lambda: len(world.settled_as) == 2)

        await running(world, play_it)
        (letter,) = await world.outbox.dead_letters(10)
        assert (letter.id, letter.reason, letter.attempts) == ("a", "exhausted", 2)
        assert "`rasid deliveries replay`" in world.hints["delivery_dead"]
        assert world.settled_as[-1] == ("a", Ending.DEAD, "exhausted")

    play(scenario)


def test_a_refused_address_keeps_its_schedule_because_names_change() -> None:
    async def scenario() -> None:
        world = World()
        world.answers["desk"] = always(Attempt(reply=Reply.REFUSED, error="denied_address"))
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert world.settled_as == [("a", Ending.LATER, "")]

    play(scenario)


def test_a_store_that_is_down_is_waited_for_with_one_line_in_the_log() -> None:
    async def scenario() -> None:
        world = World()
        world.outbox.down["lease"] = 3
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert world.lines == ["waiting", "sending_again"]

    play(scenario)


def test_a_settlement_is_repeated_and_the_delivery_is_not_sent_again_even_after_its_lease() -> None:
    async def scenario() -> None:
        world = World()
        world.outbox.down["delivered"] = 3

        def later(verb: str) -> None:
            if verb == "delivered":
                world.pass_time(LEASE_MS / 1000 + 1)

        world.outbox.before = later
        world.admit("a")

        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert world.outbox.calls["delivered"] == 4
        assert world.outbox.calls["lease"] > 3, "it was lent again meanwhile"
        assert world.ids_sent == ["a"]

    play(scenario)


def test_draining_finishes_what_was_begun_and_leases_nothing_new() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", most=1))
        release, stopping = asyncio.Event(), asyncio.Event()

        async def hang(leased: Leased) -> Attempt:
            await release.wait()
            return OK

        world.answers["desk"] = hang
        world.admit("a")
        world.admit("b")
        run = asyncio.create_task(world.dispatcher.run(stopping))
        await world.until(lambda: world.ids_sent == ["a"])
        stopping.set()
        release.set()
        await asyncio.wait_for(run, 5)

        assert world.settled_as == [("a", Ending.DELIVERED, "")]
        assert list(world.state.waiting) == ["b"] and not world.state.leases

    play(scenario)


def test_what_was_lent_while_stopping_is_given_back_unsent() -> None:
    async def scenario() -> None:
        world = World()
        stopping = asyncio.Event()
        world.outbox.before = lambda verb: stopping.set()
        world.admit("a")
        await asyncio.wait_for(world.dispatcher.run(stopping), 5)

        assert not world.sent and not world.state.leases
        assert world.state.due == {("desk", "desk/a"): world.clock}

    play(scenario)


def test_what_was_open_when_the_process_died_is_sent_again_at_once_by_the_same_instance() -> None:
    async def scenario() -> None:
        world = World()

        async def hang(leased: Leased) -> Attempt:
            await asyncio.Event().wait()
            return OK

        world.answers["desk"] = hang
        world.admit("a")
        run = asyncio.create_task(world.dispatcher.run(asyncio.Event()))
        await world.until(lambda: len(world.sent) == 1)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        assert world.dispatcher.in_flight == 0 and world.state.waiting

        world.dispatcher = world.another()
        world.answers.clear()
        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))
        assert world.sent[0].delivery == world.sent[1].delivery, "the same id and the same bytes"

    play(scenario)


def test_a_bug_comes_out_of_run_and_is_not_lost_in_a_task() -> None:
    async def scenario() -> None:
        world = World()

        async def broken(leased: Leased) -> Attempt:
            raise ZeroDivisionError

        world.answers["desk"] = broken
        world.admit("a")
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(world.dispatcher.run(asyncio.Event()), 5)

    play(scenario)
