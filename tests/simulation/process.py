"""One daemon of the simulation: the real consumer and outbox over a store that both may fail.

Nothing waits: every coroutine of the real code runs to its end in one step, so one seed is one history, the same on
every machine.
"""

from collections.abc import Coroutine
from typing import Any, TypeVar

from alerts.admission.admission import Admitted, Answer, Batch, Remembered, Standing
from alerts.admission.memory_admission import MemoryAdmission
from alerts.model import Attempt, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from daemon.consumer import Consumer
from daemon.dead_letters import Limit, Rejected
from daemon.decode import Decoder
from daemon.memory_source import MemorySource
from daemon.pipeline import Pipeline
from daemon.source import Committed, Fetched, Vanished
from tests.simulation.world import Crash, World

T = TypeVar("T")

OK = Attempt(Reply.DELIVERED, 204)


def run_now(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never really waits."""
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result


class NoDeadLetters:
    """No record of the simulation is invalid."""

    async def add(self, rejected: list[Rejected]) -> None:
        raise AssertionError(rejected)


class FaultyAdmission(MemoryAdmission):
    """The real twin; the process may die around a write, and a rule may be left out."""

    def __init__(self, world: World) -> None:
        super().__init__(world.state)
        self._world = world

    async def recover(self, partition: str, start: int, incarnation: str) -> Standing:
        standing = await super().recover(partition, start, incarnation)
        self._world.wrote()
        return standing

    async def lookup(self, days: Any, fields: Any) -> Remembered:
        return await super().lookup(days, fields)

    async def admit(self, batch: Batch) -> Admitted:
        world = self._world
        if world.boom():
            raise world.no_answer()
        if world.rules.without == "gap" and batch.a > world.state.checkpoints.get(batch.partition, batch.a):
            world.state.checkpoints[batch.partition] = batch.a
        if world.rules.without == "one_step":
            await self._mark_first(batch)
        admitted = await super().admit(batch)
        if admitted.answer is Answer.DONE:
            if world.rules.without == "outbox":
                for delivery in sorted(world.state.waiting)[:-2]:
                    del world.state.waiting[delivery]
            world.wrote()
        if world.boom():
            raise world.no_answer()
        return admitted

    async def _mark_first(self, batch: Batch) -> None:
        """The memory of stories in one step, the deliveries in another."""
        world = self._world
        if batch.incarnation == world.state.incarnation and batch.version in ("", world.state.version):
            for record in batch.records:
                for write in record.memory:
                    world.state.memory.setdefault(write.day, {})[write.field] = write.row
            world.wrote()
            if world.boom(0.1):
                raise Crash


class Process:
    """One daemon: the real consumer over its partition, and the real outbox."""

    def __init__(self, world: World, partition: str) -> None:
        self.world = world
        self.partition = partition
        self.source = world.sources[partition]
        self.source.restart()
        admission = FaultyAdmission(world)
        self.outbox = MemoryOutbox(world.state, f"daemon-{partition}")
        pipeline = Pipeline(
            name="simulation",
            decoder=Decoder({}),
            watch=lambda: world.watch,
            admission=admission,
            dead_letters=NoDeadLetters(),  # type: ignore[arg-type]
            limit=Limit(0.5),
            metrics=world.metrics,
            now_ms=lambda: world.now_ms,
            new_version=world.token,
            admitted=lambda: None,
        )
        self.consumer = Consumer(
            source=SmallBatches(self.source, world),
            pipeline=pipeline,
            admission=admission,
            outbox=self.outbox,
            metrics=world.metrics,
            now_ms=lambda: world.now_ms,
            new_incarnation=world.token,
        )
        run_now(self.outbox.reclaim(["desk"], world.now_ms))

    def read(self) -> None:
        if self.world.rules.without == "checkpoint":  # commit what was fetched before it is in the store
            self._commit_position()
        run_now(self.consumer.step())

    def _commit_position(self) -> None:
        incarnation = self.world.state.incarnation or ""
        ahead = min(self.source.position(self.partition) + 6, self.source.end(self.partition))
        committed = Committed(ahead, ahead, incarnation)
        run_now(self.source.commit({self.partition: committed}))
        self.world.state.checkpoints[self.partition] = max(self.world.state.checkpoints.get(self.partition, 0), ahead)

    def tick(self) -> None:
        if self.world.rules.without == "idle":
            standing = run_now(FaultyAdmission(self.world).snapshot(self.partition))
            if standing is not None:
                committed = Committed(standing.checkpoint, standing.low, standing.incarnation)
                run_now(self.source.commit({self.partition: committed}))
            return
        run_now(self.consumer.tick())

    def deliver(self) -> None:
        world = self.world
        for leased in run_now(self.outbox.lease({"desk": 1}, world.now_ms, 20_000)).leased:
            if world.boom(0.2):
                run_now(self.outbox.later(leased, Attempt(Reply.FAILED, 503), world.now_ms, world.now_ms + 5_000))
                world.wrote()
                continue
            world.receipts.append((leased.delivery.id, leased.delivery.body))
            if world.boom():
                raise Crash
            run_now(self.outbox.delivered(leased, OK, world.now_ms))
            world.wrote()


class SmallBatches:
    """Fetches of one to four records, so that a history has many steps."""

    def __init__(self, source: MemorySource, world: World) -> None:
        self._source = source
        self._world = world

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | Vanished | None:
        return await self._source.fetch(self._world.chance.randint(1, 4), timeout_seconds)
