"""Gauges that nothing else moves: how Redis does, how late the loop is, what was said of alerts."""

import asyncio
from contextlib import suppress

from redis.asyncio import Redis

from alerts.errors import Refused, Unavailable
from alerts.pause import pause
from alerts.store.redis_safety import health_of
from alerts.verdicts.redis_verdicts import RedisVerdicts
from daemon.loops import loop
from daemon.metrics.late import watch_lateness
from daemon.metrics.metrics import Metrics

LOOK_SECONDS = 10.0
"""Below the quarter of a minute in which Prometheus usually comes; three small questions."""

VERDICT_SECONDS = 30.0
"""People judge a few alerts an hour."""


async def watch_health(redis: Redis, metrics: Metrics, stopping: asyncio.Event) -> None:
    """Look until told to stop. A server that does not answer is shown as such and asked again."""
    while not stopping.is_set():
        metrics.store(await health_of(redis))
        await pause(LOOK_SECONDS, stopping)


async def watch_verdicts(redis: Redis, name: str, metrics: Metrics, stopping: asyncio.Event) -> None:
    """Those that people gave to other processes too."""
    verdicts = RedisVerdicts(redis, name)
    while not stopping.is_set():
        with suppress(Unavailable, Refused):  # said by whoever needs the store
            metrics.judge(await verdicts.counts())
        await pause(VERDICT_SECONDS, stopping)


def gauges(redis: Redis, name: str, metrics: Metrics, stop: asyncio.Event) -> list[asyncio.Task[None]]:
    """A loop for each, until ``stop``."""
    return [
        loop(watch_health(redis, metrics, stop), "health"),
        loop(watch_lateness(metrics, stop), "lateness"),
        loop(watch_verdicts(redis, name, metrics, stop), "verdicts"),
    ]
