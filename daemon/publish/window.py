"""Which records are under way, and up to where every one before is settled. Pure.

Records are acknowledged in any order; an input is settled only up to the first that is not. What is read ahead of what
was last written down is bounded, for just that is published twice when the process dies.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from daemon.sources.file_lines import Line


class Acknowledged(Protocol):
    """Where Kafka has put a record; ``offset`` is -1 where it does not say."""

    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...


@dataclass(slots=True, eq=False)
class Input:
    """A file, or a pipe."""

    name: str  # as it was given
    path: str  # absolute, by which it is known again
    begun: bool = False
    regular: bool = False  # another run can go on in it
    head: bytes = b""
    position: int = 0  # up to where it is settled
    line: int = 0


@dataclass(slots=True, eq=False)
class Entry:
    """One line on its way."""

    input: Input
    line: Line
    key: bytes | None
    value: bytes | None  # None: there is nothing to send, the place is passed in its turn
    settled: bool = False
    acknowledged: Acknowledged | None = None


class Window:
    """Entries in the order in which they were read."""

    def __init__(self, most: int, most_bytes: int) -> None:
        """At least one entry always has room, whatever its size."""
        self._most, self._most_bytes = most, most_bytes
        self._open = deque[Entry]()
        self._bytes = 0
        self._unsaved = self._unsaved_bytes = 0
        self._frontier: dict[Input, Entry] = {}

    def __len__(self) -> int:
        return len(self._open)

    def add(self, entry: Entry) -> None:
        """One more was read."""
        self._open.append(entry)
        self._bytes += len(entry.line.text)

    def settle(self, entry: Entry) -> Sequence[Entry]:
        """It was acknowledged, or is none for Kafka. What that completes from the front leaves the window for good."""
        entry.settled = True
        left = []
        while self._open and self._open[0].settled:
            first = self._open.popleft()
            size = len(first.line.text)
            self._bytes -= size
            self._unsaved += 1
            self._unsaved_bytes += size
            self._frontier[first.input] = first
            first.input.position, first.input.line = first.line.end, first.line.number
            left.append(first)
        return left

    def to_repeat(self) -> Sequence[Entry]:
        """What must be sent (again) after a failure, in order: all that is unsettled, and what overtook one of its key.

        None of it is settled any more.
        """
        repeated, keys = [], set[bytes]()
        for entry in self._open:
            if not entry.settled or (entry.key is not None and entry.key in keys):
                entry.settled, entry.acknowledged = False, None
                repeated.append(entry)
                if entry.key is not None:
                    keys.add(entry.key)
        return repeated

    @property
    def full(self) -> bool:
        """Whether no more may be read before something is acknowledged and written down."""
        records, size = len(self._open) + self._unsaved, self._bytes + self._unsaved_bytes
        return records >= self._most or size >= self._most_bytes

    @property
    def worth_saving(self) -> bool:
        """Whether writing down makes room."""
        return self._unsaved * 2 >= self._most or self._unsaved_bytes * 2 >= self._most_bytes

    @property
    def unsaved(self) -> Mapping[Input, Entry]:
        """The last settled entry of each input in which something was settled since ``saved``."""
        return self._frontier

    def saved(self) -> None:
        """What is settled was written down."""
        self._frontier.clear()
        self._unsaved = self._unsaved_bytes = 0
