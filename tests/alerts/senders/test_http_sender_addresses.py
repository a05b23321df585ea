"""A request goes only where it may: names, addresses, certificates."""

import asyncio
import contextlib
import socket
import ssl
import threading
from typing import Any

import pytest
from aiohttp import web

from alerts.model import Attempt, Reply
from alerts.senders.http_resolver import ThreadResolver
from alerts.senders.http_sender import HttpSender
from tests.alerts.senders.sending import (
    CERTIFICATE,
    PRIVATE_KEY,
    SHORT,
    Names,
    a_lease,
    a_receiver,
    attempt_at,
    raw_serving,
    serving,
)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("private", ["127.0.0.1"]),
        ("mapped", ["::ffff:127.0.0.1"]),
        ("public and private", ["8.8.8.8", "127.0.0.1"]),
        ("metadata", ["169.254.169.254"]),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_leads_inside_is_refused_before_a_byte_is_sent(name: str, answer: list[str], scheme: str) -> None:
    connections = 0

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1

    async def scenario() -> Attempt:
        async with raw_serving(count) as url:
            port = url.split(":")[2].split("/")[0]
            return await attempt_at(f"{scheme}://receiver.example:{port}/", allowed=False, resolver=Names(answer))

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error, connections) == (Reply.REFUSED, "denied_address", 0)
    assert attempt.excerpt, "it says which address, and why"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "①②⑦.⓪.⓪.①", "169.254.169.254"])
def test_a_literal_address_is_refused_too(host: str) -> None:
    attempt = asyncio.run(attempt_at(f"https://{host}/", allowed=False))

    assert (attempt.reply, attempt.error) == (Reply.REFUSED, "denied_address")


@pytest.mark.parametrize("url", ["http://receiver.example:443/", "https://receiver.example:6379/"])
def test_without_encryption_or_on_another_port_only_allowed_networks_are_reached(url: str) -> None:
    attempt = asyncio.run(attempt_at(url, resolver=Names(["8.8.8.8"]), deadline=SHORT))

    assert (attempt.reply, attempt.error) == (Reply.REFUSED, "denied_address")


@pytest.mark.parametrize("url", ["https://127.1/", "https://2130706433/", "https://0x7f.1/"])
def test_a_number_is_not_taken_for_a_name(url: str) -> None:
    attempt = asyncio.run(attempt_at(url, allowed=False, resolver=Names(error=socket.gaierror(-2, "unknown"))))

    assert attempt.reply is not Reply.DELIVERED and attempt.status == 0


def test_an_unknown_name_is_a_failed_attempt() -> None:
    names = Names(error=socket.gaierror(socket.EAI_NONAME, "unknown"))
    attempt = asyncio.run(attempt_at("https://receiver.example/", resolver=names))

    assert (attempt.reply, attempt.error) == (Reply.FAILED, "dns")


def test_names_that_hang_hold_up_neither_the_process_other_threads_nor_other_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer, release = socket.getaddrinfo, threading.Event()

    def look_up(host: str, *rest: Any) -> Any:
        if host.startswith("hangs"):
            release.wait()
        return answer(host, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    async def scenario() -> list[Attempt]:
        hanging = [asyncio.create_task(attempt_at(f"https://hangs{n}.example/", deadline=SHORT)) for n in range(40)]
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(lambda: "kept") == "kept"
            assert (await ThreadResolver().resolve("localhost", 443))[0]["host"] == "127.0.0.1"
        return await asyncio.gather(*hanging)

    attempts = asyncio.run(scenario())
    release.set()

    assert {each.error for each in attempts} == {"timeout"}


def test_receivers_with_different_allow_lists_do_not_share_connections() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response()

    async def scenario() -> tuple[Attempt, Attempt]:
        async with serving(answer) as url:
            sender = HttpSender(user_agent="rasid/test")
            first = await sender.send(a_lease(), a_receiver(url, allowed=True))
            second = await sender.send(a_lease(), a_receiver(url, allowed=False))
            await sender.close()
            return first, second

    first, second = asyncio.run(scenario())

    assert (first.reply, second.reply) == (Reply.DELIVERED, Reply.REFUSED)


@pytest.mark.parametrize(
    ("name", "host", "trusted", "expected"),
    [
        ("trusted", "receiver.test", True, (Reply.DELIVERED, "")),
        ("unknown authority", "receiver.test", False, (Reply.FAILED, "tls")),
        ("another name", "other.test", True, (Reply.FAILED, "tls")),
    ],
)
def test_a_certificate_must_be_trusted_and_fit_the_name(
    name: str, host: str, trusted: bool, expected: tuple[Reply, str]
) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(CERTIFICATE, PRIVATE_KEY)

    async def scenario() -> Attempt:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=own)
        port = server.sockets[0].getsockname()[1]
        tls = ssl.create_default_context(cafile=str(CERTIFICATE)) if trusted else None
        try:
            return await attempt_at(f"https://{host}:{port}/", resolver=Names(["127.0.0.1"]), tls=tls)
        finally:
            server.close()

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error) == expected
