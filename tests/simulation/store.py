"""The server that all processes share: a state, and the journal from which it comes back after a crash.

Requests arrive one at a time and each happens whole, as scripts do. Those whose senders gave up may arrive later.
"""

import random
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from alerts.store.memory_state import MemoryState

T = TypeVar("T")

Request = Callable[[MemoryState], Coroutine[Any, Any, T]]
"""The same on every state that was reached by the same requests."""


def run_now(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits."""
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result


class Store:
    """One state, what of it is on disk, and what is still on its way to it."""

    def __init__(self, chance: random.Random, *, always: bool) -> None:
        self.state = MemoryState()
        self.late: list[Callable[[], object]] = []
        self.losses = 0  # times that acknowledged writes were lost
        self._chance = chance
        self._always = always
        self._journal: list[Request[Any]] = []
        self._on_disk = 0

    def read(self, request: Request[T]) -> T:
        """Ask what stands."""
        return run_now(request(self.state))

    def write(self, request: Request[T]) -> T:
        """Take a write: on disk at once, or with those before it some time later."""
        result = run_now(request(self.state))
        self._journal.append(request)
        if self._always or self._chance.random() < 0.1:
            self._on_disk = len(self._journal)
        return result

    def crash(self) -> int:
        """It comes back with any prefix of the writes that were not on disk. How many are lost."""
        kept = self._chance.randint(self._on_disk, len(self._journal))
        lost = len(self._journal) - kept
        self.late.clear()
        if lost:
            self.losses += 1
            del self._journal[kept:]
            self.state = MemoryState()
            for request in self._journal:
                run_now(request(self.state))
        self._on_disk = kept
        return lost

    def wipe(self) -> None:
        """Somebody empties it while all goes on."""
        self.losses += 1
        self.state, self._journal, self._on_disk = MemoryState(), [], 0
