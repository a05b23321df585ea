"""The process itself over HTTP: metrics, health, status, reload."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from daemon.access.scope import Scope
from daemon.api.answers import Reloaded, Status
from daemon.api.http_guard import json_response
from daemon.api.http_route import Route
from daemon.metrics.metrics import Metrics
from daemon.readiness import Readiness
from processors.errors import Problem


class ProcessRoutes:
    """What a scraper, a probe and an operator ask."""

    def __init__(
        self,
        metrics: Metrics,
        readiness: Readiness,
        status: Callable[[], Awaitable[dict[str, Any]]],
        reload: Callable[[], Awaitable[Sequence[Problem]]],
    ) -> None:
        self._metrics = metrics
        self._readiness = readiness
        self._status = status
        self._reload = reload

    def routes(self) -> list[Route]:
        """For the table."""
        text = "text/plain"
        ready = {503: "not yet, or not any more: the body says why"}
        said = {422: "what is on disk has problems: the old set stays in force"}
        return [
            Route("GET", "/metrics", self._text, "metrics, as Prometheus reads them", None, text),
            Route("GET", "/-/healthy", self._healthy, "whether the process lives", None, text),
            Route("GET", "/-/ready", self._ready, "whether it reads and delivers", None, text, refusals=ready),
            Route(
                "POST", "/-/reload", self._again, "read the configuration anew", Scope.ADMIN, Reloaded, refusals=said
            ),
            Route("GET", "/api/v1/status", self._show, "how the process does", Scope.READ, Status),
        ]

    async def _text(self, request: web.Request) -> web.Response:
        self._metrics.up.set(not self._readiness.reasons())
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=self._metrics.text(), headers=headers)

    async def _healthy(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, request: web.Request) -> web.Response:
        reasons = self._readiness.reasons()
        if reasons:
            return web.Response(status=503, text="".join(f"{reason}\n" for reason in reasons))
        return web.Response(text="ready\n")

    async def _again(self, request: web.Request) -> web.Response:
        problems = await self._reload()
        if problems:
            shown = [str(problem) for problem in problems]
            return json_response({"error": "the old set stays in force", "problems": shown}, 422)
        return json_response({"reloaded": True})

    async def _show(self, request: web.Request) -> web.Response:
        return json_response(await self._status())
