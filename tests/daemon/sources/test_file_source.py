"""Files that grow, come and go, are damaged or cannot be read."""

import asyncio
import gzip
import os
from pathlib import Path

import pytest

from alerts.errors import Unavailable
from daemon.sources.file_source import MAX_BATCH_BYTES
from tests.daemon.files import Opened, read, settle


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


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
    assert not source.assigned()

    (tmp_path / "late.jsonl").write_bytes(b"one\n")
    opened.clock.now += 5

    assert read(source, runner) == [b"one"]


def test_a_damaged_archive_gives_what_can_be_read_and_ends(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    whole = gzip.compress(b"".join(b"line %d\n" % number for number in range(200_000)))
    (tmp_path / "a.jsonl").write_bytes(whole[: len(whole) // 2])
    source = opened(follow=False)

    lines = read(source, runner)

    assert lines[:2] == [b"line 0", b"line 1"]
    assert source.ended()
    assert source.damaged


def test_a_followed_archive_that_is_still_being_written_is_read_on_as_it_grows(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    lines = [b"line %d" % number for number in range(50_000)]
    whole = gzip.compress(b"\n".join(lines) + b"\n")
    file = tmp_path / "a.jsonl"
    source, found = opened(), list[bytes | None]()

    for share in (3, 2, 1):
        with file.open("r+b" if file.exists() else "wb") as written:
            written.seek(0, 2)
            written.write(whole[written.tell() : len(whole) // share])
        opened.clock.now += 5
        found += read(source, runner)

    assert found == lines
    assert not source.damaged


def test_a_file_that_cannot_be_read_is_waited_for_and_the_others_go_on(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    (tmp_path / "a.jsonl").symlink_to("/proc/self/mem")  # a file as it seems; reading its start is an error
    (tmp_path / "b.jsonl").write_bytes(b"b\n")

    source = opened(follow=False)

    assert read(source, runner) == [b"b"]
    assert list(source.problems()) == [str(tmp_path / "a.jsonl")]
    assert not source.ended()

    (tmp_path / "a.jsonl").unlink()
    (tmp_path / "a.jsonl").write_bytes(b"a\n")
    opened.clock.now += 5

    assert read(source, runner) == [b"a"]
    assert source.ended() and not source.problems()


def test_where_nothing_can_be_read_the_source_says_what_it_waits_for(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    (tmp_path / "a.jsonl").symlink_to("/proc/self/mem")
    source = opened()

    with pytest.raises(Unavailable, match=r"a\.jsonl"):
        runner.run(source.fetch(10, 0))


def test_a_file_that_is_gone_before_it_was_opened_is_waited_for(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"a\n")
    (tmp_path / "b.jsonl").write_bytes(b"b\n")
    source = opened(follow=False)
    path.rename(tmp_path / "away")
    assert read(source, runner) == [b"b"]

    (tmp_path / "away").rename(path)
    opened.clock.now += 5

    assert read(source, runner) == [b"a"]


@pytest.mark.parametrize("follow", [False, True])
def test_many_files_are_read_with_few_open(
    follow: bool, tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}.jsonl").write_bytes(b"%d\n" % number)
    source, before = opened(follow=follow, max_open=3), descriptors()
    found: list[bytes | None] = []

    while (fetched := runner.run(source.fetch(100, 0))) is not None:
        found += [record.value for record in fetched.records]
        assert descriptors() <= before + 3

    assert len(found) == 40
    if follow:
        with (tmp_path / "07.jsonl").open("ab") as file:
            file.write(b"more\n")
        opened.clock.now += 5
        assert read(source, runner) == [b"more"]


def test_a_file_whose_name_is_no_utf_8_is_read_under_an_escaped_one(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    (tmp_path / os.fsdecode(b"\xe9.jsonl")).write_bytes(b"one\n")
    source = opened()

    fetched = runner.run(source.fetch(10, 0))
    settle(source, runner)

    assert fetched is not None
    assert "\\udce9.jsonl" in fetched.partition.encode().decode()
    assert fetched.records[0].origin.encode().endswith(b".jsonl@0")
    assert opened().assigned() == source.assigned()


def test_after_damage_a_seek_back_reads_again_and_ends_again(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    whole = gzip.compress(b"".join(b"line %d\n" % number for number in range(20_000)))
    (tmp_path / "a.jsonl").write_bytes(whole[: len(whole) // 2])
    source = opened(follow=False)
    lines = read(source, runner)
    (name,) = source.assigned()
    assert lines[-1] == b"line %d" % (len(lines) - 1)

    source.seek(name, 0)

    assert not source.ended()
    assert read(source, runner) == lines
    assert source.ended()


@pytest.mark.parametrize("blank", [b"\n", b" \r\n"])
def test_blank_lines_are_passed_a_batch_at_a_time(
    blank: bytes, tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    (tmp_path / "a.jsonl").write_bytes(blank * (4 * MAX_BATCH_BYTES // len(blank)) + b"one\n")
    source, passed = opened(follow=False), list[int]()

    while (fetched := runner.run(source.fetch(100, 0))) is not None:
        passed.append(fetched.b - fetched.a)

    assert max(passed) <= 2 * MAX_BATCH_BYTES
    assert fetched is None and source.ended()
