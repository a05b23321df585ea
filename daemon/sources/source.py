"""What a source of records promises. Kafka, files and standard input fill it.

A partition is a named, ordered run of records with growing offsets (gaps allowed). The consumer, not the source,
decides where to read: it seeks. ``fetch`` never waits longer than asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why the source itself could not read what it was given."""

    reason: str  # closed set: corrupt, compression, too_large, malformed
    detail: str


class Record(msgspec.Struct, frozen=True, gc=False):  # made for every article: ten times as fast as a dataclass
    """One record as read. ``value`` is None for a tombstone."""

    offset: int
    value: bytes | None
    appended_ms: int | None = None  # append time where the source has one (files have none)
    origin: str = ""  # shown to people: file:line, topic/partition/offset, or …/first-last for a batch with a flaw
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes]] = ()  # in order; what is no UTF-8 in a name was replaced
    written_ms: int | None = None  # no later than this it was written, where the source knows (a file's time)
    flaw: Flaw | None = None  # set: there is no article here, and why


_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context, version 00 and what may follow it."""


def traceparent(record: Record) -> str:
    """The trace that the publisher's header ``traceparent`` names, or nothing."""
    for name, value in record.headers:
        if name == "traceparent" and _TRACEPARENT.fullmatch(value or b""):
            return value.decode()
    return ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Records of one partition, read from position ``a`` to position ``b``."""

    partition: str
    a: int
    b: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Vanished:
    """Instead of records: the source does not hold our position any more. Only SKIP may pass over what is gone."""

    partition: str
    position: int  # where we stand
    resume: int  # where to go on; before ``position`` where the partition was made anew
    reason: str  # closed set: retention, recreated


@dataclass(frozen=True, slots=True)
class Committed:
    """What the source keeps for us between two runs (docs/protocol.md, "Positions")."""

    checkpoint: int
    low: int
    incarnation: str


class Source(Protocol):
    """Where records come from. Raises ``alerts.errors.Unavailable`` when it must be waited for."""

    def assigned(self) -> Mapping[str, int]:
        """Partitions that are ours now, each with the number of the assignment that gave it to us.

        The consumer recovers new ones and forgets lost ones; another number is both: it was another's meanwhile.
        """
        ...

    async def committed(self, partition: str) -> Committed | None:
        """What was last committed, None if nothing ever was."""
        ...

    async def start(self, partition: str) -> int:
        """The configured first position, for a partition that nothing was ever committed for."""
        ...

    def seek(self, partition: str, offset: int) -> None:
        """The next fetch of the partition begins here."""
        ...

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | Vanished | None:
        """Up to ``max_records`` records of one partition; None if none came in time or all have ended."""
        ...

    def position(self, partition: str) -> int:
        """Where the next fetch begins."""
        ...

    def pause(self, paused: bool) -> None:
        """While paused, ``fetch`` yields nothing but keeps the source alive."""
        ...

    def ended(self) -> bool:
        """True when every partition was read to its end and none will grow."""
        ...

    def ends(self) -> Mapping[str, int]:
        """The offset after the last record of each partition, as far as known: for the lag. Empty where none is."""
        ...

    async def commit(self, positions: Mapping[str, Committed]) -> None:
        """Keep these durably. A refused commit is normal and not an error."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...
