"""The part of the API that shows alerts: those that were told, and those to come as they come."""

import asyncio
from collections.abc import Callable

import msgspec
from aiohttp import web

from alerts.errors import Refused, Unavailable
from alerts.ledger.alert_log import CURSOR, AlertLog, Gap, right_after
from alerts.model import Severity
from daemon.alert_feed import AlertFeed, Event, Shown, Sign, TooManyFollowers, shown_of
from daemon.alert_filter import AlertFilter
from daemon.http_connections import Connections
from daemon.past import Past
from daemon.since import since_ms

MOST_ALERTS = 200
"""In one answer: half a megabyte."""

MOST_LOOKED_AT = 25
"""Steps of the log (``LINES_AT_ONCE``) looked at for one request. A filter that nothing fits must not read all."""

WRITE_SECONDS = 20.0
"""For a follower to take what is sent, beyond what its connection buffers."""

RETRY_MS = 1_000
"""After which a browser connects again: a restart takes about as long."""

_MOST_VALUES = 50
"""Of one filter."""


class AlertRoutes:
    """``past`` is None while the process starts."""

    def __init__(self, past: Callable[[], Past | None], connections: Connections) -> None:
        self._of = past
        self._connections = connections
        self._feed = AlertFeed(lambda: None if (known := past()) is None else known.alerts)

    def routes(self) -> list[web.RouteDef]:
        """To be added to an application, behind its guard."""
        return [
            web.get("/api/v1/alerts", self._list),
            web.get("/api/v1/alerts/stream", self._stream),
        ]

    async def close(self, _: web.Application | None = None) -> None:
        """End all streams."""
        await self._feed.close()

    async def _list(self, request: web.Request) -> web.Response:
        past = self._past()
        try:
            wanted, limit, before = (
                _filter(request, past.now_ms()),
                _limit(request),
                _cursor(request.query.get("cursor", "")),
            )
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        newest = (await past.alerts.newer("")).cursor
        found, following = await _page(past.alerts, wanted, limit, before or right_after(newest))
        # Each is encoded already.
        body = b'{"alerts":[%b],"next":%b,"newest":%b}' % (
            b",".join(each.data for each in found),
            msgspec.json.encode(following or None),
            msgspec.json.encode(newest),
        )
        return web.Response(body=body, content_type="application/json", charset="utf-8")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        try:
            wanted = _filter(request, self._past().now_ms())
            after = _cursor(request.headers.get("Last-Event-ID") or request.query.get("after", ""))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        try:
            follower = await self._feed.join(after)
        except TooManyFollowers:
            refusal = {"error": f"{len(self._feed)} streams are open, and no more may be"}
            return web.json_response(refusal, status=503, headers={"Retry-After": "10"})
        self._connections.at_end(request.transport, lambda: follower.offer(Sign.END))
        try:
            response = web.StreamResponse(headers=_STREAM_HEADERS)
            await response.prepare(request)
            await response.write(b"retry: %d\n\n" % RETRY_MS)
            async for event in self._feed.events(follower):
                if not isinstance(event, Shown) or wanted.fits(event.record):
                    async with asyncio.timeout(WRITE_SECONDS):
                        await response.write(_written(event))
            return response
        except (TimeoutError, Unavailable, Refused, ConnectionError):
            if request.transport is not None:
                request.transport.abort()  # it comes again, and goes on from what it got
            return response
        finally:
            self._feed.leave(follower)

    def _past(self) -> Past:
        past = self._of()
        if past is None:
            raise Unavailable("still starting")
        return past


_STREAM_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would hold events back until its buffer is full
}


async def _page(log: AlertLog, wanted: AlertFilter, limit: int, before: str) -> tuple[list[Shown], str]:
    """Newest first, and where to go on from."""
    found: list[Shown] = []
    for _ in range(MOST_LOOKED_AT):
        page = await log.older(before, wanted.needles())
        for shown in shown_of(page.entries):
            if wanted.too_old(shown.record):
                return found, ""
            if wanted.fits(shown.record):
                found.append(shown)
            if len(found) == limit:
                return found, shown.cursor
        if not page.next:
            return found, ""
        before = page.next
    return found, before


def _written(event: Event) -> bytes:
    """As Server-Sent Events have it."""
    if isinstance(event, Shown):
        return b"id: %b\nevent: %b\ndata: %b\n\n" % (event.cursor.encode(), event.record.type.encode(), event.data)
    if isinstance(event, Gap):
        return b'event: gap\ndata: {"gap":"%b"}\n\n' % event.value.encode()
    return b": alive\n\n" if event is Sign.ALIVE else b""


def _filter(request: web.Request, now_ms: int) -> AlertFilter:
    """Raises ``ValueError``, which says what to send."""
    query = request.query
    kinds: dict[str, list[str]] = {}
    for name in ("topic", "severity", "receiver", "story"):
        kinds[name] = query.getall(name, [])
        if len(kinds[name]) > _MOST_VALUES:
            raise ValueError(f"{name} may be given {_MOST_VALUES} times")
    for severity in kinds["severity"]:
        if severity not in list(Severity):
            raise ValueError(f"severity is one of {', '.join(Severity)}")
    return AlertFilter(
        topics=kinds["topic"],
        severities=kinds["severity"],
        receivers=kinds["receiver"],
        stories=kinds["story"],
        since_ms=_since(query.get("since", ""), now_ms),
    )


def _since(written: str, now_ms: int) -> int:
    try:
        return since_ms(written, now_ms) if written else 0
    except OverflowError:
        raise ValueError("since is longer ago than there are calendars") from None


def _limit(request: web.Request) -> int:
    written = request.query.get("limit", "50")
    if not (written.isascii() and written.isdigit() and len(written) <= 4 and 1 <= int(written) <= MOST_ALERTS):
        raise ValueError(f"limit is a number from 1 to {MOST_ALERTS}")
    return int(written)


def _cursor(written: str) -> str:
    if written and not CURSOR.fullmatch(written):
        raise ValueError("this is no cursor: pass one back as it came")
    return written
