"""The part of the API that shows deliveries, and has them sent again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from alerts.deliveries.deliveries import Wanted
from alerts.errors import Unavailable
from alerts.outbox.outbox import Outbox
from daemon.delivery_list import MOST_SHOWN, lanes_of, list_deliveries, standing_of
from daemon.delivery_replay import MOST_IDS, CannotReplay, decoder, replay
from daemon.delivery_shown import shown_whole
from daemon.http_asked import ANSWER_SECONDS
from daemon.http_connections import REQUEST_SECONDS
from daemon.past import NotKnown, Past, SeveralKnown
from daemon.since import since_ms


class _States(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Deliveries that somebody holds."""

    ids: list[str]


_states = msgspec.json.Decoder(_States)


class DeliveryRoutes:
    """``past`` and ``outbox`` are None while the process starts."""

    def __init__(self, past: Callable[[], Past | None], outbox: Callable[[], Outbox | None]) -> None:
        self._past = past
        self._outbox = outbox

    def routes(self) -> list[web.RouteDef]:
        """To be added to an application, behind its guard."""
        return [
            web.get("/api/v1/deliveries", self._list),
            web.post("/api/v1/deliveries/replay", self._replay),
            web.post("/api/v1/deliveries/states", self._states),
            web.get("/api/v1/deliveries/{id}", self._show),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        return await self._answer(lambda past: _page(past, request))

    async def _show(self, request: web.Request) -> web.Response:
        return await self._answer(lambda past: shown_whole(past, request.match_info["id"][:80]))

    async def _replay(self, request: web.Request) -> web.Response:
        body = await _body(request)
        return body if isinstance(body, web.Response) else await self._answer(lambda past: self._sent_again(past, body))

    async def _sent_again(self, past: Past, body: bytes) -> dict[str, Any]:
        outbox = self._outbox()
        if outbox is None:
            raise Unavailable("still starting")
        return await replay(past, await outbox.disabled(), decoder.decode(body))

    async def _states(self, request: web.Request) -> web.Response:
        body = await _body(request)
        return body if isinstance(body, web.Response) else await self._answer(lambda past: _states_of(past, body))

    async def _answer(self, question: Callable[[Past], Awaitable[dict[str, Any]]]) -> web.Response:
        past = self._past()
        if past is None:
            raise Unavailable("still starting")
        try:
            async with asyncio.timeout(ANSWER_SECONDS), past.turn:
                return _json(await question(past))
        except TimeoutError:
            said = f"no answer within {ANSWER_SECONDS:g} s: others are asking, or the store is slow"
            return _json({"error": said}, 503)
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            return _json({"error": str(error)}, 400)
        except NotKnown as error:
            return _json({"error": str(error)}, 404)
        except (SeveralKnown, CannotReplay) as error:
            return _json({"error": str(error)}, 409)


async def _states_of(past: Past, body: bytes) -> dict[str, Any]:
    ids = _states.decode(body).ids
    if len(ids) > MOST_IDS:
        raise ValueError(f"at most {MOST_IDS} ids")
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


async def _page(past: Past, request: web.Request) -> dict[str, Any]:
    query = request.query
    written = query.get("limit", "100")
    limit = int(written) if written.isascii() and written.isdigit() and len(written) <= 4 else 0
    if not 1 <= limit <= MOST_SHOWN:
        raise ValueError(f"limit is a number from 1 to {MOST_SHOWN}")
    receiver = query.get("receiver", "")
    wanted = Wanted(
        standing=standing_of(",".join(query.getall("state", []))),
        receiver=receiver,
        lanes=await lanes_of(past, query.get("story", ""), receiver),
        since_ms=since_ms(query["since"], past.now_ms()) if "since" in query else 0,
        until_ms=since_ms(query["until"], past.now_ms()) if "until" in query else None,
    )
    return await list_deliveries(past, wanted, limit, query.get("cursor", ""))


async def _body(request: web.Request) -> bytes | web.Response:
    """What was sent, or what to answer where it did not come. Read before anything is asked: others may go first."""
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            return await request.read()
    except TimeoutError:
        return _json({"error": f"the body did not come within {REQUEST_SECONDS:g} s"}, 408)
    except web.RequestPayloadError as error:
        return _json({"error": str(error)}, 400)


def _json(content: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response(content, status=status, dumps=lambda each: json.dumps(each, ensure_ascii=False))
