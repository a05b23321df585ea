"""Opens what is to be sent, on the store: the outbox, and what puts deliveries back into it."""

from collections.abc import Callable

import structlog
from redis.asyncio import Redis

from alerts.deliveries.redis_deliveries import RedisDeliveries
from alerts.deliveries.replayer import Replayer
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.parking.parker import Parker
from daemon.config import Config

log = structlog.get_logger()


def open_sending(
    redis: "Redis",
    config: Config,
    instance: str,
    parker: Parker | None,
    now_ms: Callable[[], int],
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
    return outbox, Replayer(deliveries=deliveries, outbox=outbox, log=log, now_ms=now_ms, added=added)
