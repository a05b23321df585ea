"""One daemon of the simulation: the real consumer and pipeline, and a deliver loop over the real outbox.

Both loops go on a little at a time, and whatever else happens in the world happens in between.
"""

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from alerts.errors import Unavailable
from alerts.model import Attempt, Leased, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.store.memory_state import MemoryState
from daemon.consumer import Consumer
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import Limit, Rejected
from tests.simulation import left_out
from tests.simulation.calls import TURN, CalledAdmission, CalledOutbox, CalledSource, Crash, Line, Turn
from tests.simulation.store import run_now as run_now
from tests.simulation.stories import DECODER, the_watch

if TYPE_CHECKING:
    from tests.simulation.world import World

OK = Attempt(Reply.DELIVERED, 204)
FAILED = Attempt(Reply.FAILED, 503)


class NoDeadLetters:
    """For histories without an invalid record."""

    async def add(self, rejected: list[Rejected]) -> None:
        raise AssertionError(rejected)


class DeadLetterFile:
    """Keeps what holds no article; the process may die in front of it, or the disk be full."""

    def __init__(self, world: "World") -> None:
        self._world = world

    async def add(self, rejected: Sequence[Rejected]) -> None:
        world = self._world
        if not world.quiet and (draw := world.chance.random()) < 0.1:
            raise Crash if draw < 0.05 else Unavailable("the disk is full")
        for each in rejected:
            partition, _, offset = each.record.origin.partition("/")
            world.dead_letters.add((partition, int(offset)))


class Process:
    """One daemon, from its start to its death."""

    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        self.name = name
        self.line = Line(world, name)
        self.source = CalledSource(world, name, world.group.join(name))
        admission = CalledAdmission(self.line, self.source)
        pipeline = Pipeline(
            name="simulation",
            decoder=DECODER,
            watch=the_watch,
            admission=admission,
            dead_letters=DeadLetterFile(world),
            limit=Limit(1.0),
            metrics=world.metrics,  # type: ignore[arg-type]
            now_ms=lambda: world.now_ms,
            new_version=world.token,
            admitted=lambda: None,
            told=lambda _: None,
        )
        self.consumer = Consumer(
            source=self.source,
            pipeline=pipeline,
            admission=admission,
            outbox=CalledOutbox(self.line),  # type: ignore[arg-type]
            metrics=world.metrics,  # type: ignore[arg-type]
            now_ms=lambda: world.now_ms,
            new_incarnation=world.token,
        )
        self.stopped_until = 0  # stopped by a signal: it holds everything and does nothing
        self._loops: tuple[Coroutine[Any, Any, None], ...] = self._consume(), self._deliver()

    def go_on(self, loop: int) -> None:
        """One of the two loops up to its next turn. Raises ``Crash``."""
        work = self._loops[loop]
        while work.send(None) is not TURN:  # ``sleep(0)``: there is no other task of this loop
            pass

    def end(self) -> None:
        """It is dead."""
        for loop in self._loops:
            loop.close()
        self.world.group.leave(self.name)

    async def _consume(self) -> None:
        """As ``Consumer.run``, with chance in place of the clock."""
        while True:
            self.source.ticking = self.world.chance.random() < 0.3
            try:
                if self.source.ticking:
                    await self.consumer.tick()
                else:
                    await self.consumer.step()
            except Unavailable as error:
                self.world.say(f"{self.name} waits: {error}")
            await Turn()

    async def _deliver(self) -> None:
        """As the dispatcher: what was lent is sent and settled."""
        world, now_ms = self.world, self.world.now_ms

        async def reclaim(state: MemoryState) -> int:
            return await MemoryOutbox(state, self.name).reclaim(["desk", "radio"], now_ms)

        await self._until_taken("RECLAIM", reclaim)
        while True:
            try:
                request = left_out.lease(self.name, world.now_ms, world.rules.without)
                lease = await self.line.write("LEASE", lambda request=request: world.store.write(request))  # type: ignore[misc]
            except Unavailable:
                lease = None
            for leased in lease.leased if lease else ():
                await self._send(leased)
            await Turn()

    async def _send(self, leased: Leased) -> None:
        world = self.world
        if not world.quiet and world.chance.random() < 0.3:
            await Turn()
        answered = world.post(self.name, leased)
        if not world.quiet and world.chance.random() < 0.03:
            world.say(f"{self.name} dies after a request")
            raise Crash
        now, later = world.now_ms, world.now_ms + 5_000

        async def settle(state: MemoryState) -> bool:
            outbox = MemoryOutbox(state, self.name)
            if answered:
                return await outbox.delivered(leased, OK, now)
            return await outbox.later(leased, FAILED, now, later)

        await self._until_taken("SETTLE", settle)

    async def _until_taken(self, what: str, request: Any) -> None:
        while True:
            try:
                await self.line.write(what, lambda: self.world.store.write(request))
            except Unavailable:
                await Turn()
            else:
                return
