"""When to stop setting records aside and halt instead. Pure.

If most of what arrives cannot be read, the fault is not in the records: a mapping is wrong, or the source is another
one. Emptying it into the dead letters would help nobody.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from alerts.errors import Refused
from daemon.sources.source import Record

LOOKED_AT = 1_000
"""Records over which the ratio is taken."""

ENOUGH = 200
"""Fewer say nothing."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that holds no article, and why."""

    record: Record
    reason: str
    detail: str


class DeadLetters(Protocol):
    """Where records go that hold no article."""

    async def add(self, rejected: Sequence[Rejected]) -> None:
        """Keep them durably. Raises ``Unavailable``; may be repeated."""
        ...


class Limit:
    """Watches the ratio of dead letters."""

    def __init__(self, max_ratio: float) -> None:
        self._max_ratio = max_ratio
        self._recent: deque[bool] = deque(maxlen=LOOKED_AT)
        self._dead = 0

    def count(self, dead: bool) -> None:
        """One record was read."""
        if len(self._recent) == LOOKED_AT:
            self._dead -= self._recent[0]
        self._recent.append(dead)
        self._dead += dead

    def check(self) -> None:
        """Raises ``Refused`` where too many of the last records were dead."""
        read = len(self._recent)
        if read >= ENOUGH and self._dead > self._max_ratio * read:
            raise Refused(
                f"{self._dead} of the last {read} records hold no article: look into the dead letters. "
                "Is the source's `fields` mapping right? Raise dead_letters.max_ratio if this is meant"
            )
