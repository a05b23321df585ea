import asyncio
import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from standardwebhooks import Webhook

from alerts.http_resolver import ThreadResolver
from alerts.http_sender import REPLY_LIMIT, HttpSender
from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.receiver import Receiver
from alerts.signature import parse_secrets

KEY = "whsec_dGhlIGtleSB0aGF0IHRoZSB0ZXN0cyBzaWduIHdpdGg="
BODY = '{"text": "خبر"}'.encode()
# A key pair of the tests' own, for receiver.test.
CERTIFICATE, PRIVATE_KEY = (Path(__file__).parent / "tls" / name for name in ("certificate.pem", "key.pem"))
LOOPBACK = (ip_network("127.0.0.0/8"),)
SHORT = 0.3  # the deadline of tests that run into it

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


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


def test_a_delivery_arrives_signed_with_its_bytes_and_headers() -> None:
    seen: list[tuple[dict[str, str], bytes]] = []

    async def take(request: web.Request) -> web.Response:
        seen.append(({key.lower(): value for key, value in request.headers.items()}, await request.read()))
        return web.Response(text="تم\x00", status=202)

    async def scenario() -> list[Attempt]:
        async with serving(take) as url:
            sender = HttpSender(user_agent="rasid/test")
            first = await sender.send(a_lease(), a_receiver(url))
            second = await sender.send(a_lease(attempt=2, order_gap=True, replay=True), a_receiver(url))
            await sender.close()
            return [first, second]

    attempts = asyncio.run(scenario())

    assert [(each.reply, each.status, each.excerpt) for each in attempts] == [(Reply.DELIVERED, 202, "تم ")] * 2
    (first, body), (second, again) = seen
    assert body == again == BODY
    assert Webhook(KEY).verify(body, first) == Webhook(KEY).verify(again, second) == {"text": "خبر"}
    names = ("webhook-id", "content-type", "user-agent", "rasid-attempt", "rasid-order-gap", "rasid-replay")
    assert [first.get(name) for name in names] == ["evt_abc", "application/json", "rasid/test", "1", None, None]
    assert [second.get(name) for name in names[3:]] == ["2", "true", "true"]
    assert "accept-encoding" not in first and "cookie" not in first


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, (Reply.DELIVERED, "", None)),
        (204, {}, (Reply.DELIVERED, "", None)),
        (400, {}, (Reply.FAILED, "", None)),
        (404, {}, (Reply.FAILED, "", None)),
        (410, {}, (Reply.GONE, "", None)),
        (429, {"Retry-After": "17"}, (Reply.BUSY, "", 17.0)),
        (503, {"Retry-After": "-1"}, (Reply.BUSY, "", None)),
        (500, {}, (Reply.FAILED, "", None)),
    ],
)
def test_a_status_is_understood(
    status: int, headers: dict[str, str], expected: tuple[Reply, str, float | None]
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    async def scenario() -> Attempt:
        async with serving(answer) as url:
            return await attempt_at(url)

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error, attempt.retry_after_s) == expected
    assert attempt.status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_never_followed(status: int) -> None:
    paths: list[str] = []

    async def redirect(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async def scenario() -> Attempt:
        async with serving(redirect) as url:
            return await attempt_at(url)

    attempt = asyncio.run(scenario())

    assert (attempt.reply, attempt.error, paths) == (Reply.FAILED, "redirect", ["/hook"])


def test_cookies_and_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    cookies: list[str | None] = []
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    async def answer(request: web.Request) -> web.Response:
        cookies.append(request.headers.get("Cookie"))
        return web.Response(headers={"Set-Cookie": "a=b; Path=/"})

    async def scenario() -> None:
        async with serving(answer) as url:
            sender = HttpSender(user_agent="rasid/test")
            for _ in range(2):
                assert (await sender.send(a_lease(), a_receiver(url))).reply is Reply.DELIVERED
            await sender.close()

    asyncio.run(scenario())

    assert cookies == [None, None]


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def drip_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def informational_flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 102 Processing\r\n\r\n" * 10)
        await writer.drain()
        await asyncio.sleep(0.01)


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


@pytest.mark.parametrize(
    ("serve", "errors"),
    [
        (never, {"timeout"}),
        (drip_headers, {"timeout", "protocol"}),
        (informational_flood, {"timeout", "protocol"}),
        (reset, {"disconnected"}),
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
