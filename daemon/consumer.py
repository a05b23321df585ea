"""The consume loop of one source: fetch, process, keep positions. docs/protocol.md, "Positions".

- Reading starts from the checkpoint in Redis, never from what the source has committed.
- ``step`` and ``tick`` never sleep and never run at the same time, so that between two steps nothing is in flight
  and a simulation can drive them.
- Whatever is unclear is read again from where the store stands.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from alerts.admission.admission import Admission, Admitted, Answer, PartitionStanding
from alerts.errors import Unavailable
from alerts.outbox.outbox import Outbox
from alerts.patience import Patience
from alerts.pause import pause
from daemon.announcer import Announcer
from daemon.metrics.metrics import Metrics
from daemon.sources.source import Committed, Fetched, Source, Vanished

MAX_RECORDS = 500
"""Of one ADMIT: about half a millisecond in Redis, which serves others in between."""

FETCH_SECONDS = 0.25
"""How long a fetch may wait, and so how late we notice that we should stop."""

TICK_SECONDS = 1.0
"""Between two commits."""

MAX_READY = 100_000
"""Unfinished deliveries at which reading stops: about 500 MB in Redis."""

MAX_MEMORY_USED = 0.8
"""Share of Redis' memory limit at which reading stops: settling still needs some, and a full Redis refuses ADMIT."""

log = structlog.get_logger()


class Process(Protocol):
    """What the consumer needs of the pipeline."""

    async def process(self, fetched: Fetched, incarnation: str, known_below: int) -> Admitted:
        """Take one batch to the store. What is below ``known_below`` was there once before."""
        ...


@dataclass(slots=True)
class _Held:
    """A partition that is ours."""

    assignment: int
    incarnation: str
    last_appended_ms: int | None = None  # of the last record that was processed


