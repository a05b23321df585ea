"""Standard input: lines as they come, kept while they are needed."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from daemon.sources.source import Committed
from daemon.sources.stdin_source import MAX_BATCH_BYTES, StdinSource


class Piped:
    """A source at the end of a pipe."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self.runner = runner
        reading, self.writing = os.pipe()
        self.source = runner.run(self._open(reading))

    async def _open(self, descriptor: int) -> StdinSource:
        return StdinSource(descriptor, partition="stdin:1")

    def write(self, data: bytes) -> None:
        os.write(self.writing, data)

    def end(self) -> None:
        os.close(self.writing)

    def read(self) -> list[bytes | None]:
        """Everything up to the end."""
        found: list[bytes | None] = []
        while not self.source.ended():
            fetched = self.runner.run(self.source.fetch(2, 5))
            if fetched is not None:
                found += [record.value for record in fetched.records]
        return found


@pytest.fixture
def piped(runner: asyncio.Runner) -> Iterator[Piped]:
    piped = Piped(runner)
    yield piped
    runner.run(piped.source.close())


def test_every_line_comes_once_in_order_and_then_the_source_has_ended(piped: Piped) -> None:
    piped.write(b"one\r\n\n  \ntwo\nthree\n\nlast")
    piped.end()

    assert piped.read() == [b"one", b"two", b"three", b"last"]
    assert piped.source.position("stdin:1") == len(b"one\r\n\n  \ntwo\nthree\n\nlast")


def test_what_is_still_needed_can_be_read_again(piped: Piped, runner: asyncio.Runner) -> None:
    piped.write(b"one\ntwo\nthree\n")
    piped.end()
    piped.read()

    runner.run(piped.source.commit({"stdin:1": Committed(14, 4, "i")}))
    piped.source.seek("stdin:1", 4)

    assert not piped.source.ended()
    assert piped.read() == [b"two", b"three"]


def test_blank_lines_are_passed_a_batch_at_a_time(piped: Piped, runner: asyncio.Runner) -> None:
    blank = 4 * MAX_BATCH_BYTES

    async def read() -> list[int]:
        writing = asyncio.create_task(asyncio.to_thread(write))
        passed = []
        while not piped.source.ended():
            fetched = await piped.source.fetch(10, 5)
            if fetched is not None:
                passed.append(fetched.b - fetched.a)
        await writing
        return passed

    def write() -> None:
        with os.fdopen(piped.writing, "wb") as file:
            file.write(b"\n" * blank)

    passed = runner.run(read())

    assert sum(passed) == blank
    assert max(passed) <= 2 * MAX_BATCH_BYTES
