"""The store's past in Redis. The logic is in the scripts beside this file, which send back only what is asked for."""

import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

import msgspec
from redis.asyncio import Redis

from alerts.ledger.ledger import LINES_AT_ONCE, Fate, Log, Reach, State
from alerts.ledger.seen import MARK_BYTES, SeenAt, oldest, seen_at
from alerts.model import Pending
from alerts.store.keys import DECISIONS_KEPT, MISSES_KEPT, Keys
from alerts.store.redis_calls import load_script, run_command, run_script

MARKS_AT_ONCE = 50_000
"""Looked at in one step: 600 kB, under 5 ms in Redis."""

FATES_AT_ONCE = 500
"""Deliveries asked for in one step."""

_FATE_KEYS = ["told", "deliveries", "pending", "digested", "dead", "attempts", "ready", "sent", "withheld"]


class RedisLedger:
    """A ``Ledger`` of every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._redis = redis
        self._keys = Keys(name)
        self._scan, self._marks, self._fates = (
            load_script(redis, __package__, verb) for verb in ("scan", "marks", "fates")
        )

    async def lines(self, log: Log, needles: Sequence[bytes] = ()) -> AsyncIterator[bytes]:
        begin = "+"
        while begin:
            arguments = [begin, LINES_AT_ONCE, *needles]
            following, *found = await run_script(self._scan, "SCAN", [self._keys.key(log.value)], arguments)
            for line in found:
                yield line
            begin = f"({following.decode()}" if following else ""

    async def seen(self, checksums: Sequence[int]) -> Sequence[SeenAt]:
        # What is full meanwhile is renamed: the older part last, so that nothing is passed over.
        newer = await self._seen_in("seen", checksums)
        return [*await self._seen_in("seen_before", checksums), *newer]

    async def _seen_in(self, part: str, checksums: Sequence[int]) -> list[SeenAt]:
        key, found = self._keys.key(part), list[SeenAt]()
        length = await run_command("reading what was seen", self._redis.strlen(key))
        packed = [struct.pack("<I", value) for value in checksums]
        for start in range(0, length, MARKS_AT_ONCE * MARK_BYTES):
            arguments = [start, MARKS_AT_ONCE * MARK_BYTES, MARK_BYTES, *packed]
            moments = await run_script(self._marks, "MARKS", [key], arguments)
            found += [seen_at(*struct.unpack("<I", moment)) for moment in moments]
        return found

    async def reach(self) -> Reach:
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.xrange(self._keys.key(Log.DECISIONS.value), count=1)
            pipe.xrange(self._keys.key(Log.MISSES.value), count=1)
            pipe.getrange(self._keys.key("seen_before"), 0, MARK_BYTES - 1)
            pipe.getrange(self._keys.key("seen"), 0, MARK_BYTES - 1)
            pipe.xlen(self._keys.key(Log.DECISIONS.value))
            pipe.xlen(self._keys.key(Log.MISSES.value))
            decisions, misses, before, seen, *lengths = await run_command(
                "reading how far the logs reach", pipe.execute()
            )
        # A full stream is never shorter than what it keeps: it drops more only after it has grown beyond that.
        kept = {Log.DECISIONS: DECISIONS_KEPT, Log.MISSES: MISSES_KEPT}
        full = frozenset(log for log, length in zip(kept, lengths, strict=True) if length >= kept[log])
        return Reach(_written(decisions), _written(misses), oldest(before or seen), full)

    async def fates(self, deliveries: Sequence[str]) -> Mapping[str, Fate]:
        fates: dict[str, Fate] = {}
        for start in range(0, len(deliveries), FATES_AT_ONCE):
            asked = deliveries[start : start + FATES_AT_ONCE]
            replies = await run_script(self._fates, "FATES", [*map(self._keys.key, _FATE_KEYS)], asked)
            groups: dict[str, Pending] = {}
            for id_, (state, attempts, reason, digest, since, pending, by) in zip(asked, replies, strict=True):
                said, in_digest = reason.decode(), digest.decode()
                fates[id_] = Fate(State(state.decode()), attempts, said, in_digest, int(float(since)), by=by.decode())
                if pending and (read := msgspec.msgpack.decode(pending, type=Pending)).plan is not None:
                    groups[id_] = read
            fates |= await self._waiting(groups, fates)
        return fates

    async def _waiting(self, pending: Mapping[str, Pending], fates: Mapping[str, Fate]) -> Mapping[str, Fate]:
        """The fates of these with what they wait for."""
        if not pending:
            return {}
        asked = self._redis.zmscore(self._keys.key("groups"), [each.group for each in pending.values()])
        dues = await run_command("reading groups", asked)
        return {
            id_: replace(fates[id_], wait=each.wait.value, until_ms=int(due or 0))
            for (id_, each), due in zip(pending.items(), dues, strict=True)
        }


def _written(entries: Sequence[tuple[bytes, object]]) -> int | None:
    """When the first of some entries was written: a stream's ids begin with the server's time in ms."""
    return int(entries[0][0].partition(b"-")[0]) if entries else None
