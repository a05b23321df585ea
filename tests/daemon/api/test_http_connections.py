"""Whoever connects and does not ask takes no descriptor from the deliveries for long."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from daemon import logs
from daemon.api.http_admin import AdminServer
from daemon.api.http_connections import MOST_CONNECTIONS
from tests.daemon.api.test_http_admin import Asked

HALF = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
WHOLE = HALF + b"\r\n"
LAST = HALF + b"Connection: close\r\n\r\n"
NO_BODY = b"POST /api/v1/dead-letters/replay HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Client:
    """Raw connections to a server."""

    def __init__(self, server: AdminServer, port: int) -> None:
        self.server = server
        self._port = port
        self._opened: list[Connection] = []

    async def send(self, request: bytes) -> asyncio.StreamReader:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._opened.append((reader, writer))
        writer.write(request)
        with suppress(ConnectionError):
            await writer.drain()
        return reader

    async def close(self) -> None:
        for _, writer in self._opened:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def client() -> AsyncIterator[Client]:
    server = AdminServer(Asked()._desk, host="127.0.0.1", port=0, token=None)
    port = int((await server.start()).rpartition(":")[2])
    opened = Client(server, port)
    try:
        async with asyncio.timeout(20):
            yield opened
    finally:
        await opened.close()
        await server.close()


async def end_of(reader: asyncio.StreamReader) -> bytes:
    """Everything until the server closes."""
    with suppress(ConnectionError):
        return await reader.read()
    return b""


def test_however_many_half_requests_wait_a_whole_one_is_answered(runner: asyncio.Runner) -> None:
    async def crowd() -> bytes:
        async with client() as opened:
            halves = [await opened.send(HALF) for _ in range(3 * MOST_CONNECTIONS)]
            answer = await end_of(await opened.send(LAST))
            assert await end_of(halves[0]) == b""  # the oldest made room
            assert len(opened.server._connections) <= MOST_CONNECTIONS
            return answer

    assert runner.run(crowd()).startswith(b"HTTP/1.1 200")


def test_requests_that_are_no_http_fill_no_log(runner: asyncio.Runner) -> None:
    out = io.StringIO()

    async def babble() -> list[bytes]:
        async with client() as opened:
            babble = b"GET /?\xc2\xb2 HTTP/1.1\r\nHost: localhost\r\n\r\n"
            return [await (await opened.send(babble)).readline() for _ in range(10)]

    logs.set_up(out)
    try:
        answers = runner.run(babble())
    finally:
        logs.set_up()

    assert {answer.split()[1] for answer in answers} == {b"400"}
    assert out.getvalue().count("Error handling request") == 1
    assert "Traceback" not in out.getvalue()


def test_half_a_request_is_not_waited_for(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.api.http_connections.REQUEST_SECONDS", 0.01)

    async def wait() -> bytes:
        async with client() as opened:
            return await end_of(await opened.send(HALF))

    assert runner.run(wait()) == b""


def test_a_body_that_does_not_come_is_not_waited_for(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.api.http_route.REQUEST_SECONDS", 0.01)

    async def wait() -> bytes:
        async with client() as opened:
            return await (await opened.send(NO_BODY)).readline()

    assert runner.run(wait()).startswith(b"HTTP/1.1 408")


def test_a_connection_may_ask_again_and_ends_when_it_no_longer_does(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.api.http_connections.IDLE_SECONDS", 0.01)

    async def ask_twice() -> bytes:
        async with client() as opened:
            return await end_of(await opened.send(WHOLE + WHOLE))

    assert runner.run(ask_twice()).count(b"HTTP/1.1 200") == 2
