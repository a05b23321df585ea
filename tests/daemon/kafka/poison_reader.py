"""A process that reads a Kafka topic to its end, and tells what that took: for tests that measure memory and stalls.

``python -m tests.daemon.kafka.poison_reader SERVER TOPIC``. The article at offset 0 warms it up; then it says so, waits
for a line with the offset to read to, and measures.
"""

import asyncio
import json
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from alerts.store.memory_state import MemoryState
from daemon.config.kafka import KafkaSourceConfig
from daemon.kafka.kafka_source import KafkaSource
from daemon.metrics.metrics import Metrics
from daemon.sources.source import Record
from tests.daemon.build import Process, a_watch

TICK_SECONDS = 0.001


def memory_mib(name: str) -> float:
    """``VmRSS``, what it takes now, or ``VmHWM``, the most that it ever took."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith(f"{name}:")]
    return int(line.split()[1]) / 1024


class Stalls:
    """The longest time between two turns of the loop in which this process was at work.

    Two clocks, the lesser counts: on a busy machine a process waits for its turn without any fault of its own.
    """

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        wall, processor = time.perf_counter(), time.process_time()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            wall_now, processor_now = time.perf_counter(), time.process_time()
            self.longest = max(self.longest, min(wall_now - wall, processor_now - processor) - TICK_SECONDS)
            wall, processor = wall_now, processor_now


async def read_to(process: Process, partition: str, end: int) -> None:
    while process.consumer.positions().get(partition, 0) < end:
        await process.consumer.step()
        await asyncio.sleep(0)  # as a store does that answers over a socket
        process.dead_letters.kept = [replace(each, record=lean(each.record)) for each in process.dead_letters.kept]


def lean(record: Record) -> Record:
    """Without its value: dead letters are kept in Kafka or in a file, not in memory as here."""
    return msgspec.structs.replace(record, value=None)


async def main(server: str, topic: str, folder: Path) -> dict[str, object]:
    config = KafkaSourceConfig(
        servers=(server,), subscribe=(topic,), session_timeout=timedelta(seconds=6), start="earliest"
    )
    source = KafkaSource(config, password=None, group=topic, instance="one", observer=Metrics("1"))
    process = Process(a_watch(folder), source, MemoryState())
    try:
        await read_to(process, f"{topic}/0", 1)
        print("ready", flush=True)
        end = int(await asyncio.to_thread(sys.stdin.readline))
        before, begun, stalls = memory_mib("VmRSS"), time.perf_counter(), Stalls()
        watching = asyncio.create_task(stalls.watch())
        await asyncio.sleep(TICK_SECONDS)  # it has begun
        await read_to(process, f"{topic}/0", end)
        watching.cancel()
    finally:
        await source.close()
    return {
        "seconds": round(time.perf_counter() - begun, 3),
        "grew_mib": round(memory_mib("VmHWM") - before, 1),
        "stall_seconds": round(stalls.longest, 4),
        "alerts": len(process.waiting()),
        "dead": [(each.record.offset, each.reason) for each in process.dead_letters.kept],
    }


if __name__ == "__main__":
    with TemporaryDirectory() as own:
        print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], Path(own)))))
