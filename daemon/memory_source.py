"""A scripted source for tests and simulations: records, silences and failures written down as data.

It keeps what was committed apart from what was read, as Kafka does, so that a crash is ``restart()``: everything
that was not committed is forgotten.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alerts.errors import Unavailable
from daemon.source import Committed, Fetched, Record, Vanished


@dataclass(frozen=True, slots=True)
class Silence:
    """One fetch that brings nothing."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One fetch that raises ``Unavailable``."""

    reason: str = "the script says so"


Step = Record | bytes | None | Silence | Failure
"""Bare bytes and None become records at the next offset."""


class MemorySource:
    """A ``Source`` over scripts, one a partition."""

    def __init__(self, scripts: Mapping[str, Iterable[Step]], *, grows: bool = False) -> None:
        self._grows = grows
        self._records: dict[str, list[Record]] = {}
        self._events: dict[str, dict[int, list[Silence | Failure]]] = {}
        self._positions: dict[str, int] = {}
        self._begins: dict[str, int] = {}  # the first offset that is still held
        self._committed: dict[str, Committed] = {}
        self._paused = False
        self._turn = 0
        self._assignment = 0
        for partition, steps in scripts.items():
            self._records[partition] = []
            self._events[partition] = {}
            self._positions[partition] = 0
            self.add(partition, *steps)

    def add(self, partition: str, *steps: Step) -> None:
        """What comes after all that is there."""
        for step in steps:
            if isinstance(step, Silence | Failure):
                self._events[partition].setdefault(self.end(partition), []).append(step)
            elif isinstance(step, Record):
                self._records[partition].append(step)
            else:
                offset = self.end(partition)
                self._records[partition].append(Record(offset, step, None, f"{partition}/{offset}"))

    def end(self, partition: str) -> int:
        """The offset that the next added record gets."""
        records = self._records[partition]
        return records[-1].offset + 1 if records else 0

    def restart(self) -> None:
        """What a new process finds: positions are gone, commits are not."""
        self.reassign()
        self._paused = False

    def reassign(self) -> None:
        """What a rebalance does, also where it gives back what it took: positions are gone."""
        self._positions = dict.fromkeys(self._records, 0)
        self._assignment += 1

    def vanish(self, partition: str, before: int) -> None:
        """Retention: records below ``before`` are gone."""
        self._records[partition] = [record for record in self._records[partition] if record.offset >= before]
        self._begins[partition] = before

    def assigned(self) -> Mapping[str, int]:
        return dict.fromkeys(self._records, self._assignment)

    async def committed(self, partition: str) -> Committed | None:
        return self._committed.get(partition)

    async def start(self, partition: str) -> int:
        return 0

    def seek(self, partition: str, offset: int) -> None:
        self._positions[partition] = offset

    def position(self, partition: str) -> int:
        return self._positions[partition]

    def pause(self, paused: bool) -> None:
        self._paused = paused

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | Vanished | None:
        if self._paused:
            return None
        names = list(self._records)
        for step in range(len(names)):
            number = (self._turn + step) % len(names)
            fetched = self._read(names[number], max_records)
            if fetched is not None:
                self._turn = number + 1
                return fetched
        return None

    def _read(self, partition: str, max_records: int) -> Fetched | Vanished | None:
        begin = self._positions[partition]
        if begin < (held := self._begins.get(partition, 0)):
            return Vanished(partition, begin, held, "retention")
        events = self._events[partition]
        waiting = [record for record in self._records[partition] if record.offset >= begin]
        stops = sorted(offset for offset in events if offset >= begin)
        if stops and (not waiting or stops[0] <= waiting[0].offset):
            event = events[stops[0]].pop(0)
            if not events[stops[0]]:
                del events[stops[0]]
            if isinstance(event, Failure):
                raise Unavailable(event.reason)
            return None
        limit = stops[0] if stops else None
        taken: Sequence[Record] = [r for r in waiting if limit is None or r.offset < limit][:max_records]
        if not taken:
            return None
        end = taken[-1].offset + 1
        self._positions[partition] = end
        return Fetched(partition, begin, end, taken)

    def ended(self) -> bool:
        return not self._grows and all(
            self._positions[partition] >= self.end(partition) and not self._events[partition]
            for partition in self._records
        )

    def ends(self) -> Mapping[str, int]:
        return {partition: self.end(partition) for partition in self._records}

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        self._committed |= positions

    async def close(self) -> None:
        return
