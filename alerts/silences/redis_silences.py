"""Silences in Redis. The one write is in the script beside this file."""

from collections.abc import Sequence

from redis.asyncio import Redis

from alerts.silences.silence import Silence
from alerts.silences.silences import MOST_SILENCES, encode_silence, read_silence
from alerts.store.keys import Keys
from alerts.store.redis_calls import load_script, run_command, run_script


class RedisSilences:
    """A ``SilenceStore`` shared by every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._redis = redis
        self._key = Keys(name).key
        self._put = load_script(redis, __package__, "put")

    async def version(self) -> str:
        found: bytes | None = await run_command("looking for silences", self._redis.get(self._key("silences_version")))
        return found.decode() if found is not None else ""

    async def all(self) -> Sequence[Silence]:
        kept: dict[bytes, bytes] = await run_command("reading silences", self._redis.hgetall(self._key("silences")))
        return [silence for each in kept.values() if (silence := read_silence(each)) is not None]

    async def put(self, silence: Silence, *, version: str, now_ms: int, keep_ms: int) -> bool:
        keys = [self._key("silences"), self._key("silence_ends"), self._key("silences_version")]
        until_ms = min(now_ms, now_ms - keep_ms)
        arguments = [silence.id, encode_silence(silence), silence.end_ms, now_ms, until_ms, MOST_SILENCES, version]
        return bool(await run_script(self._put, "PUT SILENCE", keys, arguments))
