"""From what aiokafka hands out to our records, and what a partition is called: ``topic/number``. Pure."""

from collections.abc import Sequence
from typing import Any

from aiokafka import TopicPartition

from daemon.kafka.record_batch import time_of
from daemon.sources.source import Record


def name_of(partition: TopicPartition) -> str:
    """What the store, logs and metrics call it."""
    return f"{partition.topic}/{partition.partition}"


def partition_of(name: str) -> TopicPartition:
    """The other way."""
    topic, _, number = name.rpartition("/")
    return TopicPartition(topic, int(number))


def records_of(partition: TopicPartition, fetched: Sequence[Any]) -> list[Record]:
    """Records as aiokafka gives them, in order."""
    name = name_of(partition)
    return [
        Record(
            offset=each.offset,
            value=each.value,
            appended_ms=time_of(each.timestamp),
            origin=f"{name}/{each.offset}",
            key=each.key,
            headers=[(key, value or b"") for key, value in each.headers] if each.headers else (),
        )
        for each in fetched
    ]
