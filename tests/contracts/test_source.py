"""What every ``Source`` promises. Standard input promises it within one process: the next has another stream."""

import asyncio
import gzip
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.config.kafka import KafkaSourceConfig
from daemon.kafka.kafka_source import KafkaSource
from daemon.metrics.metrics import Metrics
from daemon.sources.file_positions import Positions
from daemon.sources.file_source import FileSource
from daemon.sources.memory_source import MemorySource
from daemon.sources.source import Committed, Fetched, Source
from daemon.sources.stdin_source import StdinSource
from tests.kafka.admin import produce

LINES = [f'{{"title": "article {number}"}}'.encode() for number in range(7)]

Open = Callable[[], Source]
"""A process that starts: the same records, and what was committed before."""


WAIT_SECONDS = 2.0
"""For what another thread or a broker brings. Sources that have an end do not wait there."""


async def pipe_in(content: bytes, partition: str) -> Source:
    """Standard input of a process that was given ``content``."""
    reading, writing = os.pipe()
    os.write(writing, content)  # less than a pipe holds
    os.close(writing)
    return StdinSource(reading, partition=partition)


LASTING = ["scripted", "file", "gzip", "kafka"]
"""Sources that another process may read again."""


@pytest.fixture(params=[*LASTING, "stdin"])
def open_source(request: pytest.FixtureRequest, tmp_path: Path, runner: asyncio.Runner) -> Iterator[Open]:
    scripted = MemorySource({"p": LINES})
    content = b"\n".join(LINES) + b"\n"
    (tmp_path / "articles.jsonl").write_bytes(content if request.param == "file" else gzip.compress(content))
    opened: list[Source] = []

    def open_it() -> Source:
        if request.param == "scripted":
            scripted.restart()
            return scripted
        source: Source
        if request.param == "kafka":
            source = open_kafka(request, runner, instance=f"process-{len(opened)}")
            for other in opened:
                runner.run(other.close())
        elif request.param == "stdin":
            source = runner.run(pipe_in(content, f"stdin-{len(opened)}"))
        else:
            source = FileSource(str(tmp_path / "*.jsonl"), follow=False, positions=Positions(tmp_path))
        opened.append(source)
        return source

    yield open_it
    for source in opened:
        runner.run(source.close())


def open_kafka(request: pytest.FixtureRequest, runner: asyncio.Runner, instance: str) -> Source:
    """A member of a group that reads the lines from a Kafka topic of its own, and has an end."""
    server, topic = request.getfixturevalue("kafka"), request.getfixturevalue("kafka_topic")
    if instance == "process-0":
        runner.run(produce(server, topic, LINES))
    config = KafkaSourceConfig(servers=(server,), subscribe=(topic,), session_timeout=timedelta(seconds=1))

    async def opened() -> Source:
        return KafkaSource(config, password=None, group=topic, instance=instance, observer=Metrics("1"), once=True)

    return runner.run(opened())


def begin(source: Source, runner: asyncio.Runner) -> Source:
    """The source once it has its partition, told to begin at the start as the consumer does."""
    while not source.assigned():
        assert runner.run(source.fetch(1, 0.1)) is None
    for partition in source.assigned():
        source.seek(partition, 0)
    return source


def fetch(source: Source, runner: asyncio.Runner, max_records: int) -> Fetched | None:
    fetched = runner.run(source.fetch(max_records, WAIT_SECONDS))
    assert fetched is None or isinstance(fetched, Fetched)
    return fetched


def values(source: Source, runner: asyncio.Runner, max_records: int = 3) -> list[bytes | None]:
    read: list[bytes | None] = []
    while (fetched := fetch(source, runner, max_records)) is not None:
        assert fetched.a == (fetched.records[0].offset if fetched.records else fetched.a)
        assert fetched.b == source.position(fetched.partition)
        assert len(fetched.records) <= max_records
        read += [record.value for record in fetched.records]
    return read


def test_every_record_comes_once_in_order_and_then_the_source_has_ended(
    open_source: Open, runner: asyncio.Runner
) -> None:
    source = begin(open_source(), runner)

    assert values(source, runner) == LINES
    assert source.ended()


def test_offsets_grow_and_positions_join(open_source: Open, runner: asyncio.Runner) -> None:
    source, last, offsets = begin(open_source(), runner), 0, list[int]()
    while (fetched := fetch(source, runner, 2)) is not None:
        assert fetched.a == last
        last = fetched.b
        offsets += [record.offset for record in fetched.records]

    assert offsets == sorted(set(offsets))


def test_a_seek_back_brings_the_same_records_again_at_the_same_offsets(
    open_source: Open, runner: asyncio.Runner
) -> None:
    source = begin(open_source(), runner)
    first = fetch(source, runner, 3)
    rest = values(source, runner)
    assert first is not None

    source.seek(first.partition, first.b)

    assert not source.ended()
    assert values(source, runner) == rest


@pytest.mark.parametrize("open_source", LASTING, indirect=True)
def test_a_new_process_begins_anywhere_that_it_is_told(open_source: Open, runner: asyncio.Runner) -> None:
    fetched = fetch(begin(open_source(), runner), runner, 4)
    assert fetched is not None

    again = begin(open_source(), runner)
    again.seek(fetched.partition, fetched.b)

    assert values(again, runner) == LINES[4:]


@pytest.mark.parametrize("open_source", LASTING, indirect=True)
def test_what_was_committed_is_there_after_a_restart_and_nothing_else(
    open_source: Open, runner: asyncio.Runner
) -> None:
    source = begin(open_source(), runner)
    (partition,) = source.assigned()
    assert runner.run(source.committed(partition)) is None

    runner.run(source.commit({partition: Committed(9, 4, "incarnation")}))

    assert runner.run(begin(open_source(), runner).committed(partition)) == Committed(9, 4, "incarnation")


def test_nothing_comes_while_paused(open_source: Open, runner: asyncio.Runner) -> None:
    source = begin(open_source(), runner)

    source.pause(True)
    paused = runner.run(source.fetch(3, 0))
    source.pause(False)

    assert paused is None
    assert values(source, runner) == LINES