class Consumer:
    """Reads one source."""

    def __init__(
        self,
        *,
        source: Source,
        pipeline: Process,
        admission: Admission,
        outbox: Outbox,
        metrics: Metrics,
        now_ms: Callable[[], int],
        new_incarnation: Callable[[], str],
        restore: Callable[[], Awaitable[None]] | None = None,
        announcer: Announcer | None = None,
        label: str = "",
    ) -> None:
        self._source = source
        self._pipeline = pipeline
        self._admission = admission
        self._outbox = outbox
        self._metrics = metrics
        self._now_ms = now_ms
        self._new_incarnation = new_incarnation
        self._restore = restore  # puts back what is kept outside of a store that was lost, before reading goes on
        self._announcer = announcer
        self._label = label  # of the source, in metrics
        self._held: dict[str, _Held] = {}  # by partition
        # By partition, also of those that were ours: records below it were in a store that said so, which may have
        # lost them since.
        self._reached: dict[str, int] = {}
        self._patience = Patience()
        self._finished = False
        self._failed = False  # the last batch came to nothing
        self.waiting_for = "reading has not begun"  # why nothing is read just now; for /-/ready

    @property
    def finished(self) -> bool:
        """Whether the source was read to its end and all of it is in the store."""
        return self._finished

    def positions(self) -> dict[str, int]:
        """Where reading stands, by partition."""
        ours = self._held.keys() & self._source.assigned().keys()
        return {partition: self._source.position(partition) for partition in sorted(ours)}

    async def run(self, stopping: asyncio.Event) -> None:
        """Read until told to stop; then commit once more. A source that has ended may be needed again."""
        next_tick = 0.0  # the first comes at once: it says that the store answers
        while not stopping.is_set():
            try:
                answered = came = await self.step()
                if time.monotonic() >= next_tick:
                    next_tick = time.monotonic() + TICK_SECONDS
                    await self.tick()
                    answered = True
            except Unavailable as error:
                self._finished = False
                next_tick = 0.0  # ask the store as soon as may be: with nothing to read, nothing else would
                await self._wait(error, stopping)
                continue
            if answered and not self._failed:  # by the store, not only by a source that has nothing new
                self._recovered()
            self._finished = not came and self._source.ended()
            if self._finished:
                await pause(FETCH_SECONDS, stopping)
        try:
            await self.tick()
        except Unavailable as error:
            log.warning("last_commit_failed", reason=str(error), hint="some records are read again at the next start")

    async def step(self) -> bool:
        """One batch. False if nothing came. Raises ``Unavailable``: call again later."""
        await self._take_assigned()
        fetched = await self._source.fetch(MAX_RECORDS, FETCH_SECONDS)
        if fetched is None:
            return False
        held = self._held.get(fetched.partition)
        if held is None:  # taken from us while the fetch was under way
            return False
        if isinstance(fetched, Vanished):
            await self._skip(fetched, held)
            return True
        try:
            admitted = await self._pipeline.process(fetched, held.incarnation, self._reached[fetched.partition])
        except Unavailable:
            # The outcome is unknown. Only the store can say where to go on: deciding again what it has already would
            # take later copies for repeats of alerts that it never opened.
            self._held.pop(fetched.partition, None)
            self._failed = True
            raise
        self._failed = False
        if fetched.records:
            held.last_appended_ms = fetched.records[-1].appended_ms
        await self._follow(fetched, admitted, held)
        return True

    async def tick(self) -> None:
        """Commit where we stand, notice a store that went back, and see how full the outbox is."""
        positions: dict[str, Committed] = {}
        self._forget_lost()
        for partition, held in list(self._held.items()):
            standing = await self._admission.snapshot(partition)
            if standing is None or standing.incarnation != held.incarnation:
                await self._recover(partition, "lost")
                continue
            if standing.checkpoint < self._source.position(partition):
                self._seek(partition, standing.checkpoint, "behind")
            positions[partition] = Committed(standing.checkpoint, standing.low, standing.incarnation)
        await self._source.commit(positions)
        self._forget_lost()
        if positions:
            self._metrics.committed.set(self._now_ms() / 1000)
        self._metrics.lag(self, self.lag())
        self._metrics.looked(self._label, len(self._held), self._now_ms())
        depth = await self._outbox.depth()
        self._metrics.depth(depth, self._now_ms())
        paused = depth.ready >= MAX_READY or depth.memory_used >= MAX_MEMORY_USED
        self._metrics.paused.set(paused)
        self._source.pause(paused)

    async def _take_assigned(self) -> None:
        self._forget_lost()
        for partition in sorted(self._source.assigned().keys() - self._held.keys()):
            await self._recover(partition, "start")

    def _forget_lost(self) -> None:
        ours = self._source.assigned()
        for partition in [name for name, held in self._held.items() if ours.get(name) != held.assignment]:
            del self._held[partition]
            self._failed = False  # it is another's concern now

    async def _recover(self, partition: str, reason: str) -> PartitionStanding:
        """Adopt what stands in the store; where nothing does, begin at the least offset still needed."""
        assignment = self._source.assigned().get(partition)
        committed = await self._source.committed(partition)
        start = committed.low if committed else await self._first_position(partition)
        standing = await self._admission.recover(partition, start, self._new_incarnation())
        if self._restore is not None:
            await self._restore()
        if assignment is None or self._source.assigned().get(partition) != assignment:
            return standing  # taken from us meanwhile; whoever has it now recovers it
        self._reach(partition, max(standing.checkpoint, committed.checkpoint if committed else 0))
        self._held[partition] = _Held(assignment, standing.incarnation)
        if committed and committed.incarnation not in ("", standing.incarnation):
            log.warning("store_lost", partition=partition, hint="Redis lost its data: reading again", start=start)
        if self._source.position(partition) != standing.checkpoint:
            self._metrics.seeks.labels(reason).inc()
        self._source.seek(partition, standing.checkpoint)  # also where it stands: a new one waits to be told
        return standing

    async def _first_position(self, partition: str) -> int:
        """Where nothing was ever committed, or the source forgot it: what the store knows, else what is configured."""
        standing = await self._admission.snapshot(partition)
        return await self._source.start(partition) if standing is None else standing.low

    async def _skip(self, vanished: Vanished, held: _Held) -> None:
        """Pass over what the source no longer has, in the store first, and tell before: SKIP leaves no trace of it."""
        partition, position, resume = vanished.partition, vanished.position, vanished.resume
        standing = await self._admission.snapshot(partition)
        if self._announcer is not None and standing is not None and standing.incarnation == held.incarnation:
            await self._announcer.vanished(vanished, standing.checkpoint)
        answer = await self._admission.skip(partition, held.incarnation, position, resume, vanished.reason)
        match answer.answer:
            case Answer.LOST:
                await self._recover(partition, "lost")
            case _:
                if answer.checkpoint == resume:
                    lost = max(0, resume - position)
                    if resume < position:
                        self._reached[partition] = 0
                    self._metrics.skipped.labels(vanished.reason).inc(lost)
                    log.error(
                        "records_vanished",
                        partition=partition,
                        position=position,
                        resume=resume,
                        reason=vanished.reason,
                        lost=lost,
                    )
                self._seek(partition, answer.checkpoint, "skip")

    async def _follow(self, fetched: Fetched, admitted: Admitted, held: _Held) -> None:
        match admitted.answer:
            case Answer.DONE:
                self._metrics.read_from(self._label, len(fetched.records))
                self._reach(fetched.partition, admitted.checkpoint)
                if admitted.checkpoint > fetched.b:  # read already, by us before a crash or by another process
                    self._seek(fetched.partition, admitted.checkpoint, "ahead")
            case Answer.GAP:
                self._seek(fetched.partition, admitted.checkpoint, "gap")
            case Answer.LOST:
                await self._recover(fetched.partition, "lost")
            case Answer.RETRY:
                raise AssertionError("the pipeline answers RETRY itself")

    def _reach(self, partition: str, checkpoint: int) -> None:
        self._reached[partition] = max(checkpoint, self._reached.get(partition, 0))

    def _seek(self, partition: str, offset: int, reason: str) -> None:
        if self._source.position(partition) != offset:
            self._source.seek(partition, offset)
            self._metrics.seeks.labels(reason).inc()

    def lag(self) -> dict[str, tuple[int, float]]:
        """Of the partitions that are ours and have a known end: records after our position; seconds.

        Seconds: how old the last record read is, while there are later ones.
        """
        ends, now_ms = self._source.ends(), self._now_ms()
        behind: dict[str, tuple[int, float]] = {}
        for partition, held in self._held.items():
            if partition in ends:
                records = max(0, ends[partition] - self._source.position(partition))
                age_ms = now_ms - held.last_appended_ms if records and held.last_appended_ms is not None else 0
                behind[partition] = records, max(0, age_ms) / 1000
        return behind

    async def _wait(self, error: Unavailable, stopping: asyncio.Event) -> None:
        self.waiting_for = str(error)
        if self._patience.worth_a_line(time.monotonic()):
            log.warning("waiting", reason=str(error))
        await pause(self._patience.pause_seconds(), stopping)

    def _recovered(self) -> None:
        self.waiting_for = ""
        if self._patience.over():
            log.info("reading_again")
