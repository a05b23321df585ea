"""Alerts followed as they come, over HTTP."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from daemon.access.scope import Scope
from daemon.access.token import Token, digest_of, written
from daemon.api import alert_feed, http_alerts
from daemon.api.alert_feed import MOST_FOLLOWERS, MOST_WAITING
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_watch
from tests.daemon.following import ALERTS, STREAM, a_harbour, ask, following


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


def test_whoever_asks_for_the_headers_of_the_stream_gets_them_alone(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> bytes:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address:
            host, port = address.rsplit(":", 1)
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(f"HEAD {STREAM} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
            async with asyncio.timeout(30):
                said = await reader.read()
            writer.close()
            return said

    said = runner.run(scenario())
    assert b"text/event-stream" in said and said.endswith(b"\r\n\r\n")


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
            lines = [await followed.answer.content.readline() for _ in range(5)]
            assert lines == [b"retry: 1000\n", b"id: 0-0\n", b"\n", b": alive\n", b"\n"]

    runner.run(scenario())


def test_what_a_filter_leaves_out_is_silence_and_moves_the_place(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_feed, "KEEP_ALIVE_SECONDS", 0.05)
    monkeypatch.setattr(alert_feed, "LOOK_SECONDS", 0.01)

    async def scenario() -> None:
        daemon, place, number = AskedDaemon(a_watch(tmp_path)), "0-0", 0
        async with daemon.listening() as address, following(address, "?topic=harbours") as followed:
            await followed.block()  # the first: when to come again, and where it stands
            seen = asyncio.create_task(followed.block())
            while not seen.done():  # floods come faster than signs of life are due
                await daemon.read(a_flood(number := number + 1))
                await asyncio.sleep(0.01)
            lines = await seen
            while "id" not in lines:
                lines = await followed.block()
            place = lines["id"]
        await daemon.read(a_harbour(1))
        async with daemon.listening() as address:
            async with following(address, "?topic=harbours", **{"Last-Event-ID": place}) as followed:
                assert await followed.article() == "harbour-1"
            async with following(address, f"?after={place}") as followed:
                assert await followed.article() != "flood-1"

    runner.run(scenario())


def test_a_follower_that_was_cut_off_before_anything_came_misses_nothing(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1))
        async with daemon.listening() as address, following(address) as followed:
            place = (await followed.block())["id"]
        await daemon.read(a_flood(2))  # nobody listens
        async with daemon.listening() as address, following(address, **{"Last-Event-ID": place}) as followed:
            assert await followed.article() == "flood-2"

    runner.run(scenario())


def test_the_stream_of_a_token_that_is_revoked_ends(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_feed, "KEEP_ALIVE_SECONDS", 0.05)

    async def scenario() -> None:
        daemon, bearers = AskedDaemon(a_watch(tmp_path)), {}
        for name in ("gone", "kept"):
            token = written(name.encode().ljust(32))
            bearers[name] = {"Authorization": f"Bearer {token}"}
            digest = digest_of(token) or ""
            await daemon.tokens.add(
                Token(name=name, scopes=(Scope.READ,), digest=digest, created_ms=0, created_by="test")
            )
        async with (
            daemon.listening("secret") as address,
            following(address, **bearers["gone"]) as gone,
            following(address, **bearers["kept"]) as kept,
        ):
            await daemon.read(a_flood(1))
            assert [await gone.article(), await kept.article()] == ["flood-1"] * 2
            await daemon.tokens.revoke("gone")
            with pytest.raises(EOFError):
                while True:
                    await gone.block()
            await daemon.read(a_flood(2))
            assert await kept.article() == "flood-2"

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
            assert await followed.content.read() == b"retry: 1000\nid: 0-0\n\n"

    runner.run(scenario())
