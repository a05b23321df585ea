"""A batch that a Kafka client chokes on costs nothing of what is beside it, in its partition and in others."""

import asyncio
import secrets
from datetime import timedelta

import pytest

from daemon.config.kafka import KafkaSourceConfig
from daemon.kafka.kafka_source import KafkaSource
from daemon.metrics.metrics import Metrics
from daemon.sources.source import Fetched
from tests.daemon.batches import batch, record
from tests.daemon.kafka.poison import produce_raw
from tests.kafka.admin import create_topic, produce

EACH = 120
WAIT_SECONDS = 2.0

POISON = batch(record(0, b"{}", headers=[(b"caf\xe9", b"1")]), 1)


async def read_all(source: KafkaSource) -> dict[str, list[int]]:
    """The offsets that come, by partition, until nothing more does."""
    read: dict[str, list[int]] = {}
    while len(source.assigned()) < 2:
        await source.fetch(1, 0.1)
    for partition in source.assigned():
        source.seek(partition, 0)
        read[partition] = []
    while sum(map(len, read.values())) < 2 * EACH:
        fetched = await source.fetch(7, WAIT_SECONDS)
        if fetched is None:
            return read
        assert isinstance(fetched, Fetched)
        read[fetched.partition] += [each.offset for each in fetched.records]
    return read


async def fill(server: str, topic: str) -> None:
    await create_topic(server, topic, 2)
    await produce(server, topic, [b"{}"] * EACH, partition=1)
    for _ in range(10):
        await produce(server, topic, [b"{}"] * (EACH // 10 - 1))
        await produce_raw(server, topic, [POISON])


@pytest.mark.parametrize("attempt", range(3))
def test_nothing_beside_poison_is_passed_over(attempt: int, kafka: str, runner: asyncio.Runner) -> None:
    topic = f"beside-{secrets.token_hex(4)}"

    async def run() -> dict[str, list[int]]:
        await fill(kafka, topic)
        config = KafkaSourceConfig(servers=(kafka,), subscribe=(topic,), session_timeout=timedelta(seconds=2))
        source = KafkaSource(config, password=None, group=topic, instance=f"one-{attempt}", observer=Metrics("1"))
        try:
            return await read_all(source)
        finally:
            await source.close()

    read = runner.run(run())

    assert read == {f"{topic}/0": list(range(EACH)), f"{topic}/1": list(range(EACH))}
