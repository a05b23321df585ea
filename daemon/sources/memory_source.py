"""A scripted source for tests and simulations: records, silences and failures written down as data.

It keeps what was committed apart from what was read, as Kafka does, so that a crash is ``restart()``: everything
that was not committed is forgotten. Several sources may share one ``MemoryLog``, as processes share a Kafka group.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from alerts.errors import Unavailable
from daemon.sources.source import Committed, Fetched, Record, Vanished


@dataclass(frozen=True, slots=True)
class Silence:
    """One fetch that brings nothing."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One fetch that raises ``Unavailable``."""

    reason: str = "the script says so"


Step = Record | bytes | None | Silence | Failure
"""Bare bytes and None become records at the next offset."""

_offset = attrgetter("offset")


class MemoryLog:
    """Partitions of records, and what one group of readers has committed."""

    def __init__(self) -> None:
        self.records: dict[str, list[Record]] = {}
        self.begins: dict[str, int] = {}  # the first offset that is still held
        self.committed: dict[str, Committed] = {}
        self.assignments: dict[str, int] = {}  # numbers in force, where there are several readers
        self._ends: dict[str, int] = {}
        self._events: dict[str, dict[int, list[Silence | Failure]]] = {}

    def add(self, partition: str, *steps: Step) -> None:
        """What comes after all that is there. A new partition begins with it."""
        records = self.records.setdefault(partition, [])
        events = self._events.setdefault(partition, {})
        end = self._ends.setdefault(partition, 0)
        for step in steps:
            if isinstance(step, Silence | Failure):
                events.setdefault(end, []).append(step)
                continue
            record = step if isinstance(step, Record) else Record(end, step, None, f"{partition}/{end}")
            records.append(record)
            end = record.offset + 1
        self._ends[partition] = end

    def end(self, partition: str) -> int:
        """The offset that the next added record gets."""
        return self._ends[partition]

    def vanish(self, partition: str, before: int) -> None:
        """Retention: records below ``before`` are gone."""
        records = self.records[partition]
        del records[: bisect_left(records, before, key=_offset)]
        self.begins[partition] = before

    def assign(self, numbers: Mapping[str, int]) -> None:
        """These assignments are in force: whoever holds one with another number may not commit any more."""
        self.assignments |= numbers

    def commit(self, partition: str, assignment: int, committed: Committed) -> bool:
        """Keep it, unless another assignment is in force."""
        if self.assignments.get(partition, assignment) != assignment:
            return False
        self.committed[partition] = committed
        return True

    def idle(self, partition: str) -> bool:
        """Whether no silence or failure is left."""
        return not self._events[partition]

    def read(self, partition: str, begin: int, most: int) -> Sequence[Record]:
        """Records from ``begin`` on, up to the next silence or failure, which is taken where it comes first."""
        records, events = self.records[partition], self._events[partition]
        first = bisect_left(records, begin, key=_offset)
        stop = min((offset for offset in events if offset >= begin), default=None)
        if stop is not None:
            if first == len(records) or stop <= records[first].offset:
                event = events[stop].pop(0)
                if not events[stop]:
                    del events[stop]
                if isinstance(event, Failure):
                    raise Unavailable(event.reason)
                return ()
            most = min(most, bisect_left(records, stop, key=_offset) - first)
        return records[first : first + most]


class MemorySource:
    """A ``Source`` over scripts, one a partition; or over a log that others read too, then with no partition yet."""

    def __init__(self, scripts: Mapping[str, Iterable[Step]] | MemoryLog, *, grows: bool = False) -> None:
        self._grows = grows
        self._positions: dict[str, int] = {}
        self._assigned: dict[str, int] = {}
        self._paused = False
        self._turn = 0
        if isinstance(scripts, MemoryLog):
            self.log = scripts
            return
        self.log = MemoryLog()
        for partition, steps in scripts.items():
            self.log.add(partition, *steps)
        self._assigned = dict.fromkeys(scripts, 0)
        self._positions = dict.fromkeys(scripts, 0)

    def add(self, partition: str, *steps: Step) -> None:
        """What comes after all that is there."""
        self.log.add(partition, *steps)

    def end(self, partition: str) -> int:
        """The offset that the next added record gets."""
        return self.log.end(partition)

    def vanish(self, partition: str, before: int) -> None:
        """Retention: records below ``before`` are gone."""
        self.log.vanish(partition, before)

    def restart(self) -> None:
        """What a new process finds: positions are gone, commits are not."""
        self.reassign()
        self._paused = False

    def reassign(self) -> None:
        """What a rebalance does, also where it gives back what it took: positions are gone."""
        self._assigned = {partition: number + 1 for partition, number in self._assigned.items()}
        self._positions = dict.fromkeys(self._assigned, 0)

    def assign(self, numbers: Mapping[str, int]) -> None:
        """The process learns what is its own now. Of another assignment nothing is read before it was told where."""
        same = {partition for partition, number in numbers.items() if self._assigned.get(partition) == number}
        self._positions = {partition: at for partition, at in self._positions.items() if partition in same}
        self._assigned = dict(numbers)

    def let_go(self, partition: str) -> None:
        """The partition is not ours any more, as a file that was replaced."""
        for held in (self._assigned, self._positions):
            held.pop(partition, None)

    def assigned(self) -> Mapping[str, int]:
        return self._assigned

    async def committed(self, partition: str) -> Committed | None:
        return self.log.committed.get(partition)

    async def start(self, partition: str) -> int:
        return 0

    def seek(self, partition: str, offset: int) -> None:
        if partition in self._assigned:
            self._positions[partition] = offset

    def position(self, partition: str) -> int:
        """0 where nothing is read: of a partition that is not ours, or not told yet where to begin."""
        return self._positions.get(partition, 0)

    def pause(self, paused: bool) -> None:
        self._paused = paused

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | Vanished | None:
        if self._paused or self._positions.keys() != self._assigned.keys():
            return None
        names = list(self._positions)
        for step in range(len(names)):
            number = (self._turn + step) % len(names)
            fetched = self._read(names[number], max_records)
            if fetched is not None:
                self._turn = number + 1
                return fetched
        return None

    def _read(self, partition: str, max_records: int) -> Fetched | Vanished | None:
        begin = self._positions[partition]
        if begin < (held := self.log.begins.get(partition, 0)):
            return Vanished(partition, begin, held, "retention")
        taken = self.log.read(partition, begin, max_records)
        if not taken:
            return None
        end = taken[-1].offset + 1
        self._positions[partition] = end
        return Fetched(partition, begin, end, taken)

    def ended(self) -> bool:
        return not self._grows and all(
            position >= self.end(partition) and self.log.idle(partition)
            for partition, position in self._positions.items()
        )

    def ends(self) -> Mapping[str, int]:
        return {partition: self.end(partition) for partition in self._positions}

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        for partition, committed in positions.items():
            if partition in self._assigned:
                self.log.commit(partition, self._assigned[partition], committed)

    async def close(self) -> None:
        return
