"""What a dead letter in Kafka says, also where the topic takes less than there is to say."""

import asyncio
import time
from typing import Any

import pytest

from daemon.kafka.kafka_dead_letters import KEPT_BYTES, KafkaDeadLetters, message
from daemon.sources.dead_letters import Rejected
from daemon.sources.decode import MAX_BYTES
from daemon.sources.source import Flaw, Record
from tests.end_to_end.kafka import read_all
from tests.kafka.admin import create_topic

WHY = [("rasid-reason", b"oversize"), ("rasid-detail", b"too long"), ("rasid-origin", b"news/0/7")]


def rejected(value: bytes | None, key: bytes | None = None, headers: list[tuple[str, bytes]] | None = None) -> Rejected:
    record = Record(7, value, origin="news/0/7", key=key, headers=headers or [])
    return Rejected(record, "oversize", "too long")


def test_a_record_is_kept_as_it_came_with_the_reason() -> None:
    kept = message(rejected(b"x" * 1000, b"key", [("trace", b"1")]))

    assert kept == {"value": b"x" * 1000, "key": b"key", "headers": [("trace", b"1"), *WHY]}


def test_a_header_of_ours_cannot_be_forged() -> None:
    assert message(rejected(b"x", b"key", [("rasid-reason", b"forged")]))["headers"] == WHY


def test_a_batch_that_cannot_be_read_has_its_origin_as_key() -> None:
    record = Record(7, None, origin="news/0/7-9", flaw=Flaw("corrupt", "checksum"))

    assert message(Rejected(record, "corrupt", "checksum"))["key"] == b"news/0/7-9"


def written(kafka: str, topic: str, runner: asyncio.Runner, *letters: Rejected) -> list[Any]:
    async def run() -> None:
        dead_letters = KafkaDeadLetters({"bootstrap_servers": [kafka]}, topic)
        try:
            await dead_letters.add(letters)
        finally:
            await dead_letters.close()

    runner.run(run())
    return list(runner.run(read_all(kafka, topic)))


def test_a_topic_of_our_own_takes_a_whole_megabyte(kafka: str, runner: asyncio.Runner) -> None:
    longer = rejected(b"v" * (MAX_BYTES + 1), b"key", [("trace", b"1")])

    (kept,) = written(kafka, f"dead-{time.time_ns()}", runner, longer)

    assert (len(kept.value), kept.key) == (MAX_BYTES, b"key")
    assert list(kept.headers) == [("trace", b"1"), *WHY]


@pytest.mark.parametrize(
    "letter",
    [
        rejected(b"v" * MAX_BYTES, b"key"),
        rejected(b"v" * 2000, b"k" * 3 * MAX_BYTES),
        rejected(b"v" * 2000, b"key", [("h" * 1000, b"h" * 3 * MAX_BYTES)]),
    ],
    ids=["value", "key", "headers"],
)
def test_of_one_that_the_topic_does_not_take_the_beginning_is_kept(
    kafka: str, runner: asyncio.Runner, letter: Rejected
) -> None:
    topic = f"dead-{time.time_ns()}"
    runner.run(create_topic(kafka, topic, max_message_bytes=str(100_000)))

    kept = {record.key: record for record in written(kafka, topic, runner, letter, rejected(b"small", b"other"))}

    assert kept.pop(b"other").value == b"small"
    ((key, record),) = kept.items()
    assert letter.record.key is not None and letter.record.value is not None
    assert (key, record.value) == (letter.record.key[:KEPT_BYTES], letter.record.value[:KEPT_BYTES])
    assert list(record.headers) == WHY
