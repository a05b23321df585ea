"""A log that cannot be written costs nothing but the line."""

import io
import json
import logging
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


def test_what_a_library_says_is_a_line_like_our_own() -> None:
    out = io.StringIO()
    logs.set_up(out)

    logging.getLogger("library").warning("%s is wrong", "something")
    structlog.get_logger().warning("ours")

    theirs, ours = (json.loads(line) for line in out.getvalue().splitlines())
    logs.set_up()
    assert theirs["event"] == "something is wrong"
    assert theirs.keys() == ours.keys()


def test_what_aiokafka_repeats_is_told_once_in_half_a_minute() -> None:
    out = io.StringIO()
    logs.set_up(out)

    for number in range(3):
        logging.getLogger("aiokafka.conn").error("no answer from %s", number)
    logging.getLogger("aiokafka.conn").error("another kind")

    lines = [json.loads(line)["event"] for line in out.getvalue().splitlines()]
    logs.set_up()
    assert lines == ["no answer from 0", "another kind"]


def test_connections_that_cannot_be_accepted_are_told_once_a_minute() -> None:
    out = io.StringIO()
    logs.set_up(out)

    for number in range(1_000):
        logging.getLogger("asyncio").error("socket.accept() out of system resource\nsocket: %d", number)
    logging.getLogger("asyncio").error("another matter")

    events = [json.loads(line)["event"] for line in out.getvalue().splitlines()]
    logs.set_up()
    assert events == ["socket.accept() out of system resource\nsocket: 0", "another matter"]
