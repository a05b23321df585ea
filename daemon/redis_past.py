"""Opens what the daemon can be asked about afterwards, on the store that it writes to."""

from collections.abc import Callable

from redis.asyncio import Redis

from alerts.admission.redis_admission import RedisAdmission
from alerts.ledger.redis_ledger import RedisLedger
from daemon.past import Past
from daemon.watch import Watch


def open_past(redis: "Redis | None", name: str, watch: Callable[[], Watch], now_ms: Callable[[], int]) -> Past | None:
    """None where there is no store, because the process was told to stop before."""
    return Past(RedisLedger(redis, name), RedisAdmission(redis, name), watch, now_ms) if redis is not None else None
