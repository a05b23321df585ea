"""Which tokens the store has, known without asking it for each: wrong ones cost it one look a second, however many."""

import asyncio
import time
from collections.abc import Callable

from daemon.access.token_store import TokenStore

LOOK_SECONDS = 1.0
"""Between the beginnings of two looks. So long may a right token wait that is newer than the last."""


class KnownDigests:
    """Of one store. A digest that it has is never taken for one that it has not."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._digests: frozenset[str] = frozenset()
        self._begun = float("-inf")  # the last look
        self._next: asyncio.Task[frozenset[str]] | None = None

    async def holds(self, store: TokenStore, digest: str) -> bool:
        """Whether it had it at the last look, or has it at one that begins after this call. Raises ``Unavailable``."""
        if digest in self._digests:
            return True
        if self._next is None or self._next.done():
            self._next = asyncio.create_task(self._look(store), name="tokens")
            self._next.add_done_callback(_heard)
        return digest in await asyncio.shield(self._next)  # who goes away takes it from nobody else

    async def _look(self, store: TokenStore) -> frozenset[str]:
        await asyncio.sleep(max(0.0, self._begun + LOOK_SECONDS - self._now()))
        self._begun, self._next = self._now(), None  # who comes from now on needs another
        self._digests = frozenset(each.digest for each in await store.all())
        return self._digests


def _heard(look: asyncio.Task[frozenset[str]]) -> None:
    """An error that nobody waits for any more is no news."""
    if not look.cancelled():
        look.exception()
