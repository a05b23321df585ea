"""The silences that a process knows: what the store keeps, looked at often, so that a new one holds within a second."""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from alerts.errors import Unavailable
from alerts.pause import pause
from alerts.silences.silence import Silence, SilenceState
from alerts.silences.silences import SilenceStore

LOOK_SECONDS = 0.5
"""Between two looks for a change: one GET each."""


class KnownSilences:
    """``in_force`` is read for each alert; the rest asks the store."""

    def __init__(
        self, store: SilenceStore, *, now_ms: Callable[[], int], new_version: Callable[[], str], keep_ms: int
    ) -> None:
        """``keep_ms``: how long those that are over are kept."""
        self._store = store
        self._now_ms = now_ms
        self._new_version = new_version
        self._keep_ms = keep_ms
        self._version: str | None = None  # of what we know; None: nothing yet
        self.in_force: Sequence[Silence] = ()  # and those to come, in the order in which they were asked for

    async def look(self) -> None:
        """Learn what changed. Raises ``Unavailable``: what was known stays in force."""
        version = await self._store.version()
        if version != self._version:
            kept = await self.kept()
            self.in_force = tuple(each for each in kept if each.state(self._now_ms()) is not SilenceState.EXPIRED)
            self._version = version

    async def run(self, stopping: asyncio.Event) -> None:
        """Look again and again. A store that does not answer is waited for: nothing is admitted meanwhile either."""
        while not stopping.is_set():
            try:
                await self.look()
            except Unavailable:
                self._version = None
            await pause(LOOK_SECONDS, stopping)

    async def kept(self) -> Sequence[Silence]:
        """All that the store keeps, by start."""
        oldest_ms = self._now_ms() - self._keep_ms
        kept = [each for each in await self._store.all() if each.end_ms > oldest_ms]
        return sorted(kept, key=lambda each: (each.start_ms, each.id))

    async def add(self, silence: Silence) -> bool:
        """Keep it; it holds here at once. False where there is no room."""
        put = await self._store.put(silence, version=self._new_version(), now_ms=self._now_ms(), keep_ms=self._keep_ms)
        await self.look()
        return put

    async def expire(self, id_: str) -> Silence | None:
        """End it now; one that is over stays as it is. None where there is none of that id."""
        found = next((each for each in await self._store.all() if each.id == id_), None)
        if found is None or found.state(self._now_ms()) is SilenceState.EXPIRED:
            return found
        now_ms = self._now_ms()
        ended = msgspec.structs.replace(found, start_ms=min(found.start_ms, now_ms), end_ms=now_ms)
        await self.add(ended)
        return ended
