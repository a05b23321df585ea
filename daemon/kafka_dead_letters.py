"""Dead letters in a Kafka topic: key, value and headers as they came, and why they hold no article.

Kept when the broker has acknowledged them, on every replica in sync. The topic is made if it is missing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from alerts.errors import Refused, Unavailable
from daemon.dead_letters import Rejected
from daemon.kafka_connection import REQUEST_SECONDS, kafka_errors
from daemon.kafka_topic import ensure_topic

DETAIL_CHARS = 500
"""Of the detail: enough to see what is wrong, whatever a parser quotes."""

MOST_BYTES = 960 * 1024
"""Of key, value and headers: a Kafka topic takes 1 MiB unless it is told otherwise, with what is around them."""

KEPT_BYTES = 1024
"""Of the value and of the key of a longer one: enough to see what it is. All of it is where it came from."""

log = structlog.get_logger()


class KafkaDeadLetters:
    """Writes to ``topic``. Connects at the first dead letter."""

    def __init__(self, settings: Mapping[str, Any], topic: str) -> None:
        self._settings = dict(settings)
        self._topic = topic
        self._producer: AIOKafkaProducer | None = None

    async def add(self, rejected: Sequence[Rejected]) -> None:
        doing = f"writing dead letters to the Kafka topic `{self._topic}`"
        try:
            with kafka_errors(doing):
                async with asyncio.timeout(2 * REQUEST_SECONDS):
                    producer = await self._connected()
                    sent = [await producer.send(self._topic, **_message(each)) for each in rejected]
                    await asyncio.gather(*sent)
        except (Unavailable, Refused):
            await self.close()  # the next one finds its way, whatever was wrong with this
            raise

    async def close(self) -> None:
        """What was not acknowledged is written again by whoever reads the same records."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(REQUEST_SECONDS):
                    await producer.stop()

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            # Kept as long as the broker keeps anything, and not compacted: most have no key.
            await ensure_topic(self._settings, self._topic, {})
            producer = AIOKafkaProducer(**self._settings, acks="all", enable_idempotence=True)
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer


def _message(rejected: Rejected) -> dict[str, Any]:
    record, value, key, own = rejected.record, rejected.record.value, rejected.record.key, rejected.record.headers
    if len(value or b"") + len(key or b"") + sum(len(name) * 4 + len(held or b"") for name, held in own) > MOST_BYTES:
        value, key, own = value and value[:KEPT_BYTES], key and key[:KEPT_BYTES], ()
    why = {
        "rasid-reason": rejected.reason,
        "rasid-detail": rejected.detail[:DETAIL_CHARS],
        "rasid-origin": record.origin,
    }
    headers = [(name, held) for name, held in own if name not in why]
    headers += [(name, text.encode("utf-8", "replace")) for name, text in why.items()]
    if value is None and key is None:  # a batch that could not be read; aiokafka sends nothing without either
        key = record.origin.encode("utf-8", "replace")
    return {"value": value, "key": key, "headers": headers}
