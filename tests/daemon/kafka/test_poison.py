"""Batches that a Kafka client chokes on: neighbours are delivered, the rest is told, and reading goes on at once.

A broker checks what is produced, so what it would refuse is written into its log behind its back. Other message formats
are not here but in ``test_record_batch_flaws.py``: a broker of today does not even send them.
"""

import asyncio
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from alerts.store.memory_state import MemoryState
from daemon.config.kafka import KafkaSourceConfig
from daemon.kafka.decompress import Codec
from daemon.kafka.kafka_source import KafkaSource
from daemon.metrics.metrics import Metrics
from tests.daemon.batches import COMPRESS, batch, batch_of, flipped, record, varint
from tests.daemon.build import Process, a_flood, a_watch, quiet
from tests.daemon.kafka.poison import bomb, plant, produce_raw
from tests.kafka.admin import create_topic
from tests.kafka.broker import Broker

MOVES_ON_SECONDS = 2.0
READ_SECONDS = 30.0
MOST_MIB = 128
MOST_STALL_SECONDS = 0.05

TRUNCATED = COMPRESS[Codec.ZSTD](record(0, quiet(0)) + record(1, quiet(1)))[:-4]
NO_UTF8 = batch(record(0, a_flood(100), headers=[(b"trace\xff", b"1")]) + record(1, a_flood(101)), 2, first_ms=-1)
MALFORMED = batch(record(0, a_flood(102)) + record(1, b"?", extra=b"x") + record(2, a_flood(103)), 3, first_ms=-1)
LYING_LENGTH = batch(record(0, a_flood(104)) + varint(99) + record(2, b"?"), 3, first_ms=-1)

POISON: list[tuple[str, bytes, int, list[tuple[int, str]]]] = [
    # what, batch, articles in it that are delivered, dead letters by offset in it
    ("a header name that is no UTF-8", NO_UTF8, 2, []),
    ("a wrong checksum", flipped(batch_of([a_flood(1)] * 2), 8 * 90), 0, [(0, "corrupt")]),
    ("a block that ends too early", batch(TRUNCATED, 2, codec=Codec.ZSTD), 0, [(0, "compression")]),
    ("an unknown codec", batch(b"?" * 9, 1, codec=6), 0, [(0, "compression")]),
    ("a malformed record", MALFORMED, 2, [(1, "malformed")]),
    ("a length that is wrong", LYING_LENGTH, 1, [(1, "malformed")]),
]


@pytest.fixture
def topic(broker: Broker, runner: asyncio.Runner) -> str:
    """An empty Kafka topic that keeps records however old they are."""
    name = f"poison-{secrets.token_hex(4)}"
    runner.run(create_topic(broker.address, name, retention_ms="-1"))
    return name


async def stream(broker: Broker, topic: str) -> list[int]:
    """An article before and after each poison. Returns the offset of each poison, and the end."""
    offsets = []
    for number, (_, data, _, _) in enumerate(POISON):
        await produce_raw(broker.address, topic, [article(number)])
        offsets += await plant(broker, topic, [data])
    (last,) = await produce_raw(broker.address, topic, [article(len(POISON))])
    return [*offsets, last + 1]


def test_neighbours_of_poison_are_delivered_and_the_rest_is_a_dead_letter(
    broker: Broker, topic: str, runner: asyncio.Runner, tmp_path: Path
) -> None:
    *offsets, end = runner.run(stream(broker, topic))

    process, passed = runner.run(read_here(broker, topic, end, tmp_path))

    dead = [(each.record.offset, each.reason) for each in process.dead_letters.kept]
    assert dead == [
        (offset + within, reason)
        for offset, (_, _, _, letters) in zip(offsets, POISON, strict=True)
        for within, reason in letters
    ]
    assert len(process.waiting()) == len(POISON) + 1 + sum(articles for _, _, articles, _ in POISON)
    stood = [after - before for before, after in pairwise(passed)]
    assert max(stood[1:]) < MOVES_ON_SECONDS  # the first is the joining


def test_what_was_taken_back_beside_poison_is_no_article(
    broker: Broker, topic: str, runner: asyncio.Runner, tmp_path: Path
) -> None:
    async def produce_all() -> int:
        await produce_raw(broker.address, topic, [article(0)])
        await take_back(broker.address, topic, [b"taken back", b"this, too"])
        *_, last = await produce_raw(broker.address, topic, [NO_UTF8, article(3)])
        return last + 1

    process, _ = runner.run(read_here(broker, topic, runner.run(produce_all()), tmp_path))

    assert len(process.waiting()) == 4  # two of them in the batch that aiokafka cannot read
    assert process.dead_letters.kept == []


async def take_back(server: str, topic: str, values: Sequence[bytes]) -> None:
    """A transaction with these records is aborted."""
    producer = AIOKafkaProducer(bootstrap_servers=server, transactional_id=topic)
    await producer.start()
    try:
        await producer.begin_transaction()
        for value in values:
            await producer.send_and_wait(topic, value, partition=0)
        await producer.abort_transaction()
    finally:
        await producer.stop()


async def read_here(broker: Broker, topic: str, end: int, folder: Path) -> tuple[Process, list[float]]:
    """A process that has read the topic to ``end``, and when it left each position that it stood at."""
    config = KafkaSourceConfig(servers=(broker.address,), subscribe=(topic,), start="earliest")
    source = KafkaSource(config, password=None, group=topic, instance="one", observer=Metrics("1"))
    process = Process(a_watch(folder), source, MemoryState())
    passed: dict[int, float] = {}
    try:
        async with asyncio.timeout(READ_SECONDS):
            while (position := process.consumer.positions().get(f"{topic}/0", 0)) < end:
                passed.setdefault(position, time.monotonic())
                await process.consumer.step()
        passed[end] = time.monotonic()
    finally:
        await source.close()
    return process, list(passed.values())


MIB = 1024 * 1024

SMALL = 32 * 1024
LARGEST = 1024 * 1024
"""In Kafka: what one line of text may grow to, and what a broker takes unless told otherwise."""

BOMBS = [
    # codec, bytes that it becomes, bytes that it may take in Kafka, reason of its dead letter
    (Codec.ZSTD, 900 * MIB, SMALL, "too_large"),
    (Codec.GZIP, 7 * MIB, SMALL, "oversize"),
    (Codec.LZ4, 7 * MIB, SMALL, "oversize"),
    (Codec.SNAPPY, MIB // 2, SMALL, "not_json"),
    (Codec.GZIP, 200 * MIB, LARGEST, "too_large"),
    (Codec.LZ4, 200 * MIB, LARGEST, "too_large"),
    (Codec.SNAPPY, 20 * MIB, LARGEST, "oversize"),
    (Codec.ZSTD, 63 * MIB, LARGEST, "oversize"),
]


def test_bombs_cost_neither_memory_nor_the_loop_and_their_neighbours_are_delivered(
    broker: Broker, topic: str, runner: asyncio.Runner
) -> None:
    batches = []
    for number, (codec, size, most, _) in enumerate(BOMBS):
        made = bomb(codec, size)
        assert len(made) <= most
        batches += [made, article(number + 1)]

    told = read_elsewhere(broker, topic, runner, batches)

    assert told["dead"] == [[2 * number + 1, reason] for number, (_, _, _, reason) in enumerate(BOMBS)]
    assert told["alerts"] == len(BOMBS) + 1
    within_bounds(told, len(BOMBS))


def test_a_flood_of_headers_and_a_crowd_of_records_are_read_within_the_same_bounds(
    broker: Broker, topic: str, runner: asyncio.Runner
) -> None:
    flood = record(0, a_flood(1), headers=[(b"", None)] * 3_000_000)
    crowd = b"".join(record(delta, quiet(delta) + b" " * 900) for delta in range(9_000))
    batches = [
        batch(COMPRESS[Codec.ZSTD](flood), 1, codec=Codec.ZSTD, first_ms=-1),
        batch(COMPRESS[Codec.ZSTD](crowd), 9_000, codec=Codec.ZSTD, first_ms=-1),
        article(2),
    ]

    told = read_elsewhere(broker, topic, runner, batches)

    assert (told["dead"], told["alerts"]) == ([], 3)
    within_bounds(told, 2)


def article(number: int) -> bytes:
    """Of no time, so that it is new whatever the clock says."""
    return batch_of([a_flood(number)], first_ms=-1, max_ms=-1)


def within_bounds(told: dict[str, Any], poisons: int) -> None:
    assert told["seconds"] < MOVES_ON_SECONDS * poisons
    assert told["grew_mib"] <= MOST_MIB
    assert told["stall_seconds"] <= MOST_STALL_SECONDS


def read_elsewhere(broker: Broker, topic: str, runner: asyncio.Runner, batches: Sequence[bytes]) -> dict[str, Any]:
    """What a process of its own says that has read one article and then the batches."""
    runner.run(produce_raw(broker.address, topic, [article(0)]))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.daemon.kafka.poison_reader", broker.address, topic],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        try:
            while "ready" not in (line := reader.stdout.readline()):
                assert line, "it ended"
            *_, last = runner.run(produce_raw(broker.address, topic, batches))
            reader.stdin.write(f"{last + 1}\n")
            reader.stdin.flush()
            *_, told = reader.stdout
        finally:
            reader.kill()
    answer: dict[str, Any] = json.loads(told)
    return answer
