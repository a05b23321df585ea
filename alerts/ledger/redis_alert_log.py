"""The log of alerts in Redis."""

from collections.abc import Sequence

from redis.asyncio import Redis

from alerts.ledger.alert_log import LINES_AT_ONCE, Entry, Gap, Onwards, Page
from alerts.store.keys import ALERTS_KEPT, Keys
from alerts.store.redis_calls import load_script, run_script


class RedisAlertLog:
    """An ``AlertLog`` of every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._key = Keys(name).key("alerts")
        self._older, self._newer = (load_script(redis, __package__, verb) for verb in ("older", "newer"))

    async def older(self, before: str, needles: Sequence[bytes] = ()) -> Page:
        arguments = [f"({before}" if before else "+", LINES_AT_ONCE, *needles]
        following, *found = await run_script(self._older, "OLDER", [self._key], arguments)
        return Page(_entries(found), following.decode())

    async def newer(self, after: str) -> Onwards:
        arguments = [after, LINES_AT_ONCE, ALERTS_KEPT]
        gap, cursor, *found = await run_script(self._newer, "NEWER", [self._key], arguments)
        return Onwards(_entries(found), cursor.decode(), Gap(gap.decode()))


def _entries(found: Sequence[bytes]) -> list[Entry]:
    return [Entry(cursor.decode(), line) for cursor, line in zip(found[::2], found[1::2], strict=True)]
