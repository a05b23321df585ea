"""The OpenAPI 3.1 document of the API, made from the table of routes. Pure."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from daemon import __version__
from daemon.access.scope import Scope
from daemon.api.answers import Problem
from daemon.api.http_route import Route, takes_several

_ALWAYS = {400: "the request cannot be meant", 429: "too many requests: see Retry-After"}
_GUARDED = {
    401: "no valid token",
    403: "the token's scopes are not enough, or the request names another host",
    503: "still starting, or the store does not answer",
}


def document(routes: Sequence[Route]) -> str:
    """As JSON. The order is that of the table."""
    types = _types(routes)
    _, schemas = msgspec.json.schema_components(types, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    content = {
        "openapi": "3.1.0",
        "info": {
            "title": "Rasid",
            "version": __version__,
            "summary": "Alerts on topics in a stream of news.",
            "description": "Each operation names the scope that a token needs, as `x-scope`. Scopes: "
            + "; ".join(f"`{scope}`" for scope in Scope)
            + ". `admin` may do everything, and each of the others may read.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(sorted(schemas.items())),
        },
    }
    # Python's end of a text is JavaScript's `$`, whose regular expressions JSON Schema has.
    return json.dumps(content, ensure_ascii=False, indent=1).replace("\\\\Z", "$") + "\n"


_REF = "#/components/schemas/{name}"


def _types(routes: Iterable[Route]) -> list[Any]:
    types: dict[Any, None] = {Problem: None}
    for route in routes:
        if not isinstance(route.answer, str):
            types[route.answer] = None
        if route.body is not None:
            types[route.body] = None
    return list(types)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _name(route),
        "summary": route.summary,
        "parameters": [*_in_path(route), *_in_query(route), *_in_headers(route)],
    }
    if route.scope is None:
        operation["security"] = []
    else:
        # A security requirement of a bearer scheme may list what a token must hold (OpenAPI 3.1).
        operation |= {"x-scope": route.scope.value, "security": [{"token": [route.scope.value]}]}
    if route.body is not None:
        schema = msgspec.json.schema_components([route.body], ref_template=_REF)[0][0]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation["responses"] = _responses(route)
    return operation


def _name(route: Route) -> str:
    words = re.sub(r"[^a-z]+", " ", route.path.replace("/api/v1/", "").replace("openapi.json", "openapi")).split()
    return "_".join([route.method.lower(), *words])


def _in_path(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _in_query(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    (reference,), schemas = msgspec.json.schema_components([route.query], ref_template="{name}")
    found = []
    for name, schema in schemas[reference["$ref"]]["properties"].items():
        inline = _inline(schema, schemas)
        parameter: dict[str, Any] = {"name": name, "in": "query", "schema": inline}
        if text := inline.pop("description", None) or next(
            (each.pop("description") for each in inline.get("anyOf", []) if "description" in each), None
        ):
            parameter["description"] = text
        if name in schemas[reference["$ref"]].get("required", []):
            parameter["required"] = True
        if takes_several(route.query, name):
            parameter |= {"style": "form", "explode": True}
        found.append(parameter)
    return found


def _inline(schema: Any, schemas: dict[str, Any]) -> Any:
    """Without references, and without the null that stands for a parameter that is not given."""
    if isinstance(schema, list):
        return [_inline(each, schemas) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inline(schemas[schema["$ref"]], schemas)
    found = {key: _inline(value, schemas) for key, value in schema.items()}
    if "anyOf" in found:
        kinds = [each for each in found.pop("anyOf") if each != {"type": "null"}]
        found.pop("default", None)
        return {**found, **kinds[0]} if len(kinds) == 1 else {**found, "anyOf": kinds}
    return found


def _in_headers(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "description": text, "schema": {"type": "string"}}
        for name, text in (route.headers or {}).items()
    ]


def _responses(route: Route) -> dict[str, Any]:
    refusals = dict(_ALWAYS)
    if route.scope is not None:
        refusals |= _GUARDED
    if "{" in route.path:
        refusals[404] = "there is none of that name"
    if route.body is not None:
        refusals |= {408: "the body did not come in time", 413: "the body is too large"}
    refusals |= route.refusals or {}
    problem = {"schema": {"$ref": _REF.format(name="Problem")}}
    text = {"schema": {"type": "string"}}
    # An open page of text says in text why it is not.
    kind = {"text/plain": text} if route.answer == "text/plain" else {"application/json": problem}
    said = {
        str(status): {"description": says, "content": kind if status == 503 else {"application/json": problem}}
        for status, says in sorted(refusals.items())
    }
    return {str(route.status): _success(route), **said}


def _success(route: Route) -> dict[str, Any]:
    if isinstance(route.answer, str):
        schema = {} if route.answer == "application/json" else {"type": "string"}
        return {"description": route.summary, "content": {route.answer: {"schema": schema}}}
    schema = msgspec.json.schema_components([route.answer], ref_template=_REF)[0][0]
    return {"description": route.summary, "content": {"application/json": {"schema": schema}}}
