"""Receivers of every sort, each at an address of its own, in a process of their own."""

import asyncio
import contextlib
import gzip
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

from tests.hostile import Serve, never, reset, saying, without_end

BOMB = gzip.compress(b"\0" * 300_000_000)
DRIP_SECONDS, PAUSE_SECONDS = 0.2, 0.005
"""Between two bytes; between two bursts of a flood, so that the floods take no whole core from what is measured."""


async def healthy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads each request and answers 204 at once."""
    while head := await reader.readuntil(b"\r\n\r\n"):
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")


BOMB_HEAD = f"HTTP/1.1 500 Oops\r\ncontent-encoding: gzip\r\ncontent-length: {len(BOMB)}\r\n\r\n".encode()
HOSTILE: Mapping[str, Serve] = {
    "never": never,
    "drip": without_end(b"HTTP/1.1 500 Oops\r\ncontent-length: 100000\r\n\r\n", b"x", DRIP_SECONDS),
    "endless": without_end(b"HTTP/1.1 500 Oops\r\n\r\n", b"x" * 65_536, PAUSE_SECONDS),
    "bomb": saying(BOMB_HEAD + BOMB),
    "informational": without_end(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 100, PAUSE_SECONDS),
    "reset": reset,
}
"""By what they do to whoever sends to them."""


def address(number: int) -> str:
    """A loopback address for each receiver, so that none shares connections with another."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def serve(port_to: Connection, numbers: Mapping[str, Sequence[int]]) -> None:
    """Receivers by behaviour, all on one port, which is sent through ``port_to``."""

    async def run() -> None:
        port, tasks = 0, set[asyncio.Task[Any] | None]()
        for behaviour, of_it in numbers.items():
            work = HOSTILE.get(behaviour, healthy)

            async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, work: Serve = work) -> None:
                tasks.add(asyncio.current_task())  # or it might be collected while it waits for nothing
                with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                    await work(reader, writer)
                writer.close()

            for number in of_it:
                server = await asyncio.start_server(handle, address(number), port, backlog=128)
                port = port or server.sockets[0].getsockname()[1]
        port_to.send(port)
        await asyncio.Event().wait()

    asyncio.run(run())
