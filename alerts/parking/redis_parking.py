"""The store's side of the parked topic in Redis. The logic is in the scripts beside this file."""

from collections.abc import Sequence

import msgspec
from redis.asyncio import Redis

from alerts.model import Delivery
from alerts.parking.parking import Change, Parked, ParkedState, Unkept
from alerts.store.durations import DEAD_KEPT, PARK_AFTER, milliseconds
from alerts.store.keys import Keys
from alerts.store.redis_calls import load_script, run_command, run_script

UNKEPT_KEYS = ["incarnation", "deliveries", "attempts", "ready", "dead", "dead_times"]
UNKEPT_KEYS += ["pending", "pins", "unfinished", "kept", "to_keep", "digests"]
KEPT_KEYS = ["incarnation", "deliveries", "attempts", "dead", "pending", "pins", "unfinished", "kept", "to_keep"]
RESTORE_KEYS = ["incarnation", "deliveries", "ready", "sequence", "queue", "receivers", "told", "attempts"]
RESTORE_KEYS += ["parked", "gaps", "dead", "dead_times", "kept", "to_keep", "digests", "digested", "pending"]


class RedisParkedOutbox:
    """A ``ParkedOutbox`` shared by every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str, *, dead_kept_ms: int = milliseconds(DEAD_KEPT)) -> None:
        self._redis = redis
        self._keys = Keys(name)
        self._dead_kept_ms = dead_kept_ms
        self._unkept, self._kept, self._restore, self._restored = (
            load_script(redis, __package__, verb) for verb in ("unkept", "kept", "restore", "restored")
        )

    async def unkept(self, now_ms: int, limit: int) -> Unkept:
        arguments = [now_ms, milliseconds(PARK_AFTER), self._dead_kept_ms, limit]
        reply = await run_script(self._unkept, "UNKEPT", [*map(self._keys.key, UNKEPT_KEYS)], arguments)
        rows = zip(*(reply[first::7] for first in range(1, 8)), strict=True)
        return Unkept(reply[0].decode(), [_change(*row) for row in rows])

    async def kept(self, unkept: Unkept, now_ms: int) -> bool:
        told = [(each.id, each.stamp) for each in unkept.changes]
        request = msgspec.msgpack.encode((unkept.incarnation, now_ms, told))
        return bool(await run_script(self._kept, "KEPT", [*map(self._keys.key, KEPT_KEYS)], [request]))

    async def standing(self) -> tuple[str, str]:
        names = [self._keys.key("incarnation"), self._keys.key("restored")]
        incarnation, topic = await run_command("reading what was restored", self._redis.mget(names))
        return (incarnation or b"").decode(), (topic or b"").decode()

    async def restore(self, incarnation: str, parked: Sequence[Parked], now_ms: int) -> int | None:
        receivers = sorted({each.delivery.receiver for each in parked})
        rows = [
            (
                receivers.index(each.delivery.receiver) + 1,
                each.delivery.receiver,
                each.delivery.id,
                each.delivery.lane,
                each.state,
                each.since_ms,
                each.attempts,
                each.reason,
                position,
                each.members,
            )
            for position, each in enumerate(parked, 2)
        ]
        keys = [*map(self._keys.key, RESTORE_KEYS), *map(self._keys.due, receivers)]
        packed = [msgspec.msgpack.encode((incarnation, now_ms, rows))]
        packed += [msgspec.msgpack.encode(each.delivery) for each in parked]
        count = int(await run_script(self._restore, "RESTORE", keys, packed))
        return None if count < 0 else count

    async def restored(self, incarnation: str, topic: str) -> bool:
        keys = [self._keys.key("incarnation"), self._keys.key("restored")]
        return bool(await run_script(self._restored, "RESTORED", keys, [incarnation, topic]))


def _change(
    id_: bytes, stamp: bytes, held: bytes, since: bytes, attempts: bytes, reason: bytes, members: bytes
) -> Change:
    state = stamp.decode().partition(":")[0]
    if not held:
        return Change(id_.decode(), stamp.decode(), None)
    parked = Parked(
        delivery=msgspec.msgpack.decode(held, type=Delivery),
        state=ParkedState(state),
        since_ms=int(float(since)),
        attempts=int(attempts),
        reason=reason.decode(),
        members=msgspec.msgpack.decode(members, type=tuple[str, ...]) if members else (),
    )
    return Change(id_.decode(), stamp.decode(), parked)
