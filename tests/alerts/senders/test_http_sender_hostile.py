"""Receivers that misbehave are failed attempts, and cost little."""

import asyncio
import gzip
import socket

import pytest
from aiohttp import web

from alerts.model import Attempt, Reply
from alerts.senders.http_exchange import REPLY_LIMIT
from tests.alerts.senders.sending import SHORT, attempt_at, raw_serving, replying, serving
from tests.hostile import Serve, never, reset, without_end


async def reset_after_the_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    await reset(reader, writer)


@pytest.mark.parametrize(
    ("serve", "errors"),
    [
        (never, {"timeout"}),
        (without_end(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n", 0.02), {"timeout", "protocol"}),
        (without_end(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 10, 0.01), {"timeout", "protocol"}),
        (reset_after_the_request, {"disconnected"}),
        (replying(b""), {"disconnected"}),
        (replying(b"\x16\x03\x01\x02\x00"), {"protocol", "disconnected"}),
        (replying(b"HTTP/1.1 9999999999 OK\r\n\r\n"), {"protocol"}),
        (replying(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1_000_000 + b"\r\n\r\n"), {"protocol"}),
        (replying(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000), {"protocol", "disconnected"}),
        (replying(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"), {"protocol"}),
        (replying(b"nonsense\r\n\r\n"), {"protocol"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_receiver_that_misbehaves_is_a_failed_attempt(serve: Serve, errors: set[str]) -> None:
    async def scenario() -> Attempt:
        async with raw_serving(serve) as url:
            return await attempt_at(url, deadline=SHORT)

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.status) == (Reply.FAILED, 0)
    assert attempt.error in errors
    assert attempt.seconds < 3


async def drip_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def bad_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")
    await writer.drain()


@pytest.mark.parametrize("serve", [drip_body, bad_chunks])
def test_a_receiver_that_said_200_has_taken_it_however_its_reply_goes_on(serve: Serve) -> None:
    async def scenario() -> Attempt:
        async with raw_serving(serve) as url:
            return await attempt_at(url, deadline=SHORT)

    attempt = asyncio.run(scenario())

    assert attempt.seconds < 3
    # Chunks that are broken from the first byte may already spoil the head.
    assert attempt.reply is Reply.DELIVERED or attempt.error == "protocol"


@pytest.mark.parametrize("status", [b"200 OK", b"500 Oops"])
def test_no_more_than_the_limit_is_read_of_an_endless_reply(status: bytes) -> None:
    sent = 0

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 " + status + b"\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()
            sent += 65_536

    async def scenario() -> Attempt:
        async with raw_serving(endless) as url:
            return await attempt_at(url)

    attempt = asyncio.run(scenario())

    assert attempt.status == int(status[:3])
    assert attempt.seconds < 3, "it hung up, it did not wait for the deadline"
    # What the system's own buffers took on both sides is not ours to limit.
    assert sent < REPLY_LIMIT + 16 * 1024 * 1024


def test_a_compressed_reply_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    async def scenario() -> Attempt:
        async with serving(answer) as url:
            return await attempt_at(url)

    attempt = asyncio.run(scenario())

    assert attempt.reply is Reply.DELIVERED
    assert attempt.excerpt.strip(), "unpacked it would be nothing but zeros"


def test_nobody_listening_is_a_failed_attempt() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        attempt = asyncio.run(attempt_at(f"http://127.0.0.1:{bound.getsockname()[1]}/"))

    assert (attempt.reply, attempt.error) == (Reply.FAILED, "connect")


def test_a_server_that_does_not_speak_tls_is_a_failed_attempt() -> None:
    async def scenario() -> Attempt:
        async with raw_serving(replying(b"HTTP/1.1 200 OK\r\n\r\n")) as url:
            return await attempt_at(url.replace("http:", "https:"), deadline=1.0)

    attempt = asyncio.run(scenario())

    assert attempt.reply is Reply.FAILED and attempt.error in {"tls", "disconnected", "timeout"}
