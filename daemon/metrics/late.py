"""Notices when the event loop does not come round: then nothing is read, sent or answered."""

import asyncio

from alerts.pause import pause
from daemon.metrics.metrics import Metrics

SECONDS = 0.25
"""Between two looks. What holds the loop up for longer is always seen, what is shorter now and then; it costs some
thousandth of a core."""


async def watch_lateness(metrics: Metrics, stopping: asyncio.Event) -> None:
    """Show by how many seconds each wake-up was late, until told to stop."""
    clock = asyncio.get_running_loop().time
    while not stopping.is_set():
        due = clock() + SECONDS
        await pause(SECONDS, stopping)
        if not stopping.is_set():
            metrics.late.observe(max(0.0, clock() - due))
