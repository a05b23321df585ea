"""What Kafka knows of positions: where partitions begin and end, and what the group has committed.

Asked over connections of its own, so that a consumer that is stuck can be told from a broker that is down.
"""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, StaleMetadata, for_code
from aiokafka.protocol.offset import OffsetRequest
from aiokafka.structs import OffsetAndMetadata

from alerts.errors import Unavailable
from daemon.kafka.kafka_connection import REQUEST_SECONDS, answering, kafka_errors

LATEST, EARLIEST = -1, -2
"""Kafka's own words for the two ends of a partition, where a time is expected."""


READ_COMMITTED = 1
"""The end of a partition is then the beginning of the oldest transaction that is still open."""


class KafkaOffsets:
    """Questions to a cluster. Raises ``Unavailable`` where no answer comes in time, ``Refused`` where none may."""

    def __init__(self, settings: Mapping[str, Any], group: str) -> None:
        self._settings = dict(settings)
        self._group = group
        self._client: AIOKafkaClient | None = None
        self._admin: AIOKafkaAdminClient | None = None

    async def partitions(self, topic: str) -> frozenset[int]:
        """The partitions of a Kafka topic; empty where there is no such topic."""
        try:
            with kafka_errors("asking Kafka for its topics"):
                async with asyncio.timeout(REQUEST_SECONDS):
                    metadata = await (await self._connected()).fetch_all_metadata()
                    return frozenset(metadata.partitions_for_topic(topic) or ())
        except Unavailable:
            await self._drop_client()
            raise

    async def at(self, times: Mapping[TopicPartition, int]) -> Mapping[TopicPartition, int]:
        """The first offset at or after each time (ms since 1970, or ``LATEST``, ``EARLIEST``); the end if none is."""
        found = await self._at(times)
        if unknown := [partition for partition, offset in found.items() if offset < 0]:
            found = {**found, **await self._at(dict.fromkeys(unknown, LATEST))}
        return found

    async def ends(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset after the last record."""
        return await self._at(dict.fromkeys(partitions, LATEST))

    async def begins(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The first offset that is still held."""
        return await self._at(dict.fromkeys(partitions, EARLIEST))

    async def committed(self) -> Mapping[TopicPartition, OffsetAndMetadata]:
        """Everything that the group has committed."""
        try:
            with kafka_errors("asking Kafka for the committed positions"):
                async with asyncio.timeout(REQUEST_SECONDS):
                    if self._admin is None:
                        admin = AIOKafkaAdminClient(**await answering(self._settings))
                        try:
                            await admin.start()
                        except BaseException:
                            await admin.close()
                            raise
                        self._admin = admin
                    answer = await self._admin.list_consumer_group_offsets(self._group)
        except Unavailable:
            await self._drop_admin()
            raise
        except AttributeError as error:  # how aiokafka 0.14 answers where a partition has an error code
            await self._drop_admin()
            raise Unavailable("asking Kafka for the committed positions: the coordinator is not ready") from error
        return {partition: kept for partition, kept in answer.items() if kept.offset >= 0}

    async def close(self) -> None:
        """Let go of the connections."""
        await self._drop_client()
        await self._drop_admin()

    async def _connected(self) -> AIOKafkaClient:
        if self._client is None:
            client = AIOKafkaClient(**await answering(self._settings))
            try:
                await client.bootstrap()
            except BaseException:
                await client.close()
                raise
            self._client = client
        return self._client

    async def _at(self, times: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
        try:
            with kafka_errors("asking Kafka for offsets"):
                async with asyncio.timeout(REQUEST_SECONDS):
                    return await self._list_offsets(await self._connected(), times)
        except Unavailable:
            await self._drop_client()  # a new one finds its way, whatever was wrong with this
            raise

    async def _list_offsets(
        self, client: AIOKafkaClient, times: Mapping[TopicPartition, int]
    ) -> dict[TopicPartition, int]:
        await client.set_topics({partition.topic for partition in times} | client._topics)
        by_node: dict[int, dict[str, list[tuple[int, int]]]] = {}
        for partition, time_ms in times.items():
            leader = client.cluster.leader_for_partition(partition)
            if leader is None or leader < 0:
                client.force_metadata_update()
                raise StaleMetadata(f"{partition.topic}/{partition.partition} has no leader just now")
            by_node.setdefault(leader, {}).setdefault(partition.topic, []).append((partition.partition, time_ms))
        found: dict[TopicPartition, int] = {}
        for node, topics in by_node.items():
            answer = await client.send(node, OffsetRequest(-1, READ_COMMITTED, list(topics.items())))
            for topic, partitions in answer.topics:
                for number, error_code, _, offset in partitions:
                    if error_code:
                        raise for_code(error_code)(f"{topic}/{number}")
                    found[TopicPartition(topic, number)] = offset
        return found

    async def _drop_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(KafkaError, OSError):
                await client.close()

    async def _drop_admin(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            with suppress(KafkaError, OSError):
                await admin.close()
