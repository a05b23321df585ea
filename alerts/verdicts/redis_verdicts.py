"""Verdicts in Redis. The one write is in the script beside this file."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from redis.asyncio import Redis

from alerts.store.keys import Keys
from alerts.store.redis_calls import load_script, run_command, run_script
from alerts.verdicts.verdict import MOST_VERDICTS, Says, Verdict, encode_verdict, read_verdict
from alerts.verdicts.verdicts import Counts


class RedisVerdicts:
    """``Verdicts`` of every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._redis = redis
        self._kept, self._times, self._counts = map(Keys(name).key, ("verdicts", "verdict_times", "verdict_counts"))
        self._put = load_script(redis, __package__, "put")

    async def put(self, verdict: Verdict) -> None:
        arguments = [verdict.alert, encode_verdict(verdict), verdict.at_ms, MOST_VERDICTS]
        await run_script(self._put, "PUT VERDICT", [self._kept, self._times, self._counts], arguments)

    async def newest(self, count: int) -> Sequence[Verdict]:
        alerts = await run_command("reading verdicts", self._redis.zrevrange(self._times, 0, count - 1))
        rows = await run_command("reading verdicts", self._redis.hmget(self._kept, alerts)) if alerts else []
        return [verdict for row in rows if row is not None and (verdict := read_verdict(row)) is not None]

    async def judged(self, alerts: Sequence[str]) -> Collection[str]:
        if not alerts:
            return set()
        times = await run_command("reading verdicts", self._redis.zmscore(self._times, list(alerts)))
        return {alert for alert, at_ms in zip(alerts, times, strict=True) if at_ms is not None}

    async def counts(self) -> Counts:
        held: dict[bytes, bytes] = await run_command("counting verdicts", self._redis.hgetall(self._counts))
        found: defaultdict[str, dict[Says, int]] = defaultdict(dict)
        for counted, number in held.items():
            topic, _, says = counted.decode().partition("\0")
            if says in list(Says):
                found[topic][Says(says)] = int(number)
        return found
