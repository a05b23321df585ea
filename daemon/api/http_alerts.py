"""The part of the API that shows alerts: those that were told, and those to come as they come."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated

import msgspec
from aiohttp import web

from alerts.errors import Refused, Unavailable
from alerts.ledger.alert_log import CURSOR, AlertLog, Gap, right_after
from alerts.model import Severity
from daemon.access.scope import Scope
from daemon.api import alert_feed
from daemon.api.alert_feed import AlertFeed, Event, Shown, Sign, TooManyFollowers, shown_of
from daemon.api.alert_filter import AlertFilter
from daemon.api.http_connections import Connections
from daemon.api.http_guard import STAYS
from daemon.api.http_route import Route, Wrong, query_of
from daemon.config.since import since_ms
from daemon.history.alert_line import AlertRecord
from daemon.history.past import Past

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

_LIST = "/api/v1/alerts"

_Several = Annotated[list[str], msgspec.Meta(max_length=_MOST_VALUES)]
_Cursor = Annotated[str, msgspec.Meta(pattern=r"^([0-9]{1,15}-[0-9]{1,15})?\Z")]


class FilterQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which notices; of several values of one kind any."""

    topic: Annotated[_Several, msgspec.Meta(description="only those of this topic")] = []
    severity: Annotated[list[Severity], msgspec.Meta(max_length=_MOST_VALUES, description="only those")] = []
    receiver: Annotated[_Several, msgspec.Meta(description="only what it gets, or what was withheld from it")] = []
    story: Annotated[_Several, msgspec.Meta(description="only those of this story")] = []
    since: Annotated[str, msgspec.Meta(description="only later ones: `6h`, or a moment")] = ""


class AlertsQuery(FilterQuery, frozen=True, forbid_unknown_fields=True):
    """And which page."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_ALERTS, description="how many")] = 50
    cursor: Annotated[_Cursor, msgspec.Meta(description="`next` of the page before")] = ""


class StreamQuery(FilterQuery, frozen=True, forbid_unknown_fields=True):
    """And from where on."""

    after: Annotated[_Cursor, msgspec.Meta(description="go on after this place: `newest` of the list")] = ""


class Alerts(msgspec.Struct, frozen=True):
    """The newest first. ``next`` is null where nothing older is kept; ``newest`` is where to follow the stream from."""

    alerts: list[AlertRecord]
    next: str | None
    newest: str


class AlertRoutes:
    """``past`` is None while the process starts."""

    def __init__(self, past: Callable[[], Past | None], connections: Connections) -> None:
        self._of = past
        self._connections = connections
        self._feed = AlertFeed(lambda: None if (known := past()) is None else known.alerts)

    def routes(self) -> list[Route]:
        """For the table."""
        place = {"Last-Event-ID": "the id of the last event that came: go on after it"}
        return [
            Route("GET", _LIST, self._list, "notices, the newest first", Scope.READ, Alerts, query=AlertsQuery),
            Route(
                "GET",
                f"{_LIST}/stream",
                self._stream,
                "notices as they come",
                Scope.READ,
                "text/event-stream",
                query=StreamQuery,
                headers=place,
            ),
        ]

    async def close(self, _: web.Application | None = None) -> None:
        """End all streams."""
        await self._feed.close()

    async def _list(self, request: web.Request) -> web.Response:
        past = self._past()
        query = query_of(request, AlertsQuery)
        wanted = _filter(query, past.now_ms())
        newest = (await past.alerts.newer("")).cursor
        found, following = await _page(past.alerts, wanted, query.limit, query.cursor or right_after(newest))
        # Each is encoded already.
        body = b'{"alerts":[%b],"next":%b,"newest":%b}' % (
            b",".join(each.data for each in found),
            msgspec.json.encode(following or None),
            msgspec.json.encode(newest),
        )
        return web.Response(body=body, content_type="application/json", charset="utf-8")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        query = query_of(request, StreamQuery)
        wanted = _filter(query, self._past().now_ms())
        after = request.headers.get("Last-Event-ID") or query.after
        if after and not CURSOR.fullmatch(after):
            raise Wrong(400, "Last-Event-ID is no id of this stream: pass one back as it came")
        if request.method == "HEAD":  # it asks for the headers, and takes nothing that comes after them
            return web.Response(headers=_STREAM_HEADERS)
        try:
            follower = await self._feed.join(after)
        except TooManyFollowers:
            says = f"{len(self._feed)} streams are open, and no more may be"
            raise Wrong(503, says, {"Retry-After": "10"}) from None
        self._connections.at_end(request.transport, lambda: follower.offer(Sign.END))
        try:
            response = web.StreamResponse(headers=_STREAM_HEADERS)
            await response.prepare(request)
            asked_at = time.monotonic()
            async for block in _blocks(self._feed.events(follower), wanted, after or follower.joined_at):
                if time.monotonic() - asked_at >= alert_feed.KEEP_ALIVE_SECONDS:  # signs of life come as often
                    if not await request[STAYS]():
                        break  # its token was revoked, or has expired
                    asked_at = time.monotonic()
                async with asyncio.timeout(WRITE_SECONDS):
                    await response.write(block)
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


async def _blocks(events: AsyncIterator[Event], wanted: AlertFilter, place: str) -> AsyncIterator[bytes]:
    """As Server-Sent Events have it, what does not fit left out.

    A block with an ``id`` alone moves the place from which the client goes on, and shows it nothing. The first says
    where it stands, so that it misses nothing if it is cut off before anything came; what is left out moves it on, and
    is silence to whoever waits between us and the client.
    """
    yield b"retry: %d\nid: %b\n\n" % (RETRY_MS, place.encode())
    said, written_at = place, time.monotonic()
    async for event in events:
        if isinstance(event, Shown):
            place = event.cursor
            if wanted.fits(event.record):
                said, written_at = place, time.monotonic()
                yield b"id: %b\nevent: %b\ndata: %b\n\n" % (place.encode(), event.record.type.encode(), event.data)
                continue
            if time.monotonic() - written_at < alert_feed.KEEP_ALIVE_SECONDS:
                continue
        if isinstance(event, Gap):
            yield b'event: gap\ndata: {"gap":"%b"}\n\n' % event.value.encode()
        elif event is not Sign.END:
            moved = b"id: %b\n" % place.encode() if place != said else b""
            said = place
            yield b": alive\n%b\n" % moved
        written_at = time.monotonic()


def _filter(query: FilterQuery, now_ms: int) -> AlertFilter:
    """Raises ``Wrong``."""
    try:
        since = since_ms(query.since, now_ms) if query.since else 0
    except (ValueError, OverflowError) as error:
        raise Wrong(400, f"since: {error}") from error
    return AlertFilter(query.topic, query.severity, query.receiver, query.story, since)
