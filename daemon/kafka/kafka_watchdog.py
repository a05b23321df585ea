"""When a Kafka consumer is stuck: there is something to read, and nothing comes. Pure.

aiokafka can stop for ever without a word, after a broker's restart for instance, or when a task of it dies.
"""

from dataclasses import dataclass
from enum import StrEnum

PROBE_SECONDS = 3.0
"""Of silence, after which the broker is asked whether there is anything to read."""

STUCK_SECONDS = 12.0
"""Of silence while there is something to read, after which the consumer is replaced: well above a rebalance, and
with the probe below the 15 s in which reading must go on after a broker's restart."""

JOIN_SECONDS = 30.0
"""For the first assignment: the whole session of a member that died may pass first."""

MOST_REBUILDS = 3
"""In a row, without a record in between. Then the process ends, and whoever supervises it starts a fresh one."""


class Verdict(StrEnum):
    """What is to be done. Rebuilds are counted by it."""

    FINE = "fine"
    PROBE = "probe"  # ask the broker
    STUCK = "stuck"  # replace the consumer: there are records, and none come
    NOT_JOINED = "not_joined"  # replace it: the group never took it in


@dataclass(slots=True)
class Watchdog:
    """Told what happens; asked what to do. Times are seconds of one steady clock."""

    started: float
    rebuilds: int = 0  # in a row
    _moved: float = 0.0
    _probed: float = 0.0
    _behind_since: float | None = None
    _joined: bool = False

    def __post_init__(self) -> None:
        self.began(self.started)

    def began(self, now: float) -> None:
        """A consumer begins."""
        self._moved = self._probed = self.started = now
        self._behind_since, self._joined = None, False

    def joined(self, now: float) -> None:
        """The group gave it its partitions, be they none."""
        self._joined, self._moved, self._behind_since = True, now, None

    def moved(self, now: float) -> None:
        """A position moved, or nothing needs to move: reading is paused, or there are no partitions."""
        self._moved, self._behind_since, self.rebuilds = now, None, 0

    def rested(self, now: float) -> None:
        """Nothing is expected to move just now; that says nothing about whether it would."""
        self._moved, self._behind_since = now, None

    def probed(self, now: float, *, behind: bool) -> None:
        """The broker answered whether there is anything to read."""
        self._probed = now
        if not behind:
            self.moved(now)
        elif self._behind_since is None:
            self._behind_since = now

    def verdict(self, now: float) -> Verdict:
        """What to do now."""
        if not self._joined:
            return Verdict.NOT_JOINED if now - self.started >= JOIN_SECONDS else Verdict.FINE
        if self._behind_since is not None and now - self._moved >= STUCK_SECONDS:
            return Verdict.STUCK
        if now - self._moved >= PROBE_SECONDS and now - self._probed >= PROBE_SECONDS:
            return Verdict.PROBE
        return Verdict.FINE
