"""One POST by aiohttp, against servers that may be broken or hostile: what every receiver over HTTP is called by.

- Nothing is sent to an address that must not be reached: every address is checked where the socket is made, which
  also covers literal addresses and names that change their answer; one bad address in an answer refuses the name.
- No redirects, cookies, proxies, netrc or decompression; one deadline over everything from the name to the last
  byte read; at most ``REPLY_LIMIT`` bytes of the reply are read, and ``READ_SECONDS`` long once its status is known.
- Connections are shared only between receivers with the same allow list and scheme.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from alerts.model import Attempt, Reply
from alerts.retry import classify, parse_retry_after
from alerts.secret_text import SecretText, redacted
from alerts.senders.attempting import DEADLINE_SECONDS, printable, timed
from alerts.senders.connect_check import DeniedAddress, check_connection
from alerts.senders.denied_addresses import Network
from alerts.senders.http_bounded import BoundedConnector
from alerts.senders.http_resolver import ThreadResolver

# A reply is only looked at by people; what is longer is either a mistake or an attack.
REPLY_LIMIT = 64 * 1024

# People look at the first words of a reply. One that drips would hold its place among the requests until the deadline.
READ_SECONDS = 2.0

# Below the 5 s after which common servers close idle connections, so that a request rarely meets a closing one.
KEEPALIVE_SECONDS = 4.0

_AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]
_PoolKey = tuple[tuple[Network, ...], bool]


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, and to whom. Its repr shows none of it."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    allow: tuple[Network, ...] = ()
    concealed: tuple[SecretText, ...] = ()  # never shown, whoever repeats it

    def shown(self) -> str:
        """All of it as it goes out, to be read by a person: secrets are masked, and nothing else."""
        lines = [f"POST {self.url}", *(f"{name}: {value}" for name, value in self.headers.items())]
        return redacted("\n".join([*lines, "", self.body.decode("utf-8", "replace")]), self.concealed)


class HttpExchange:
    """Makes requests. Made inside the running loop, closed by ``close``."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        deadline_seconds: float = DEADLINE_SECONDS,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._now = now
        self._deadline_seconds = deadline_seconds
        self._resolver = resolver or ThreadResolver()
        # True: the library's own context, which knows the same certificates. To read them again takes 20 ms.
        self._tls: ssl.SSLContext | bool = tls or True
        self._pools: dict[_PoolKey, aiohttp.ClientSession] = {}

    async def timed(
        self, make: Callable[[list[Attempt]], Awaitable[None]], concealed: tuple[SecretText, ...] = ()
    ) -> Attempt:
        """What ``make`` came to within the deadline: the last attempt that it noted, however it ended."""
        return await timed(make, lambda error: failed(error, concealed), self._deadline_seconds)

    async def post(self, request: Request, seen: list[Attempt]) -> None:
        """Make one request, noting in ``seen`` what is known of its outcome. Raises what the library raises."""
        async with self._pool(request).post(
            request.url, data=request.body, headers=request.headers, allow_redirects=False
        ) as response:
            status = response.status
            asked = response.headers.get("Retry-After")
            retry_after_s = parse_retry_after(asked, datetime.fromtimestamp(self._now(), UTC)) if asked else None
            reply, error = classify(status), "redirect" if 300 <= status < 400 else ""
            seen.append(Attempt(reply=reply, status=status, error=error, retry_after_s=retry_after_s))
            excerpt = printable(await _read(response), request.concealed)
            seen.append(Attempt(reply=reply, status=status, error=error, retry_after_s=retry_after_s, excerpt=excerpt))

    async def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.close()
        self._pools.clear()

    def _pool(self, request: Request) -> aiohttp.ClientSession:
        encrypted = request.url.lower().startswith("https:")
        key = (request.allow, encrypted)
        if key not in self._pools:
            self._pools[key] = aiohttp.ClientSession(
                connector=BoundedConnector(
                    limit=0,  # the dispatcher limits requests, per receiver
                    ssl=self._tls,
                    keepalive_timeout=KEEPALIVE_SECONDS,
                    resolver=_CheckedResolver(self._resolver, *key),
                    socket_factory=_socket_factory(*key),
                ),
                timeout=aiohttp.ClientTimeout(total=None),  # ``timed`` has the one deadline
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
            check_connection(each["host"], port, self._allow, self._encrypted)
        return found

    async def close(self) -> None:
        await self._inner.close()


def _socket_factory(allow: tuple[Network, ...], encrypted: bool) -> Callable[[_AddrInfo], socket.socket]:
    def make(info: _AddrInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        check_connection(str(address[0]), int(str(address[1])), allow, encrypted)
        return socket.socket(family, kind, protocol)

    return make


async def _read(response: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    with suppress(TimeoutError):
        async with asyncio.timeout(READ_SECONDS):
            while len(read) < REPLY_LIMIT:
                chunk = await response.content.read(REPLY_LIMIT - len(read))
                if not chunk:
                    return bytes(read)
                read += chunk
    response.close()  # the rest is not wanted, so the connection cannot be used again
    return bytes(read)


def failed(error: Exception, concealed: tuple[SecretText, ...] = ()) -> Attempt:
    """What an attempt without a status came to; ``error`` is from a closed set."""
    match error:
        case DeniedAddress():
            return Attempt(reply=Reply.REFUSED, error="denied_address", excerpt=redacted(str(error), concealed))
        case TimeoutError():
            word = "timeout"
        case aiohttp.ClientConnectorDNSError() | socket.gaierror():
            word = "dns"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            word = "tls"
        case aiohttp.ClientConnectorError() | ConnectionRefusedError():
            word = "connect"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError() | OSError():
            word = "disconnected"
        case _:  # bad status line, headers, chunks …
            word = "protocol"
    excerpt = printable(str(error).encode("utf-8", "replace"), concealed)
    return Attempt(reply=Reply.FAILED, error=word, excerpt=excerpt)
