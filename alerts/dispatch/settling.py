"""How a delivery's attempt ends: the store is told until it takes it, then whoever counts and whoever reads the log."""

import asyncio
from collections.abc import Awaitable, Callable

from alerts.dispatch.observer import Ending, Observer
from alerts.errors import Unavailable
from alerts.logger import Logger
from alerts.model import Attempt, Leased
from alerts.outbox.outbox import Outbox
from alerts.patience import Patience


class Settling:
    """Writes endings. ``waiting`` is told of each answer that the store does not give."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        observer: Observer,
        log: Logger,
        now_ms: Callable[[], int],
        waiting: Callable[[Unavailable], None],
    ) -> None:
        self._outbox = outbox
        self._observer = observer
        self._log = log
        self._now_ms = now_ms
        self._waiting = waiting

    async def delivered(self, leased: Leased, attempt: Attempt, now: int) -> None:
        """It arrived."""
        await self.until_taken(lambda: self._outbox.delivered(leased, attempt, now))
        self._observer.settled(leased, Ending.DELIVERED, "", now)

    async def later(self, leased: Leased, attempt: Attempt, now: int, next_ms: int) -> None:
        """It did not, and is sent again then."""
        await self.until_taken(lambda: self._outbox.later(leased, attempt, now, next_ms))
        self._observer.settled(leased, Ending.LATER, "", now)

    async def dead(self, leased: Leased, attempt: Attempt, reason: str) -> None:
        """It is given up."""
        now = self._now_ms()
        await self.until_taken(lambda: self._outbox.dead(leased, attempt, now, reason))
        self._observer.settled(leased, Ending.DEAD, reason, now)
        self._log.warning(
            "delivery_dead",
            delivery=leased.delivery.id,
            receiver=leased.delivery.receiver,
            reason=reason,
            status=attempt.status,
            error=attempt.error,
            hint="`rasid deliveries replay` sends it again, once the receiver works",
        )

    async def until_taken(self, write: Callable[[], Awaitable[object]]) -> None:
        """Repeat a write until the store takes it: each is safe to repeat, and sending again is not."""
        patience = Patience()
        while True:
            try:
                await write()
            except Unavailable as error:
                self._waiting(error)
                await asyncio.sleep(patience.pause_seconds())
            else:
                return
