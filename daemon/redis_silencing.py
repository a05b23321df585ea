"""Opens what silences alerts, on the store that all processes of one name share."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from redis.asyncio import Redis

from alerts.errors import Unavailable
from alerts.patience import Patience
from alerts.pause import pause
from alerts.silences.known import KnownSilences
from alerts.silences.redis_silences import RedisSilences
from daemon.api.http_silences import Silencing
from daemon.config.config import Config
from daemon.reload import Reloader

log = structlog.get_logger()


async def open_silencing(
    redis: "Redis | None", config: Config, reloader: Reloader, now_ms: Callable[[], int], stopping: asyncio.Event
) -> Silencing | None:
    """Once what is kept is known: nothing may be told before. None where the process was told to stop."""
    if redis is None:
        return None
    known = KnownSilences(
        RedisSilences(redis, config.name),
        now_ms=now_ms,
        new_version=lambda: secrets.token_hex(8),
        keep_ms=config.history.keep // timedelta(milliseconds=1),
    )
    patience = Patience()
    while not stopping.is_set():
        try:
            await known.look()
            return Silencing(known, written=lambda: reloader.watch.loaded.silences, now_ms=now_ms)
        except Unavailable as error:
            if patience.worth_a_line(time.monotonic()):
                log.warning("waiting", reason=str(error))
            await pause(patience.pause_seconds(), stopping)
    return None
