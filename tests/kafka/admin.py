"""What tests ask of a broker beside Rasid: topics, records, groups."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.errors import for_code
from aiokafka.protocol.admin import DeleteGroupsRequest
from aiokafka.structs import OffsetAndMetadata


async def create_topic(server: str, topic: str, partitions: int = 1, **settings: str) -> None:
    """Made when this returns, and its leaders chosen."""
    admin = AIOKafkaAdminClient(bootstrap_servers=server)
    await admin.start()
    try:
        configs = {name.replace("_", "."): value for name, value in settings.items()}
        await admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=configs)])
        while not await _led(admin, topic, partitions):
            await asyncio.sleep(0.02)
    finally:
        await admin.close()


async def _led(admin: AIOKafkaAdminClient, topic: str, partitions: int) -> bool:
    (described,) = await admin.describe_topics([topic])
    led = [each for each in described["partitions"] if each["leader"] >= 0]
    return described["error_code"] == 0 and len(led) == partitions


async def delete_topic(server: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=server)
    await admin.start()
    try:
        await admin.delete_topics([topic])
    finally:
        await admin.close()


async def add_partitions(server: str, topic: str, total: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=server)
    await admin.start()
    try:
        await admin.create_partitions({topic: NewPartitions(total)})
        while not await _led(admin, topic, total):
            await asyncio.sleep(0.02)
    finally:
        await admin.close()


async def delete_records(server: str, topic: str, partition: int, before: int) -> None:
    """As retention does: what comes before ``before`` is gone."""
    admin = AIOKafkaAdminClient(bootstrap_servers=server)
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(topic, partition): RecordsToDelete(before)})
    finally:
        await admin.close()


async def group_commits(server: str, group: str) -> Mapping[TopicPartition, OffsetAndMetadata]:
    admin = AIOKafkaAdminClient(bootstrap_servers=server)
    await admin.start()
    try:
        committed: Mapping[TopicPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(group)
        return committed
    finally:
        await admin.close()


async def delete_group(server: str, group: str) -> None:
    """Kafka knows nothing of it any more. Refused while it has members."""
    admin = AIOKafkaAdminClient(bootstrap_servers=server)
    await admin.start()
    try:
        coordinator = await admin.find_coordinator(group)
        answer = await admin._send_request(DeleteGroupsRequest([group]), coordinator)
        for _, code in answer.results:
            if code:
                raise for_code(code)(group)
    finally:
        await admin.close()


async def produce(server: str, topic: str, values: Sequence[bytes | None], **how: Any) -> list[int]:
    """Records to one partition (``partition=``, 0 unless told), acknowledged; their offsets."""
    partition, headers = how.pop("partition", 0), how.pop("headers", None)
    key, timestamp_ms = how.pop("key", None), how.pop("timestamp_ms", None)
    producer = AIOKafkaProducer(bootstrap_servers=server, acks="all", **how)
    await producer.start()
    try:
        sent = [
            await producer.send(
                topic,
                value,
                partition=partition,
                headers=headers,
                key=b"gone" if value is None and key is None else key,
                timestamp_ms=timestamp_ms,
            )
            for value in values
        ]
        return [(await each).offset for each in sent]
    finally:
        await producer.stop()
