"""Which file is which: grown, renamed, truncated, copied, under the same name elsewhere."""

import asyncio
from pathlib import Path

from daemon.sources.source import Committed
from tests.daemon.files import Opened, read, settle


def test_a_renamed_file_is_read_to_its_end_and_the_new_one_from_its_start(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old one\n")
    source = opened()
    (old,) = source.assigned()
    assert read(source, runner) == [b"old one"]
    settle(source, runner)

    with path.open("ab") as file:
        file.write(b"old two\n")
    path.rename(tmp_path / "a.jsonl.1")
    path.write_bytes(b"new one\n")
    opened.clock.now += 5

    assert sorted(each or b"" for each in read(source, runner)) == [b"new one", b"old two"]
    settle(source, runner)
    (left,) = source.assigned()
    assert left != old and source.position(left) == len(b"new one\n")


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

    assert again.assigned().keys().isdisjoint(source.assigned())
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

    assert opened().assigned() == source.assigned()


def test_two_machines_never_share_a_partition_although_path_and_first_line_are_alike(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    names: set[str] = set()
    for machine in ("one", "two"):
        state = tmp_path / machine
        state.mkdir()
        (tmp_path / "a.jsonl").write_bytes(b"same start\n" + machine.encode() + b"\n")
        source = opened(state=state)
        read(source, runner)
        names |= source.assigned().keys()

    assert len(names) == 2


def test_a_file_read_but_not_yet_committed_keeps_its_partition_after_a_crash(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"one\ntwo\n")
    source = opened()
    runner.run(source.fetch(1, 0))

    assert opened().assigned() == source.assigned()


def test_a_file_replaced_after_a_crash_by_one_that_begins_alike_is_another(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"same start\n")
    source = opened()
    with path.open("ab") as file:
        file.write(b"and more\n")
    read(source, runner)
    settle(source, runner)

    path.rename(tmp_path / "a.1")
    path.write_bytes(b"same start\nother lines\n")

    again = opened()
    assert again.assigned().keys().isdisjoint(source.assigned())
    assert read(again, runner) == [b"same start", b"other lines"]


def test_a_copy_under_the_same_name_is_the_same_file_and_is_read_on(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path, fresh = tmp_path / "a.jsonl", tmp_path / "fresh"
    path.write_bytes(b"one\n")
    source = opened()
    names = source.assigned()
    read(source, runner)
    settle(source, runner)

    fresh.write_bytes(b"one\ntwo\n")
    fresh.replace(path)
    opened.clock.now += 5

    assert read(source, runner) == [b"two"]
    assert source.assigned() == names


def test_a_followed_file_without_a_whole_line_is_no_partition_yet(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"")
    source = opened()
    assert not source.assigned()

    (tmp_path / "other").write_bytes(b"one\n")
    (tmp_path / "other").replace(path)
    opened.clock.now += 5

    assert read(source, runner) == [b"one"]


def test_a_partition_that_is_done_is_no_longer_ours_and_may_still_be_asked_for(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"old\n")
    source = opened()
    (old,) = source.assigned()
    read(source, runner)
    path.rename(tmp_path / "a.1")
    path.write_bytes(b"new\n")
    opened.clock.now += 5
    read(source, runner)
    done = {name: Committed(source.position(name), source.position(name), "i") for name in source.assigned()}
    runner.run(source.commit(done))

    runner.run(source.commit(done))
    source.seek(old, 4)

    assert old not in source.assigned()
    assert source.position(old) == 0
    assert runner.run(source.committed(old)) is None


def test_deleting_positions_as_the_message_says_reads_every_file_from_its_start(
    tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\n")
    source = opened()
    read(source, runner)
    settle(source, runner)

    (tmp_path / "positions.json").unlink()
    path.write_bytes(b"one\nrotated\n")
    again = opened()

    assert again.assigned().keys().isdisjoint(source.assigned())
    assert read(again, runner) == [b"one", b"rotated"]
