"""Alerts over HTTP: listed page by page, and followed as they come."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from daemon import alert_feed, http_alerts
from daemon.alert_feed import MOST_FOLLOWERS, MOST_WAITING
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_line, a_watch

ALERTS = "/api/v1/alerts"
STREAM = "/api/v1/alerts/stream"


def a_harbour(number: int) -> bytes:
    """An English article of the other topic."""
    words = " ".join(f"word{number}row{step}" for step in range(30))
    return a_line(id=f"harbour-{number}", title=f"The harbour of town {number}", body=words, lang="en")


class Followed:
    """A stream, read event by event."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def event(self) -> dict[str, str]:
        """The next block that is not only a comment, by field."""
        while True:
            fields: dict[str, str] = {}
            while line := (await self.answer.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
            if not fields and self.answer.content.at_eof():
                raise EOFError
            if "data" in fields:
                return fields

    async def article(self) -> str:
        """The article of the next notice."""
        return str(json.loads((await self.event())["data"])["article"])


@asynccontextmanager
async def following(address: str, query: str = "", **headers: str) -> AsyncIterator[Followed]:
    """A client of the stream."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{address}{STREAM}{query}", headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        yield Followed(answer)


async def ask(address: str, path: str, status: int = 200, **options: Any) -> dict[str, Any]:
    """The JSON at a path."""
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}", **options) as answer:
        assert answer.status == status, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found


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
    (f"{ALERTS}?limit=0", "limit is"),
    (f"{ALERTS}?limit=201", "limit is"),
    (f"{ALERTS}?limit=x", "limit is"),
    (f"{ALERTS}?cursor=yesterday", "no cursor"),
    (f"{ALERTS}?severity=grave", "severity is one of info, warning, critical"),
    (f"{ALERTS}?since=soon", "is no time"),
    (f"{ALERTS}?since=99999999999999999999d", "is no time"),
    (f"{ALERTS}?" + "&".join(["topic=x"] * 51), "50 times"),
    (f"{STREAM}?after=yesterday", "no cursor"),
    (f"{STREAM}?severity=grave", "severity is one of"),
]


@pytest.mark.parametrize(("path", "said"), WRONG, ids=[path[:50] for path, _ in WRONG])
def test_what_cannot_be_meant_is_said(tmp_path: Path, runner: asyncio.Runner, path: str, said: str) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address:
            assert said in (await ask(address, path, 400))["error"]

    runner.run(scenario())


def test_a_follower_gets_what_comes_from_whichever_process(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        async with daemon.listening() as address, following(address) as followed:
            assert followed.answer.headers["Cache-Control"] == "no-store"
            await daemon.read(a_flood(2))
            event = await followed.event()
            assert event["event"] == "alert.opened"
            record = json.loads(event["data"])
            assert (record["article"], record["cursor"]) == ("flood-2", event["id"])
            assert record == (await ask(address, f"{ALERTS}?limit=1"))["alerts"][0]
            daemon.state.alerts.append(daemon.state.alerts[0])  # another process of this name wrote it
            assert await followed.article() == "flood-1"

    runner.run(scenario())


def test_a_follower_goes_on_after_its_last_event_without_a_gap_or_a_repeat(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening() as address, following(address) as followed:
            await daemon.read(a_flood(1), a_flood(2))
            last = [await followed.event(), await followed.event()][0]["id"]
        await daemon.read(a_flood(3))  # nobody listens
        async with daemon.listening() as address:
            async with following(address, **{"Last-Event-ID": last}) as followed:
                assert [await followed.article() for _ in range(2)] == ["flood-2", "flood-3"]
                await daemon.read(a_flood(4))
                assert await followed.article() == "flood-4"
            async with following(address, f"?after={last}&topic=floods") as followed:
                assert [await followed.article() for _ in range(3)] == ["flood-2", "flood-3", "flood-4"]

    runner.run(scenario())


def test_a_follower_of_a_store_that_was_lost_is_told_of_the_gap(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        async with daemon.listening() as address, following(address, "?after=77-0") as followed:
            assert await followed.event() == {"event": "gap", "data": '{"gap":"lost"}'}
            assert await followed.article() == "flood-1"
            daemon.state.alerts.clear()
            assert await followed.event() == {"event": "gap", "data": '{"gap":"lost"}'}
            await daemon.read(a_flood(2))
            assert await followed.article() == "flood-2"

    runner.run(scenario())


def test_a_filter_holds_for_the_stream_too(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening() as address, following(address, "?topic=harbours") as followed:
            await daemon.read(a_flood(1), a_harbour(2))
            assert await followed.article() == "harbour-2"

    runner.run(scenario())


def test_a_silent_stream_shows_that_it_lives(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_feed, "KEEP_ALIVE_SECONDS", 0.05)

    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, following(address) as followed:
            lines = [await followed.answer.content.readline() for _ in range(4)]
            assert lines == [b"retry: 1000\n", b"\n", b": alive\n", b"\n"]

    runner.run(scenario())


def test_a_follower_that_does_not_read_is_cut_off_and_the_others_are_not(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_alerts, "WRITE_SECONDS", 0.2)
    monkeypatch.setattr(alert_feed, "LOOK_SECONDS", 0)

    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(0))
        line = daemon.state.alerts[0]
        async with daemon.listening() as address, following(address) as quick:
            host, port = address.rsplit(":", 1)
            reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
            writer.write(f"GET {STREAM} HTTP/1.1\r\nHost: {address}\r\n\r\n".encode())
            await reader.readline()
            for _ in range(20 * MOST_WAITING // 100):  # 7 MB: more than the kernel's buffers take
                daemon.state.alerts += [line] * 100
                for _ in range(100):
                    assert await quick.article() == "flood-0"
            got = 0
            with suppress(ConnectionError):  # or ended, as the kernel likes
                while piece := await reader.read(65536):
                    got += len(piece)
            assert got < 20 * MOST_WAITING * len(line)
            daemon.state.alerts.append(line)
            assert await quick.article() == "flood-0"
            writer.close()

    runner.run(scenario())


def test_more_streams_than_may_be_are_refused_until_one_ends(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening() as address, aiohttp.ClientSession() as session:
            url = f"http://{address}{STREAM}"
            open_ = [await session.get(url) for _ in range(MOST_FOLLOWERS)]
            assert {each.status for each in open_} == {200}
            async with session.get(url) as refused:
                assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
            open_[0].close()
            while (again := await session.get(url)).status == 503:
                again.close()
            assert again.status == 200
            for each in (*open_, again):
                each.close()

    runner.run(scenario())


def test_streams_end_when_the_process_stops(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with aiohttp.ClientSession() as session:
            async with daemon.listening() as address:
                followed = await session.get(f"http://{address}{STREAM}")
            assert await followed.content.read() == b"retry: 1000\n\n"

    runner.run(scenario())
