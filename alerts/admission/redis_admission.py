"""The consume side's store in Redis. The logic is in the scripts beside this file."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from redis.asyncio import Redis

from alerts.admission.admission import (
    STORY_REFERENCE,
    Admitted,
    Answer,
    Batch,
    PartitionStanding,
    Remembered,
)
from alerts.errors import Refused
from alerts.model import Pending
from alerts.outbox.redis_pending import written_amended
from alerts.store.durations import URGENT_AHEAD, milliseconds
from alerts.store.keys import ALERTS_KEPT, DECISIONS_KEPT, LAYOUT, MEMORY_KEEP, MISSES_KEPT, SEEN_BYTES, Keys
from alerts.store.redis_calls import load_script, run_command, run_script

ADMIT_KEYS = [
    "incarnation",
    "version",
    "checkpoints",
    "unfinished",
    "pins",
    "deliveries",
    "ready",
    "sequence",
    "queue",
    "receivers",
    "outcomes",
    "decisions",
    "told",
    "pending",
    "backlog",
    "digested",
    "misses",
    "seen",
    "seen_before",
    "alerts",
    "groups",
    "group_told",
    "urgent",
    "amended",
    "withheld",
    "withheld_times",
]


ASKED_AT_ONCE = 1_000
"""Deliveries looked up in one call: under a millisecond."""


class RedisAdmission:
    """An ``Admission`` shared by every process of one ``name``."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._redis = redis
        self._keys = Keys(name)
        self._admit, self._recover, self._snapshot, self._skip, self._lookup = (
            load_script(redis, __package__, verb) for verb in ("admit", "recover", "snapshot", "skip", "lookup")
        )

    async def recover(self, partition: str, start: int, incarnation: str) -> PartitionStanding:
        key = self._keys.key
        layout, stands, checkpoint, first = await run_script(
            self._recover,
            "RECOVER",
            [key("incarnation"), key("checkpoints"), key("unfinished"), key("layout")],
            [partition, start, incarnation, LAYOUT],
        )
        if layout.decode() != LAYOUT:
            raise Refused(
                f"Redis holds layout {layout.decode()!r} under the name {self._keys.name!r}; this version of Rasid "
                f"reads layout {LAYOUT!r}. Run the version that wrote it, or choose another `name`."
            )
        return PartitionStanding(stands.decode(), checkpoint, _low(first, checkpoint))

    async def lookup(
        self, days: Sequence[str], fields: Sequence[str], far_days: Sequence[str] = (), far_fields: Sequence[str] = ()
    ) -> Remembered:
        newest_first = sorted({*days, *far_days}, reverse=True)
        place = {day: number for number, day in enumerate(newest_first, 2)}  # among KEYS
        near = [place[day] for day in sorted(days, reverse=True)]
        far = [place[day] for day in sorted(set(far_days) - set(days), reverse=True)]
        encode = msgspec.msgpack.encode
        reply = await run_script(
            self._lookup,
            "LOOKUP",
            [self._keys.key("version"), *map(self._keys.memory, newest_first)],
            [encode((fields, near)), STORY_REFERENCE, encode((far_fields, far))],
        )
        names = (name.decode() for name in reply[1::2])
        return Remembered(reply[0].decode(), dict(zip(names, reply[2::2], strict=True)))

    async def admit(self, batch: Batch) -> Admitted:
        days = sorted({write.day for record in batch.records for write in record.memory})
        receivers = sorted({delivery.receiver for record in batch.records for delivery in record.deliveries})
        later = sorted({pending.group for record in batch.records for pending in record.pending})
        named = self._keys
        keys = [*map(named.key, ADMIT_KEYS), *map(named.memory, days), *map(named.due, receivers)]
        keys += map(named.pending, later)
        packed, binaries = _pack(batch, _positions(days), _positions(receivers), _positions(later))
        arguments = [packed, len(days), len(receivers), *binaries]
        answer, checkpoint = await run_script(self._admit, "ADMIT", keys, arguments)
        return Admitted(Answer(answer.decode()), checkpoint)

    async def withholds(self) -> bool:
        asked = self._redis.exists(self._keys.key("withheld"))
        return bool(await run_command("looking whether anything was withheld", asked))

    async def withheld(self, deliveries: Sequence[str]) -> Collection[str]:
        found: set[str] = set()
        for start in range(0, len(deliveries), ASKED_AT_ONCE):
            some = deliveries[start : start + ASKED_AT_ONCE]
            asked = self._redis.hmget(self._keys.key("withheld"), list(some))
            held = await run_command("looking for what was withheld", asked)
            found.update(each for each, said in zip(some, held, strict=True) if said)
        return found

    async def snapshot(self, partition: str) -> PartitionStanding | None:
        key = self._keys.key
        keys = [key("incarnation"), key("checkpoints"), key("unfinished")]
        reply = await run_script(self._snapshot, "SNAPSHOT", keys, [partition])
        if reply is None:
            return None
        incarnation, checkpoint, first = reply
        return PartitionStanding(incarnation.decode(), checkpoint, _low(first, checkpoint))

    async def skip(self, partition: str, incarnation: str, start: int, end: int, reason: str) -> Admitted:
        key = self._keys.key
        answer, checkpoint = await run_script(
            self._skip,
            "SKIP",
            [key("incarnation"), key("checkpoints"), key("outcomes")],
            [partition, incarnation, start, end, reason],
        )
        return Admitted(Answer(answer.decode()), checkpoint)

    async def counts(self) -> Mapping[str, int]:
        held: dict[bytes, bytes] = await run_command(
            "reading outcomes", self._redis.hgetall(self._keys.key("outcomes"))
        )
        return {outcome.decode(): int(count) for outcome, count in held.items()}


