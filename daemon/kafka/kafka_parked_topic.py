"""The parked topic: a compacted Kafka topic of deliveries that are old or dead, by their id."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from alerts.errors import Refused
from alerts.parking.parking import Parked
from daemon.kafka.kafka_connection import answering, kafka_errors
from daemon.kafka.kafka_topic import ensure_topic
from daemon.kafka.kafka_writer import KafkaWriter

AT_ONCE = 200
"""Deliveries handed on together, 4 MB at most: one script call of the store stays short."""

LOAD_SECONDS = 60.0
"""To read all of it, after a wipe: at 20 kB a delivery, some hundred thousand of them."""

log = structlog.get_logger()

COMPACTED = {"cleanup.policy": "compact"}


class KafkaParkedTopic:
    """A ``ParkedTopic`` of one partition. Made if it is missing and the brokers allow it."""

    def __init__(self, settings: Mapping[str, Any], topic: str) -> None:
        self._settings = dict(settings)
        self._topic = topic
        self._writer = KafkaWriter(settings, topic, COMPACTED)

    @property
    def name(self) -> str:
        return self._topic

    async def keep(self, changes: Mapping[str, Parked | None]) -> None:
        async with self._writer.writing() as producer:
            if (partitions := len(await producer.partitions_for(self._topic))) > 1:
                raise Refused(
                    f"the Kafka topic `{self._topic}` has {partitions} partitions, and parked deliveries need one: "
                    "name another in parked.kafka_topic"
                )
            sent = [
                await producer.send(self._topic, _value(parked), key=id_.encode()) for id_, parked in changes.items()
            ]
            await asyncio.gather(*sent)

    async def load(self) -> AsyncIterator[Sequence[Parked]]:
        with kafka_errors(f"reading the Kafka topic `{self._topic}`"):
            async with asyncio.timeout(LOAD_SECONDS):
                await ensure_topic(self._settings, self._topic, COMPACTED)
                held = await self._read()
        parked = [each for id_, value in held.items() if (each := _parked(id_, value)) is not None]
        for first in range(0, len(parked), AT_ONCE):
            yield parked[first : first + AT_ONCE]

    async def close(self) -> None:
        """What was not acknowledged is written again: the store remembers that it is to be."""
        await self._writer.close()

    async def _read(self) -> dict[bytes, bytes]:
        """The last value of each key; those that were taken out are not in it. In the order of their first value."""
        partition = TopicPartition(self._topic, 0)
        consumer = AIOKafkaConsumer(
            **await answering(self._settings), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        held: dict[bytes, bytes] = {}
        try:
            await consumer.start()
            consumer.assign([partition])
            await consumer.seek_to_beginning(partition)
            end = (await consumer.end_offsets([partition]))[partition]
            while await consumer.position(partition) < end:
                for records in (await consumer.getmany(partition, timeout_ms=1000)).values():
                    for record in records:
                        if record.value is None:
                            held.pop(record.key, None)
                        else:
                            held[record.key] = record.value
        finally:
            await consumer.stop()
        return held


def _parked(id_: bytes, value: bytes) -> Parked | None:
    """Of one record; None, and told, where it is not ours."""
    try:
        return msgspec.msgpack.decode(value, type=Parked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        log.error("parked_unreadable", key=repr(id_), reason=str(error), hint="it is passed over")
        return None


def _value(parked: Parked | None) -> bytes | None:
    return None if parked is None else msgspec.msgpack.encode(parked)
