"""The part of the API that silences: list, show, add, expire."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from aiohttp import web

from alerts.errors import Unavailable
from alerts.notices.timestamp import rfc3339
from alerts.routing.conditions import STORY
from alerts.silences.known import KnownSilences
from alerts.silences.silence import ID, Silence, a_silence
from alerts.silences.silences import MOST_SILENCES
from daemon.access.scope import Scope
from daemon.api.answers import SilenceShown, SilencesShown
from daemon.api.http_guard import json_response
from daemon.api.http_route import Route, Wrong, body_of
from daemon.config.route_load import match_problems
from processors.stories.event_time import milliseconds

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class NewSilence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What not to tell, from when to when, who asks for it, and why. Moments have a zone."""

    match: dict[str, str | list[str]]
    author: str
    comment: str
    end: _Moment
    start: _Moment | None = None  # from now on


@dataclass(frozen=True, slots=True)
class Silencing:
    """What is silenced: by people through the API, and by the configuration."""

    known: KnownSilences
    written: Callable[[], Sequence[Silence]]  # in the configuration in force
    now_ms: Callable[[], int]

    def holding(self) -> Sequence[Silence]:
        """Those that hold or are to come, in the order in which they count."""
        return (*self.written(), *self.known.in_force)


class SilenceRoutes:
    """``silencing`` is None while the process starts."""

    def __init__(self, silencing: Callable[[], Silencing | None]) -> None:
        self._of = silencing

    def routes(self) -> list[Route]:
        """For the table."""
        path, one = "/api/v1/silences", "/api/v1/silences/{id}"
        kept = {409: "it stands in the configuration"}
        full = {409: f"{MOST_SILENCES} silences hold or are to come"}
        return [
            Route("GET", path, self._list, "silences, also those that are over", Scope.READ, SilencesShown),
            Route("POST", path, self._add, "silence", Scope.SILENCE, SilenceShown, body=NewSilence, refusals=full),
            Route("GET", one, self._show, "one silence", Scope.READ, SilenceShown),
            Route("POST", f"{one}/expire", self._expire, "end one", Scope.SILENCE, SilenceShown, refusals=kept),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        silencing = self._silencing()
        found = [*silencing.written(), *await silencing.known.kept()]
        return json_response({"silences": [shown(each, silencing.now_ms()) for each in found]})

    async def _show(self, request: web.Request) -> web.Response:
        silencing, id_ = self._silencing(), request.match_info["id"]
        for each in (*silencing.written(), *await silencing.known.kept()):
            if each.id == id_:
                return json_response(shown(each, silencing.now_ms()))
        return _unknown(id_)

    async def _add(self, request: web.Request) -> web.Response:
        silencing = self._silencing()
        try:
            silence = _asked_for(body_of(request, NewSilence), silencing.now_ms())
        except ValueError as error:
            raise Wrong(400, str(error)) from error
        if not await silencing.known.add(silence):
            return json_response({"error": f"{MOST_SILENCES} silences hold or are to come: expire some"}, 409)
        return json_response(shown(silence, silencing.now_ms()))

    async def _expire(self, request: web.Request) -> web.Response:
        silencing, id_ = self._silencing(), request.match_info["id"]
        if any(each.id == id_ for each in silencing.written()):
            return json_response({"error": f"`{id_}` stands in the configuration: take it out there"}, 409)
        ended = await silencing.known.expire(id_) if ID.fullmatch(id_) else None
        return json_response(shown(ended, silencing.now_ms())) if ended is not None else _unknown(id_)

    def _silencing(self) -> Silencing:
        silencing = self._of()
        if silencing is None:
            raise Unavailable("still starting")
        return silencing


def shown(silence: Silence, now_ms: int) -> dict[str, Any]:
    """In JSON."""
    return {
        "id": silence.id,
        "state": silence.state(now_ms).value,
        "match": {key: list(globs) for key, globs in silence.match.items()},
        "author": silence.author,
        "comment": silence.comment,
        "start": rfc3339(silence.start_ms) if silence.start_ms else None,
        "end": rfc3339(silence.end_ms),
    }


def _asked_for(asked: NewSilence, now_ms: int) -> Silence:
    """Raises ``ValueError``, which says what to send."""
    match = {key: (globs,) if isinstance(globs, str) else tuple(globs) for key, globs in asked.match.items()}
    for _, problem in match_problems(match, STORY):
        raise ValueError(problem)
    start_ms, end_ms = milliseconds(asked.start) if asked.start is not None else now_ms, milliseconds(asked.end)
    if end_ms <= now_ms:
        raise ValueError("the end is over already")
    return a_silence(match, author=asked.author, comment=asked.comment, start_ms=start_ms, end_ms=end_ms)


def _unknown(id_: str) -> web.Response:
    return json_response({"error": f"no silence has the id `{id_[:40]}`"}, 404)
