"""Receivers that fail or hang: they are asked less, then by probes, then not at all, and cost the others nothing."""

import asyncio

from alerts.dispatch.breaker import OPEN_AFTER
from alerts.dispatch.observer import Ending
from alerts.model import Attempt, Leased, Reply
from tests.alerts.dispatch.dispatching import FAILED, OK, World, a_receiver, always, play, running


def test_a_receiver_that_fails_is_asked_less_at_a_time() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", most=8))
        world.answers["desk"] = always(FAILED)
        for number in range(8):
            world.admit(f"first{number}")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 8)
            assert world.most_open["desk"] == 8
            world.most_open.clear()
            for number in range(8):
                world.admit(f"then{number}")
            for number in range(8):
                world.pass_time(60)
                await world.until(lambda number=number: len(world.settled_as) == 9 + number)  # type: ignore[misc]

        await running(world, play_it)
        assert world.most_open["desk"] == 1


def test_a_receiver_that_only_fails_is_probed_and_what_waits_for_it_is_not_counted_as_tried() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", most=4, retry=(0, *[7200] * 9)), a_receiver("other"))
        world.answers["desk"] = always(*[FAILED] * 6, OK)
        for number in range(OPEN_AFTER):
            world.admit(f"tried{number}")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == OPEN_AFTER)
            for number in range(20):
                world.admit(f"waits{number:02}")
            world.admit("o", receiver="other")
            await world.until(lambda: len(world.settled_as) == OPEN_AFTER + 1)
            assert world.ids_sent[-1] == "o", "nothing goes to the desk"
            world.pass_time(1)
            await world.until(lambda: len(world.settled_as) == OPEN_AFTER + 2)
            world.pass_time(1)
            assert len(world.sent) == OPEN_AFTER + 2, "one probe, which failed: the next pause is longer"
            world.pass_time(1)
            await world.until(lambda: len(world.settled_as) == OPEN_AFTER + 21)

        await running(world, play_it)
        after = [leased for leased in world.sent[OPEN_AFTER:] if leased.delivery.receiver == "desk"]
        assert [leased.attempt for leased in after] == [1] * 20
        assert world.open["desk"] == 0 and len(world.state.waiting) == OPEN_AFTER + 1

    play(scenario)


def test_a_receiver_that_did_nothing_but_fail_for_five_days_is_disabled_and_the_others_are_told() -> None:
    async def scenario() -> None:
        retry = (0, *[3600] * 200)
        world = World(a_receiver("desk", retry=retry), a_receiver("ops", events=("system.*",)))
        world.answers["desk"] = always(FAILED)
        world.admit("a")

        async def play_it() -> None:
            for hour in range(1, 5 * 24 + 2):
                await world.until(lambda hour=hour: len(world.settled_as) == hour)  # type: ignore[misc]
                assert not world.state.disabled
                world.pass_time(3600)
            await world.until(lambda: bool(world.told("ops")))
            world.admit("b")
            await world.until(lambda: ("b", Ending.DEAD, "receiver_disabled") in world.settled_as)

        await running(world, play_it)
        (told,) = world.told("ops")
        assert world.state.disabled == {"desk": "failing"}
        assert told["type"] == "system.receiver_disabled"
        assert (told["data"]["receiver"], told["data"]["reason"]) == ("desk", "failing")

    play(scenario)


def test_one_success_in_five_days_keeps_a_receiver() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", retry=(0, *[3600] * 200)))
        world.answers["desk"] = always(*[FAILED] * 60, OK, *[FAILED] * 100)
        world.admit("a")
        world.admit("b")

        async def play_it() -> None:
            for turn in range(1, 140):
                await world.until(lambda turn=turn: len(world.settled_as) >= turn)  # type: ignore[misc]
                world.pass_time(3600)

        await running(world, play_it)
        assert not world.state.disabled and world.clock > 5 * 24 * 3_600_000

    play(scenario)


def test_requests_to_all_receivers_together_are_bounded_and_hung_ones_do_not_take_the_room_of_others() -> None:
    async def scenario() -> None:
        hung = [a_receiver(f"hung{number}") for number in range(20)]
        desks = [a_receiver(f"desk{number}") for number in range(20)]
        world = World(*hung, *desks, most_open=40)
        release = asyncio.Event()

        async def hang(leased: Leased) -> Attempt:
            await release.wait()
            return OK

        for each in hung:
            world.answers[each.name] = hang
        for number in range(10):
            for receiver in (*hung, *desks):
                world.admit(f"{receiver.name}-{number}", receiver=receiver.name)

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 200)
            assert all(id_.startswith("desk") for id_, *_ in world.settled_as)
            assert world.most_open_in_all <= 40
            release.set()
            await world.until(lambda: len(world.settled_as) == 400)

        await running(world, play_it)
        assert world.most_open_in_all <= 40

    play(scenario)

    play(scenario)


def test_a_receiver_that_fails_is_named_once_with_what_to_look_at_and_again_when_it_works() -> None:
    async def scenario() -> None:
        world = World()
        world.answers["desk"] = always(Attempt(reply=Reply.FAILED, status=401), FAILED, OK)
        world.admit("a")

        async def play_it() -> None:
            for settled in (1, 2, 3):
                await world.until(lambda settled=settled: len(world.settled_as) == settled)  # type: ignore[misc]
                world.pass_time(400)

        await running(world, play_it)
        assert world.lines == ["receiver_failing", "receiver_works_again"]
        assert world.hints["receiver_failing"] == "does the receiver have the same secret, password or token?"

    play(scenario)


def test_a_receiver_that_is_enabled_is_called_at_once_and_not_first_probed() -> None:
    async def scenario() -> None:
        world = World(a_receiver("desk", retry=(0, 7200)))
        world.answers["desk"] = always(*[FAILED] * 8, Attempt(reply=Reply.GONE, status=410), OK)
        for number in range(8):
            world.admit(f"a{number}")

        async def play_it() -> None:
            await world.until(lambda: len(world.settled_as) == 8)
            world.admit("gone")
            world.pass_time(60)
            await world.until(lambda: len(world.settled_as) == 9)
            await world.outbox.enable("desk")
            for number in range(6):
                world.admit(f"b{number}")
            world.dispatcher.look_again()
            await world.until(lambda: len(world.settled_as) == 15)

        await running(world, play_it)
        assert [ending for _, ending, _ in world.settled_as[9:]] == [Ending.DELIVERED] * 6

    play(scenario)
