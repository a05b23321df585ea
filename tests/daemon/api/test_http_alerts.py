"""Alerts listed over HTTP, page by page."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_watch
from tests.daemon.following import ALERTS, STREAM, a_harbour, ask


def articles(answer: Mapping[str, Any]) -> list[str]:
    return [each["article"] for each in answer["alerts"]]


def test_a_notice_is_shown_with_its_story_its_evidence_and_whom_it_was_told(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        async with daemon.listening() as address:
            answer = await ask(address, ALERTS)
        (alert,) = answer["alerts"]
        assert {key: alert[key] for key in ("type", "reason", "number", "severity", "headline", "dir", "source")} == {
            "type": "alert.opened",
            "reason": "opened",
            "number": 1,
            "severity": "warning",
            "headline": "فيضان في بلدة 1",
            "dir": "rtl",
            "source": "example.org",
        }
        assert alert["topic"] == {"id": "floods", "title": {"ar": "فيضانات", "en": "Floods"}}
        assert (alert["story"]["articles"], alert["story"]["independent_sources"]) == (1, 1)
        (quote,) = alert["evidence"]
        (mark,) = quote["highlights"]
        assert quote["quote"][mark["start"] : mark["end"]] == "فيضان"
        (told,) = alert["receivers"]
        (delivery,) = daemon.state.waiting
        assert told == {"receiver": "desk", "delivery": delivery, "digest": False}
        assert answer["newest"] == alert["cursor"]
        assert answer["next"] is None

    runner.run(scenario())


def test_pages_hold_every_notice_once_the_newest_first(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(*map(a_flood, range(5)))
        async with daemon.listening() as address:
            first = await ask(address, f"{ALERTS}?limit=2")
            await daemon.read(a_flood(5))  # what comes meanwhile moves no page
            second = await ask(address, f"{ALERTS}?limit=2&cursor={first['next']}")
            third = await ask(address, f"{ALERTS}?limit=2&cursor={second['next']}")
        assert [*articles(first), *articles(second), *articles(third)] == [f"flood-{n}" for n in (4, 3, 2, 1, 0)]
        assert third["next"] is None

    runner.run(scenario())


FILTERS = [
    ("topic=floods", ["flood-1"]),
    ("topic=harbours", ["harbour-1"]),
    ("topic=floods&topic=harbours", ["harbour-1", "flood-1"]),
    ("topic=flood", []),
    ("severity=warning", ["flood-1"]),
    ("severity=info&severity=critical", ["harbour-1"]),
    ("receiver=desk", ["harbour-1", "flood-1"]),
    ("receiver=night", []),
    ("topic=floods&severity=info", []),
    ("since=2030-03-17T00:00:00Z", ["harbour-1", "flood-1"]),
    ("since=2030-03-18T00:00:00Z", []),
    ("since=6h", ["harbour-1", "flood-1"]),
    ("story=unknown", []),
]


@pytest.mark.parametrize(("query", "found"), FILTERS, ids=[query for query, _ in FILTERS])
def test_only_notices_that_fit_are_shown(tmp_path: Path, runner: asyncio.Runner, query: str, found: list[str]) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1), a_harbour(1))
        async with daemon.listening() as address:
            assert articles(await ask(address, f"{ALERTS}?{query}")) == found

    runner.run(scenario())


def test_the_notices_of_one_story_are_found_by_it(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1), a_flood(2))
        async with daemon.listening() as address:
            newest = (await ask(address, ALERTS))["alerts"][0]
            of_story = await ask(address, f"{ALERTS}?story={newest['story']['id']}")
        assert articles(of_story) == ["flood-2"]

    runner.run(scenario())


WRONG = [
    (f"{ALERTS}?limit=0", "limit: write a whole number from 1 to 200"),
    (f"{ALERTS}?limit=201", "limit: write a whole number from 1 to 200"),
    (f"{ALERTS}?limit=x", "limit: write a whole number from 1 to 200"),
    (f"{ALERTS}?cursor=yesterday", "cursor: write a cursor as an answer gave it"),
    (f"{ALERTS}?severity=grave", "severity[0]: write one of info, warning, critical"),
    (f"{ALERTS}?since=soon", "is no time"),
    (f"{ALERTS}?since=99999999999999999999d", "is no time"),
    (f"{ALERTS}?" + "&".join(["topic=x"] * 51), "topic: write a list of at most 50 entries"),
    (
        f"{ALERTS}?topc=x",
        "no parameter is called `topc`, did you mean `topic`?",
    ),
    (f"{ALERTS}?limit=1&limit=2", "limit is given 2 times"),
    ("/api/v1/status?verbose=1", "takes no parameters"),
    (f"{STREAM}?after=yesterday", "after: write a cursor as an answer gave it"),
    (f"{STREAM}?severity=grave", "write one of info, warning, critical"),
]


@pytest.mark.parametrize(("path", "said"), WRONG, ids=[path[:50] for path, _ in WRONG])
def test_what_cannot_be_meant_is_said(tmp_path: Path, runner: asyncio.Runner, path: str, said: str) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address:
            assert said in (await ask(address, path, 400))["error"]

    runner.run(scenario())
