"""The part of the API that answers from the past: stories, and why an article was told or not."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from alerts.errors import Unavailable
from daemon.past import NotKnown, Past, SeveralKnown
from daemon.story_list import MOST_STORIES, list_stories
from daemon.story_timeline import story_timeline
from daemon.why import why

ANSWER_SECONDS = 10.0
"""For one question, its turn included: under what ``rasid`` waits for an answer (``cli_client.SECONDS``)."""

_Question = Callable[[Past, web.Request], Awaitable[dict[str, Any]]]


class AskedRoutes:
    """``past`` is None while the process starts."""

    def __init__(self, past: Callable[[], Past | None]) -> None:
        self._past = past

    def routes(self) -> list[web.RouteDef]:
        """To be added to an application, behind its guard."""
        return [
            web.get("/api/v1/stories", self._stories),
            web.get("/api/v1/stories/{story}", self._story),
            web.get("/api/v1/why", self._why),
        ]

    async def _stories(self, request: web.Request) -> web.Response:
        return await self._answer(request, _stories)

    async def _story(self, request: web.Request) -> web.Response:
        return await self._answer(request, _story)

    async def _why(self, request: web.Request) -> web.Response:
        return await self._answer(request, _why)

    async def _answer(self, request: web.Request, question: _Question) -> web.Response:
        past = self._past()
        if past is None:
            raise Unavailable("still starting")
        try:
            async with asyncio.timeout(ANSWER_SECONDS), past.turn:
                return _json(await question(past, request))
        except TimeoutError:
            return _json(
                {"error": f"no answer within {ANSWER_SECONDS:g} s: others are asking, or the store is slow"}, 503
            )
        except ValueError as error:
            return _json({"error": str(error)}, 400)
        except NotKnown as error:
            return _json({"error": str(error)}, 404)
        except SeveralKnown as error:
            return _json({"error": str(error)}, 409)


async def _stories(past: Past, request: web.Request) -> dict[str, Any]:
    limit = _whole(request, "limit", 50)
    if not 1 <= limit <= MOST_STORIES:
        raise ValueError(f"limit is a number from 1 to {MOST_STORIES}")
    topic = request.query.get("topic", "")
    stories = await list_stories(past, topic=topic, since_ms=_whole(request, "since_ms", 0), limit=limit)
    return {"stories": stories, "reaches_back_to_ms": (await past.ledger.reach()).decisions_ms}


async def _story(past: Past, request: web.Request) -> dict[str, Any]:
    return await story_timeline(past, request.match_info["story"])


async def _why(past: Past, request: web.Request) -> dict[str, Any]:
    return await why(past, request.query.get("topic", ""), request.query.get("article", ""))


def _whole(request: web.Request, name: str, default: int) -> int:
    written = request.query.get(name, str(default))
    if not (written.isascii() and written.isdigit() and len(written) <= 15):
        raise ValueError(f"{name} is a whole number")
    return int(written)


def _json(content: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response(content, status=status, dumps=lambda each: json.dumps(each, ensure_ascii=False))
