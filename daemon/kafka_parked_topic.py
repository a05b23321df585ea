"""The parked topic: a compacted Kafka topic of deliveries that are old or dead, by their id."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from alerts.errors import Refused, Unavailable
from alerts.parking.parking import Parked
from daemon.kafka_connection import REQUEST_SECONDS, kafka_errors
from daemon.kafka_topic import ensure_topic

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
        self._producer: AIOKafkaProducer | None = None

    @property
    def name(self) -> str:
        return self._topic

    async def keep(self, changes: Mapping[str, Parked | None]) -> None:
        try:
            with kafka_errors(f"writing to the Kafka topic `{self._topic}`"):
                async with asyncio.timeout(2 * REQUEST_SECONDS):
                    producer = await self._connected()
                    sent = [
                        await producer.send(self._topic, _value(parked), key=id_.encode())
                        for id_, parked in changes.items()
                    ]
                    await asyncio.gather(*sent)
        except (Unavailable, Refused):
            await self.close()  # the next one finds its way, whatever was wrong with this
            raise

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
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(REQUEST_SECONDS):
                    await producer.stop()

    async def _read(self) -> dict[bytes, bytes]:
        """The last value of each key; those that were taken out are not in it. In the order of their first value."""
        partition = TopicPartition(self._topic, 0)
        consumer = AIOKafkaConsumer(**self._settings, enable_auto_commit=False, auto_offset_reset="earliest")
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

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            await ensure_topic(self._settings, self._topic, COMPACTED)
            producer = AIOKafkaProducer(**self._settings, acks="all", enable_idempotence=True)
            try:
                await producer.start()
                if len(await producer.partitions_for(self._topic)) > 1:
                    raise Refused(f"the Kafka topic `{self._topic}` has several partitions: name one that has 1")
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer


def _parked(id_: bytes, value: bytes) -> Parked | None:
    """Of one record; None, and told, where it is not ours."""
    try:
        return msgspec.msgpack.decode(value, type=Parked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        log.error("parked_unreadable", key=repr(id_), reason=str(error), hint="it is passed over")
        return None


def _value(parked: Parked | None) -> bytes | None:
    return None if parked is None else msgspec.msgpack.encode(parked)
