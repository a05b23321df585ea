"""Going on in a file: the right place in the right file, or its start."""

import asyncio
import gzip
import os
import threading
from contextlib import aclosing
from pathlib import Path

import pytest

from daemon.publish.place import Reached, reached_at
from daemon.publish.reading import Reading
from daemon.sources.file_lines import READ_ERRORS, Line

LINES = [f'{{"id": "{number}", "title": "خبر"}}'.encode() for number in range(200)]
TEXT = b"\n".join(LINES) + b"\n"


def read(path: Path, runner: asyncio.Runner, reached: Reached | None = None) -> tuple[bool, bytes, list[Line]]:
    """Whether it was another file, how it begins, and what was read."""

    async def all_lines() -> tuple[bool, bytes, list[Line]]:
        reading = Reading(path, reached)
        try:
            begun = await reading.begin()
            async with aclosing(reading.lines()) as lines:
                return begun.replaced, begun.head, [line async for line in lines]
        finally:
            reading.close()

    return runner.run(all_lines())


def reached_after(path: Path, runner: asyncio.Runner, number: int) -> Reached:
    _, head, lines = read(path, runner)
    line = next(each for each in lines if each.number == number)
    return reached_at(head, line.start, line.end, line.number, line.text)


@pytest.mark.parametrize("number", [1, 57, 199, 200])
@pytest.mark.parametrize("packed", [False, True])
def test_it_goes_on_after_the_last_settled_line(
    number: int, packed: bool, tmp_path: Path, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a"
    path.write_bytes(gzip.compress(TEXT) if packed else TEXT)

    replaced, _, lines = read(path, runner, reached_after(path, runner, number))

    assert not replaced
    assert [(line.number, line.text) for line in lines] == list(enumerate(LINES, 1))[number:]


@pytest.mark.parametrize(
    ("name", "content", "goes_on"),
    [
        ("grown", TEXT + b"more\n", True),
        ("packed since", gzip.compress(TEXT), True),
        ("another first line", b"{}" + TEXT, False),
        ("the same beginning and another line at the place", TEXT.replace(LINES[99], LINES[99].upper()), False),
        ("shorter", TEXT[:2000], False),
        ("empty", b"", False),
    ],
)
def test_another_file_under_the_name_is_read_from_its_start(
    name: str, content: bytes, goes_on: bool, tmp_path: Path, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a"
    path.write_bytes(TEXT)
    reached = reached_after(path, runner, 100)
    path.write_bytes(content)

    replaced, _, lines = read(path, runner, reached)

    assert replaced is not goes_on
    assert [line.number for line in lines[:1]] == ([101] if goes_on else [1] if content else [])


def test_a_last_line_that_got_its_end_since_is_not_read_again(tmp_path: Path, runner: asyncio.Runner) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo")
    reached = reached_after(path, runner, 2)
    path.write_bytes(b"one\ntwo\n\nfour\n")

    _, _, lines = read(path, runner, reached)

    assert [(line.number, line.text) for line in lines] == [(4, b"four")]


def test_a_pipe_is_read_as_it_comes(tmp_path: Path, runner: asyncio.Runner) -> None:
    os.mkfifo(path := tmp_path / "pipe")
    writing = threading.Thread(target=path.write_bytes, args=(gzip.compress(TEXT),))
    writing.start()

    _, head, lines = read(path, runner)

    writing.join()
    assert head == b""
    assert [line.text for line in lines] == LINES


def test_a_damaged_archive_gives_what_can_be_read_and_then_says_so(tmp_path: Path, runner: asyncio.Runner) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(TEXT)[:-8])

    with pytest.raises(READ_ERRORS):
        read(path, runner)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "absent", runner)
