"""How many may be connected to the HTTP side, and for how long without asking: what waits there takes no descriptor
from the deliveries.
"""

import asyncio
from collections.abc import Callable

MOST_CONNECTIONS = 64
"""A scraper, a probe and a few people; descriptors are also needed for receivers, files and Redis."""

REQUEST_SECONDS = 10.0
"""For the headers of a request, and for its body: both fit in one packet or a few."""

IDLE_SECONDS = 75.0
"""Between two requests on one connection: longer than scrapers pause."""


class Connections:
    """Wraps the protocols of a server. A connection too many ends the one that has kept us waiting longest."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}  # oldest first
        self._served: dict[asyncio.BaseTransport, None] = {}
        self._ends: dict[asyncio.BaseTransport, Callable[[], None]] = {}

    def guard(self, make: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """What makes protocols as ``make`` does, each of them counted and given ``REQUEST_SECONDS``."""
        return lambda: _Guarded(make(), self)

    def begin(self, transport: asyncio.BaseTransport) -> None:
        """A connection is there."""
        if len(self) >= MOST_CONNECTIONS:
            _end(next(iter(self._waiting), None) or next(iter(self._served)), self)
        self._wait(transport, REQUEST_SECONDS)

    def asked(self, transport: asyncio.BaseTransport | None) -> None:
        """A whole request came: the answer may take its time."""
        if transport in self._waiting:
            self._waiting.pop(transport).cancel()
            self._served[transport] = None

    def answered(self, transport: asyncio.BaseTransport | None) -> None:
        """Another request may follow."""
        if transport in self._served:
            del self._served[transport]
            self._ends.pop(transport, None)
            self._wait(transport, IDLE_SECONDS)

    def at_end(self, transport: asyncio.BaseTransport | None, tell: Callable[[], None]) -> None:
        """``tell`` is called once this connection is gone, which a long answer would learn by its next write only."""
        if transport in self._served:
            self._ends[transport] = tell
        else:
            tell()

    def end(self, transport: asyncio.BaseTransport) -> None:
        """A connection is gone."""
        if (tell := self._ends.pop(transport, None)) is not None:
            tell()
        self._served.pop(transport, None)
        if (timer := self._waiting.pop(transport, None)) is not None:
            timer.cancel()

    def _wait(self, transport: asyncio.BaseTransport, seconds: float) -> None:
        self._waiting[transport] = asyncio.get_running_loop().call_later(seconds, _end, transport, self)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._served)


class _Guarded(asyncio.Protocol):
    """Hands everything on."""

    def __init__(self, inner: asyncio.Protocol, connections: Connections) -> None:
        self._inner = inner
        self._connections = connections
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._connections.begin(transport)
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._connections.end(self._transport)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


def _end(transport: asyncio.BaseTransport, connections: Connections) -> None:
    """At once: whoever sends half a request does not take the answer either."""
    connections.end(transport)
    if isinstance(transport, asyncio.Transport):
        transport.abort()
