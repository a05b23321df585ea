"""``--once``: when all that was there is read, and nothing waits to be delivered."""

import asyncio
from collections.abc import Callable, Sequence

from alerts.dispatch.backlog import flush
from alerts.dispatch.grouped import Teller
from alerts.errors import Unavailable
from daemon.consumer import Consumer

LOOK_SECONDS = 0.1
"""How soon it is seen that everything is done."""


async def stop_when_done(
    consumers: Sequence[Consumer], teller: Teller, now_ms: Callable[[], int], stopping: asyncio.Event
) -> None:
    """Sets ``stopping`` when every source was read to its end and its alerts are delivered or dead.

    A backlog goes out at once, and so does what waits for others or for an hour.
    """
    while not stopping.is_set():
        await asyncio.sleep(LOOK_SECONDS)
        if all(consumer.finished for consumer in consumers):
            try:
                await flush(teller.outbox, now_ms(), lambda backlog: backlog.pending, teller.silences)
                await teller.all(now_ms(), lambda group: True)
                depth = await teller.outbox.depth()
            except Unavailable:
                continue
            if depth.ready == depth.pending == 0 and all(consumer.finished for consumer in consumers):
                stopping.set()
