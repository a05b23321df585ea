"""Opens what is to be sent, on the store: the outbox, and what puts deliveries back into it."""

import time
from collections.abc import Callable

import structlog
from redis.asyncio import Redis

from alerts.deliveries.redis_deliveries import RedisDeliveries
from alerts.deliveries.replayer import Replayer
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.parking.parker import Parker
from daemon.config.config import Config
from daemon.metrics.metrics import Metrics

log = structlog.get_logger()


def open_sending(
    redis: "Redis",
    config: Config,
    instance: str,
    parker: Parker | None,
    metrics: Metrics,
    added: Callable[[], None],
) -> tuple[RedisOutbox, Replayer]:
    """``parker``: where there is a parked topic. ``added`` is called when something was put back that may be sent."""
    keep_ms = round(config.history.keep.total_seconds() * 1000)
    outbox = RedisOutbox(
        redis,
        config.name,
        instance,
        dead_kept_ms=keep_ms,
        delivered_kept=config.history.deliveries,
        keeps=parker is not None,
    )
    deliveries = RedisDeliveries(redis, config.name)
    replayer = Replayer(
        deliveries=deliveries,
        outbox=outbox,
        log=log,
        kept_ms=keep_ms,
        now_ms=lambda: time.time_ns() // 1_000_000,
        added=added,
        waiting=lambda count: metrics.replays_waiting.set(count),
    )
    return outbox, replayer
