"""Files that grow, are renamed, cut, damaged."""

import asyncio
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.errors import Refused
from daemon.decode import MAX_BYTES
from daemon.file_lines import CHUNK_BYTES, LineReader
from daemon.file_positions import Positions
from daemon.file_source import FileSource
from daemon.source import Committed


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Opened:
    """Opens sources in one folder, and closes them in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.sources: list[FileSource] = []

    def __call__(self, *, follow: bool = True) -> FileSource:
        positions = Positions(self.folder)
        source = FileSource(str(self.folder / "*.jsonl"), follow=follow, positions=positions, monotonic=self.clock)
        self.sources.append(source)
        return source


@pytest.fixture
def opened(tmp_path: Path, runner: asyncio.Runner) -> Iterator[Opened]:
    opened = Opened(tmp_path)
    yield opened
    for source in opened.sources:
        runner.run(source.close())


def read(source: FileSource, runner: asyncio.Runner) -> list[bytes | None]:
    found: list[bytes | None] = []
    while (fetched := runner.run(source.fetch(100, 0))) is not None:
        found += [record.value for record in fetched.records]
    return found


def settle(source: FileSource, runner: asyncio.Runner) -> None:
    """Commit that everything read is done."""
    done = {name: Committed(source.position(name), source.position(name), "i") for name in source.assigned()}
    runner.run(source.commit(done))


def test_an_unfinished_last_line_waits_for_its_end_while_followed(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\ntw")
    source = opened()

    first = read(source, runner)
    with path.open("ab") as file:
        file.write(b"o\nthree\n")

    assert first == [b"one"]
    assert read(source, runner) == [b"two", b"three"]
    assert not source.ended()


def test_an_unfinished_last_line_counts_where_the_file_will_not_grow(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"one\r\n\n  \ntwo")
    source = opened(follow=False)

    assert read(source, runner) == [b"one", b"two"]
    assert source.ended()


def test_new_files_that_fit_are_found(tmp_path: Path, opened: Opened, runner: asyncio.Runner) -> None:
    source = opened()
    assert source.assigned() == frozenset()

    (tmp_path / "late.jsonl").write_bytes(b"one\n")
    opened.clock.now += 5

    assert read(source, runner) == [b"one"]


def test_a_renamed_file_is_read_to_its_end_and_the_new_one_from_its_start(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old one\n")
    source = opened()
    assert read(source, runner) == [b"old one"]
    settle(source, runner)

    with path.open("ab") as file:
        file.write(b"old two\n")
    path.rename(tmp_path / "a.jsonl.1")
    path.write_bytes(b"new one\n")
    opened.clock.now += 5

    assert sorted(each or b"" for each in read(source, runner)) == [b"new one", b"old two"]
    settle(source, runner)
    assert source.assigned() == {f"file:{path}#1"}


def test_a_truncated_file_is_another_one_also_after_a_restart(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"same start\nand much more\n")
    source = opened()
    read(source, runner)
    settle(source, runner)

    path.write_bytes(b"same start\n")
    again = opened()

    assert again.assigned() == {f"file:{path}#1"}
    assert read(again, runner) == [b"same start"]


def test_a_file_that_only_grew_is_the_same_after_a_restart(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\n")
    source = opened()
    read(source, runner)
    settle(source, runner)
    with path.open("ab") as file:
        file.write(b"two\n")

    assert opened().assigned() == {f"file:{path}"}


def test_a_damaged_archive_gives_what_can_be_read_and_ends(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    whole = gzip.compress(b"".join(b"line %d\n" % number for number in range(200_000)))
    (tmp_path / "a.jsonl").write_bytes(whole[: len(whole) // 2])
    source = opened(follow=False)

    lines = read(source, runner)

    assert lines[:2] == [b"line 0", b"line 1"]
    assert source.ended()


def test_a_line_longer_than_a_record_may_be_is_cut_and_the_next_one_is_whole() -> None:
    reader, lines = LineReader(0), []
    data = b"x" * (3 * MAX_BYTES) + b"\nnext\n"
    for start in range(0, len(data), CHUNK_BYTES):
        lines += list(reader.feed(data[start : start + CHUNK_BYTES]))

    assert [len(line.text) for line in lines] == [MAX_BYTES + 1, 4]
    assert lines[1].start == 3 * MAX_BYTES + 1


def test_positions_that_cannot_be_read_are_refused_and_not_taken_for_a_first_start(tmp_path: Path) -> None:
    (tmp_path / "positions.json").write_text('{"partitions": 3}')

    with pytest.raises(Refused, match=r"positions\.json"):
        Positions(tmp_path)
