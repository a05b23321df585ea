"""A Kafka topic that grows is read whole, whoever was started again before or after."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.daemon.build import a_flood
from tests.end_to_end.daemon import receiver, wait_until
from tests.end_to_end.kafka import Stream, status
from tests.kafka.admin import add_partitions

SETTINGS: dict[str, object] = {"session_timeout": "6s"}
"""Longer than a restart takes: who comes back under its name gets its partitions back, and nobody gives them out."""


@pytest.fixture
def stream(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> Stream:
    return Stream(kafka, kafka_topic, runner)


@pytest.mark.parametrize("added", ["while it runs", "while it is away"])
def test_a_partition_added_around_a_restart_is_read(stream: Stream, added: str, tmp_path: Path) -> None:
    with receiver() as hook:
        with stream.daemon(tmp_path, hook, kafka=SETTINGS) as first:
            wait_until(lambda: status(first)["positions"], "the partition")
            first.stop(signal.SIGKILL)
        if added == "while it is away":
            stream.do(add_partitions(stream.server, stream.topic, 2))
        with stream.daemon(tmp_path, hook, kafka=SETTINGS) as second:
            wait_until(lambda: status(second)["positions"], "its partition")
            if added == "while it runs":
                stream.do(add_partitions(stream.server, stream.topic, 2))
            stream.add(a_flood(1), partition=1)
            wait_until(lambda: hook.posts, "the alert from the new partition")
            assert second.stop() == 0
