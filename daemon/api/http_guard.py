"""Who may ask what: tokens, scopes, how often; what was asked, in the log and the metrics.

Where no token is configured we listen on loopback only, and then refuse requests that name another host or come from a
page of another site, for a browser on this machine would send them too.
"""

import hmac
import json
import re
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from alerts.errors import Refused, Unavailable
from daemon.access.known_digests import KnownDigests
from daemon.access.scope import Scope
from daemon.access.token import digest_of
from daemon.access.token_store import TokenStore
from daemon.api.caller import BY_FILE, LOCAL, Caller
from daemon.api.http_connections import Connections
from daemon.api.http_route import Handler, Route, Wrong, check
from daemon.api.request_rate import RequestRate
from daemon.config.values import is_loopback
from daemon.metrics.metrics import Metrics

REFUSALS_A_SECOND = 0.1
"""Lines about refused requests, of each address, after the first ten: a wrong token in a loop must not fill a disk."""

PROBES = ("/-/healthy", "/-/ready")
"""Answered however often: they cost nothing, and a daemon that is asked too much must not be restarted for it."""

_LOGGED_CHARS = 200
"""Of a path."""

_SHOWING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing, and stand in the metrics alone."""

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::[0-9]{1,5})?", re.IGNORECASE)

CALLER = web.RequestKey("caller", Caller)
"""Who asks, for handlers of routes that are not open."""

STAYS: web.RequestKey[Callable[[], Awaitable[bool]]] = web.RequestKey("stays")
"""Whether who asks would still be let in: an answer that goes on for hours asks now and then."""


class Guard:
    """Stands before every handler. ``tokens`` is None while the process starts."""

    def __init__(
        self,
        *,
        token: str | None,
        tokens: Callable[[], TokenStore | None],
        metrics: Metrics,
        connections: Connections,
        now_ms: Callable[[], int],
        a_second: float,
        log: Any,
    ) -> None:
        self._token = token
        self._tokens = tokens
        self._metrics = metrics
        self._connections = connections
        self._now_ms = now_ms
        self._log = log
        self._rate = RequestRate(a_second)
        self._lines = RequestRate(REFUSALS_A_SECOND)
        self._known = KnownDigests()
        self.routes: dict[tuple[str, str], Route] = {}  # by method and path

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in, or answer why not."""
        self._connections.asked(request.transport)
        begun = time.monotonic()
        status = 499  # the connection went away before there was an answer
        try:
            answer = await self._answer(request, handler)
            status = answer.status
            return answer
        finally:
            self._connections.answered(request.transport)
            self._tell(request, status, time.monotonic() - begun)

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        route = self._route(request)
        try:
            if route is None or route.scope is not None:
                request[CALLER] = caller = await self._let_in(request)
                if not caller.may(needed := route.scope if route is not None and route.scope else Scope.READ):
                    return refusal(403, caller.refusal(needed))
                request[STAYS] = lambda: self._stays(request, needed)
            elif request.path not in PROBES:
                self._not_too_often(f"address {request.remote}")
            if route is not None:
                await check(route, request)
            return await handler(request)
        except Wrong as error:
            return refusal(error.status, str(error), error.headers)
        except web.HTTPException as error:
            return _foreign(error)
        except (Unavailable, Refused) as error:
            return refusal(503, str(error))

    def _route(self, request: web.Request) -> Route | None:
        """None: there is no such path or method."""
        resource = request.match_info.route.resource
        method = "GET" if request.method == "HEAD" else request.method
        return self.routes.get((method, resource.canonical)) if resource is not None else None

    async def _let_in(self, request: web.Request) -> Caller:
        """Who asks. Raises ``Wrong``."""
        written = request.headers.get("Authorization")
        if written is None and self._token is None:
            self._from_here(request)
            self._not_too_often(f"address {request.remote}")
            return LOCAL
        # Whoever tries tokens from behind the same proxy must not lock those out who have one, nor who needs none.
        wrong = f"wrong tokens from {request.remote}"
        wait = self._rate.wait(wrong, time.monotonic())
        caller = self._by_file(written or "") or await self._by_token(written or "", sparing=bool(wait))
        if caller is None:
            if wait:
                raise _too_often(wait)
            self._rate.take(wrong, time.monotonic())
            says = "send Authorization: Bearer and the token of http.token_file, or one that `rasid tokens create` made"
            raise Wrong(401, says, {"WWW-Authenticate": "Bearer"})
        if self._token is None:
            self._from_here(request)
        self._not_too_often(f"token {caller.name}")
        return caller

    def _by_file(self, written: str) -> Caller | None:
        given = _bearer(written).encode("utf-8", "replace")
        return BY_FILE if self._token is not None and hmac.compare_digest(given, self._token.encode()) else None

    async def _by_token(self, written: str, *, sparing: bool = False) -> Caller | None:
        """``sparing``: ask the store for those alone that it seems to have."""
        digest = digest_of(_bearer(written))
        if digest is None:
            return None
        if (tokens := self._tokens()) is None:
            raise Unavailable("still starting")
        if sparing and not await self._known.holds(tokens, digest):
            return None
        token = await tokens.find(digest)
        return (
            Caller(token.name, frozenset(token.scopes)) if token is not None and token.valid(self._now_ms()) else None
        )

    async def _stays(self, request: web.Request, needed: Scope) -> bool:
        """Whether the token is still good for ``needed``. While nobody can say, it is."""
        written = request.headers.get("Authorization")
        if written is None and self._token is None:
            return True
        try:
            caller = self._by_file(written or "") or await self._by_token(written or "")
        except Unavailable:
            return True
        return caller is not None and caller.may(needed)

    def _from_here(self, request: web.Request) -> None:
        if not is_loopback(_host_of(request.host)):
            raise Wrong(403, "this address is for requests to localhost only")
        origin = request.headers.get("Origin")
        if origin is not None and not is_loopback(_host_of(re.sub("^https?://", "", origin))):
            raise Wrong(403, "requests from other sites are refused")

    def _not_too_often(self, asker: str) -> None:
        if wait := self._rate.take(asker, time.monotonic()):
            raise _too_often(wait)

    def _tell(self, request: web.Request, status: int, seconds: float) -> None:
        """In the metrics; what changed something, and what was refused, in the log. No body, no parameter, no token."""
        route = self._route(request)
        path, scope = (route.path, route.scope or "open") if route is not None else ("other", "open")
        self._metrics.api_requests.labels(path, str(scope), f"{status // 100}xx").inc()
        refused = status in (401, 403, 429)
        if refused and self._lines.take(request.remote or "", time.monotonic()):
            return
        if refused or (request.method not in _SHOWING and route is not None):
            caller = request.get(CALLER)
            self._log.log(
                30 if refused else 20,
                "api request",
                caller=caller.name if caller is not None else None,
                address=request.remote,
                method=request.method,
                path=request.path[:_LOGGED_CHARS],
                status=status,
                seconds=round(seconds, 3),
            )


def refusal(status: int, says: str, headers: Any = None) -> web.Response:
    """An error as every route answers it."""
    return json_response({"error": says}, status, headers)


def json_response(content: Any, status: int = 200, headers: Any = None) -> web.Response:
    """Arabic stays readable."""
    text = json.dumps(content, ensure_ascii=False)
    return web.json_response(text=text, status=status, headers=headers)


def _foreign(error: web.HTTPException) -> web.Response:
    """What the server library says: no such path or method, a body that is too large."""
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    return refusal(error.status, HTTPStatus(error.status).phrase.lower(), headers)


def _bearer(written: str) -> str:
    """The token in an ``Authorization``; "" where it is another scheme."""
    scheme, _, given = written.partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def _too_often(wait: float) -> Wrong:
    return Wrong(429, f"too many requests: again in {wait:.1f} s", {"Retry-After": str(int(wait) + 1)})


def _host_of(written: str) -> str:
    """The host of ``host:port``; nothing where more than that is written, which others might read otherwise."""
    found = _HOST.fullmatch(written)
    return (found[1] or found[2]).lower() if found else ""
