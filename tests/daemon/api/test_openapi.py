"""What the OpenAPI document says is what the server does: no request is answered otherwise, or by a fault of ours."""

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from yarl import URL

from daemon.api.http_table import openapi_text
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_watch

DOCUMENT = json.loads(openapi_text())
STREAM = "/api/v1/alerts/stream"
OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if path not in (STREAM, "/-/reload", "/api/v1/status")  # never ends; the stand-in for the process answers little
]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
scraps = st.one_of(
    texts,
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["", "0", "6h", "floods", "desk", "\0", "../..", "1-1"]),
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = DOCUMENT["components"]["schemas"][name] if name else schema
    return found


def fitting(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that nearly fit a schema: of its kind, and not always in its bounds."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return st.one_of(*map(fitting, schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        required = {name: fitting(schema["properties"][name]) for name in schema.get("required", [])}
        others = {name: fitting(each) for name, each in schema["properties"].items() if name not in required}
        return st.fixed_dictionaries(required, optional=others)
    if kind == "array":
        return st.lists(fitting(schema["items"]), max_size=3)
    if kind == "integer":
        return st.integers(schema.get("minimum", 0) - 1, schema.get("maximum", 100) + 1)
    if kind == "string" and "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True) | texts
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda moment: moment.isoformat() + "Z") | texts
    return texts if kind == "string" else values


def test_every_schema_is_one_and_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert set(re.findall(r"#/components/schemas/(\w+)", openapi_text())) == set(schemas)
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))


async def answered(method: str, path: str, query: list[tuple[str, str]], body: Any) -> tuple[int, str, str]:
    """Status, media type and text of one request."""
    daemon = AskedDaemon(a_watch(Path()))
    await daemon.read(a_flood(1))
    options: dict[str, Any] = {} if body is None else {"data": body, "headers": {"Content-Type": "application/json"}}
    async with daemon.listening() as address, aiohttp.ClientSession() as session:
        url = URL(f"http://{address}").with_path(path).with_query(query)
        async with session.request(method, url, **options) as answer:
            return answer.status, answer.content_type, await answer.text()


def shown_schema(operation: Mapping[str, Any], status: int, media: str) -> Mapping[str, Any]:
    """The documented schema of an answer."""
    found: Mapping[str, Any] = operation["responses"][str(status)]["content"][media]["schema"]
    return found


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[f"{row[0]} {row[1]}" for row in OPERATIONS])
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_whatever_is_asked_is_answered_as_documented(
    runner: asyncio.Runner, method: str, path: str, operation: dict[str, Any], data: st.DataObject
) -> None:
    query: list[tuple[str, str]] = []
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            inside = data.draw(texts.filter(lambda text: text and "/" not in text and text.strip(". ")))
            path = path.replace("{" + parameter["name"] + "}", inside)
        elif data.draw(st.booleans()):
            nearly = fitting(parameter["schema"]).map(lambda each: each if isinstance(each, list) else [each])
            given_ = data.draw(nearly | scraps.map(lambda each: [each]))
            query += [(parameter["name"], str(each)) for each in given_]
    body = None
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        sent = (fitting(schema) | values).map(json.dumps) | texts
        body = data.draw(sent).encode("utf-8", "surrogatepass")

    status, media, text = runner.run(answered(method, path, query, body))

    assert status < 500 or (status == 503 and path == "/-/ready")
    validator = Draft202012Validator({**DOCUMENT, **shown_schema(operation, status, media)})
    validator.validate(json.loads(text) if media == "application/json" else text)
