"""Dead letters in a Kafka topic: key, value and headers as they came, and why they hold no article.

Kept when the broker has acknowledged them, on every replica in sync. The topic is made if it is missing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from daemon.kafka.kafka_writer import KafkaWriter
from daemon.sources.dead_letters import Rejected
from daemon.sources.decode import MAX_BYTES

DETAIL_CHARS = 500
"""Of the detail: enough to see what is wrong, whatever a parser quotes."""

KEPT_BYTES = 1024
"""Of the value and of the key of one that the topic does not take: enough to see what it is, and where it came from."""

TOPIC_BYTES = 2 * MAX_BYTES
"""What a topic that we make takes at once: the longest value that is kept, and as much again around it."""

Message = dict[str, Any]
"""What aiokafka is told of one record: value, key, headers."""


class KafkaDeadLetters:
    """Writes to ``topic``. Connects at the first dead letter."""

    def __init__(self, settings: Mapping[str, Any], topic: str) -> None:
        self._topic = topic
        # Kept as long as the broker keeps anything, and not compacted: most have no key.
        configs = {"max.message.bytes": str(TOPIC_BYTES)}
        self._writer = KafkaWriter(settings, topic, configs, request_bytes=TOPIC_BYTES)

    async def add(self, rejected: Sequence[Rejected]) -> None:
        async with self._writer.writing() as producer:
            await self._write(producer, [message(each) for each in rejected])

    async def close(self) -> None:
        """What was not acknowledged is written again by whoever reads the same records."""
        await self._writer.close()

    async def _write(self, producer: AIOKafkaProducer, messages: Sequence[Message]) -> None:
        """All of them, acknowledged; of those that the topic does not take, the beginning."""
        too_long: list[Message] = []
        sent: list[tuple[Message, asyncio.Future[Any]]] = []
        for each in messages:
            try:
                sent.append((each, await producer.send(self._topic, **each)))
            except MessageSizeTooLargeError:
                too_long.append(each)
        for each, acknowledged in sent:
            try:
                await acknowledged
            except MessageSizeTooLargeError:
                too_long.append(each)
        for each in too_long:
            await producer.send_and_wait(self._topic, **beginning_of(each))


def message(rejected: Rejected) -> Message:
    """Key, value and headers as they came, and why they hold no article."""
    record, value = rejected.record, rejected.record.value
    why = {
        "rasid-reason": rejected.reason,
        "rasid-detail": rejected.detail[:DETAIL_CHARS],
        "rasid-origin": record.origin,
    }
    headers = [(name, held) for name, held in record.headers if name not in why]
    headers += [(name, text.encode("utf-8", "replace")) for name, text in why.items()]
    key = record.key
    if value is None and key is None:  # a batch that could not be read; aiokafka sends nothing without either
        key = record.origin.encode("utf-8", "replace")
    return {"value": None if value is None else value[:MAX_BYTES], "key": key, "headers": headers}


def beginning_of(too_long: Message) -> Message:
    """Enough to see what it is."""
    value, key = too_long["value"], too_long["key"]
    ours = [(name, held) for name, held in too_long["headers"] if name.startswith("rasid-")]
    return {"value": value and value[:KEPT_BYTES], "key": key and key[:KEPT_BYTES], "headers": ours}
