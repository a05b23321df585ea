"""Servers to send to, and short builders, for tests of the sender."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from alerts.model import Attempt, Delivery, Leased
from alerts.receiver import Receiver
from alerts.senders.http_sender import HttpSender
from alerts.senders.signature import parse_secrets
from tests.hostile import Serve

KEY = "whsec_dGhlIGtleSB0aGF0IHRoZSB0ZXN0cyBzaWduIHdpdGg="
BODY = '{"text": "خبر"}'.encode()
# A key pair of the tests' own, for receiver.test.
CERTIFICATE, PRIVATE_KEY = (Path(__file__).parents[1] / "tls" / name for name in ("certificate.pem", "key.pem"))
LOOPBACK = (ip_network("127.0.0.0/8"),)
SHORT = 0.3  # the deadline of tests that run into it


def a_receiver(url: str, *, allowed: bool = True) -> Receiver:
    return Receiver(name="desk", url=url, secrets=parse_secrets(KEY, "k"), allow=LOOPBACK if allowed else ())


def a_lease(**changes: Any) -> Leased:
    delivery = Delivery(
        id="evt_abc", receiver="desk", lane="l", type="alert.opened", notice="n", created_ms=0, body=BODY
    )
    values: dict[str, Any] = {"delivery": delivery, "attempt": 1, "order_gap": False, "replay": False}
    return Leased(**(values | changes))


async def attempt_at(url: str, *, deadline: float = 5.0, allowed: bool = True, **options: Any) -> Attempt:
    sender = HttpSender(user_agent="rasid/test", deadline_seconds=deadline, **options)
    try:
        return await sender.send(a_lease(), a_receiver(url, allowed=allowed))
    finally:
        await sender.close()


@contextlib.asynccontextmanager
async def serving(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """A proper HTTP server."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def raw_serving(serve: Serve) -> AsyncIterator[str]:
    """A server that may do anything with the connection."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def replying(data: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        await writer.drain()

    return serve


class Names(AbstractResolver):
    """A name server whose answers are written down."""

    def __init__(self, *answers: list[str], error: OSError | None = None) -> None:
        self._answers = list(answers)
        self._error = error

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self._error:
            raise self._error
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            {
                "hostname": host, "host": each, "port": port, "proto": 0, "flags": socket.AI_NUMERICHOST,
                "family": socket.AF_INET6 if ":" in each else socket.AF_INET,
            }
            for each in addresses
        ]  # fmt: skip

    async def close(self) -> None:
        pass