def _due(pending: Pending) -> tuple[int, int]:
    """When it is due, and how long after its group was told; 0 for a backlog."""
    return (0, 0) if pending.plan is None else (pending.plan.due_ms, pending.plan.interval_ms)


def _positions(names: Sequence[str]) -> dict[str, int]:
    """Lua counts from 1."""
    return {name: position for position, name in enumerate(names, 1)}


def _pack(
    batch: Batch, days: Mapping[str, int], receivers: Mapping[str, int], later: Mapping[str, int]
) -> tuple[bytes, list[bytes]]:
    """The batch as msgpack, and the binary strings that it refers to by their position in ARGV."""
    binaries: list[bytes] = []

    def position(data: bytes) -> int:
        binaries.append(data)
        return len(binaries) + 3  # after the batch and the numbers of keys

    encode = msgspec.msgpack.encode
    records = [
        (
            record.offset,
            record.outcome,
            [(days[write.day], write.field, position(write.row)) for write in record.memory],
            [
                (
                    receivers[delivery.receiver],
                    delivery.receiver,
                    delivery.id,
                    delivery.lane,
                    position(encode(delivery)),
                    int(delivery.urgent),
                )
                for delivery in record.deliveries
            ],
            [(later[each.group], each.group, each.id, position(encode(each)), *_due(each)) for each in record.pending],
            record.repeats,
            position(record.decision) if record.decision else 0,
            position(record.miss) if record.miss else 0,
            [position(line) for line in record.alerts],
            [(position(written_amended(each.amended)), each.waiting) for each in record.amendments],
        )
        for record in batch.records
    ]
    keep_ms = round(MEMORY_KEEP.total_seconds() * 1000)
    head = (batch.incarnation, batch.partition, batch.a, batch.b, batch.version, batch.next_version, batch.now_ms)
    seen = position(batch.seen) if batch.seen else 0
    limits = MISSES_KEPT, seen, SEEN_BYTES, ALERTS_KEPT, milliseconds(URGENT_AHEAD)
    return encode((*head, keep_ms, DECISIONS_KEPT, records, *limits)), binaries


def _low(first: bytes, checkpoint: int) -> int:
    """The least offset still needed: from the first member of ``unfinished``, else the checkpoint."""
    return min(int(first.split(b"\0")[1]), checkpoint) if first else checkpoint
