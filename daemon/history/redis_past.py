"""Opens what the daemon can be asked about afterwards, on the store that it writes to."""

from collections.abc import Callable

from redis.asyncio import Redis

from alerts.admission.redis_admission import RedisAdmission
from alerts.deliveries.redis_deliveries import RedisDeliveries
from alerts.ledger.redis_alert_log import RedisAlertLog
from alerts.ledger.redis_ledger import RedisLedger
from alerts.verdicts.redis_verdicts import RedisVerdicts
from daemon.history.past import Past
from daemon.reload import Reloader


def open_past(redis: "Redis | None", name: str, reloader: Reloader, now_ms: Callable[[], int]) -> Past | None:
    """None where there is no store, because the process was told to stop before."""
    if redis is None:
        return None
    return Past(
        RedisLedger(redis, name),
        RedisAdmission(redis, name),
        RedisDeliveries(redis, name),
        watch=lambda: reloader.watch,
        now_ms=now_ms,
        loaded_ms=lambda: reloader.loaded_ms,
        alerts=RedisAlertLog(redis, name),
        verdicts=RedisVerdicts(redis, name),
    )
