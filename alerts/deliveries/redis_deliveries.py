"""What is known of each delivery, in Redis: read from what the outbox keeps there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from redis.asyncio import Redis

from alerts.deliveries.deliveries import (
    LOOKED_AT_ONCE,
    MOST_LOOKED_AT,
    UNFINISHED,
    Asked,
    Known,
    Page,
    Place,
    Standing,
    Wanted,
    known_of,
    known_pending,
)
from alerts.deliveries.paging import Listed, merged
from alerts.model import Delivery, Pending
from alerts.outbox.finished import read_finished
from alerts.store.keys import Keys
from alerts.store.redis_calls import load_script, run_command, run_script

_FINISHED = {Standing.DELIVERED: ("sent_times", "sent"), Standing.DEAD: ("dead_times", "dead")}

_decode_delivery = msgspec.msgpack.Decoder(Delivery).decode
_decode_pending = msgspec.msgpack.Decoder(Pending).decode


class RedisDeliveries:
    """``Deliveries`` of every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._redis = redis
        self._keys = Keys(name)
        self._list, self._pending = (load_script(redis, __package__, verb, "packed") for verb in ("list", "pending"))

    async def page(self, wanted: Wanted, limit: int, after: Place | None = None) -> Page:
        places, following = await self.places(wanted, limit, after)
        known = await self.find([place.id for place in places])
        found = [known[place.id] for place in places if place.id in known]
        return Page([each for each in found if _still(each, wanted)], following)

    async def places(
        self, wanted: Wanted, limit: int, after: Place | None = None
    ) -> tuple[Sequence[Place], Place | None]:
        lists = [await self._listed(*index, wanted, limit, after) for index in self._indexes(wanted)]
        if Standing.PENDING in wanted.standing:
            lists.append(await self._listed_pending(wanted, limit, after))
        return merged(lists, limit)

    def _indexes(self, wanted: Wanted) -> list[tuple[str, str, bool]]:
        """Keys of the sorted sets and hashes that hold what is wanted, and whether that is finished."""
        found = [(*_FINISHED[each], True) for each in _FINISHED if each in wanted.standing]
        if wanted.standing & UNFINISHED:
            found.append(("ready", "deliveries", False))
        return [(self._keys.key(index), self._keys.key(held), finished) for index, held, finished in found]

    async def _listed_pending(self, wanted: Wanted, limit: int, after: Place | None) -> Listed:
        """They wait in groups, of which there may be as many: all are looked at."""
        found: dict[str, Place] = {}
        keys, begin = [self._keys.key("pending"), self._keys.key("told")], b"0"
        while True:
            begin, *some = await run_script(self._pending, "PENDING", keys, [begin, LOOKED_AT_ONCE, wanted.receiver])
            for id_, moment in zip(some[::2], some[1::2], strict=True):
                place = Place(int(float(moment)), id_.decode())
                until = place.at_ms if wanted.until_ms is None else wanted.until_ms
                if wanted.since_ms <= place.at_ms <= until and (after is None or place < after):
                    found[place.id] = place
            if begin == b"0":
                break
        newest = sorted(found.values(), reverse=True)
        return Listed(newest[:limit], newest[limit - 1] if len(newest) > limit else None)

    async def _listed(
        self, index: str, held: str, finished: bool, wanted: Wanted, limit: int, after: Place | None
    ) -> Listed:
        found, looked_at = list[Place](), 0
        reached = after or Place(-1 if wanted.until_ms is None else wanted.until_ms, "")
        while True:
            request = (int(finished), wanted.since_ms, *reached, LOOKED_AT_ONCE, limit - len(found))
            packed = msgspec.msgpack.encode((*request, wanted.receiver, sorted(wanted.lanes)))
            count, at_ms, last, *rest = await run_script(self._list, "LIST", [index, held], [packed])
            found += [
                Place(int(float(moment)), id_.decode()) for id_, moment in zip(rest[::2], rest[1::2], strict=True)
            ]
            looked_at += count
            if not last:
                return Listed(found, None)
            reached = Place(int(float(at_ms)), last.decode())
            if len(found) >= limit or looked_at >= MOST_LOOKED_AT:
                return Listed(found, reached)

    async def find(self, ids: Sequence[str]) -> Mapping[str, Known]:
        found: dict[str, Known] = {}
        for start in range(0, len(ids), LOOKED_AT_ONCE):
            some = list(dict.fromkeys(ids[start : start + LOOKED_AT_ONCE]))
            async with self._redis.pipeline(transaction=True) as pipe:
                for what in ("deliveries", "pending", "dead", "sent", "attempts", "parked"):
                    pipe.hmget(self._keys.key(what), some)
                for what in ("ready", "told"):
                    pipe.zmscore(self._keys.key(what), some)
                held = await run_command("reading deliveries", pipe.execute())
            rows = dict(zip(some, zip(*held, strict=True), strict=True))
            found |= {id_: known for id_, row in rows.items() if (known := _known(*row)) is not None}
        return await self._with_replays(await self._with_lanes(found))

    async def _with_lanes(self, found: Mapping[str, Known]) -> dict[str, Known]:
        """With what the lanes say: whether it is lent, and when it is due."""
        ready = [known for known in found.values() if known.standing is Standing.READY]
        if not ready:
            return dict(found)
        async with self._redis.pipeline(transaction=True) as pipe:
            for known in ready:
                lane = _own_lane(known)
                pipe.zrangebylex(self._keys.key("queue"), f"[{lane}\0", f"({lane}\1", start=0, num=1)
                pipe.hget(self._keys.key("leases"), lane)
                pipe.zscore(self._keys.due(known.receiver), lane)
                pipe.hget(self._keys.key("not_before"), known.id)
            held = await run_command("reading lanes", pipe.execute())
        stands = dict(found)
        for known, *row in zip(ready, *(held[part::4] for part in range(4)), strict=True):
            stands[known.id] = _in_lane(known, *row)
        return stands

    async def _with_replays(self, found: dict[str, Known]) -> Mapping[str, Known]:
        finished = [known for known in found.values() if known.standing not in UNFINISHED]
        for known, asked in zip(finished, await self._asked(finished), strict=True):
            if asked is not None:
                found[known.id] = replace(known, replay=True)
        return found

    async def _asked(self, known: Sequence[Known]) -> Sequence[Any]:
        if not known:
            return []
        async with self._redis.pipeline(transaction=False) as pipe:
            for each in known:
                pipe.zscore(self._keys.replays(each.receiver), each.id)
            scores: Sequence[Any] = await run_command("reading replays", pipe.execute())
        return scores

    async def ask_again(self, ids: Sequence[str], now_ms: int) -> Asked:
        known = await self.find(ids)
        finished = [each for each in known.values() if each.standing in _FINISHED]
        if finished:
            async with self._redis.pipeline(transaction=True) as pipe:
                for each in finished:
                    pipe.zadd(self._keys.replays(each.receiver), {each.id: now_ms}, nx=True)
                pipe.sadd(self._keys.key("replay_receivers"), *{each.receiver for each in finished})
                await run_command("asking for replays", pipe.execute())
        under_way = [each.id for each in known.values() if each.standing not in _FINISHED]
        return Asked(len(finished), under_way, [id_ for id_ in dict.fromkeys(ids) if id_ not in known])

    async def ask_all_again(self, receiver: str, ids: Sequence[str], now_ms: int) -> None:
        if not ids:
            return
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.zadd(self._keys.replays(receiver), dict.fromkeys(ids, now_ms), nx=True)
            pipe.sadd(self._keys.key("replay_receivers"), receiver)
            await run_command("asking for replays", pipe.execute())

    async def next_replays(self, at_once: int) -> Sequence[str]:
        turns: list[str] = []
        for receiver in await self._replay_receivers():
            out = await run_command("reading replays", self._redis.smembers(self._keys.replaying(receiver)))
            ended = await self._ended(list(out))
            if ended:
                await run_command("reading replays", self._redis.srem(self._keys.replaying(receiver), *ended))
            waiting = await self._in_turn(receiver, at_once)
            turns += [each.decode() for each in waiting[: max(0, at_once - len(out) + len(ended))]]
            if not waiting and len(out) == len(ended):
                await self._end_replays(receiver)
        return turns

    async def _in_turn(self, receiver: str, most: int) -> list[bytes]:
        """Who waited longest. What was forgotten meanwhile, or is on its way already, holds up nobody."""
        name, look = self._keys.replays(receiver), most
        while True:
            waiting = await run_command("reading replays", self._redis.zrange(name, 0, look - 1))
            async with self._redis.pipeline(transaction=False) as pipe:
                for id_ in waiting:
                    pipe.hexists(self._keys.key("dead"), id_)
                    pipe.hexists(self._keys.key("sent"), id_)
                held = await run_command("reading replays", pipe.execute()) if waiting else []
            gone = [id_ for id_, dead, sent in zip(waiting, held[::2], held[1::2], strict=True) if not (dead or sent)]
            if not gone:
                return list(waiting[:most])
            await run_command("ending replays", self._redis.zrem(name, *gone))
            look = LOOKED_AT_ONCE

    async def _end_replays(self, receiver: str) -> None:
        name = self._keys.key("replay_receivers")
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.srem(name, receiver)
            pipe.zcard(self._keys.replays(receiver))
            _, asked_meanwhile = await run_command("ending replays", pipe.execute())
        if asked_meanwhile:
            await run_command("ending replays", self._redis.sadd(name, receiver))

    async def _replay_receivers(self) -> Iterable[str]:
        names = await run_command("reading replays", self._redis.smembers(self._keys.key("replay_receivers")))
        return sorted(name.decode() for name in names)

    async def _ended(self, ids: Sequence[bytes]) -> list[bytes]:
        if not ids:
            return []
        held = await run_command("reading replays", self._redis.hmget(self._keys.key("deliveries"), list(ids)))
        return [id_ for id_, data in zip(ids, held, strict=True) if data is None]

    async def waiting_replays(self) -> int:
        async with self._redis.pipeline(transaction=False) as pipe:
            for receiver in await self._replay_receivers():
                pipe.zcard(self._keys.replays(receiver))
            return sum(await run_command("counting replays", pipe.execute()))

    async def forget_attempts(self, kept_ms: int) -> None:
        # The ids of a stream are of the server's clock.
        seconds, _ = await run_command("reading the server's clock", self._redis.time())
        oldest, history = max(0, seconds * 1000 - kept_ms), self._keys.key("history")
        await run_command("forgetting attempts", self._redis.xtrim(history, minid=str(oldest), approximate=True))

    async def forget_oldest(self, count: int) -> int:
        oldest = self._redis.zrange(self._keys.key("sent_times"), 0, count - 1)
        ids = await run_command("reading what arrived", oldest)
        if not ids:
            return 0
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hdel(self._keys.key("sent"), *ids)
            pipe.zrem(self._keys.key("sent_times"), *ids)
            return int((await run_command("forgetting what arrived", pipe.execute()))[-1])


