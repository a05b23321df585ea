"""What the checker reads from Kafka, past any proxy: ends, what the group has committed, and all of a topic."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError

from tests.kafka.admin import group_commits


@dataclass(frozen=True, slots=True)
class Position:
    """Where a group stands in a partition. ``checkpoint`` is -1 where it never committed."""

    partition: int
    end: int
    checkpoint: int
    low: int

    @property
    def finished(self) -> bool:
        return self.checkpoint == self.low == self.end


async def read_positions(server: str, topic: str, group: str) -> list[Position]:
    """Of every partition that has records."""
    consumer = await _reader(server, topic)
    try:
        numbers = consumer.partitions_for_topic(topic) or set()
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in numbers])
    finally:
        await consumer.stop()
    commits = await group_commits(server, group)
    positions = []
    for partition, end in ends.items():
        commit = commits.get(partition)
        low = json.loads(commit.metadata).get("low", commit.offset) if commit and commit.metadata else -1
        positions.append(Position(partition.partition, end, commit.offset if commit else -1, low))
    return sorted((each for each in positions if each.end), key=lambda each: each.partition)


async def read_topic(server: str, topic: str) -> Sequence[ConsumerRecord]:
    """Everything in it, if there is such a topic."""
    try:
        consumer = await _reader(server, topic)
    except UnknownTopicOrPartitionError:
        return []
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        if not partitions:
            return []
        ends = await consumer.end_offsets(partitions)
        consumer.unsubscribe()
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        read: list[ConsumerRecord] = []
        while [each for each in partitions if await consumer.position(each) < ends[each]]:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                read += records
        return read
    finally:
        await consumer.stop()


async def _reader(server: str, topic: str) -> AIOKafkaConsumer:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=server, auto_offset_reset="earliest", max_partition_fetch_bytes=8 * 1024 * 1024
    )
    try:
        await consumer.start()
    except BaseException:
        await consumer.stop()
        raise
    return consumer
