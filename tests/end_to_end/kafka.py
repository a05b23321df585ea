"""A daemon that reads a Kafka topic of its own, and what a test does around it."""

import asyncio
import json
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.end_to_end.daemon import Daemon, Receiver, daemon
from tests.kafka.admin import produce


@dataclass(frozen=True)
class Stream:
    """One Kafka topic, and the loop in which a test talks to its broker."""

    server: str
    topic: str
    runner: asyncio.Runner

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def add(self, *values: bytes | None, **how: Any) -> list[int]:
        """Records, acknowledged; their offsets."""
        return self.runner.run(produce(self.server, self.topic, values, **how))

    def source(self, **settings: object) -> dict[str, object]:
        """Its section of the configuration."""
        kafka = {"servers": [self.server], "subscribe": [self.topic], "start": "earliest", "session_timeout": "1500ms"}
        return {"kafka": kafka | settings}

    @contextmanager
    def daemon(
        self, folder: Path, hook: Receiver, *arguments: str, kafka: dict[str, object] | None = None, **sections: object
    ) -> Iterator[Daemon]:
        """A daemon that reads it."""
        folder.mkdir(exist_ok=True)
        settings = {"name": self.topic, "sources": [self.source(**(kafka or {}))], **sections}
        with daemon(folder, hook, *arguments, **settings) as running:
            yield running


async def read_all(server: str, topic: str) -> Sequence[Any]:
    """Everything in partition 0."""
    consumer = AIOKafkaConsumer(bootstrap_servers=server, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        read: list[Any] = []
        while not read or read[-1].offset < end - 1:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                read += records
        return read
    finally:
        await consumer.stop()


def metric(running: Daemon, name: str, **labels: str) -> float:
    """The sum over the series of one metric that have these labels; 0 where there is none."""
    total = 0.0
    for line in running.ask("/metrics")[1].splitlines():
        series, _, value = line.rpartition(" ")
        if series.partition("{")[0] == name and all(f'{key}="{label}"' in series for key, label in labels.items()):
            total += float(value)
    return total


def status(running: Daemon) -> dict[str, Any]:
    """What the API says of the daemon."""
    answer: dict[str, Any] = json.loads(running.ask("/api/v1/status")[1])
    return answer
