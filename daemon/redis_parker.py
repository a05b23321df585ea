"""Wires the parker: between the store's side of parking and the parked topic."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import structlog
from redis.asyncio import Redis

from alerts.parking.parker import Parker
from alerts.parking.redis_parking import RedisParkedOutbox

if TYPE_CHECKING:
    from daemon.kafka.kafka_parked_topic import KafkaParkedTopic

log = structlog.get_logger()


def open_parker(
    stack: AsyncExitStack,
    topic: "KafkaParkedTopic | None",
    redis: "Redis",
    name: str,
    *,
    dead_kept_ms: int,
    now_ms: Callable[[], int],
    added: Callable[[], None],
) -> Parker | None:
    """A parker over ``topic``, which ``stack`` closes; None where there is no topic."""
    if topic is None:
        return None
    stack.push_async_callback(topic.close)
    outbox = RedisParkedOutbox(redis, name, dead_kept_ms=dead_kept_ms)
    return Parker(outbox=outbox, topic=topic, log=log, now_ms=now_ms, added=added)
