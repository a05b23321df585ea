"""Reads the one Kafka batch at which the client gives up: its records where they can be read, flaws where not."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    LeaderNotAvailableError,
    NoError,
    NotLeaderForPartitionError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.util import calc_crc32c
from aiokafka.structs import TopicPartition

from daemon.kafka.kafka_connection import answering, kafka_errors
from daemon.kafka.record_batch import read_batch
from daemon.sources.source import Record

FETCH_BYTES = 1024 * 1024
"""A broker sends one whole batch, however long, and more only up to this."""

FETCH_MILLISECONDS = 100
"""How long a broker may wait for data that should be there already."""

READ_COMMITTED = 1
"""The same as the consumer: what stands behind an open transaction is not read, what was taken back is listed."""

LISTS_REPLICA = 11
"""From this version on a fetch's answer has one more field between those transactions and the data."""

RETRY_SECONDS = 0.1
"""Until the brokers have agreed on a leader."""


@dataclass(frozen=True, slots=True)
class _Got:
    """Of a broker's answer what matters here."""

    data: bytes
    end: int  # of the partition
    aborted: Sequence[tuple[int, int]]  # producer and first offset


class Salvage:
    """One client of its own, made when first needed: the fetches of the consumer's would be in the way."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """``settings`` as from ``daemon.kafka.kafka_connection.client_settings``."""
        self._settings = dict(settings)
        self._client: AIOKafkaClient | None = None

    async def read(
        self, topic: str, partition: int, position: int, timeout_seconds: float
    ) -> tuple[Sequence[Record], int]:
        """Records of the batch at ``position``, from there on, and the offset to read on at.

        At most ``record_batch.MAX_RECORDS`` at once: where the batch holds more, that offset is within it. The
        same offset and nothing, where no record stands there. Raises ``Unavailable`` and ``Refused``.
        """
        try:
            with kafka_errors(f"reading {topic}/{partition} at {position}"):
                async with asyncio.timeout(timeout_seconds):
                    got = await self._fetch(topic, partition, position)
                    batch = await asyncio.to_thread(
                        read_batch,
                        got.data,
                        position,
                        partition=f"{topic}/{partition}",
                        end=got.end,
                        checksum=calc_crc32c,
                        aborted=got.aborted,
                    )
        except BaseException:  # also when cancelled: the client may be half made
            await self.close()
            raise
        return ((), position) if batch is None else (batch.records, batch.next_offset)

    async def close(self) -> None:
        """Let go of the connections. May be used again."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.close()

    async def _fetch(self, topic: str, partition: int, position: int) -> _Got:
        """What the leader has at ``position``."""
        client = await self._connected(topic)
        wanted = [(topic, [(partition, position, FETCH_BYTES)])]
        request = FetchRequest(FETCH_MILLISECONDS, 1, FETCH_BYTES, READ_COMMITTED, wanted)
        while True:
            leader = client.cluster.leader_for_partition(TopicPartition(topic, partition))
            if leader is not None and leader != -1:
                response = await client.send(leader, request)
                _, code, end, *more, data = response.topics[0][1][0]
                error = for_code(code)
                if error is NoError:
                    aborted = more[-2] if response.API_VERSION >= LISTS_REPLICA else more[-1]
                    return _Got(data, end, [(producer, first) for producer, first in aborted or ()])
                if error not in (NotLeaderForPartitionError, LeaderNotAvailableError, UnknownTopicOrPartitionError):
                    raise error(f"{topic}/{partition}")
            await asyncio.sleep(RETRY_SECONDS)
            await client.force_metadata_update()

    async def _connected(self, topic: str) -> AIOKafkaClient:
        if self._client is None:
            self._client = AIOKafkaClient(**await answering(self._settings))
            await self._client.bootstrap()
        await self._client.set_topics([topic])
        return self._client
