"""What every ``ParkedOutbox`` promises, and what the parker makes of it."""

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from alerts.admission.memory_admission import MemoryAdmission
from alerts.admission.redis_admission import RedisAdmission
from alerts.errors import Unavailable
from alerts.model import Attempt, Leased, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.parking.memory_parking import MemoryParkedOutbox, MemoryParkedTopic
from alerts.parking.parker import Parker
from alerts.parking.parking import Parked, ParkedOutbox, ParkedState
from alerts.parking.redis_parking import RedisParkedOutbox
from alerts.store.memory_state import MemoryState
from alerts.store.redis_connection import connect
from tests.contracts.store import HOUR, NOW, Store, a_delivery, effects, put

OK, FAILED = Attempt(Reply.DELIVERED, 204), Attempt(Reply.FAILED, 500)
KEEP = 24 * HOUR


class NoLog:
    def info(self, event: str, **values: Any) -> None: ...
    def warning(self, event: str, **values: Any) -> None: ...


class Topic(MemoryParkedTopic):
    """Can be down."""

    down = False

    async def keep(self, changes: Mapping[str, Parked | None]) -> None:
        if self.down:
            raise Unavailable("the topic does not answer")
        await super().keep(changes)


@dataclass
class World:
    """A store that can be lost, a topic that is not, and a parker."""

    kind: str
    url: str
    topic: Topic
    now_ms: int = NOW

    def __post_init__(self) -> None:
        self.clients: list[Any] = []
        self.begin()

    def begin(self) -> None:
        """Another, empty store."""
        if self.kind == "memory":
            state = MemoryState()
            one, two = (MemoryOutbox(state, each, dead_kept_ms=KEEP, keeps=True) for each in ("one", "two"))
            self.store = Store(MemoryAdmission(state), one, two)
            self.parked: ParkedOutbox = MemoryParkedOutbox(state, dead_kept_ms=KEEP)
        else:
            client, name = connect(self.url), f"park-{secrets.token_hex(4)}"
            self.clients.append(client)
            first, second = (RedisOutbox(client, name, each, dead_kept_ms=KEEP, keeps=True) for each in ("one", "two"))
            self.store = Store(RedisAdmission(client, name), first, second)
            self.parked = RedisParkedOutbox(client, name, dead_kept_ms=KEEP)
        self.parker = Parker(
            outbox=self.parked, topic=self.topic, log=NoLog(), now_ms=lambda: self.now_ms, added=lambda: None
        )

    async def lend(self) -> list[Leased]:
        return list((await self.store.outbox.lease({"desk": 10}, self.now_ms, 20_000)).leased)

    async def low(self) -> int:
        held = await self.store.admission.snapshot("p")
        assert held is not None
        return held.low

    async def fail_for_an_hour(self) -> None:
        """Whatever is due fails, and is due again in five hours; then an hour has passed."""
        for leased in await self.lend():
            await self.store.outbox.later(leased, FAILED, self.now_ms, self.now_ms + 5 * HOUR)
        self.now_ms += HOUR


