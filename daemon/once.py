"""``--once``: when all that was there is read, and nothing waits to be delivered."""

import asyncio
from collections.abc import Callable, Sequence

from alerts.backlog import flush
from alerts.errors import Unavailable
from alerts.outbox.outbox import Outbox
from daemon.consumer import Consumer

LOOK_SECONDS = 0.1
"""How soon it is seen that everything is done."""


async def stop_when_done(
    consumers: Sequence[Consumer], outbox: Outbox, now_ms: Callable[[], int], stopping: asyncio.Event
) -> None:
    """Sets ``stopping`` when every source was read to its end and its alerts are delivered or dead.

    A backlog goes out at once.
    """
    while not stopping.is_set():
        await asyncio.sleep(LOOK_SECONDS)
        if all(consumer.finished for consumer in consumers):
            try:
                await flush(outbox, now_ms(), lambda backlog: backlog.pending)
                depth = await outbox.depth()
            except Unavailable:
                continue
            if depth.ready == depth.pending == 0 and all(consumer.finished for consumer in consumers):
                stopping.set()
