"""Articles into a Kafka topic: acknowledged by every replica in sync, in order, each batch written once."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    InvalidTopicError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    UnknownError,
)

from alerts.errors import Refused, Unavailable
from daemon.config.kafka import KafkaConnectionConfig
from daemon.kafka.kafka_connection import REQUEST_SECONDS, kafka_errors, refuse_bad_credentials
from daemon.kafka.kafka_offsets import KafkaOffsets
from daemon.kafka.kafka_topic import ensure_topic
from daemon.publish.delivery import Busy, TooLarge
from daemon.publish.window import Acknowledged
from daemon.sources.decode import MAX_BYTES
from processors.errors import RasidError

BATCH_BYTES = 128 * 1024
"""Before compression: enough for it to pay, far below what a broker takes at most (1 MiB unless told otherwise)."""

LINGER_MS = 5
"""So that what is read in one go travels in one batch; nobody notices it."""

ENVELOPE_BYTES = 64 * 1024
"""Key and what the format adds. Whether an article of the greatest size fits is for the broker to say."""

LED_SECONDS = 10.0
"""Until a new topic's partitions have their leaders; usually a tenth of a second."""

FORBIDDEN = (ClusterAuthorizationFailedError, PolicyViolationError, InvalidTopicError)
"""What waiting does not cure, beside what every client of ours is refused for."""


async def find_topic(
    config: KafkaConnectionConfig, settings: Mapping[str, Any], topic: str, *, create: int | None
) -> frozenset[int]:
    """The partitions of ``topic``; where it is missing, it is made with ``create`` of them.

    Raises ``Refused`` where it is missing and ``create`` is None or we may not; ``Unavailable`` where nobody answers.
    """
    offsets = KafkaOffsets(settings, "")
    try:
        try:
            found = await offsets.partitions(topic)
        except Unavailable as error:
            with suppress(Unavailable):  # said below, for whoever sits at the keyboard
                await refuse_bad_credentials(config, dict(settings))
            servers = ", ".join(config.servers)
            raise Unavailable(f"no Kafka answers on {servers}: is it running, and is that its address?") from error
        if not found and create is not None:
            await ensure_topic(settings, topic, {}, partitions=create)
            with kafka_errors(f"waiting for the new Kafka topic `{topic}`"):
                async with asyncio.timeout(LED_SECONDS):
                    while not (found := await offsets.partitions(topic)):
                        await asyncio.sleep(0.05)
    finally:
        await offsets.close()
    if not found:
        raise Refused(
            f"there is no Kafka topic `{topic}`, or this user may not see it. Add --create-topic --partitions 4, or: "
            f"kafka-topics.sh --bootstrap-server {config.servers[0]} --create --topic {topic} --partitions 4"
        )
    return found


async def cluster_of(settings: Mapping[str, Any]) -> str:
    """The id of the cluster, which no other has. Raises ``Unavailable``."""
    with kafka_errors("asking Kafka for its cluster"):
        async with asyncio.timeout(2 * REQUEST_SECONDS):
            admin = AIOKafkaAdminClient(**settings)
            try:
                await admin.start()
                return str((await admin.describe_cluster())["cluster_id"])
            finally:
                await admin.close()


async def lost_since(
    settings: Mapping[str, Any], topic: str, partitions: frozenset[int], acknowledged: Mapping[int, int]
) -> str:
    """Why ``topic`` cannot be the one that gave us these offsets, or nothing. Raises ``Unavailable``."""
    if gone := sorted(set(acknowledged) - partitions):
        return f"partition {gone[0]} is not there any more"
    offsets = KafkaOffsets(settings, "")
    try:
        ends = await offsets.ends([TopicPartition(topic, number) for number in acknowledged])
    finally:
        await offsets.close()
    for number, last in sorted(acknowledged.items()):
        if (end := ends[TopicPartition(topic, number)]) <= last:
            return f"partition {number} ends at {end}, and offset {last} was acknowledged"
    return ""


class KafkaPublisher:
    """A ``Publisher`` for one topic."""

    def __init__(self, settings: Mapping[str, Any], topic: str, compression: str | None) -> None:
        self._settings = dict(settings)
        self._topic = topic
        self._compression = compression
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises ``Unavailable`` or ``Refused``."""
        with kafka_errors(f"publishing to `{self._topic}`"):
            async with asyncio.timeout(2 * REQUEST_SECONDS):
                producer = AIOKafkaProducer(
                    **self._settings,
                    acks="all",
                    enable_idempotence=True,
                    compression_type=self._compression,
                    max_batch_size=BATCH_BYTES,
                    max_request_size=MAX_BYTES + ENVELOPE_BYTES,
                    linger_ms=LINGER_MS,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer

    async def send(self, key: bytes | None, value: bytes) -> "asyncio.Future[Acknowledged]":
        if self._producer is None:
            raise Unavailable("not connected")
        try:
            future: asyncio.Future[Acknowledged] = await self._producer.send(self._topic, value, key=key)
        except KafkaTimeoutError as error:
            raise Busy("no room in the batches") from error
        except (KafkaError, OSError, TimeoutError) as error:
            raise self.explained(error) from error
        return future

    async def renew(self) -> None:
        await self.close()
        await self.start()

    async def close(self) -> None:
        """Let go of the connections; what is not acknowledged by then is given up."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(REQUEST_SECONDS):
                await producer.stop()
        with suppress(KafkaError, OSError, TimeoutError):  # where it was cut short
            async with asyncio.timeout(REQUEST_SECONDS):
                await producer.client.close()

    def explained(self, error: BaseException) -> RasidError:
        if isinstance(error, MessageSizeTooLargeError | RecordListTooLargeError):
            return TooLarge(f"the Kafka topic `{self._topic}` takes no record of this size (max.message.bytes)")
        if isinstance(error, UnknownError):
            return Refused(
                f"the Kafka topic `{self._topic}` does not take this record and gives a reason that this client does "
                "not know. A compacted topic takes none without a key: then leave --key none out"
            )
        if isinstance(error, FORBIDDEN):
            return Refused(f"publishing to `{self._topic}`: Kafka refuses us: {type(error).__name__}: {error}")
        try:
            with kafka_errors(f"publishing to `{self._topic}`"):
                raise error
        except RasidError as explained:
            return explained
        except BaseException as other:
            return Unavailable(f"publishing to `{self._topic}`: {type(other).__name__}: {other}")
