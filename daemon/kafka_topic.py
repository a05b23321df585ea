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
from daemon.kafka_connection import REQUEST_SECONDS, kafka_errors

FORBIDDEN = (TopicAuthorizationFailedError, ClusterAuthorizationFailedError, PolicyViolationError)


async def ensure_topic(settings: Mapping[str, Any], topic: str, configs: Mapping[str, str]) -> None:
    """Make ``topic`` of one partition, replicated as the brokers do by default, unless it is there.

    Raises ``Refused`` with the command that makes it, where we may not; ``Unavailable``.
    """
    with kafka_errors(f"looking for the Kafka topic `{topic}`"):
        async with asyncio.timeout(2 * REQUEST_SECONDS):
            admin = AIOKafkaAdminClient(**settings)
            try:
                await admin.start()
                if topic not in await admin.list_topics():
                    await _make(admin, topic, configs, settings["bootstrap_servers"][0])
            finally:
                await admin.close()


async def _make(admin: AIOKafkaAdminClient, topic: str, configs: Mapping[str, str], server: str) -> None:
    answer = await admin.create_topics([NewTopic(topic, 1, -1, topic_configs=dict(configs))])
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code == 0 or error is TopicAlreadyExistsError:  # somebody was faster
            continue
        if error in FORBIDDEN:
            options = "".join(f" --config {key}={value}" for key, value in configs.items())
            raise Refused(
                f"the Kafka topic `{name}` is missing and we may not make it ({error.__name__}): kafka-topics.sh "
                f"--bootstrap-server {server} --create --topic {name} --partitions 1{options}"
            )
        raise error(name)
