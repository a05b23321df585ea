"""Each toxic does what it is named for, and ends when it is told to."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from tests.faults.proxy import CLOSE_SECONDS, LATENCY_SECONDS, LIMIT_BYTES, Proxy, Toxic

Ask = Callable[[bytes], Awaitable[bytes]]

LONG = b"abcdefghi\n" * 200


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while line := await reader.readline():
            writer.write(line)
    writer.close()


async def through(toxic: Toxic | None, work: Callable[[Proxy, Ask], Awaitable[None]]) -> None:
    """``work`` with a proxy before a server that echoes lines; what it asks goes over a new connection each time."""
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    proxy = Proxy(f"127.0.0.1:{port}", seed=1)
    await proxy.listen()
    await proxy.use(toxic)

    async def ask(question: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        try:
            writer.write(question)
            async with asyncio.timeout(3):
                return await reader.readexactly(len(question))
        finally:
            writer.transport.abort()

    await work(proxy, ask)
    await proxy.use(None)
    assert await ask(LONG) == LONG, "it is over"
    await proxy.close()
    server.close()
    await asyncio.sleep(0.01)  # what was aborted is closed in the loop's next turn


@pytest.mark.parametrize("toxic", [None, Toxic.LATENCY, Toxic.SLICER, Toxic.SLOW_CLOSE, Toxic.BANDWIDTH])
def test_what_only_takes_longer_loses_nothing(toxic: Toxic | None) -> None:
    async def work(_: Proxy, ask: Ask) -> None:
        began = time.monotonic()
        assert await ask(LONG) == LONG
        if toxic is Toxic.LATENCY:
            assert time.monotonic() - began > 2 * 0.2 * LATENCY_SECONDS

    asyncio.run(through(toxic, work))


@pytest.mark.parametrize("toxic", [Toxic.DOWN, Toxic.RESET_PEER, Toxic.LIMIT_DATA])
def test_what_cuts_off_says_so(toxic: Toxic) -> None:
    async def work(_: Proxy, ask: Ask) -> None:
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await ask(b"x" * LIMIT_BYTES + b"\n" + LONG * 4)

    asyncio.run(through(toxic, work))


def test_half_open_says_nothing_until_it_is_over_and_then_cuts_off() -> None:
    async def work(proxy: Proxy, _: Ask) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"anybody?\n")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS / 4):
                await reader.read(1)
        await proxy.use(None)
        with pytest.raises(ConnectionError):
            await reader.readexactly(1)
        writer.transport.abort()

    asyncio.run(through(Toxic.TIMEOUT, work))


def test_a_close_takes_its_time() -> None:
    async def work(proxy: Proxy, _: Ask) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        began = time.monotonic()
        writer.write_eof()
        assert await reader.read() == b""
        assert time.monotonic() - began > CLOSE_SECONDS
        writer.transport.abort()

    asyncio.run(through(Toxic.SLOW_CLOSE, work))
