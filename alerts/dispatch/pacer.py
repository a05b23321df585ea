"""The loop that tells groups when they are due, beside the one that sends. A crash leaves what is due in the store."""

import asyncio
import time
from collections.abc import Callable

from alerts.dispatch.grouped import Teller
from alerts.errors import Unavailable
from alerts.logger import Logger
from alerts.patience import Patience

POLL_SECONDS = 1.0
"""How late it may be noticed that another process admitted something that is due at once; our own wake us."""


class Pacer:
    """``wake`` is set by whoever added something that waits."""

    def __init__(
        self,
        teller: Teller,
        *,
        log: Logger,
        now_ms: Callable[[], int],
        told: Callable[[], None],
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        """``told`` is called when something became ready."""
        self.wake = asyncio.Event()
        self._teller = teller
        self._log = log
        self._now_ms = now_ms
        self._told = told
        self._poll_seconds = poll_seconds
        self._patience = Patience()

    async def run(self, stopping: asyncio.Event) -> None:
        """Until told to stop. What waits then is told by whoever comes next."""
        while not stopping.is_set():
            self.wake.clear()
            await self._wait(await self._round(), stopping)

    async def _round(self) -> float:
        """Tell what is due. Returns for how many seconds nothing more is."""
        try:
            told, next_ms = await self._teller.due(self._now_ms())
        except Unavailable as error:
            if self._patience.worth_a_line(time.monotonic()):
                self._log.warning("waiting", reason=str(error))
            return self._patience.pause_seconds()
        if self._patience.over():
            self._log.info("pacing_again")
        if told:
            self._told()
        if next_ms is None:
            return self._poll_seconds
        return min(max(0, next_ms - self._now_ms()) / 1000, self._poll_seconds)

    async def _wait(self, seconds: float, stopping: asyncio.Event) -> None:
        """Until woken, told to stop, or ``seconds`` have passed."""
        waits = [asyncio.ensure_future(self.wake.wait()), asyncio.ensure_future(stopping.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
