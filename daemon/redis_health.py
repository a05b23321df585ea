"""What only looks, for people to see: how Redis does, and how late the loop is."""

import asyncio

from redis.asyncio import Redis

from alerts.pause import pause
from alerts.redis_safety import health_of
from daemon.late import watch_lateness
from daemon.loops import loop
from daemon.metrics import Metrics

LOOK_SECONDS = 10.0
"""Below the quarter of a minute in which Prometheus usually comes; three small questions."""


async def watch_health(redis: Redis, metrics: Metrics, stopping: asyncio.Event) -> None:
    """Look until told to stop. A server that does not answer is shown as such and asked again."""
    while not stopping.is_set():
        metrics.store(await health_of(redis))
        await pause(LOOK_SECONDS, stopping)


def gauges(redis: Redis, metrics: Metrics, stop: asyncio.Event) -> list[asyncio.Task[None]]:
    """Both, until ``stop``."""
    return [
        loop(watch_health(redis, metrics, stop), "health"),
        loop(watch_lateness(metrics, stop), "lateness"),
    ]
