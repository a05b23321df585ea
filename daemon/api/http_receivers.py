"""The part of the API that shows receivers, and has one called again. Addresses and secrets stay here."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from alerts.errors import Unavailable
from alerts.outbox.outbox import Outbox
from daemon.access.scope import Scope
from daemon.api.answers import Enabled, ReceiverState
from daemon.api.http_guard import json_response
from daemon.api.http_route import Route, Wrong
from daemon.history.past import Past
from processors.yaml_document import meant


class ReceiverShown(ReceiverState, frozen=True):
    """One receiver: what it is, which events it takes, and how it stands."""

    name: str
    type: str
    events: list[str]


class ReceiversShown(msgspec.Struct, frozen=True):
    """In the order of the configuration."""

    receivers: list[ReceiverShown]


class ReceiverRoutes:
    """``outbox`` and ``past`` are None while the process starts."""

    def __init__(
        self,
        status: Callable[[], Awaitable[dict[str, Any]]],
        outbox: Callable[[], Outbox | None],
        past: Callable[[], Past | None],
        woken: Callable[[], None],
    ) -> None:
        self._status = status
        self._outbox = outbox
        self._past = past
        self._woken = woken

    def routes(self) -> list[Route]:
        """For the table."""
        path, enable = "/api/v1/receivers", "/api/v1/receivers/{name}/enable"
        return [
            Route("GET", path, self._list, "who can be told, and how each stands", Scope.READ, ReceiversShown),
            Route("POST", enable, self._enable, "call a disabled receiver again", Scope.ADMIN, Enabled),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        past = self._past()
        if past is None:
            raise Unavailable("still starting")
        standing, receivers = (await self._status())["receivers"], past.watch().receivers
        return json_response(
            {
                "receivers": [
                    {
                        "name": name,
                        "type": receivers[name].target.kind.value,
                        "events": list(receivers[name].events),
                        **stands,
                    }
                    for name, stands in standing.items()
                    if name in receivers
                ]
            }
        )

    async def _enable(self, request: web.Request) -> web.Response:
        name, outbox = request.match_info["name"], self._outbox()
        if outbox is None:
            raise Unavailable("still starting")
        known = (await self._status())["receivers"]
        if name not in known and name not in await outbox.disabled():  # a removed one may still be disabled
            raise Wrong(404, f"no receiver is called `{name[:64]}`{meant(name[:64], known)}")
        enabled = await outbox.enable(name)
        self._woken()
        return json_response({"receiver": name, "was_disabled": enabled})
