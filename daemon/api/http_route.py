"""A row of the table of routes: what the server does with a request, and what the OpenAPI document says of it.

Both are made from the row, so they cannot differ: a query parameter that is not in ``query`` is refused, and one that
is there is documented; the same holds for bodies and scopes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from aiohttp import web
from msgspec import inspect

from daemon.access.scope import Scope
from daemon.api.http_connections import REQUEST_SECONDS
from daemon.api.request_words import wrong_words
from processors.yaml_document import meant

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_Query = TypeVar("_Query", bound=msgspec.Struct)

_QUERY = web.RequestKey("query", msgspec.Struct)
_BODY = web.RequestKey("body", msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path. ``answer`` is a type that msgspec knows, in JSON, or a media type."""

    method: str
    path: str
    handler: Handler
    summary: str
    scope: Scope | None  # None: open to everybody who reaches us
    answer: Any
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    refusals: Mapping[int, str] | None = None  # besides those that any route of its kind has: status → when
    headers: Mapping[str, str] | None = None  # that a request may have: name → meaning
    status: int = 200  # of a success


class Wrong(Exception):
    """A request that cannot be meant, or done: the status, and what to send instead."""

    def __init__(self, status: int, says: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(says)
        self.status = status
        self.headers = headers


def query_of(request: web.Request, kind: type[_Query]) -> _Query:
    """The checked parameters of a request whose route has ``kind``."""
    found = request[_QUERY]
    if not isinstance(found, kind):
        raise TypeError(f"the route has {type(found).__name__}")
    return found


def body_of(request: web.Request, kind: type[_Query]) -> _Query:
    """The checked body of a request whose route has ``kind``."""
    found = request[_BODY]
    if not isinstance(found, kind):
        raise TypeError(f"the route has {type(found).__name__}")
    return found


async def check(route: Route, request: web.Request) -> None:
    """What was sent fits the row. Raises ``Wrong``."""
    if route.query is not None:
        request[_QUERY] = _query(request, route.query)
    elif request.query and route.scope is not None:  # probes and scrapers add parameters of their own
        raise Wrong(400, f"{route.path} takes no parameters")
    if route.body is not None:
        request[_BODY] = await _body(request, route.body)


def takes_several(kind: type[msgspec.Struct], name: str) -> bool:
    """Whether a parameter may be given several times."""
    return isinstance(_type_of(kind, name), inspect.ListType)


def _type_of(kind: type[msgspec.Struct], name: str) -> inspect.Type:
    field = next(each for each in msgspec.structs.fields(kind) if each.encode_name == name)
    found = inspect.type_info(field.type)
    return found.type if isinstance(found, inspect.Metadata) else found


def _query(request: web.Request, kind: type[msgspec.Struct]) -> msgspec.Struct:
    known = {each.encode_name for each in msgspec.structs.fields(kind)}
    given: dict[str, Any] = {}
    for name in request.query:
        if name not in known:
            raise Wrong(400, f"no parameter is called `{name[:40]}`{meant(name[:40], sorted(known))}")
        values = request.query.getall(name)
        if not takes_several(kind, name) and len(values) > 1:
            raise Wrong(400, f"{name} is given {len(values)} times: once is enough")
        given[name] = values if takes_several(kind, name) else values[0]
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Wrong(400, wrong_words(kind, error)) from error


async def _body(request: web.Request, kind: type[msgspec.Struct]) -> msgspec.Struct:
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            return msgspec.json.decode(await request.read(), type=kind)
    except TimeoutError as error:
        raise Wrong(408, f"the body did not come within {REQUEST_SECONDS:g} s") from error
    except msgspec.ValidationError as error:
        raise Wrong(400, wrong_words(kind, error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, web.RequestPayloadError) as error:
        raise Wrong(400, f"the body is no JSON that can be read: {error}") from error
