"""Who asks, told to themselves: a page shows only the buttons that they may press."""

import msgspec
from aiohttp import web

from daemon.access.scope import Scope
from daemon.api.http_guard import CALLER, json_response
from daemon.api.http_route import Route


class CallerShown(msgspec.Struct, frozen=True):
    """``name`` as it stands in the audit log: a token's, ``token_file``, or ``local`` where none is needed.

    ``scopes`` are those that were given, ``may`` all that they allow.
    """

    name: str
    scopes: list[Scope]
    may: list[Scope]


class CallerRoutes:
    """Open to every valid token: each allows to read."""

    def routes(self) -> list[Route]:
        """For the table."""
        return [Route("GET", "/api/v1/caller", self._show, "who asks, and what they may do", Scope.READ, CallerShown)]

    async def _show(self, request: web.Request) -> web.Response:
        caller = request[CALLER]
        scopes = [each for each in Scope if each in caller.scopes]
        may = [each for each in Scope if caller.may(each)]
        # It depends on the header alone: no cache between may give it to another.
        content = {"name": caller.name, "scopes": scopes, "may": may}
        return json_response(content, headers={"Cache-Control": "no-store"})
