"""The real sender: one signed POST by aiohttp, against receivers that may be broken or hostile.

- Nothing is sent to an address that must not be reached: every address is checked where the socket is made, which
  also covers literal addresses and names that change their answer; one bad address in an answer refuses the name.
- No redirects, cookies, proxies, netrc or decompression; one deadline over everything from the name to the last
  byte read; at most ``REPLY_LIMIT`` bytes of the reply are read.
- Connections are shared only between receivers with the same allow list and scheme.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from alerts.denied_addresses import PORTS, Network, is_allowed, why_denied
from alerts.http_resolver import ThreadResolver
from alerts.model import Attempt, Leased, Reply
from alerts.receiver import Receiver
from alerts.retry import classify, parse_retry_after
from alerts.signature import sign

# Standard Webhooks asks for 15 to 30 seconds; the lease of a delivery (20 s) must outlive an attempt.
DEADLINE_SECONDS = 15.0

# A reply is only looked at by people; what is longer is either a mistake or an attack.
REPLY_LIMIT = 64 * 1024

# What is kept of a reply for the history.
EXCERPT_CHARS = 200

# Below the 5 s after which common servers close idle connections, so that a request rarely meets a closing one.
KEEPALIVE_SECONDS = 4.0

_AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]
_PoolKey = tuple[tuple[Network, ...], bool]


class DeniedAddress(Exception):
    """The connection was refused by us. Not an ``OSError``, so that no other address is tried instead."""


class HttpSender:
    """Sends deliveries. Made inside the running loop, closed by ``close``."""

    def __init__(
        self,
        *,
        user_agent: str,
        now: Callable[[], float] = time.time,
        deadline_seconds: float = DEADLINE_SECONDS,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._now = now
        self._deadline_seconds = deadline_seconds
        self._resolver = resolver or ThreadResolver()
        # True: the library's own context, which knows the same certificates. To read them again takes 20 ms.
        self._tls: ssl.SSLContext | bool = tls or True
        self._pools: dict[_PoolKey, aiohttp.ClientSession] = {}

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one request. Whatever the receiver does is an ``Attempt``, never an exception."""
        started = time.monotonic()
        # What is known when the deadline passes: a receiver that said 200 has taken it, however its reply drips.
        seen: list[Attempt] = []
        try:
            async with asyncio.timeout(self._deadline_seconds):
                await self._post(leased, receiver, seen)
            attempt = seen[-1]
        except Exception as error:
            attempt = seen[-1] if seen else _failed(error)
        return Attempt(
            reply=attempt.reply,
            status=attempt.status,
            error=attempt.error,
            retry_after_s=attempt.retry_after_s,
            seconds=time.monotonic() - started,
            excerpt=attempt.excerpt,
        )

    async def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.close()
        self._pools.clear()

    async def _post(self, leased: Leased, receiver: Receiver, seen: list[Attempt]) -> None:
        pool = self._pool(receiver)
        async with pool.post(
            receiver.url,
            data=leased.delivery.body,
            headers=self._headers(leased, receiver),
            allow_redirects=False,
        ) as response:
            status = response.status
            asked = response.headers.get("Retry-After")
            retry_after_s = parse_retry_after(asked, datetime.fromtimestamp(self._now(), UTC)) if asked else None
            reply, error = classify(status), "redirect" if 300 <= status < 400 else ""
            seen.append(Attempt(reply=reply, status=status, error=error, retry_after_s=retry_after_s))
            body = await _read(response)
            excerpt = _printable(body)
            seen.append(Attempt(reply=reply, status=status, error=error, retry_after_s=retry_after_s, excerpt=excerpt))

    def _headers(self, leased: Leased, receiver: Receiver) -> dict[str, str]:
        delivery = leased.delivery
        timestamp = int(self._now())
        headers = {
            "content-type": "application/json",
            "user-agent": self._user_agent,
            "webhook-id": delivery.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(receiver.secrets, delivery.id, timestamp, delivery.body),
            "rasid-attempt": str(leased.attempt),
        }
        if leased.order_gap:
            headers["rasid-order-gap"] = "true"
        if leased.replay:
            headers["rasid-replay"] = "true"
        if delivery.trace:
            headers["traceparent"] = delivery.trace
        return headers

    def _pool(self, receiver: Receiver) -> aiohttp.ClientSession:
        encrypted = receiver.url.lower().startswith("https:")
        key = (receiver.allow, encrypted)
        if key not in self._pools:
            self._pools[key] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,  # the dispatcher limits requests, per receiver
                    ssl=self._tls,
                    keepalive_timeout=KEEPALIVE_SECONDS,
                    resolver=_CheckedResolver(self._resolver, *key),
                    socket_factory=_socket_factory(*key),
                ),
                timeout=aiohttp.ClientTimeout(total=None),  # ``send`` has the one deadline
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("Accept-Encoding", "Accept"),
                auto_decompress=False,
                trust_env=False,
                raise_for_status=False,
            )
        return self._pools[key]


class _CheckedResolver(AbstractResolver):
    """Refuses a name as soon as one of its addresses must not be reached."""

    def __init__(self, inner: AbstractResolver, allow: tuple[Network, ...], encrypted: bool) -> None:
        self._inner = inner
        self._allow = allow
        self._encrypted = encrypted

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for each in found:
            _check(each["host"], port, self._allow, self._encrypted)
        return found

    async def close(self) -> None:
        await self._inner.close()


def _socket_factory(allow: tuple[Network, ...], encrypted: bool) -> Callable[[_AddrInfo], socket.socket]:
    def make(info: _AddrInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        _check(str(address[0]), int(str(address[1])), allow, encrypted)
        return socket.socket(family, kind, protocol)

    return make


def _check(address: str, port: int, allow: tuple[Network, ...], encrypted: bool) -> None:
    """Raise unless this address and port may be connected to, with or without encryption."""
    why = why_denied(address, allow)
    if why is not None:
        raise DeniedAddress(f"{address} ({why})")
    if is_allowed(address, allow):
        return
    if not encrypted:
        raise DeniedAddress(f"{address} (not encrypted, and not in a network of the receiver's allow)")
    if port not in PORTS:
        raise DeniedAddress(f"{address} (port {port}, and not in a network of the receiver's allow)")


async def _read(response: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    while len(read) < REPLY_LIMIT:
        chunk = await response.content.read(REPLY_LIMIT - len(read))
        if not chunk:
            return bytes(read)
        read += chunk
    response.close()  # the rest is not wanted, so the connection cannot be used again
    return bytes(read)


def _printable(body: bytes) -> str:
    text = body[: 4 * EXCERPT_CHARS].decode("utf-8", "replace")
    return "".join(char if char.isprintable() else " " for char in text)[:EXCERPT_CHARS]


def _failed(error: Exception) -> Attempt:
    """What an attempt without a status came to; ``error`` is from a closed set."""
    match error:
        case DeniedAddress():
            return Attempt(reply=Reply.REFUSED, error="denied_address", excerpt=str(error))
        case TimeoutError():
            word = "timeout"
        case aiohttp.ClientConnectorDNSError():
            word = "dns"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            word = "tls"
        case aiohttp.ClientConnectorError():
            word = "connect"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | OSError():
            word = "disconnected"
        case _:  # bad status line, headers, chunks …
            word = "protocol"
    return Attempt(reply=Reply.FAILED, error=word, excerpt=_printable(str(error).encode("utf-8", "replace")))
