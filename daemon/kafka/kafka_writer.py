"""Writes to one Kafka topic of our own, and knows when the brokers have it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from daemon.kafka.kafka_connection import REQUEST_SECONDS, answering, kafka_errors
from daemon.kafka.kafka_topic import ensure_topic

MEBIBYTE = 1024 * 1024
"""What a Kafka topic takes at once unless it is told otherwise."""


class KafkaWriter:
    """Connects when first needed, and anew after a failure. Makes ``topic``, with ``configs``, if it is missing."""

    def __init__(
        self, settings: Mapping[str, Any], topic: str, configs: Mapping[str, str], *, request_bytes: int = MEBIBYTE
    ) -> None:
        """``settings`` as from ``daemon.kafka.kafka_connection.client_settings``."""
        self._settings = dict(settings)
        self._topic = topic
        self._configs = configs
        self._request_bytes = request_bytes
        self._producer: AIOKafkaProducer | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AIOKafkaProducer]:
        """A producer whose records are acknowledged by every replica in sync. Raises ``Unavailable``, ``Refused``."""
        try:
            with kafka_errors(f"writing to the Kafka topic `{self._topic}`"):
                async with asyncio.timeout(2 * REQUEST_SECONDS):
                    yield await self._connected()
        except Exception:
            await self.close()  # the next one finds its way, whatever was wrong with this
            raise

    async def close(self) -> None:
        """What was not acknowledged may be lost: who wrote it writes it again."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(REQUEST_SECONDS):
                    await producer.stop()

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            await ensure_topic(self._settings, self._topic, self._configs)
            settings = await answering(self._settings)
            producer = AIOKafkaProducer(
                **settings, acks="all", enable_idempotence=True, max_request_size=self._request_bytes
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer
