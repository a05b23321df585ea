"""What the store costs: ADMIT in batches of 500 with 3 % alerts, then lease and settle, on a private Valkey.

    python benchmarks/bench_store.py [BATCHES]

The same Valkey answers bare PINGs and pipelined SETs in the same run, so that the figures can be compared on any
machine. ``appendfsync always`` throughout.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from alerts.admission.admission import Answer, Batch, MemoryWrite, RecordEffects
from alerts.admission.redis_admission import RedisAdmission
from alerts.model import Attempt, Delivery, Reply
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.redis_connection import connect
from alerts.store.redis_private import PrivateServer

RECORDS = 500  # of a batch
MATCHING = 15  # 3 %
BODY = b'{"type": "alert.opened"}' + b" " * 2500  # about a real payload
STORY = "a" * 26


def effects(offset: int) -> RecordEffects:
    """Every 33rd record opens an alert and writes 20 rows of the story memory."""
    if offset % (RECORDS // MATCHING):
        return RecordEffects(offset, "unmatched")
    rows = tuple(MemoryWrite("2026-11-24", f"b:{offset}:{n}", STORY.encode() + b"x" * 80) for n in range(20))
    name = f"evt_{offset}"
    delivery = Delivery(
        id=name, receiver="desk", lane=f"lane{offset}", type="alert.opened", notice=name, created_ms=1, body=BODY
    )
    return RecordEffects(offset, "alerted", rows, (delivery,), (), b"decision")


async def measure(batches: int) -> dict[str, float]:
    """Seconds and rates of each verb."""
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateServer(Path(folder))
        await server.start()
        redis = connect(server.url)
        admission, outbox = RedisAdmission(redis, "bench"), RedisOutbox(redis, "bench", "one")
        incarnation = (await admission.recover("p", 0, "i")).incarnation
        slowest, began, version = 0.0, time.perf_counter(), "0"
        for number in range(batches):
            a, b = number * RECORDS, (number + 1) * RECORDS
            records = [effects(offset) for offset in range(a, b)]
            asked = time.perf_counter()
            admitted = await admission.admit(Batch(incarnation, "p", a, b, version, f"v{b}", 1, records))
            slowest = max(slowest, time.perf_counter() - asked)
            assert admitted.answer is Answer.DONE
            version = f"v{b}"
        admitting = time.perf_counter() - began
        began, settled = time.perf_counter(), 0
        while leased := (await outbox.lease({"desk": 64}, 10, 20_000)).leased:
            await asyncio.gather(*(outbox.delivered(each, Attempt(Reply.DELIVERED, 204), 10) for each in leased))
            settled += len(leased)
        settling = time.perf_counter() - began
        began = time.perf_counter()
        for _ in range(5_000):
            await redis.ping()
        pings = time.perf_counter() - began
        await redis.aclose()
        await server.stop()
    return {
        "records_admitted_per_second": round(batches * RECORDS / admitting),
        "slowest_admit_ms": round(slowest * 1000, 2),
        "deliveries_leased_and_settled_per_second": round(settled / settling),
        "bare_pings_per_second": round(5_000 / pings),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200)), indent=1))
