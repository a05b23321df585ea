"""What is wrong with a request is told as a person would: the place, and what to write there."""

import json
import re
from typing import Annotated, Any

import msgspec
import pytest

from daemon.api.http_alerts import AlertsQuery
from daemon.api.http_silences import NewSilence
from daemon.api.http_table import openapi_text
from daemon.api.http_tokens import NewToken
from daemon.api.request_words import wrong_words
from daemon.history.delivery_replay import Asked

NAME = "letters, digits, `.`, `_` and `-`, at most 64, the first a letter or a digit"
MOMENT = "a moment with its zone, like 2026-11-24T08:00:00Z"
TOKEN = {"name": "a", "scopes": ["read"]}
SILENCE = {"match": {}, "author": "a", "comment": "c", "end": "2026-11-24T08:00:00Z"}

BODIES: list[tuple[type[msgspec.Struct], Any, str]] = [
    (NewToken, [], "the body: write a JSON object with name, scopes, days"),
    (NewToken, {}, f"name is missing: write {NAME}"),
    (NewToken, TOKEN | {"name": "a b"}, f"name: write {NAME}"),
    (NewToken, TOKEN | {"name": 3}, f"name: write {NAME}"),
    (NewToken, TOKEN | {"days": 0}, "days: write a whole number from 1 to 3660"),
    (NewToken, TOKEN | {"days": "three"}, "days: write a whole number from 1 to 3660"),
    (NewToken, TOKEN | {"dys": 3}, "dys: there is no such field, only name, scopes, days"),
    (NewToken, TOKEN | {"scopes": ["x"]}, "scopes[0]: write one of read, silence, replay, admin"),
    (
        NewToken,
        TOKEN | {"scopes": []},
        "scopes: write a list of 1 to 4 entries, each one of read, silence, replay, admin",
    ),
    (Asked, {"ids": ["evt_a", "x"]}, "ids[1]: write the id of a delivery, `evt_` and small letters and digits"),
    (Asked, {"since": "yesterday"}, f"since: write {MOMENT}"),
    (Asked, {"since": "2026-11-24T08:00:00"}, f"since: write {MOMENT}"),
    (Asked, {"state": "lost"}, "state: write one of any, dead, delivered"),
    (Asked, {"dry_run": "yes"}, "dry_run: write true or false"),
    (NewSilence, SILENCE | {"author": None}, "author: write a text"),
    (NewSilence, SILENCE | {"match": 3}, "match: write an object whose values are each a text, or a list, each a text"),
    (NewSilence, SILENCE | {"match": {"topic": 3}}, "match: write a text, or a list, each a text"),
    (NewSilence, SILENCE | {"match": {"topic": [3]}}, "match[0]: write a text"),
    (NewSilence, SILENCE | {"end": 3}, f"end: write {MOMENT}"),
]

QUERIES: list[tuple[dict[str, Any], str]] = [
    ({"limit": "0"}, "limit: write a whole number from 1 to 200"),
    ({"limit": "many"}, "limit: write a whole number from 1 to 200"),
    ({"topic": ["x"] * 51}, "topic: write a list of at most 50 entries, each a text"),
    ({"severity": ["info", "grave"]}, "severity[1]: write one of info, warning, critical"),
    ({"cursor": "yesterday"}, "cursor: write a cursor as an answer gave it"),
]


@pytest.mark.parametrize(("kind", "body", "says"), BODIES, ids=lambda each: str(each)[:40])
def test_of_a_body(kind: type[msgspec.Struct], body: Any, says: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(json.dumps(body), type=kind)

    assert wrong_words(kind, raised.value) == says


@pytest.mark.parametrize(("given", "says"), QUERIES)
def test_of_parameters(given: dict[str, Any], says: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert(given, AlertsQuery, strict=False)

    assert wrong_words(AlertsQuery, raised.value) == says


def test_every_pattern_of_the_api_has_words() -> None:
    patterns = set(re.findall(r'"pattern": "(.*?[^\\])"', openapi_text()))

    assert len(patterns) >= 4
    for pattern in patterns:
        kind = msgspec.defstruct("Kind", [("field", _with(json.loads(f'"{pattern}"')))])
        with pytest.raises(msgspec.ValidationError) as raised:
            msgspec.json.decode('{"field": 3}', type=kind)
        assert "of the shape asked for" not in wrong_words(kind, raised.value), pattern


def _with(pattern: str) -> Any:
    return Annotated[str, msgspec.Meta(pattern=pattern)]
