"""``rasid publish`` as a user starts it, and what a real topic then holds."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.daemon.build import a_line

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "daemon", "publish", *map(str, arguments)]


def publish(folder: Path, *arguments: object, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    done = subprocess.run(
        command(*arguments), cwd=folder, input=given, capture_output=True, env=ENVIRONMENT, timeout=90
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def start(folder: Path, *arguments: object) -> subprocess.Popen[bytes]:
    """Begin it; what it says goes to ``said`` in ``folder``."""
    with (folder / "said").open("ab") as said:
        return subprocess.Popen(command(*arguments), cwd=folder, stdout=said, stderr=said, env=ENVIRONMENT)


def articles(count: int, *, of: int = 1_000_000) -> list[bytes]:
    """Numbered lines; ``of`` ids take turns."""
    return [a_line(id=f"a{number % of}", title=f"خبر {number}", body="نص " * 200) for number in range(count)]


async def held(server: str, topic: str) -> dict[int, list[tuple[bytes | None, bytes]]]:
    """Key and value of every record, by partition, in order."""
    consumer = AIOKafkaConsumer(bootstrap_servers=server, auto_offset_reset="earliest", max_poll_records=5000)
    await consumer.start()
    try:
        numbers = await consumer._client.fetch_all_metadata()
        partitions = [TopicPartition(topic, number) for number in numbers.partitions_for_topic(topic)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: dict[int, list[tuple[bytes | None, bytes]]] = {each.partition: [] for each in partitions}
        while any(len(found[each.partition]) < ends[each] for each in partitions):
            for partition, records in (await consumer.getmany(timeout_ms=1000)).items():
                found[partition.partition] += [(record.key, record.value) for record in records]
        return found
    finally:
        await consumer.stop()


def lacking(lines: Sequence[bytes], found: dict[int, list[tuple[bytes | None, bytes]]]) -> set[bytes]:
    """Lines that no partition holds."""
    return set(lines) - {value for records in found.values() for _, value in records}
