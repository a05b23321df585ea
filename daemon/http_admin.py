"""Metrics, health, and the API over HTTP.

Open: ``/metrics``, ``/-/healthy``, ``/-/ready``, and the files of the live page. The rest needs the bearer token where
one is configured; without one we listen on loopback only, and then refuse requests that name another host or come from
a page of another site, for a browser on this machine would send them too.
"""

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from aiohttp import web

from alerts.errors import Refused, Unavailable
from alerts.outbox.outbox import DeadLetter, Outbox
from daemon.config_values import is_loopback
from daemon.http_alerts import AlertRoutes
from daemon.http_asked import AskedRoutes
from daemon.http_connections import MOST_CONNECTIONS, REQUEST_SECONDS, Connections
from daemon.http_deliveries import DeliveryRoutes
from daemon.http_page import page_files, page_routes
from daemon.http_silences import SilenceRoutes, Silencing
from daemon.metrics import Metrics
from daemon.past import Past
from daemon.readiness import Readiness
from processors.errors import Problem

MAX_REQUEST_BYTES = 256 * 1024
"""A few thousand ids; anything longer is a mistake."""

MOST_DEAD_LETTERS = 1_000
"""In one answer or one replay: at 20 kB a body this is 20 MB, and Redis serves others again after it."""

CLOSE_SECONDS = 1.0
"""For answers under way when we stop."""

_ID = re.compile(r"evt_[a-z0-9]{1,64}")

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::[0-9]{1,5})?", re.IGNORECASE)

