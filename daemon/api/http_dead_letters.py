"""The part of the API that shows dead letters and sends them again."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec
from aiohttp import web

from alerts.errors import Unavailable
from alerts.outbox.outbox import DeadLetter, Outbox
from daemon.access.scope import Scope
from daemon.api.http_guard import json_response
from daemon.api.http_route import Route, body_of, query_of
from daemon.history.past import Past

MOST_DEAD_LETTERS = 1_000
"""In one answer or one replay: at 20 kB a body this is 20 MB, and Redis serves others again after it."""


class DeadLettersQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which of them, the newest first."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_DEAD_LETTERS, description="how many")] = 100
    skip: Annotated[int, msgspec.Meta(ge=0, le=99_999_999, description="how many to pass over")] = 0
    receiver: Annotated[str, msgspec.Meta(description="only those of this receiver")] | None = None


class ReplayIds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Deliveries to send again, under their ids and with their bytes."""

    ids: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^evt_[a-z0-9]{1,64}\Z")]],
        msgspec.Meta(min_length=1, max_length=MOST_DEAD_LETTERS),
    ]


class Letter(msgspec.Struct, frozen=True):
    """A delivery that was given up."""

    id: str
    receiver: str
    type: str
    reason: str
    attempts: int
    died_ms: int
    text: str


class Letters(msgspec.Struct, frozen=True):
    """The newest first."""

    dead_letters: list[Letter]


class Replayed(msgspec.Struct, frozen=True):
    """How many will be sent again, and how many are no dead letters."""

    replayed: int
    unknown: int


class DeadLetterRoutes:
    """``outbox`` and ``past`` are None while the process starts."""

    def __init__(self, outbox: Callable[[], Outbox | None], past: Callable[[], Past | None]) -> None:
        self._of = outbox
        self._past = past

    def routes(self) -> list[Route]:
        """For the table."""
        return [
            Route(
                "GET",
                "/api/v1/dead-letters",
                self._list,
                "deliveries that were given up",
                Scope.READ,
                Letters,
                query=DeadLettersQuery,
            ),
            Route(
                "POST",
                "/api/v1/dead-letters/replay",
                self._replay,
                "send dead letters again",
                Scope.REPLAY,
                Replayed,
                body=ReplayIds,
            ),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        asked = query_of(request, DeadLettersQuery)
        letters = await _dead_letters_of(self._outbox(), asked.receiver, asked.skip + asked.limit)
        return json_response({"dead_letters": [_letter(each) for each in letters[asked.skip :]]})

    async def _replay(self, request: web.Request) -> web.Response:
        ids = body_of(request, ReplayIds).ids
        past = self._past()
        if past is None:
            raise Unavailable("still starting")
        # Each at its turn, as ``/api/v1/deliveries/replay`` has it: what is new need not wait.
        replayed = (await past.deliveries.ask_again(ids, past.now_ms())).queued
        return json_response({"replayed": replayed, "unknown": len(set(ids)) - replayed})

    def _outbox(self) -> Outbox:
        outbox = self._of()
        if outbox is None:
            raise Unavailable("still starting")
        return outbox


async def _dead_letters_of(outbox: Outbox, receiver: str | None, count: int) -> Sequence[DeadLetter]:
    """The newest ``count`` of one receiver, or of all. However many the others have, none is passed over."""
    if receiver is None:
        return await outbox.dead_letters(count)
    there_are, asked = (await outbox.depth()).dead, max(count, MOST_DEAD_LETTERS)
    while True:
        letters = [each for each in await outbox.dead_letters(asked) if each.receiver == receiver]
        if len(letters) >= count or asked >= there_are:
            return letters[:count]
        asked *= 2


def _letter(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "receiver": letter.receiver,
        "type": letter.type,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "died_ms": letter.died_ms,
        "text": _text_of(letter.body),
    }


def _text_of(body: bytes) -> str:
    try:
        return str(json.loads(body)["data"]["text"])
    except (ValueError, KeyError, TypeError):
        return ""
