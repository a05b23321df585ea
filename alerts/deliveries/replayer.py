"""Sends again what people asked for, a few deliveries of a receiver at a time, so that what is new need not wait.

It also makes room: attempts are kept for a time, what arrived only while the store has memory to spare.
"""

import asyncio
import time
from collections.abc import Callable

from alerts.deliveries.deliveries import Deliveries
from alerts.errors import Unavailable
from alerts.logger import Logger
from alerts.outbox.outbox import Outbox
from alerts.patience import Patience
from alerts.pause import pause

AT_ONCE = 10
"""Unfinished replays of one receiver: as many as it gets at a time, so that a new alert waits for one round at most."""

ROUND_SECONDS = 1.0
"""Between looks: with ``AT_ONCE`` it makes ten deliveries a second and receiver, 36,000 an hour."""

ROOM = 0.7
"""Of the store's memory. Reading pauses at 0.8: nothing that was kept to be looked at may bring that about."""

FORGOTTEN_AT_ONCE = 500
"""Bodies of 4 kB each: a step of a few milliseconds."""


class Replayer:
    """``run`` beside everything else; several processes may."""

    def __init__(
        self,
        *,
        deliveries: Deliveries,
        outbox: Outbox,
        log: Logger,
        kept_ms: int,
        now_ms: Callable[[], int],
        added: Callable[[], None],
        waiting: Callable[[int], None],
    ) -> None:
        """``added`` is called when something may be sent, ``waiting`` with how many are left.

        Attempts older than ``kept_ms`` are forgotten.
        """
        self._deliveries = deliveries
        self._outbox = outbox
        self._log = log
        self._kept_ms = kept_ms
        self._now_ms = now_ms
        self._added = added
        self._waiting = waiting
        self._patience = Patience()

    async def step(self) -> int:
        """One round. How many were put back into the queue. Raises ``Unavailable``."""
        replayed = 0
        if turns := await self._deliveries.next_replays(AT_ONCE):
            replayed = await self._outbox.replay(turns, self._now_ms())
            self._added()
        self._waiting(await self._deliveries.waiting_replays())
        await self._deliveries.forget_attempts(self._kept_ms)
        await self._make_room()
        return replayed

    async def _make_room(self) -> None:
        forgotten = 0
        while (await self._outbox.depth()).memory_used > ROOM:
            if not (count := await self._deliveries.forget_oldest(FORGOTTEN_AT_ONCE)):
                break
            forgotten += count
        if forgotten:
            hint = "Redis is nearly full: give it more memory, or set history.deliveries lower"
            self._log.warning("delivered_forgotten", deliveries=forgotten, hint=hint)

    async def run(self, stopping: asyncio.Event) -> None:
        """Until told to stop. What waits is in the store, and goes on by whoever runs next."""
        while not stopping.is_set():
            seconds = ROUND_SECONDS
            try:
                await self.step()
                self._patience.over()
            except Unavailable as error:
                seconds = self._patience.pause_seconds()
                if self._patience.worth_a_line(time.monotonic()):
                    self._log.warning("waiting", reason=str(error))
            await pause(seconds, stopping)
