"""Receivers that misbehave: what each does with a connection, until it is closed for it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes everything and answers nothing."""
    await asyncio.Event().wait()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ends the connection with RST."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


def saying(begin: bytes) -> Serve:
    """Says it once, whatever it was asked, and nothing after it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        await writer.drain()

    return serve


def without_end(begin: bytes, chunk: bytes, seconds: float = 0.0) -> Serve:
    """After ``begin`` says ``chunk`` for ever, with so many seconds between: a drip where it is small, else a flood."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        while True:
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(seconds)

    return serve