@pytest.fixture(params=["memory", "valkey", "redis"])
def world(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[World]:
    url = "" if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")
    world = World(request.param, url, Topic())
    yield world
    for client in world.clients:
        runner.run(client.aclose())


def test_what_is_an_hour_old_is_kept_and_its_record_let_go(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1")), effects(1))
        await world.fail_for_an_hour()
        world.now_ms -= 1
        await world.parker.step()
        assert (world.topic.held, await world.low()) == ({}, 0)

        world.now_ms += 1
        await world.parker.step()

        parked = world.topic.held["d1"]
        assert (parked.delivery, parked.state, parked.attempts) == (a_delivery("d1"), ParkedState.PARKED, 1)
        assert await world.low() == 2

    runner.run(scenario())


def test_nothing_is_let_go_while_the_topic_does_not_answer(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1")), effects(1, a_delivery("e1", lane="x")), effects(2))
        one, _ = await world.lend()
        await world.store.outbox.dead(one, FAILED, world.now_ms, "exhausted")
        await world.parker.restore()
        world.topic.down = True
        with pytest.raises(Unavailable):
            await world.parker.step()
        assert await world.low() == 0, "a dead letter that is nowhere else pins its record"

        world.topic.down = False
        await world.parker.step()

        assert await world.low() == 1
        kept = world.topic.held["d1"]
        assert (kept.state, kept.reason, kept.attempts) == (ParkedState.DEAD, "exhausted", 1)

    runner.run(scenario())


def test_a_success_takes_it_out_of_the_topic(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1")), effects(1))
        await world.fail_for_an_hour()
        await world.parker.step()
        world.now_ms += 5 * HOUR
        (leased,) = await world.lend()

        await world.store.outbox.delivered(leased, OK, world.now_ms)
        await world.parker.step()

        assert world.topic.held == {}
        assert (await world.parked.unkept(world.now_ms, 10)).changes == []

    runner.run(scenario())


def test_a_success_between_telling_and_letting_go_is_told_next(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1")), effects(1))
        await world.fail_for_an_hour()
        unkept = await world.parked.unkept(world.now_ms, 10)
        await world.topic.keep({each.id: each.parked for each in unkept.changes})
        for leased in await world.lend():  # parks it
            raise AssertionError(leased)
        world.now_ms += 5 * HOUR
        (leased,) = await world.lend()
        await world.store.outbox.delivered(leased, OK, world.now_ms)

        assert await world.parked.kept(unkept, world.now_ms)
        await world.parker.step()

        assert world.topic.held == {}

    runner.run(scenario())


def test_after_a_wipe_what_was_parked_and_dead_is_there_again(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1"), a_delivery("e1", lane="x")))
        (leased,) = [each for each in await world.lend() if each.delivery.id == "e1"]
        await world.store.outbox.dead(leased, FAILED, world.now_ms, "exhausted")
        world.now_ms += 20_000
        await world.fail_for_an_hour()
        await world.parker.step()
        died = (await world.store.outbox.dead_letters(9))[0].died_ms

        world.begin()
        await world.store.admission.recover("p", 1, "second")
        for _ in range(2):
            await world.parker.restore()

        (letter,) = await world.store.outbox.dead_letters(9)
        assert (letter.id, letter.reason, letter.attempts, letter.died_ms) == ("e1", "exhausted", 1, died)
        (again,) = await world.lend()
        assert (again.delivery, again.attempt) == (a_delivery("d1"), 2)
        await world.store.outbox.delivered(again, OK, world.now_ms)
        again_and_new = effects(1, a_delivery("d1"), a_delivery("e1", lane="x"), a_delivery("d2"))
        await put(world.store, again_and_new, a=1, now_ms=world.now_ms)
        assert [(each.delivery.id, each.order_gap) for each in await world.lend()] == [("d2", False)]
        await world.parker.step()
        assert world.topic.held.keys() == {"e1"}

    runner.run(scenario())


def test_later_ones_of_the_story_go_on_marked_after_a_wipe(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1")))
        await world.fail_for_an_hour()
        await world.parker.step()
        world.begin()
        await world.store.admission.recover("p", 1, "second")
        await world.parker.restore()

        await put(world.store, effects(1, a_delivery("d2")), a=1, now_ms=world.now_ms)

        assert {(each.delivery.id, each.order_gap) for each in await world.lend()} == {("d1", False), ("d2", True)}

    runner.run(scenario())


def test_another_store_is_not_written_to(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1")))
        await world.fail_for_an_hour()
        unkept = await world.parked.unkept(world.now_ms, 10)
        world.begin()
        assert (await world.parked.unkept(world.now_ms, 10)).incarnation == ""
        await world.store.admission.recover("p", 0, "second")

        assert not await world.parked.kept(unkept, world.now_ms)
        assert await world.parked.restore(unkept.incarnation, [], world.now_ms) is None
        assert not await world.parked.restored(unkept.incarnation, "parked")
        assert await world.parked.standing() == ("second", "")

    runner.run(scenario())


def test_a_dead_letter_whose_time_is_over_leaves_the_topic(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1")))
        (leased,) = await world.lend()
        await world.store.outbox.dead(leased, FAILED, world.now_ms, "gone")
        await world.parker.step()
        assert world.topic.held.keys() == {"d1"}

        world.now_ms += KEEP
        await world.parker.step()

        assert world.topic.held == {}
        assert (await world.store.outbox.depth()).dead == 0

    runner.run(scenario())


def test_a_replay_leaves_the_topic_when_it_arrived(world: World, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        await put(world.store, effects(0, a_delivery("d1")))
        (leased,) = await world.lend()
        await world.store.outbox.dead(leased, FAILED, world.now_ms, "gone")
        await world.parker.step()
        await world.store.outbox.replay(["d1"], world.now_ms)
        await world.parker.step()
        assert world.topic.held.keys() == {"d1"}
        (again,) = await world.lend()

        await world.store.outbox.delivered(again, OK, world.now_ms)
        await world.parker.step()

        assert world.topic.held == {}

    runner.run(scenario())
