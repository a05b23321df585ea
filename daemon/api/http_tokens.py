"""The part of the API that makes, lists and revokes tokens. A token is in one answer only: that of its making."""

import secrets
from collections.abc import Callable
from typing import Annotated

import msgspec
from aiohttp import web

from alerts.errors import Unavailable
from alerts.notices.timestamp import rfc3339
from daemon.access.scope import Scope
from daemon.access.token import MOST_TOKENS, NAME, SECRET_BYTES, Token, digest_of, written
from daemon.access.token_store import Kept, TokenStore
from daemon.api.caller import BY_FILE, LOCAL
from daemon.api.http_guard import CALLER, json_response
from daemon.api.http_route import Route, Wrong, body_of

_DAY_MS = 86_400_000

MOST_DAYS = 3_660
"""Ten years: whoever means for ever says nothing."""


_OTHERS = {LOCAL.name: "who asks without a token", BY_FILE.name: "the token of http.token_file"}
"""Names that no token may have, for the audit log would not tell whose request it was, and whom they mean."""


class NewToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom it is for, what it lets them do, and for how many days; without ``days`` until it is revoked."""

    name: Annotated[str, msgspec.Meta(pattern=NAME.replace("$", r"\Z"))]
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=len(Scope))]
    days: Annotated[int, msgspec.Meta(ge=1, le=MOST_DAYS)] | None = None


class TokenShown(msgspec.Struct, frozen=True):
    """A token, but not what it is."""

    name: str
    scopes: list[Scope]
    created: str
    created_by: str
    expires: str | None
    expired: bool


class TokensShown(msgspec.Struct, frozen=True):
    """The oldest first."""

    tokens: list[TokenShown]


class TokenMade(TokenShown, frozen=True):
    """The only time that a token is shown."""

    token: str


class Revoked(msgspec.Struct, frozen=True):
    """It opens nothing any more."""

    revoked: str


class TokenRoutes:
    """``tokens`` is None while the process starts."""

    def __init__(self, tokens: Callable[[], TokenStore | None], now_ms: Callable[[], int]) -> None:
        self._of = tokens
        self._now_ms = now_ms

    def routes(self) -> list[Route]:
        """For the table."""
        path, one = "/api/v1/tokens", "/api/v1/tokens/{name}"
        full = {409: f"another token has this name, or {MOST_TOKENS} are kept"}
        return [
            Route("GET", path, self._list, "tokens, without what they are", Scope.ADMIN, TokensShown),
            Route("POST", path, self._create, "make a token", Scope.ADMIN, TokenMade, body=NewToken, refusals=full),
            Route("DELETE", one, self._revoke, "revoke a token", Scope.ADMIN, Revoked),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        return json_response({"tokens": [self._shown(each) for each in await self._tokens().all()]})

    async def _create(self, request: web.Request) -> web.Response:
        asked, now_ms = body_of(request, NewToken), self._now_ms()
        if asked.name in _OTHERS:
            raise Wrong(400, f"name: `{asked.name}` is what the log calls {_OTHERS[asked.name]}: choose another name")
        secret = written(secrets.token_bytes(SECRET_BYTES))
        token = Token(
            name=asked.name,
            scopes=tuple(dict.fromkeys(asked.scopes)),
            digest=digest_of(secret) or "",
            created_ms=now_ms,
            created_by=request[CALLER].name,
            expires_ms=now_ms + asked.days * _DAY_MS if asked.days else 0,
        )
        kept = await self._tokens().add(token)
        if kept is Kept.TAKEN:
            raise Wrong(409, f"a token is called `{asked.name}` already: revoke it, or choose another name")
        if kept is Kept.FULL:
            raise Wrong(409, f"{MOST_TOKENS} tokens are kept: revoke some")
        return json_response({**self._shown(token), "token": secret}, headers={"Cache-Control": "no-store"})

    async def _revoke(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if not await self._tokens().revoke(name):
            raise Wrong(404, f"no token is called `{name[:64]}`")
        return json_response({"revoked": name})

    def _shown(self, token: Token) -> dict[str, object]:
        return {
            "name": token.name,
            "scopes": list(token.scopes),
            "created": rfc3339(token.created_ms),
            "created_by": token.created_by,
            "expires": rfc3339(token.expires_ms) if token.expires_ms else None,
            "expired": not token.valid(self._now_ms()),
        }

    def _tokens(self) -> TokenStore:
        tokens = self._of()
        if tokens is None:
            raise Unavailable("still starting")
        return tokens
