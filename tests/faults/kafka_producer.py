"""Publishes the stream to Kafka: ``python -m tests.faults.kafka_producer SERVER TOPIC LEDGER SEED PER_SECOND [COUNT]``.

Every record is acknowledged by all replicas, and on disk in the ledger, with its place, before it counts. All records
of a story go to one partition, chosen when the story begins; a new partition is used as soon as it is seen. Ends after
``COUNT`` records, or when it is told to stop, with everything acknowledged.
"""

import asyncio
import itertools
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.structs import TopicPartition

from tests.daemon.batches import batch, record
from tests.faults.articles import Article, Odd, Stream
from tests.faults.ledger import Published, PublishedLedger

METADATA_MS = 1000
"""How soon a new partition is seen."""

PATIENCE_MS = 120_000
"""For a broker that was killed to come back and acknowledge."""

MOST_WAITING = 300
"""Records that are not acknowledged yet. While a broker is down, nothing is gained by more."""


class KafkaProducer:
    """One stream into one Kafka topic."""

    def __init__(self, producer: AIOKafkaProducer, topic: str, ledger: PublishedLedger, seed: int) -> None:
        self._producer = producer
        self._topic = topic
        self._ledger = ledger
        self._stream = Stream(seed)
        self._partitions: dict[int, int] = {}  # story → partition
        self._waiting = asyncio.Semaphore(MOST_WAITING)

    async def run(self, per_second: float, count: int, stopping: asyncio.Event) -> None:
        due = time.monotonic()
        async with asyncio.TaskGroup() as acknowledging:
            for _ in itertools.count() if not count else range(count):
                if stopping.is_set():
                    return
                await self._waiting.acquire()
                await self._publish(acknowledging)
                due = max(due + 1 / per_second, time.monotonic() - 1)
                await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _publish(self, acknowledging: asyncio.TaskGroup) -> None:
        article = self._stream.next(datetime.now(UTC).isoformat(timespec="seconds"))
        partition = await self._partition(article)
        key = str(article.story or article.url).encode()
        if article.odd is Odd.HEADER:
            offset = await self._publish_raw(partition, article.value, key)
            self._acknowledged(article, partition, offset)
            return
        headers = [("traceparent", b"00-" + b"ab" * 16 + b"-" + b"cd" * 8 + b"-01")]
        sent = await self._producer.send(self._topic, article.value, key=key, partition=partition, headers=headers)

        async def acknowledge() -> None:
            self._acknowledged(article, partition, (await sent).offset)

        acknowledging.create_task(acknowledge())

    def _acknowledged(self, article: Article, partition: int, offset: int) -> None:
        self._ledger.write(Published.of(article, partition, offset, time.time()))
        self._waiting.release()

    async def _partition(self, article: Article) -> int:
        there = len(await self._producer.partitions_for(self._topic))
        chosen = int(article.url.rpartition("/")[2] or 0) % there
        return self._partitions.setdefault(article.story, chosen) if article.story else chosen

    async def _publish_raw(self, partition: int, value: bytes, key: bytes) -> int:
        """With a header that no producer would write. Repeated until it is acknowledged."""
        headers = [(b"caf\xe9", b"\xff"), (b"traceparent", b"00")]
        now_ms = time.time_ns() // 1_000_000
        data = batch(record(0, value, key=key, headers=headers), 1, first_ms=now_ms, max_ms=now_ms)
        client = self._producer.client
        while True:
            try:
                leader = client.cluster.leader_for_partition(TopicPartition(self._topic, partition))
                request = ProduceRequest(None, -1, 5000, [(self._topic, [(partition, data)])])
                _, code, offset, *_ = (await client.send(leader, request)).topics[0][1][0]
                if code:
                    raise for_code(code)()
                return int(offset)
            except (KafkaError, AssertionError):  # aiokafka asserts that a node is known
                await asyncio.sleep(0.1)
                await client.force_metadata_update()


async def publish(server: str, topic: str, ledger: Path, seed: int, per_second: float, count: int) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    producer = AIOKafkaProducer(
        bootstrap_servers=server,
        acks="all",
        enable_idempotence=True,
        compression_type=(None, "gzip", "snappy", "lz4", "zstd")[seed % 5],
        max_request_size=8 * 1024 * 1024,
        metadata_max_age_ms=METADATA_MS,
        request_timeout_ms=PATIENCE_MS,
    )
    await producer.start()
    try:
        print("ready", flush=True)
        await KafkaProducer(producer, topic, PublishedLedger(ledger), seed).run(per_second, count, stopping)
    finally:
        await producer.stop()


if __name__ == "__main__":
    server, topic, path, *numbers = sys.argv[1:]
    asyncio.run(publish(server, topic, Path(path), int(numbers[0]), float(numbers[1]), int((*numbers, "0")[2])))
