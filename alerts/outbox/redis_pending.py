"""What is pending in Redis, of a ``RedisOutbox``. The logic is in ``flush.lua``, ``hold.lua`` and ``withhold.lua``."""

from collections.abc import Mapping, Sequence

import msgspec
from redis.asyncio import Redis

from alerts.model import Amended, Delivery, Pending
from alerts.outbox.history_line import gathered_lines
from alerts.outbox.outbox import NOTHING_AMENDED, Backlog, Group, Through
from alerts.pacing.turn import NOTHING_USED, Used
from alerts.store.durations import URGENT_AHEAD, milliseconds
from alerts.store.keys import GROUP_KEEP, HISTORY_KEPT, MEMORY_KEEP, Keys
from alerts.store.redis_calls import load_script, run_command, run_script

FLUSH_KEYS = ["pending", "backlog", "digested", "digests", "pins", "unfinished", "deliveries"]
FLUSH_KEYS += ["ready", "sequence", "queue", "receivers", "told"]
FLUSH_KEYS_AFTER = ["groups", "group_told", "throttles", "history", "urgent", "amended"]

WITHHOLD_KEYS = ["pending", "backlog", "pins", "unfinished"]
WITHHOLD_KEYS_AFTER = ["groups", "withheld", "withheld_times", "amended", "told"]

READ_AT_ONCE = 250
"""Notices: 5 MB where each holds a body as long as it may be, which is read in some milliseconds."""


class RedisPending:
    """The part of an ``Outbox`` that notices wait in, shared by every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._redis = redis
        self._keys = Keys(name)
        verbs = "flush", "hold", "withhold"
        self._flush, self._hold, self._withhold = (load_script(redis, __package__, verb) for verb in verbs)

    async def backlogs(self) -> Sequence[Backlog]:
        counts = await self._hash("backlog")
        async with self._redis.pipeline(transaction=False) as pipe:
            for receiver in sorted(counts):
                pipe.zrange(self._keys.pending(receiver), 0, 0, withscores=True)
                pipe.zrange(self._keys.pending(receiver), -1, -1, withscores=True)
            ends = await run_command("reading backlogs", pipe.execute()) if counts else []
        return [
            Backlog(receiver, int(counts[receiver]), int(oldest[0][1]), int(newest[0][1]))
            for receiver, oldest, newest in zip(sorted(counts), ends[::2], ends[1::2], strict=True)
            if oldest and newest  # else flushed meanwhile
        ]

    async def groups(self, limit: int) -> Sequence[Group]:
        first = self._redis.zrange(self._keys.key("groups"), 0, limit - 1, withscores=True)
        return [Group(group.decode(), int(due)) for group, due in await run_command("reading groups", first)]

    async def used(self, throttles: Sequence[str]) -> Mapping[str, Used]:
        if not throttles:
            return {}
        asked = self._redis.hmget(self._keys.key("throttles"), list(throttles))
        held = await run_command("reading throttles", asked)
        return {each: _read_used(data) for each, data in zip(throttles, held, strict=True) if data}

    async def pending(self, group: str, limit: int) -> Sequence[Pending]:
        oldest = self._redis.zrange(self._keys.pending(group), 0, limit - 1)
        ids = await run_command("reading what is pending", oldest)
        found: list[Pending] = []
        for start in range(0, len(ids), READ_AT_ONCE):
            some = ids[start : start + READ_AT_ONCE]
            async with self._redis.pipeline(transaction=True) as pipe:
                for what in ("pending", "amended"):
                    pipe.hmget(self._keys.key(what), some)
                held, amended = await run_command("reading what is pending", pipe.execute())
            found += [_read_pending(*each) for each in zip(held, amended, strict=True) if each[0]]
        return found

    async def flush(
        self,
        digest: Delivery,
        members: Sequence[str],
        now_ms: int,
        *,
        group: str = "",
        whole: int = 0,
        through: Sequence[Through] = (),
        amended: Mapping[str, str] = NOTHING_AMENDED,
    ) -> bool:
        named = self._keys
        keys = [*map(named.key, FLUSH_KEYS), named.pending(group or digest.receiver), named.due(digest.receiver)]
        throttles = [(each.throttle, _written(each.before), _written(each.after)) for each in through]
        request = (now_ms, digest.receiver, digest.id, digest.lane, members, group, whole, throttles)
        limits = milliseconds(GROUP_KEEP), HISTORY_KEPT, int(digest.urgent), milliseconds(URGENT_AHEAD)
        shown = [amended.get(each, "") for each in members]
        packed = [msgspec.msgpack.encode((*request, *limits, shown)), msgspec.msgpack.encode(digest)]
        keys += map(named.key, FLUSH_KEYS_AFTER)
        arguments = [*packed, *gathered_lines(digest, members, now_ms)]
        return bool(await run_script(self._flush, "FLUSH", keys, arguments))

    async def hold(self, group: str, members: Sequence[Pending], now_ms: int) -> bool:
        other, plan, named = members[0].group, members[0].plan, self._keys
        keys = [named.key("pending"), named.key("groups"), named.pending(group), named.pending(other)]
        request = group, other, plan.due_ms if plan is not None else now_ms, [each.id for each in members]
        held = [msgspec.structs.replace(each, amended=None) for each in members]
        packed = [msgspec.msgpack.encode(each) for each in (request, *held)]
        return bool(await run_script(self._hold, "HOLD", keys, packed))

    async def withhold(self, members: Sequence[Pending], why: str, by: Sequence[str], now_ms: int) -> bool:
        first, named = members[0], self._keys
        keys = [*map(named.key, WITHHOLD_KEYS), named.pending(first.group)]
        keys += map(named.key, WITHHOLD_KEYS_AFTER)
        group = first.group if first.plan is not None else ""
        request = now_ms, first.receiver, group, why, [each.id for each in members], by, milliseconds(MEMORY_KEEP)
        return bool(await run_script(self._withhold, "WITHHOLD", keys, [msgspec.msgpack.encode(request)]))

    async def _hash(self, what: str) -> dict[str, str]:
        held = await run_command(f"reading {what}", self._redis.hgetall(self._keys.key(what)))
        return {name.decode(): value.decode() for name, value in held.items()}


def written_amended(amended: Amended) -> bytes:
    """As it stands in ``amended``."""
    return amended.notice.encode() + b"\0" + amended.summary


def _read_pending(data: bytes, amended: bytes | None) -> Pending:
    pending = msgspec.msgpack.decode(data, type=Pending)
    if amended is None:
        return pending
    notice, _, summary = amended.partition(b"\0")
    return msgspec.structs.replace(pending, amended=Amended(notice.decode(), summary))


def _written(used: Used) -> str:
    """As it stands in ``throttles``: nothing where nothing was let through."""
    return "" if used == NOTHING_USED else " ".join(map(str, (used.end_ms, *used.told)))


def _read_used(data: bytes) -> Used:
    end_ms, info, warning, critical = map(int, data.split())
    return Used(end_ms, (info, warning, critical))
