"""What the store can say afterwards. It only reads, in steps so short that nobody else waits."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from alerts.ledger.seen import SeenAt

LINES_AT_ONCE = 500
"""Of a log, looked at in one step: under 5 ms in Redis, measured on full logs, and 2 to read where all lines fit."""


class Log(StrEnum):
    """The bounded logs, by their key."""

    DECISIONS = "decisions"  # articles that some topic concerned
    MISSES = "misses"  # articles that failed one by little, and records that held none
    HISTORY = "history"  # attempts to deliver


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"  # waits for its digest
    UNFINISHED = "unfinished"  # waits to be sent, or is being sent
    DELIVERED = "delivered"
    DEAD = "dead"  # given up
    WITHHELD = "withheld"  # it waited, and was not told when its turn came
    UNKNOWN = "unknown"  # never added, or so long ago that it is forgotten


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a delivery. ``digest`` is the one that it is going out in, "" if none."""

    state: State
    attempts: int = 0  # that failed, while it is unfinished; all of them once it is dead
    reason: str = ""  # why it is dead, or withheld
    digest: str = ""
    since_ms: int = 0  # when it came to that state; 0: not known any more
    wait: str = ""  # of a pending one that its route makes wait: for what (``model.Wait``)
    until_ms: int = 0  # and until when at the latest, unless it is told with something that is due sooner
    by: str = ""  # what withheld it: a silence's id


@dataclass(frozen=True, slots=True)
class Reach:
    """The oldest that is still known, in ms; None where nothing is."""

    decisions_ms: int | None
    misses_ms: int | None
    seen_ms: int | None
    full: frozenset[Log] = frozenset()  # logs that may have dropped older lines

    def forgotten(self, log: Log, at_ms: int) -> bool:
        """Whether a line of that moment may have been dropped."""
        oldest = self.decisions_ms if log is Log.DECISIONS else self.misses_ms
        return log in self.full and oldest is not None and at_ms < oldest


class Ledger(Protocol):
    """The store's past. Raises ``Unavailable``."""

    def lines(self, log: Log, needles: Sequence[bytes] = ()) -> AsyncIterator[bytes]:
        """Lines of a log, newest first, that contain any of ``needles``; all lines where there are none."""
        ...

    async def seen(self, checksums: Sequence[int]) -> Sequence[SeenAt]:
        """When articles of these checksums (``seen.asked_for``) were read, oldest first."""
        ...

    async def reach(self) -> Reach:
        """How far back each part reaches."""
        ...

    async def fates(self, deliveries: Sequence[str]) -> Mapping[str, Fate]:
        """What became of each of these deliveries."""
        ...