OPEN = frozenset({"/metrics", "/-/healthy", "/-/ready"}) | page_files().keys()

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the API shows and does; filled in as the process starts."""

    metrics: Metrics
    readiness: Readiness
    status: Callable[[], Awaitable[dict[str, Any]]]
    reload: Callable[[], Awaitable[Sequence[Problem]]]
    outbox: Callable[[], Outbox | None]
    now_ms: Callable[[], int]
    woken: Callable[[], None]
    past: Callable[[], Past | None] = lambda: None
    silencing: Callable[[], Silencing | None] = lambda: None


class AdminServer:
    """Listens from ``start`` to ``close``."""

    def __init__(self, desk: Desk, *, host: str, port: int, token: str | None) -> None:
        self._desk = desk
        self._host = host
        self._port = port
        self._token = token
        self._connections = Connections()
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Begin to listen; returns ``host:port``. Raises ``Refused`` where that is impossible."""
        app = web.Application(middlewares=[self._guard], client_max_size=MAX_REQUEST_BYTES)
        alerts = AlertRoutes(self._desk.past, self._connections)
        app.on_shutdown.append(alerts.close)
        app.add_routes(
            [
                web.get("/metrics", self._metrics),
                web.get("/-/healthy", self._healthy),
                web.get("/-/ready", self._ready),
                web.post("/-/reload", self._reload),
                web.get("/api/v1/status", self._status),
                web.get("/api/v1/dead-letters", self._dead_letters),
                web.post("/api/v1/dead-letters/replay", self._replay),
                web.post("/api/v1/receivers/{name}/enable", self._enable),
                *alerts.routes(),
                *AskedRoutes(self._desk.past).routes(),
                *DeliveryRoutes(self._desk.past, self._desk.outbox).routes(),
                *SilenceRoutes(self._desk.silencing).routes(),
                *page_routes(),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_SECONDS)
        await self._runner.setup()
        make = self._connections.guard(cast(Callable[[], asyncio.Protocol], self._runner.server))  # there since setup
        try:
            # No more are accepted at once than may be connected: asyncio takes the whole backlog before it looks up.
            self._server = await asyncio.get_running_loop().create_server(
                make, self._host, self._port, backlog=MOST_CONNECTIONS
            )
        except OSError as error:
            await self.close()
            raise Refused(
                f"http.listen {self._host}:{self._port}: {error.strerror or error}. Choose another port, or stop "
                "what listens there"
            ) from error
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        transport = request.transport
        self._connections.asked(transport)
        try:
            if request.path not in OPEN and (refusal := self._refusal(request)) is not None:
                return refusal
            return await handler(request)
        except (Unavailable, Refused) as error:
            return _json({"error": str(error)}, status=503)
        finally:
            self._connections.answered(transport)

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self._token is not None:
            scheme, _, given = request.headers.get("Authorization", "").partition(" ")
            same = hmac.compare_digest(given.strip().encode("utf-8", "replace"), self._token.encode())
            if scheme.lower() != "bearer" or not same:
                answer = _json({"error": "send Authorization: Bearer and the token of http.token_file"}, status=401)
                answer.headers["WWW-Authenticate"] = "Bearer"
                return answer
            return None
        if not is_loopback(_host_of(request.host)):
            return _json({"error": "this address is for requests to localhost only"}, status=403)
        origin = request.headers.get("Origin")
        if origin is not None and not is_loopback(_host_of(re.sub("^https?://", "", origin))):
            return _json({"error": "requests from other sites are refused"}, status=403)
        return None

    async def _metrics(self, request: web.Request) -> web.Response:
        self._desk.metrics.up.set(not self._desk.readiness.reasons())
        body = self._desk.metrics.text()
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    async def _healthy(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, request: web.Request) -> web.Response:
        reasons = self._desk.readiness.reasons()
        if reasons:
            return web.Response(status=503, text="".join(f"{reason}\n" for reason in reasons))
        return web.Response(text="ready\n")

    async def _reload(self, request: web.Request) -> web.Response:
        problems = await self._desk.reload()
        if problems:
            shown = [str(problem) for problem in problems]
            return _json({"error": "the old set stays in force", "problems": shown}, status=422)
        return _json({"reloaded": True})

    async def _status(self, request: web.Request) -> web.Response:
        return _json(await self._desk.status())

    async def _dead_letters(self, request: web.Request) -> web.Response:
        limit, skip = _number(request.query.get("limit", "100")), _number(request.query.get("skip", "0"))
        if limit is None or not 1 <= limit <= MOST_DEAD_LETTERS:
            return _json({"error": f"limit is a number from 1 to {MOST_DEAD_LETTERS}"}, status=400)
        if skip is None:
            return _json({"error": "skip is a number of dead letters, from 0 to 99999999"}, status=400)
        letters = await _dead_letters_of(self._outbox(), request.query.get("receiver"), skip + limit)
        return _json({"dead_letters": [_letter(each) for each in letters[skip:]]})

    async def _replay(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                text = await request.text()
            asked = json.loads(text)
            ids = asked["ids"]
            valid = isinstance(ids, list) and ids and all(isinstance(each, str) and _ID.fullmatch(each) for each in ids)
        except TimeoutError:
            return _json({"error": f"the body did not come within {REQUEST_SECONDS:g} s"}, status=408)
        except (ValueError, LookupError, TypeError, RecursionError, web.RequestPayloadError):
            valid, ids = False, []  # no JSON, no such keys, an unknown charset, not packed as it says
        if not valid or len(ids) > MOST_DEAD_LETTERS:
            return _json({"error": f'send {{"ids": ["evt_…"]}}, at most {MOST_DEAD_LETTERS}'}, status=400)
        replayed = await self._outbox().replay(ids, self._desk.now_ms())
        self._desk.woken()
        return _json({"replayed": replayed, "unknown": len(set(ids)) - replayed})

    async def _enable(self, request: web.Request) -> web.Response:
        name, outbox = request.match_info["name"], self._outbox()
        known = (await self._desk.status())["receivers"]
        if name not in known and name not in await outbox.disabled():  # a removed one may still be disabled
            there_are = f"there are {', '.join(known)}" if known else "there are none"
            return _json({"error": f"no receiver is called `{name}`: {there_are}"}, status=404)
        enabled = await outbox.enable(name)
        self._desk.woken()
        return _json({"receiver": name, "was_disabled": enabled})

    def _outbox(self) -> Outbox:
        outbox = self._desk.outbox()
        if outbox is None:
            raise Unavailable("still starting")
        return outbox


async def _dead_letters_of(outbox: Outbox, receiver: str | None, count: int) -> Sequence[DeadLetter]:
    """The newest ``count`` of one receiver, or of all. However many the others have, none is passed over."""
    if receiver is None:
        return await outbox.dead_letters(count)
    there_are, asked = (await outbox.depth()).dead, max(count, MOST_DEAD_LETTERS)
    while True:
        letters = [each for each in await outbox.dead_letters(asked) if each.receiver == receiver]
        if len(letters) >= count or asked >= there_are:
            return letters[:count]
        asked *= 2


def _number(written: str) -> int | None:
    """At most eight digits."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 8 else None


def _host_of(written: str) -> str:
    """The host of ``host:port``; nothing where more than that is written, which others might read otherwise."""
    found = _HOST.fullmatch(written)
    return (found[1] or found[2]).lower() if found else ""


def _json(content: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response(content, status=status, dumps=lambda each: json.dumps(each, ensure_ascii=False))


def _letter(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "receiver": letter.receiver,
        "type": letter.type,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "died_ms": letter.died_ms,
        "text": _text_of(letter.body),
    }


def _text_of(body: bytes) -> str:
    try:
        return str(json.loads(body)["data"]["text"])
    except (ValueError, KeyError, TypeError):
        return ""
