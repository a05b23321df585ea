"""Kafka topics of our own: made if they are missing and the brokers allow it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    PolicyViolationError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)

from alerts.errors import Refused
from daemon.kafka.kafka_connection import REQUEST_SECONDS, answering, kafka_errors

FORBIDDEN = (TopicAuthorizationFailedError, ClusterAuthorizationFailedError, PolicyViolationError)


MOST_REPLICAS = 3
"""What operators choose themselves; where there are fewer brokers, as many as there are."""


async def ensure_topic(
    settings: Mapping[str, Any], topic: str, configs: Mapping[str, str], *, partitions: int = 1
) -> None:
    """Make ``topic``, on up to three brokers, unless it is there.

    Raises ``Refused`` with the command that makes it, where we may not; ``Unavailable``.
    """
    with kafka_errors(f"looking for the Kafka topic `{topic}`"):
        async with asyncio.timeout(2 * REQUEST_SECONDS):
            admin = AIOKafkaAdminClient(**await answering(settings))
            try:
                await admin.start()
                if topic not in await admin.list_topics():
                    replicas = min(MOST_REPLICAS, len((await admin.describe_cluster())["brokers"]))
                    new = NewTopic(topic, partitions, replicas, topic_configs=dict(configs))
                    await _make(admin, new, settings)
            finally:
                await admin.close()


async def _make(admin: AIOKafkaAdminClient, topic: NewTopic, settings: Mapping[str, Any]) -> None:
    answer = await admin.create_topics([topic])
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code == 0 or error is TopicAlreadyExistsError:  # somebody was faster
            continue
        if error in FORBIDDEN:
            options = "".join(f" --config {key}={value}" for key, value in topic.topic_configs.items())
            raise Refused(
                f"the Kafka topic `{name}` is missing and we may not make it ({error.__name__}): kafka-topics.sh "
                f"--bootstrap-server {settings['bootstrap_servers'][0]} --create --topic {name} "
                f"--partitions {topic.num_partitions}{options}"
            )
        raise error(name)
