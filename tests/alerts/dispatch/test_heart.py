"""A heartbeat comes in each span of time in which all is well, from one process, and never piles up."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from alerts.dispatch.heart import Beat, Heart
from alerts.errors import Unavailable
from alerts.model import Attempt, Leased, Reply
from alerts.notices.heartbeat import heartbeat, slot_of
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.receiver import Receiver
from alerts.store.memory_state import MemoryState
from tests.alerts.dispatch.dispatching import FAILED, GONE, OK, World, a_receiver, always, play, running

MINUTE = 60_000
EVERY = timedelta(minutes=5)
DESK = replace(a_receiver("desk", retry=(0, 0, 600)), heartbeat=EVERY)


class Chest:
    """A heart with everything around it scripted. Its clock stands still until it is moved."""

    def __init__(self, *answers: Attempt | None, receiver: Receiver = DESK, state: MemoryState | None = None) -> None:
        self.state = state or MemoryState()
        self.clock = 100 * 5 * MINUTE
        self.receiver = receiver
        self.reasons: Sequence[str] = ()
        self.answers = list(answers)
        self.sent: list[Leased] = []
        self.beats: list[Beat] = []
        self.lines: list[str] = []
        self.outbox = MemoryOutbox(self.state, "one")
        self.heart = Heart(
            name="prod",
            outbox=self.outbox,
            send=self._send,
            receivers=lambda: {"desk": self.receiver},
            unwell=lambda: self.reasons,
            observer=self,
            log=self,
            now_ms=lambda: self.clock,
        )

    async def _send(self, leased: Leased) -> Attempt | None:
        self.sent.append(leased)
        return self.answers.pop(0) if self.answers else OK

    def beat(self, receiver: str, beat: Beat) -> None:
        self.beats.append(beat)

    def info(self, event: str, **values: Any) -> None:
        self.lines.append(event)

    warning = info

    async def minutes(self, *minutes: float) -> None:
        """What happens at each of these moments, counted from the beginning of a span."""
        begun = self.clock - self.clock % (5 * MINUTE)
        for minute in minutes:
            self.clock = begun + round(minute * MINUTE)
            await self.heart.look()
            await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))


def test_each_span_of_time_has_one_heartbeat_of_the_promised_shape_with_an_id_of_its_own() -> None:
    async def scenario() -> None:
        chest = Chest()
        await chest.minutes(0, 1, 4.9, 5, 7, 12)

        bodies = [json.loads(each.delivery.body) for each in chest.sent]
        schema = json.loads(files("alerts").joinpath("schemas/system.heartbeat.json").read_text("utf-8"))
        for body in bodies:
            Draft202012Validator(schema).validate(body)
        assert chest.beats == [Beat.DELIVERED] * 3
        assert len({each.delivery.id for each in chest.sent}) == 3
        assert bodies[0]["data"]["next"] == bodies[1]["timestamp"]

    play(scenario)


def test_of_two_processes_one_sends_it() -> None:
    async def scenario() -> None:
        state = MemoryState()
        one, two = Chest(state=state), Chest(state=state)
        await one.minutes(0, 5)
        await two.minutes(0, 5, 10)
        await one.minutes(5, 10)  # counted from the span of its last

        assert (one.beats, two.beats) == ([Beat.DELIVERED] * 3, [Beat.DELIVERED])
        assert len({each.delivery.id for each in (*one.sent, *two.sent)}) == 4

    play(scenario)


def test_a_clock_that_was_ahead_for_a_while_silences_none() -> None:
    async def scenario() -> None:
        state = MemoryState()
        one, two = Chest(state=state), Chest(state=state)
        await one.minutes(0, 600)  # by its clock
        one.clock -= 600 * MINUTE
        await one.minutes(5)
        await two.minutes(5, 10)
        await one.minutes(5)

        spans = [json.loads(each.delivery.body)["data"]["next"] for each in (*one.sent, *two.sent)]
        assert (len(one.sent), len(two.sent)) == (3, 1), "one for each span: the far one, and each of now"
        assert len(set(spans)) == 4

    play(scenario)


def test_one_that_is_tried_again_is_not_held_on_to_because_the_clock_went_back() -> None:
    async def scenario() -> None:
        chest = Chest(FAILED, FAILED)
        await chest.heart.look()
        chest.clock -= 600 * MINUTE
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))
        assert chest.beats == [Beat.DROPPED], "its span lasts for five minutes, and the next attempt is due in ten"
        await chest.minutes(0)
        assert chest.beats == [Beat.DROPPED, Beat.DELIVERED]

    play(scenario)


def test_its_id_and_bytes_are_of_the_receiver_and_the_span_alone() -> None:
    slot = slot_of(100 * 5 * MINUTE + 17, EVERY)
    first = heartbeat("prod", DESK, EVERY, slot)

    assert first == heartbeat("prod", replace(DESK, url="https://other.example/", events=("*",)), EVERY, slot)
    others = [heartbeat("prod", replace(DESK, name="duty"), EVERY, slot), heartbeat("test", DESK, EVERY, slot)]
    assert len({first.id, heartbeat("prod", DESK, EVERY, slot + 1).id, *(each.id for each in others)}) == 4


def test_while_all_is_not_well_there_is_none_and_it_is_said_once_and_counted() -> None:
    async def scenario() -> None:
        chest = Chest()
        chest.reasons = ["articles/3 is read 700 s behind"]
        await chest.minutes(0, 4, 5, 10, 14)
        assert (chest.sent, chest.beats) == ([], [Beat.WITHHELD] * 2)
        assert chest.lines == ["heartbeats_withheld"]

        chest.reasons = ()
        await chest.minutes(4.5)  # of the same span: it is well now
        assert chest.beats == [Beat.WITHHELD, Beat.WITHHELD, Beat.DELIVERED]
        assert chest.lines == ["heartbeats_withheld", "heartbeats_again"]

    play(scenario)


def test_a_store_that_does_not_answer_is_not_well() -> None:
    async def scenario() -> None:
        chest = Chest()

        async def down(receiver: str, slot: int) -> bool:
            raise Unavailable("Redis: BEAT")

        chest.outbox.beat = down  # type: ignore[method-assign]
        await chest.minutes(0, 5)
        assert (chest.sent, chest.beats) == ([], [Beat.WITHHELD])

    play(scenario)


def test_one_that_fails_is_tried_again_while_its_span_lasts_and_then_dropped() -> None:
    async def scenario() -> None:
        chest = Chest(FAILED, FAILED, FAILED, OK, OK)
        await chest.minutes(0, 5, 10)

        assert [each.attempt for each in chest.sent] == [1, 2, 1, 2, 1]
        assert chest.sent[0].delivery == chest.sent[1].delivery, "the same id and bytes"
        assert chest.beats == [Beat.DROPPED, Beat.DELIVERED, Beat.DELIVERED]
        assert not chest.state.waiting and not chest.state.dead, "it never is in the outbox"

    play(scenario)


def test_a_receiver_that_must_not_be_called_gets_none() -> None:
    async def scenario() -> None:
        chest = Chest(None, None)
        await chest.minutes(0, 5)

        assert chest.beats == [Beat.DROPPED] * 2

    play(scenario)


def test_it_beats_until_it_is_told_to_stop_and_a_bug_comes_out() -> None:
    async def scenario() -> None:
        chest, stopping = Chest(), asyncio.Event()

        async def send(leased: Leased) -> Attempt | None:
            stopping.set()
            raise ZeroDivisionError

        chest.heart._send = send
        await asyncio.wait_for(chest.heart.run(stopping), 30)
        with pytest.raises(ZeroDivisionError):
            await chest.heart.look()

    play(scenario)


async def sent_now(world: World, then: Callable[[Attempt | None], Awaitable[None]]) -> None:
    delivery = heartbeat("prod", DESK, EVERY, 7)
    await then(await world.dispatcher.send_now(Leased(delivery=delivery, attempt=1, order_gap=False, replay=False)))


def test_a_heartbeat_that_is_answered_by_410_disables_its_receiver_which_gets_no_more() -> None:
    async def scenario() -> None:
        world = World(DESK)
        world.answers["desk"] = always(GONE, OK)

        async def first(attempt: Attempt | None) -> None:
            assert attempt == GONE and world.state.disabled == {"desk": "gone"}

        async def second(attempt: Attempt | None) -> None:
            assert attempt is None

        await sent_now(world, first)
        await sent_now(world, second)
        assert len(world.sent) == 1

    play(scenario)


def test_a_heartbeat_is_not_sent_to_who_asked_to_be_left_alone() -> None:
    async def scenario() -> None:
        world = World(DESK)
        world.answers["desk"] = always(Attempt(reply=Reply.BUSY, status=429, retry_after_s=600), OK)
        world.admit("a")
        await running(world, lambda: world.until(lambda: len(world.settled_as) == 1))

        async def none(attempt: Attempt | None) -> None:
            assert attempt is None

        async def one(attempt: Attempt | None) -> None:
            assert attempt == OK

        await sent_now(world, none)
        world.clock += 600_000
        await sent_now(world, one)

    play(scenario)
