"""A log that cannot be written costs nothing but the line."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pytest
import structlog

from daemon import logs
from daemon.log_stream import LogStream


@pytest.fixture
def full_disk() -> Iterator[TextIO]:
    """Every write to it fails when it is flushed."""
    file = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 - closing it fails too
    yield file
    with suppress(OSError):
        file.close()


def test_a_line_that_cannot_be_written_is_counted_and_no_error(full_disk: TextIO) -> None:
    stream = LogStream(full_disk)

    stream.write("a line\n")
    stream.flush()

    assert stream.lost == 1


def test_the_daemons_log_goes_through_it(full_disk: TextIO) -> None:
    logs.set_up(full_disk)

    structlog.get_logger().warning("nobody_gets_this")

    logs.set_up()
