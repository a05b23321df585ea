"""What one process sees of the store and of the source: calls that take their time, fail, or are never answered."""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from alerts.admission.admission import Admitted, Answer, Batch, PartitionStanding, Remembered
from alerts.admission.memory_admission import MemoryAdmission
from alerts.errors import Unavailable
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.outbox import Depth
from alerts.store.memory_state import MemoryState
from daemon.sources.memory_source import MemorySource
from daemon.sources.source import Committed, Fetched, Vanished
from tests.simulation import left_out
from tests.simulation.store import Request

if TYPE_CHECKING:
    from tests.simulation.world import World

T = TypeVar("T")

TURN = object()


class Turn:
    """Awaited where another process, or the world, may go first."""

    def __await__(self) -> Generator[object, None, None]:
        yield TURN


class Crash(Exception):
    """The process died here."""


class Line:
    """The way from one process to the store."""

    def __init__(self, world: "World", name: str) -> None:
        self.world = world
        self.name = name

    async def read(self, request: Request[T]) -> T:
        """A question: nothing happens if it or its answer is lost."""
        world = self.world
        if not world.quiet:
            draw = world.chance.random()
            if draw < 0.02 * world.rules.roughness:
                raise self._no_answer("a question")
            if draw < 0.3:
                await Turn()
        return world.store.read(request)

    async def write(self, what: str, arrive: Callable[[], T]) -> T:
        """A write: it may not arrive, or later, or its answer may not."""
        world = self.world
        if world.quiet:
            return arrive()
        draw = world.chance.random()
        if draw < 0.4:
            await Turn()
        fate = (
            1.0 if world.quiet else world.chance.random() / world.rules.roughness
        )  # it may have become quiet meanwhile
        if fate < 0.03:
            raise self._no_answer(f"{what} that did not arrive")
        if fate < 0.04:
            world.store.late.append(arrive)
            raise self._no_answer(f"{what} that is late")
        answer = arrive()
        if fate < 0.07:
            raise self._no_answer(f"{what} that was done")
        if draw > 0.8:
            await Turn()
        return answer

    def _no_answer(self, what: str) -> Exception:
        """The process dies, or lives on and does not know."""
        dies = self.world.chance.random() < 0.4
        self.world.say(f"{self.name} hears nothing of {what}" + (" and dies" if dies else ""))
        return Crash() if dies else Unavailable("the store did not answer")


class CalledAdmission:
    """``Admission``, at the other end of a line."""

    def __init__(self, line: Line, source: "CalledSource") -> None:
        self._line = line
        self._world = line.world
        self._source = source
        self._adopted: dict[str, str] = {}

    async def recover(self, partition: str, start: int, incarnation: str) -> PartitionStanding:
        world = self._world
        request = left_out.recover(partition, start, incarnation, world.log.committed, world.rules.without)

        def arrive() -> PartitionStanding:
            standing = world.store.write(request)
            world.say(f"{self._line.name} RECOVER {partition} from {start}: {standing}")
            return standing

        standing = await self._line.write("RECOVER", arrive)
        self._adopted[partition] = standing.incarnation
        return standing

    async def lookup(
        self, days: Sequence[str], fields: Sequence[str], far_days: Sequence[str] = (), far_fields: Sequence[str] = ()
    ) -> Remembered:
        return await self._line.read(lambda state: MemoryAdmission(state).lookup(days, fields, far_days, far_fields))

    async def withholds(self) -> bool:
        """No history here lets anything wait, so that nothing is withheld: an answer that is lost would change none."""
        return self._world.store.read(lambda state: MemoryAdmission(state).withholds())

    async def withheld(self, deliveries: Sequence[str]) -> Collection[str]:
        return self._world.store.read(lambda state: MemoryAdmission(state).withheld(deliveries))

    async def admit(self, batch: Batch) -> Admitted:
        world = self._world
        if world.rules.without == "one_step":
            await self._line.write("half an ADMIT", lambda: world.store.write(left_out.mark_first(batch)))
        return await self._line.write("ADMIT", lambda: world.admit(self._line.name, batch))

    async def snapshot(self, partition: str) -> PartitionStanding | None:
        standing = await self._line.read(lambda state: MemoryAdmission(state).snapshot(partition))
        if standing is not None and self._source.ticking and self._world.rules.without == "commit_guard":
            return PartitionStanding(self._adopted[partition], standing.checkpoint, standing.low)
        return standing

    async def skip(self, partition: str, incarnation: str, start: int, end: int, reason: str) -> Admitted:
        world = self._world

        def arrive() -> Admitted:
            admitted = world.store.write(
                lambda state: MemoryAdmission(state).skip(partition, incarnation, start, end, reason)
            )
            world.say(f"{self._line.name} SKIP {partition} {start}..{end}: {admitted}")
            if admitted.answer is Answer.DONE:
                world.skipped(partition, start, end)
            return admitted

        return await self._line.write("SKIP", arrive)

    async def counts(self) -> Mapping[str, int]:
        return await self._line.read(lambda state: MemoryAdmission(state).counts())


class CalledOutbox:
    """As much of ``Outbox`` as the consumer asks for."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def depth(self) -> Depth:
        async def request(state: MemoryState) -> Depth:
            return await MemoryOutbox(state, "").depth()

        return await self._line.read(request)


class CalledSource:
    """A ``Source`` whose answers take their time: the group may give its partitions to another meanwhile.

    Batches are small, so that a history has many.
    """

    def __init__(self, world: "World", name: str, source: MemorySource) -> None:
        self._world = world
        self._name = name
        self._source = source
        self.ticking = False
        self.assigned = source.assigned
        self.seek = source.seek
        self.pause = source.pause
        self.ended = source.ended
        self.ends = source.ends
        self.start = source.start
        self.close = source.close

    async def _takes_time(self, share: float) -> None:
        if not self._world.quiet and self._world.chance.random() < share:
            await Turn()

    async def committed(self, partition: str) -> Committed | None:
        await self._takes_time(0.3)
        committed = await self._source.committed(partition)
        await self._takes_time(0.3)
        return committed

    def position(self, partition: str) -> int:
        if self.ticking and self._world.rules.without == "idle":
            return -1
        return self._source.position(partition)

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | Vanished | None:
        await self._takes_time(0.1)
        fetched = await self._source.fetch(self._world.chance.randint(1, 4), timeout_seconds)
        await self._takes_time(0.2)
        return fetched

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        world = self._world
        await self._takes_time(0.3)
        if not world.quiet and world.chance.random() < 0.05:
            world.say(f"{self._name} commit is lost")
            return
        reached = {name: self._source.position(name) for name in positions}
        kept = left_out.commit(positions, reached, world.rules.without)
        await self._source.commit(kept)
        for partition, committed in kept.items():
            taken = world.log.committed.get(partition) is committed
            world.refused += not taken
            world.say(f"{self._name} commit {partition} {committed}" + ("" if taken else ": refused"))
