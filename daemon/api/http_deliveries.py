"""The part of the API that shows deliveries, and has them sent again."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import msgspec
from aiohttp import web

from alerts.deliveries.deliveries import Wanted
from alerts.errors import Unavailable
from alerts.outbox.outbox import Outbox
from daemon.access.scope import Scope
from daemon.api.delivery_answers import DeliveriesShown, DeliveryStates, DeliveryWhole, SentAgain
from daemon.api.http_asked import answered
from daemon.api.http_guard import json_response
from daemon.api.http_route import Route, Wrong, body_of, query_of
from daemon.config.since import since_ms
from daemon.history.delivery_list import MOST_SHOWN, lanes_of, list_deliveries, standing_of
from daemon.history.delivery_replay import MOST_IDS, Asked, CannotReplay, replay
from daemon.history.delivery_shown import shown_whole
from daemon.history.past import Past


class Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which deliveries, the newest first."""

    state: Annotated[list[str], msgspec.Meta(max_length=20, description="only those in this state")] = []
    receiver: Annotated[str, msgspec.Meta(description="only those of this receiver")] = ""
    story: Annotated[str, msgspec.Meta(description="only those of a story, by a beginning of its id")] = ""
    since: Annotated[str, msgspec.Meta(description="only those that came to their state since: `6h`, a moment")] = ""
    until: Annotated[str, msgspec.Meta(description="and before")] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_SHOWN, description="how many")] = 100
    cursor: Annotated[str, msgspec.Meta(description="`next` of the page before")] = ""


class Ids(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Deliveries that somebody holds."""

    ids: Annotated[list[str], msgspec.Meta(max_length=MOST_IDS)]


class DeliveryRoutes:
    """``past`` and ``outbox`` are None while the process starts."""

    def __init__(self, past: Callable[[], Past | None], outbox: Callable[[], Outbox | None]) -> None:
        self._past = past
        self._outbox = outbox

    def routes(self) -> list[Route]:
        """For the table."""
        path, one = "/api/v1/deliveries", "/api/v1/deliveries/{id}"
        nothing = {404: "no receiver is called so", 409: "what is asked for would come to nothing"}
        unknown = {404: "no receiver or story is called so", 409: "several stories begin so"}
        return [
            Route("GET", path, self._list, "deliveries", Scope.READ, DeliveriesShown, query=Filter, refusals=unknown),
            Route(
                "POST",
                f"{path}/replay",
                self._replay,
                "send deliveries again",
                Scope.REPLAY,
                SentAgain,
                body=Asked,
                refusals=nothing,
            ),
            Route("POST", f"{path}/states", self._states, "how deliveries stand", Scope.READ, DeliveryStates, body=Ids),
            Route("GET", one, self._show, "one delivery, its body and its attempts", Scope.READ, DeliveryWhole),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        return await self._answer(lambda past: _page(past, query_of(request, Filter)))

    async def _show(self, request: web.Request) -> web.Response:
        return await self._answer(lambda past: shown_whole(past, request.match_info["id"][:80]))

    async def _replay(self, request: web.Request) -> web.Response:
        return await self._answer(lambda past: self._sent_again(past, body_of(request, Asked)))

    async def _sent_again(self, past: Past, asked: Asked) -> dict[str, Any]:
        outbox = self._outbox()
        if outbox is None:
            raise Unavailable("still starting")
        try:
            return await replay(past, await outbox.disabled(), asked)
        except CannotReplay as error:
            raise Wrong(409, str(error)) from error

    async def _states(self, request: web.Request) -> web.Response:
        return await self._answer(lambda past: _states_of(past, body_of(request, Ids).ids))

    async def _answer(self, question: Callable[[Past], Awaitable[dict[str, Any]]]) -> web.Response:
        past = self._past()
        if past is None:
            raise Unavailable("still starting")
        return json_response(await answered(past, question(past)))


async def _states_of(past: Past, ids: Sequence[str]) -> dict[str, Any]:
    known, fates = await past.deliveries.find(ids), await past.ledger.fates(ids)
    return {
        "states": {
            id_: {
                "state": known[id_].standing.value if id_ in known else fates[id_].state.value,
                "receiver": known[id_].receiver if id_ in known else "",
            }
            for id_ in ids
        }
    }


async def _page(past: Past, asked: Filter) -> dict[str, Any]:
    wanted = Wanted(
        standing=standing_of(",".join(asked.state)),
        receiver=asked.receiver,
        lanes=await lanes_of(past, asked.story, asked.receiver),
        since_ms=since_ms(asked.since, past.now_ms()) if asked.since else 0,
        until_ms=since_ms(asked.until, past.now_ms()) if asked.until else None,
    )
    return await list_deliveries(past, wanted, asked.limit, asked.cursor)
