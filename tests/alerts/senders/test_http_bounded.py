"""An answer costs so many bytes and no more, whatever it is made of."""

import asyncio
import time

import pytest

from alerts.model import Attempt, Reply
from alerts.senders.http_bounded import HEAD_BYTES, MOST_BYTES
from alerts.senders.http_exchange import READ_SECONDS
from tests.alerts.senders.sending import attempt_at, raw_serving, replying
from tests.hostile import Serve

DEADLINE = 60.0
"""No test comes near: it is not the deadline that ends these attempts."""

INFORMATIONAL = b"HTTP/1.1 102 Processing\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


def attempt(serve: Serve) -> Attempt:
    async def scenario() -> Attempt:
        async with raw_serving(serve) as url:
            return await attempt_at(url, deadline=DEADLINE)

    return asyncio.run(scenario())


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(INFORMATIONAL * 1_000)
        await writer.drain()


async def head_without_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x: y\r\n" * 1_000)
        await writer.drain()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nthanks")
    await writer.drain()
    await asyncio.Event().wait()


@pytest.mark.parametrize("serve", [flood, head_without_end])
def test_what_never_comes_to_an_answer_is_cut_off_and_costs_little(serve: Serve) -> None:
    began = time.process_time()
    found = attempt(serve)

    assert found.reply is Reply.FAILED and found.seconds < DEADLINE / 2
    assert time.process_time() - began < 2, "seconds of computing, most of them for the server"


@pytest.mark.parametrize("number", [0, 1, 100])
def test_an_answer_after_informational_ones_is_taken(number: int) -> None:
    found = attempt(replying(INFORMATIONAL * number + OK))

    assert (found.reply, found.status, found.excerpt) == (Reply.DELIVERED, 200, "ok")


def test_informational_answers_count_with_the_head() -> None:
    within, beyond = (HEAD_BYTES - 100) // len(INFORMATIONAL), HEAD_BYTES // len(INFORMATIONAL) + 1

    assert attempt(replying(INFORMATIONAL * within + OK)).reply is Reply.DELIVERED
    assert attempt(replying(INFORMATIONAL * beyond + OK)).reply is Reply.FAILED


@pytest.mark.parametrize("length", [HEAD_BYTES, MOST_BYTES, 10 * MOST_BYTES])
def test_a_long_body_is_no_mistake_of_who_took_the_alert(length: int) -> None:
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n".encode()
    found = attempt(replying(head + b"y" * length))

    assert (found.reply, found.excerpt[:3]) == (Reply.DELIVERED, "yyy")


def test_a_body_that_drips_is_not_waited_for_once_the_status_is_known() -> None:
    found = attempt(drip)

    assert found.reply is Reply.DELIVERED and READ_SECONDS - 0.5 < found.seconds < DEADLINE / 2
