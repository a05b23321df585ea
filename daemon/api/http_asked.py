"""The part of the API that answers from the past: stories, and why an article was told or not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from aiohttp import web

from alerts.errors import Unavailable
from daemon.access.scope import Scope
from daemon.api.answers import Stories, Story, Why
from daemon.api.http_guard import json_response
from daemon.api.http_route import Route, Wrong, query_of
from daemon.history.past import NotKnown, Past, SeveralKnown
from daemon.history.story_list import MOST_STORIES, list_stories
from daemon.history.story_timeline import story_timeline
from daemon.history.why import why

ANSWER_SECONDS = 10.0
"""For one question, its turn included: under what ``rasid`` waits for an answer (``cli/http_client.SECONDS``)."""

_Question = Callable[[Past, web.Request], Awaitable[dict[str, Any]]]


class StoriesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which stories, the one that was read of last first."""

    topic: Annotated[str, msgspec.Meta(description="only those that it concerns")] = ""
    since_ms: Annotated[int, msgspec.Meta(ge=0, le=10**15 - 1, description="only those read of since")] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_STORIES, description="how many")] = 50


class WhyQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which article, under which topic."""

    topic: str = ""
    article: Annotated[str, msgspec.Meta(description="its id, its address, or where it was read")] = ""


class AskedRoutes:
    """``past`` is None while the process starts."""

    def __init__(self, past: Callable[[], Past | None]) -> None:
        self._past = past

    def routes(self) -> list[Route]:
        """For the table."""
        several = {409: "several stories begin so"}
        return [
            Route("GET", "/api/v1/stories", self._stories, "stories", Scope.READ, Stories, query=StoriesQuery),
            Route(
                "GET",
                "/api/v1/stories/{story}",
                self._story,
                "one story, by a beginning of its id: its articles, why each belongs to it, what was told",
                Scope.READ,
                Story,
                refusals=several,
            ),
            Route("GET", "/api/v1/why", self._why, "what became of an article", Scope.READ, Why, query=WhyQuery),
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
        return json_response(await answered(past, question(past, request)))


async def answered(past: Past, answer: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """The answer to one question, in its turn. Raises ``Wrong``."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS), past.turn:
            return await answer
    except TimeoutError as error:
        says = f"no answer within {ANSWER_SECONDS:g} s: others are asking, or the store is slow"
        raise Wrong(503, says) from error
    except ValueError as error:
        raise Wrong(400, str(error)) from error
    except NotKnown as error:
        raise Wrong(404, str(error)) from error
    except SeveralKnown as error:
        raise Wrong(409, str(error)) from error


async def _stories(past: Past, request: web.Request) -> dict[str, Any]:
    asked = query_of(request, StoriesQuery)
    stories = await list_stories(past, topic=asked.topic, since_ms=asked.since_ms, limit=asked.limit)
    return {"stories": stories, "reaches_back_to_ms": (await past.ledger.reach()).decisions_ms}


async def _story(past: Past, request: web.Request) -> dict[str, Any]:
    return await story_timeline(past, request.match_info["story"])


async def _why(past: Past, request: web.Request) -> dict[str, Any]:
    asked = query_of(request, WhyQuery)
    return await why(past, asked.topic, asked.article)
