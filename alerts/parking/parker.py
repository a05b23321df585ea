"""Tells the parked topic what became of old deliveries, and puts back what it holds after a wipe.

The order is what makes it safe: the topic first, and only when it has acknowledged the pins in the store.
"""

import asyncio
import time
from collections.abc import Callable

from alerts.errors import Unavailable
from alerts.logger import Logger
from alerts.parking.parking import ParkedOutbox, ParkedTopic
from alerts.patience import Patience
from alerts.pause import pause

AT_ONCE = 200
"""Deliveries of one round, 4 MB at most: one script call stays short."""

ROUND_SECONDS = 1.0
"""As often as positions are committed, which is what all of this is for."""


class Parker:
    """``restore`` before anything is read; ``run`` beside everything else."""

    def __init__(
        self,
        *,
        outbox: ParkedOutbox,
        topic: ParkedTopic,
        log: Logger,
        now_ms: Callable[[], int],
        added: Callable[[], None],
    ) -> None:
        """``added`` is called when something was put back that may be sent."""
        self._outbox = outbox
        self._topic = topic
        self._log = log
        self._now_ms = now_ms
        self._added = added
        self._restoring = asyncio.Lock()
        self._patience = Patience()

    async def restore(self) -> None:
        """Put back what the topic holds, unless that was done in this store. Raises ``Unavailable``: call again."""
        async with self._restoring:
            incarnation, topic = await self._outbox.standing()
            if not incarnation or topic == self._topic.name:
                return
            count = 0
            async for parked in self._topic.load():
                new = await self._outbox.restore(incarnation, parked, self._now_ms())
                if new is None:
                    raise Unavailable("Redis lost its data while parked deliveries were put back")
                count += new
            if not await self._outbox.restored(incarnation, self._topic.name):
                raise Unavailable("Redis lost its data while parked deliveries were put back")
            if count:
                self._log.warning("parked_restored", deliveries=count, kafka_topic=self._topic.name)
                self._added()

    async def step(self) -> bool:
        """One round. True if there may be more to do at once. Raises ``Unavailable``."""
        await self.restore()
        unkept = await self._outbox.unkept(self._now_ms(), AT_ONCE)
        if not unkept.changes:
            return False
        await self._topic.keep({each.id: each.parked for each in unkept.changes})
        await self._outbox.kept(unkept, self._now_ms())
        return len(unkept.changes) == AT_ONCE

    async def run(self, stopping: asyncio.Event) -> None:
        """Until told to stop. What is left undone is in the store, and done at the next start."""
        while not stopping.is_set():
            try:
                seconds = 0.0 if await self.step() else ROUND_SECONDS
                if self._patience.over():
                    self._log.info("parking_again")
            except Unavailable as error:
                seconds = self._patience.pause_seconds()
                if self._patience.worth_a_line(time.monotonic()):
                    self._log.warning("waiting", reason=str(error))
            await pause(seconds, stopping)