def _still(known: Known, wanted: Wanted) -> bool:
    """What is pending is found whatever its lane; and anything may stand elsewhere than when it was found."""
    return known.standing in wanted.standing and (not wanted.lanes or known.lane in wanted.lanes)


def _known(
    unfinished: bytes | None,
    pending: bytes | None,
    dead: bytes | None,
    sent: bytes | None,
    failed: bytes | None,
    left: bytes | None,
    ready_ms: float | None,
    told_ms: float | None,
) -> Known | None:
    if unfinished is not None:
        since = int(ready_ms or 0)
        known = known_of(_decode_delivery(unfinished), Standing.READY, since, int(failed or 0))
        return replace(known, parked=bool(left), replay=left == b"")
    if pending is not None:
        return known_pending(_decode_pending(pending), int(told_ms or 0))
    if dead is not None:
        reason, attempts, at_ms, delivery = read_finished(dead)
        return replace(known_of(delivery, Standing.DEAD, at_ms, attempts), reason=reason)
    if sent is not None:
        status, attempts, at_ms, delivery = read_finished(sent)
        return replace(known_of(delivery, Standing.DELIVERED, at_ms, attempts), status=int(status))
    return None


def _own_lane(known: Known) -> str:
    return "p" + known.id if known.parked or known.replay else known.lane


def _in_lane(
    known: Known, head: Sequence[bytes], lease: bytes | None, due_ms: float | None, not_before: bytes | None
) -> Known:
    if not head or not head[0].endswith(b"\0" + known.id.encode()) or due_ms is None:
        return known  # another one goes first
    if lease is not None:
        return replace(known, standing=Standing.LEASED)
    # A lane may be due before its head is, only to park it.
    return replace(known, next_ms=max(int(due_ms), int(not_before or 0)))
