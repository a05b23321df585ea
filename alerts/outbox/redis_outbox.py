"""The deliver side's store in Redis. The logic is in the scripts beside this file."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from redis.asyncio import Redis

from alerts.failing_row import LONGEST_GAP, FailingRow
from alerts.model import Attempt, Delivery, Leased
from alerts.outbox.finished import read_finished
from alerts.outbox.history_line import history_line
from alerts.outbox.outbox import NO_LIMIT, NO_RATES, DeadLetter, Depth, Lease
from alerts.outbox.redis_pending import RedisPending
from alerts.rate import Rate
from alerts.store.coalesced import Coalesced
from alerts.store.durations import DEAD_KEPT, LONGEST_WAIT, PARK_AFTER, URGENT_AHEAD, milliseconds
from alerts.store.keys import DELIVERED_KEPT, HISTORY_KEPT
from alerts.store.redis_calls import load_script, load_script_for_each, run_command, run_script

LEASE_KEYS = ["deliveries", "queue", "attempts", "leases", "not_before", "parked", "gaps"]
SETTLE_KEYS = [*LEASE_KEYS, *["ready", "receivers", "pins", "unfinished", "dead", "dead_times", "history"]]
SETTLE_KEYS += ["digests", "digested", "kept", "to_keep", "failing", "sent", "sent_times", "urgent"]
ANNOUNCE_KEYS = ["deliveries", "ready", "sequence", "queue", "receivers", "told"]
REPLAY_KEYS = ["dead", "dead_times", "sent", "sent_times", "deliveries", "ready", "sequence", "queue", "parked"]
REPLAY_KEYS += ["receivers"]

_DELIVERY = msgspec.msgpack.Decoder(Delivery)

SETTLED_AT_ONCE = 100
"""Settlements in one call: some milliseconds of the server at most."""

RETIRED_AT_ONCE = 100
"""Deliveries of a removed receiver ended per step, so that no call is long."""


class RedisOutbox(RedisPending):
    """An ``Outbox`` shared by every process of one ``name``; ``instance`` owns the leases of this one.

    ``keeps``: there is a parked topic, so what is dead pins its records until that holds it.
    """

    def __init__(
        self,
        redis: "Redis",
        name: str,
        instance: str,
        *,
        dead_kept_ms: int = milliseconds(DEAD_KEPT),
        delivered_kept: int = DELIVERED_KEPT,
        keeps: bool = False,
    ) -> None:
        super().__init__(redis, name)
        self._instance = instance
        self._dead_kept_ms = dead_kept_ms
        self._delivered_kept = delivered_kept
        self._keeps = keeps
        self._lease, self._reclaim, self._retire, self._replay = (
            load_script(redis, __package__, verb) for verb in ("lease", "reclaim", "retire", "replay")
        )
        self._settle_keys = [self._keys.key(what) for what in SETTLE_KEYS]
        self._settle = load_script_for_each(redis, __package__, "settle", len(SETTLE_KEYS))
        self._settling = Coalesced(self._settle_all, SETTLED_AT_ONCE)
        self._announce, self._beat = (load_script(redis, __package__, verb) for verb in ("announce", "beat"))

    async def lease(
        self,
        free: Mapping[str, int],
        now_ms: int,
        lease_ms: int,
        *,
        rates: Mapping[str, Rate] = NO_RATES,
        most: int = NO_LIMIT,
    ) -> Lease:
        asked = [receiver for receiver, slots in free.items() if slots > 0]
        limited = [receiver for receiver in asked if receiver in rates]
        keys = [
            *map(self._keys.key, [*LEASE_KEYS, "urgent"]),
            *map(self._keys.due, asked),
            *map(self._keys.rate, limited),
        ]
        at = {receiver: len(keys) - len(limited) + place for place, receiver in enumerate(limited, 1)}
        rooms = [
            (name, free[name], at[name], rates[name].count, rates[name].period_ms)
            if name in at
            else (name, free[name], 0, 0, 0)
            for name in asked
        ]
        spans = milliseconds(PARK_AFTER), milliseconds(LONGEST_WAIT)
        request = msgspec.msgpack.encode((now_ms, lease_ms, self._instance, spans[0], most, rooms, spans[1]))
        reply = await run_script(self._lease, "LEASE", keys, [request])
        leased = [
            Leased(
                delivery=_DELIVERY.decode(data),
                attempt=failed + 1,
                order_gap=bool(gap),
                replay=bool(replay),
            )
            for data, failed, gap, replay in zip(reply[1::4], reply[2::4], reply[3::4], reply[4::4], strict=True)
        ]
        due = reply[0]
        return Lease(leased, {asked[place - 1]: int(at) for place, at in zip(due[::2], due[1::2], strict=True)})

    async def waiting(self) -> Collection[str]:
        names = await run_command("reading receivers", self._redis.hkeys(self._keys.key("receivers")))
        return {name.decode() for name in names}

    async def delivered(self, leased: Leased, attempt: Attempt, now_ms: int) -> bool:
        return await self._end("delivered", leased, attempt, now_ms)

    async def later(self, leased: Leased, attempt: Attempt, now_ms: int, next_ms: int) -> bool:
        return await self._end("later", leased, attempt, now_ms, next_ms=next_ms)

    async def dead(self, leased: Leased, attempt: Attempt, now_ms: int, reason: str) -> bool:
        return await self._end("dead", leased, attempt, now_ms, reason=reason)

    async def give_back(self, leased: Leased, now_ms: int) -> None:
        await self._end("give_back", leased, None, now_ms)

    async def _end(
        self, verb: str, leased: Leased, attempt: Attempt | None, now_ms: int, *, next_ms: int = 0, reason: str = ""
    ) -> bool:
        delivery = leased.delivery
        line = history_line(leased, attempt, now_ms, reason or verb).decode() if attempt else ""
        request = msgspec.msgpack.encode(
            (
                verb,
                delivery.id,
                delivery.lane,
                delivery.receiver,
                leased.attempt,
                now_ms,
                next_ms,
                reason,
                line,
                HISTORY_KEPT,
                self._dead_kept_ms,
                milliseconds(PARK_AFTER),
                int(self._keeps),
                milliseconds(LONGEST_GAP),
                attempt.status if attempt else 0,
                self._delivered_kept,
                milliseconds(URGENT_AHEAD),
            )
        )
        return bool(await self._settling.ask((self._keys.due(delivery.receiver), request)))

    async def _settle_all(self, settlements: Sequence[tuple[str, bytes]]) -> list[int]:
        keys = [*self._settle_keys, *(due for due, _ in settlements)]
        answers: list[int] = await run_script(self._settle, "SETTLE", keys, [request for _, request in settlements])
        return answers

    async def reclaim(self, receivers: Sequence[str], now_ms: int) -> int:
        keys = [self._keys.key("leases"), self._keys.key("urgent"), *map(self._keys.due, receivers)]
        arguments = [self._instance, now_ms, milliseconds(URGENT_AHEAD), *receivers]
        return int(await run_script(self._reclaim, "RECLAIM", keys, arguments))

    async def retire(self, receivers: Sequence[str], now_ms: int) -> int:
        kept, ended = set(receivers), 0
        for receiver in sorted(set(await self._hash("receivers")) - kept):
            keys = [self._keys.key("deliveries"), self._keys.key("queue"), self._keys.due(receiver)]
            while heads := await run_script(self._retire, "RETIRE", keys, [RETIRED_AT_ONCE]):
                for data in heads:
                    delivery = msgspec.msgpack.decode(data, type=Delivery)
                    leased = Leased(delivery=delivery, attempt=0, order_gap=False, replay=False)
                    ended += await self._end("dead", leased, None, now_ms, reason="receiver_removed")
        return ended

    async def announce(self, deliveries: Sequence[Delivery], now_ms: int) -> int:
        if not deliveries:
            return 0
        receivers = sorted({delivery.receiver for delivery in deliveries})
        described = [
            (receivers.index(each.receiver) + 1, each.receiver, each.id, each.lane, position)
            for position, each in enumerate(deliveries, 2)
        ]
        keys = [*map(self._keys.key, ANNOUNCE_KEYS), *map(self._keys.due, receivers)]
        packed = [msgspec.msgpack.encode(each) for each in ((now_ms, described), *deliveries)]
        return int(await run_script(self._announce, "ANNOUNCE", keys, packed))

    async def disable(self, receiver: str, reason: str, now_ms: int) -> None:
        await run_command("disabling a receiver", self._redis.hset(self._keys.key("disabled"), receiver, reason))

    async def enable(self, receiver: str) -> bool:
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hdel(self._keys.key("failing"), receiver)
            pipe.hdel(self._keys.key("disabled"), receiver)
            _, was_disabled = await run_command("enabling a receiver", pipe.execute())
        return bool(was_disabled)

    async def disabled(self) -> Mapping[str, str]:
        return await self._hash("disabled")

    async def failing(self) -> Mapping[str, FailingRow]:
        rows = await self._hash("failing")
        return {name: FailingRow(*map(int, row.split())) for name, row in rows.items()}

    async def beat(self, receiver: str, slot: int) -> bool:
        return bool(await run_script(self._beat, "BEAT", [self._keys.key("beats")], [receiver, slot]))

    async def depth(self) -> Depth:
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.zcard(self._keys.key("ready"))
            pipe.zrange(self._keys.key("ready"), 0, 0, withscores=True)
            pipe.zcard(self._keys.key("dead_times"))
            pipe.hgetall(self._keys.key("receivers"))
            pipe.hlen(self._keys.key("pending"))
            pipe.info("memory")
            ready, oldest, dead, receivers, pending, memory = await run_command(
                "reading the outbox's depth", pipe.execute()
            )
        by_receiver = {name.decode(): int(count) for name, count in receivers.items()}
        limit = int(memory.get("maxmemory", 0))
        used = int(memory["used_memory"]) / limit if limit else 0.0
        return Depth(ready, int(oldest[0][1]) if oldest else 0, dead, by_receiver, used, pending)

    async def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        newest = self._redis.zrange(self._keys.key("dead_times"), 0, limit - 1, desc=True)
        ids = await run_command("reading dead letters", newest)
        return [_dead_letter(data) for data in await self._finished("dead", ids)]

    async def _finished(self, what: str, ids: Sequence[bytes | str]) -> list[bytes]:
        held = await run_command(f"reading {what}", self._redis.hmget(self._keys.key(what), list(ids))) if ids else []
        return [data for data in held if data]

    async def replay(self, ids: Sequence[str], now_ms: int) -> int:
        replayed = 0
        for data in [*await self._finished("dead", ids), *await self._finished("sent", ids)]:
            _, _, _, delivery = read_finished(data)
            own = (self._keys.replays, self._keys.replaying, self._keys.due)
            keys = [*map(self._keys.key, REPLAY_KEYS), *(key(delivery.receiver) for key in own)]
            replayed += await run_script(self._replay, "REPLAY", keys, [delivery.id, delivery.receiver, now_ms])
        return replayed


def _dead_letter(data: bytes) -> DeadLetter:
    reason, attempts, died_ms, delivery = read_finished(data)
    return DeadLetter(
        id=delivery.id,
        receiver=delivery.receiver,
        type=delivery.type,
        reason=reason,
        attempts=attempts,
        died_ms=died_ms,
        body=delivery.body,
    )
