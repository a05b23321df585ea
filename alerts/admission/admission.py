"""What the consume side may ask of Redis: read stories, then one write per partition batch.

docs/protocol.md says what each verb promises; adapters decide nothing. Every write is safe to repeat.
Rows of the story memory are opaque bytes here; ``processors/stories`` gives them meaning. A row that refers
to a story begins with that story's reference (12 ASCII characters), which is all that the store knows of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import msgspec

from alerts.model import Amended, Delivery, Pending

STORY_REFERENCE = 12
"""Characters of a story id that lead to its row: 60 bits."""


@dataclass(frozen=True, slots=True)
class PartitionStanding:
    """Where a partition stands in Redis."""

    incarnation: str
    checkpoint: int  # next offset whose effects are not yet in Redis
    low: int  # least offset that an unfinished delivery still needs, else the checkpoint


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answer of LOOKUP."""

    version: str  # token of the story memory as read; ADMIT refuses a decision made on another
    rows: Mapping[str, bytes]  # field → row; of several days the newest


@dataclass(frozen=True, slots=True)
class MemoryWrite:
    """One row of the story memory. ``day`` (``2026-11-24``) names the bucket, by event time."""

    day: str
    field: str
    row: bytes


class Amendment(msgspec.Struct, frozen=True, gc=False):
    """A correction: whatever still waits of its alert is shown so."""

    waiting: tuple[str, ...]  # ids of the alert's deliveries; those that do not wait are left alone
    amended: Amended


class RecordEffects(msgspec.Struct, frozen=True, gc=False):  # one for each record read: made six times as fast
    """Everything that one record leads to. Records without effects but their count are listed too."""

    offset: int
    outcome: str
    memory: tuple[MemoryWrite, ...] = ()
    deliveries: tuple[Delivery, ...] = ()  # added once per id, whatever happens
    repeats: tuple[str, ...] = ()  # ids of earlier deliveries that, if unfinished, this record pins too
    decision: bytes = b""  # a line for the bounded decision log, or nothing
    pending: tuple[Pending, ...] = ()  # added once per id like deliveries, for a digest that FLUSH makes of them
    miss: bytes = b""  # a line for the bounded log of misses, or nothing
    alerts: tuple[bytes, ...] = ()  # lines for the bounded log of alerts, one a notice
    amendments: tuple[Amendment, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """One ADMIT: the records read from ``partition`` in ``[a, b)``, in order."""

    incarnation: str
    partition: str
    a: int  # the consumer's position before the fetch
    b: int  # and after it, also where only control records were read
    version: str  # of the LOOKUP that the decisions rest on; "" where no record touches the memory
    next_version: str  # unique to this attempt
    now_ms: int
    records: Sequence[RecordEffects]
    seen: bytes = b""  # marks of the articles read (``ledger/seen.py``), kept after those of earlier batches


class Answer(StrEnum):
    """What ADMIT answers."""

    DONE = "done"
    LOST = "lost"  # another incarnation: RECOVER
    GAP = "gap"  # ``a`` is beyond the checkpoint: go back to it
    RETRY = "retry"  # the memory changed since LOOKUP: look and decide again


@dataclass(frozen=True, slots=True)
class Admitted:
    """ADMIT's answer and the checkpoint that now stands."""

    answer: Answer
    checkpoint: int


class Admission(Protocol):
    """The consume side's store. Raises ``Unavailable`` when the outcome is unknown: repeat the call."""

    async def recover(self, partition: str, start: int, incarnation: str) -> PartitionStanding:
        """Adopt the incarnation that stands, else set ours; set the checkpoint to ``start`` only if missing."""
        ...

    async def lookup(
        self, days: Sequence[str], fields: Sequence[str], far_days: Sequence[str] = (), far_fields: Sequence[str] = ()
    ) -> Remembered:
        """Rows for ``fields`` and, for each row found that refers to a story, the row ``s:<reference>``.

        ``far_fields`` are looked for in ``far_days`` too where ``days`` have none, stories in all days.
        """
        ...

    async def admit(self, batch: Batch) -> Admitted:
        """The one write. All of it happens or none."""
        ...

    async def withholds(self) -> bool:
        """Whether any delivery is one that waited and was not told."""
        ...

    async def withheld(self, deliveries: Sequence[str]) -> Collection[str]:
        """Those of these that waited and were not told (``Outbox.withhold``), as long as that is remembered."""
        ...

    async def snapshot(self, partition: str) -> PartitionStanding | None:
        """Incarnation, checkpoint and low in one read; None where Redis knows nothing of the partition."""
        ...

    async def skip(self, partition: str, incarnation: str, start: int, end: int, reason: str) -> Admitted:
        """Move the checkpoint from ``start`` over offsets that no longer exist to ``end``; counted.

        ``end`` before ``start``: the partition was made anew. GAP where the checkpoint is not at ``start``.
        """
        ...

    async def counts(self) -> Mapping[str, int]:
        """Records by outcome since this Redis began."""
        ...
