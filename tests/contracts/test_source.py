"""What every ``Source`` promises. Standard input promises it within one process: the next has another stream."""

import asyncio
import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.file_positions import Positions
from daemon.file_source import FileSource
from daemon.memory_source import MemorySource
from daemon.source import Committed, Fetched, Source
from daemon.stdin_source import StdinSource

LINES = [f'{{"title": "article {number}"}}'.encode() for number in range(7)]

Open = Callable[[], Source]
"""A process that starts: the same records, and what was committed before."""


WAIT_SECONDS = 5.0
"""For what another thread reads; nothing waits so long where there is something, or an end."""


async def pipe_in(content: bytes, partition: str) -> Source:
    """Standard input of a process that was given ``content``."""
    reading, writing = os.pipe()
    os.write(writing, content)  # less than a pipe holds
    os.close(writing)
    return StdinSource(reading, partition=partition)


LASTING = ["scripted", "file", "gzip"]
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
        if request.param == "stdin":
            source = runner.run(pipe_in(content, f"stdin-{len(opened)}"))
        else:
            source = FileSource(str(tmp_path / "*.jsonl"), follow=False, positions=Positions(tmp_path))
        opened.append(source)
        return source

    yield open_it
    for source in opened:
        runner.run(source.close())


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
    source = open_source()

    assert values(source, runner) == LINES
    assert source.ended()


def test_offsets_grow_and_positions_join(open_source: Open, runner: asyncio.Runner) -> None:
    source, last, offsets = open_source(), 0, list[int]()
    while (fetched := fetch(source, runner, 2)) is not None:
        assert fetched.a == last
        last = fetched.b
        offsets += [record.offset for record in fetched.records]

    assert offsets == sorted(set(offsets))


def test_a_seek_back_brings_the_same_records_again_at_the_same_offsets(
    open_source: Open, runner: asyncio.Runner
) -> None:
    source = open_source()
    first = fetch(source, runner, 3)
    rest = values(source, runner)
    assert first is not None

    source.seek(first.partition, first.b)

    assert not source.ended()
    assert values(source, runner) == rest


@pytest.mark.parametrize("open_source", LASTING, indirect=True)
def test_a_new_process_begins_anywhere_that_it_is_told(open_source: Open, runner: asyncio.Runner) -> None:
    fetched = fetch(open_source(), runner, 4)
    assert fetched is not None

    again = open_source()
    again.seek(fetched.partition, fetched.b)

    assert values(again, runner) == LINES[4:]


@pytest.mark.parametrize("open_source", LASTING, indirect=True)
def test_what_was_committed_is_there_after_a_restart_and_nothing_else(
    open_source: Open, runner: asyncio.Runner
) -> None:
    source = open_source()
    (partition,) = source.assigned()
    assert runner.run(source.committed(partition)) is None

    runner.run(source.commit({partition: Committed(9, 4, "incarnation")}))

    assert runner.run(open_source().committed(partition)) == Committed(9, 4, "incarnation")


def test_nothing_comes_while_paused(open_source: Open, runner: asyncio.Runner) -> None:
    source = open_source()

    source.pause(True)
    paused = runner.run(source.fetch(3, 0))
    source.pause(False)

    assert paused is None
    assert values(source, runner) == LINES
