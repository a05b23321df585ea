"""The table of routes: everything that can be asked over HTTP. The server and the OpenAPI document are made from it."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from daemon.api.desk import Desk
from daemon.api.http_alerts import AlertRoutes
from daemon.api.http_asked import AskedRoutes
from daemon.api.http_caller import CallerRoutes
from daemon.api.http_connections import Connections
from daemon.api.http_dead_letters import DeadLetterRoutes
from daemon.api.http_deliveries import DeliveryRoutes
from daemon.api.http_page import page_routes
from daemon.api.http_process import ProcessRoutes
from daemon.api.http_receivers import ReceiverRoutes
from daemon.api.http_route import Route
from daemon.api.http_silences import SilenceRoutes
from daemon.api.http_tokens import TokenRoutes
from daemon.api.http_topics import TopicRoutes
from daemon.api.http_verdicts import VerdictRoutes
from daemon.api.openapi import document
from daemon.metrics.metrics import Metrics
from daemon.readiness import Readiness
from processors.errors import Problem


class Table:
    """``routes``, of which the document describes all but the files of the live page; and what must end with them."""

    def __init__(self, desk: Desk, connections: Connections) -> None:
        self._alerts = AlertRoutes(desk.past, connections)
        of_process = ProcessRoutes(desk.metrics, desk.readiness, desk.status, desk.reload)
        described = (
            *of_process.routes(),
            *CallerRoutes().routes(),
            *self._alerts.routes(),
            *AskedRoutes(desk.past).routes(),
            *DeliveryRoutes(desk.past, desk.outbox).routes(),
            *DeadLetterRoutes(desk.outbox, desk.past).routes(),
            *ReceiverRoutes(desk.status, desk.outbox, desk.past, desk.woken).routes(),
            *SilenceRoutes(desk.silencing).routes(),
            *TopicRoutes(desk.past, desk.metrics).routes(),
            *VerdictRoutes(desk.past, desk.metrics).routes(),
            *TokenRoutes(desk.tokens, desk.now_ms).routes(),
            Route("GET", "/api/v1/openapi.json", self._document, "this document", None, "application/json"),
        )
        self.text = document(described)
        self.routes: tuple[Route, ...] = (*described, *page_routes())

    async def close(self, _: web.Application | None = None) -> None:
        """End what would go on for as long as its client likes."""
        await self._alerts.close()

    async def _document(self, request: web.Request) -> web.Response:
        return web.Response(text=self.text, content_type="application/json", charset="utf-8")


def openapi_text() -> str:
    """The document without a process, for the documentation: no handler is called."""

    async def no_status() -> dict[str, Any]:
        return {}

    async def no_problems() -> Sequence[Problem]:
        return ()

    desk = Desk(
        metrics=Metrics(""),
        readiness=Readiness(),
        status=no_status,
        reload=no_problems,
        outbox=lambda: None,
        now_ms=lambda: 0,
        woken=lambda: None,
    )
    return Table(desk, Connections()).text
