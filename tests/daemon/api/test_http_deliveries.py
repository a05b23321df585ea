"""Deliveries over HTTP: what is asked wrongly is told so, and answers are bounded."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from daemon.api.desk import Desk
from daemon.api.http_admin import AdminServer
from daemon.history.delivery_list import MOST_SHOWN
from daemon.history.delivery_replay import MOST_IDS
from daemon.metrics.metrics import Metrics
from daemon.readiness import Readiness
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_watch

LIST, REPLAY, STATES = "/api/v1/deliveries", "/api/v1/deliveries/replay", "/api/v1/deliveries/states"


async def call(address: str, method: str, path: str, **options: Any) -> tuple[int, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://{address}{path}", **options) as answer,
    ):
        return answer.status, await answer.json()


ASKED = [
    ("GET", f"{LIST}?limit=0", {}, 400, "limit: write a whole number from 1 to 500"),
    ("GET", f"{LIST}?limit=501", {}, 400, f"limit: write a whole number from 1 to {MOST_SHOWN}"),
    ("GET", f"{LIST}?limit=٣", {}, 400, "limit: write a whole number from 1 to 500"),
    ("GET", f"{LIST}?cursor=evt_a", {}, 400, "cursor is what `next`"),
    ("GET", f"{LIST}?cursor=9999999999999999.evt_a", {}, 400, "cursor is what `next`"),
    ("GET", f"{LIST}?state=ready&state=gone", {}, 400, "no state is called `gone`"),
    ("GET", f"{LIST}?since=soon", {}, 400, "'soon' is no time"),
    ("GET", f"{LIST}?receiver={'x' * 4000}", {}, 404, "no receiver is called"),
    ("GET", f"{LIST}?story=%00", {}, 404, "is no story"),
    ("GET", f"{LIST}/evt_none", {}, 404, "no delivery has the id `evt_none`"),
    ("GET", f"{LIST}/{'x' * 4000}", {}, 404, "no delivery has the id"),
    ("POST", REPLAY, {"data": b"{"}, 400, "truncated"),
    ("POST", REPLAY, {"data": b"[" * 100_000}, 400, "the body: write a JSON object with ids, receiver,"),
    ("POST", REPLAY, {"data": b"x", "headers": {"Content-Encoding": "gzip"}}, 400, ""),
    ("POST", REPLAY, {"json": {}}, 400, "name either ids or a receiver"),
    ("POST", REPLAY, {"json": {"ids": ["evt_a"], "receiver": "desk"}}, 400, "name either ids or a receiver"),
    ("POST", REPLAY, {"json": {"ids": ["../a"]}}, 400, "ids[0]: "),
    ("POST", REPLAY, {"json": {"ids": ["evt_a\n"]}}, 400, "ids[0]: "),
    ("POST", REPLAY, {"json": {"ids": ["evt_a"] * (MOST_IDS + 1)}}, 400, "ids: "),
    ("POST", REPLAY, {"json": {"ids": ["evt_a"], "state": "dead"}}, 400, "go with a receiver"),
    ("POST", REPLAY, {"json": {"receiver": "desk"}}, 400, "say since when"),
    ("POST", REPLAY, {"json": {"receiver": "desk", "since": "2026-11-24T08:00:00"}}, 400, "since: "),
    ("POST", REPLAY, {"json": {"receiver": "desk", "state": "ready"}}, 400, "state: "),
    ("POST", REPLAY, {"json": {"receiver": "desk", "sinse": 1}}, 400, "sinse"),
    ("POST", REPLAY, {"json": {"receiver": "dsk", "state": "dead"}}, 404, "did you mean `desk`?"),
    (
        "POST",
        STATES,
        {"json": {"ids": ["x"] * (MOST_IDS + 1)}},
        400,
        f"ids: write a list of at most {MOST_IDS} entries",
    ),
    ("POST", STATES, {"json": {"ids": [1]}}, 400, "ids[0]: "),
]


@pytest.mark.parametrize(("method", "path", "options", "status", "said"), ASKED)
def test_what_cannot_be_meant_is_refused(
    method: str, path: str, options: dict[str, Any], status: int, said: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address:
            came_to, answer = await call(address, method, path, **options)
        assert came_to == status
        assert said in answer["error"] and len(answer["error"]) < 500

    runner.run(scenario())


def test_pages_hold_every_delivery_once(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon, seen, cursor = AskedDaemon(a_watch(tmp_path)), list[str](), ""
        await daemon.read(*map(a_flood, range(5)))
        async with daemon.listening() as address:
            while True:
                _, page = await call(address, "GET", f"{LIST}?limit=2&cursor={cursor}")
                seen += [each["id"] for each in page["deliveries"]]
                if (cursor := page["next"]) is None:
                    break
        assert sorted(seen) == daemon.process.waiting() and len(seen) == 5

    runner.run(scenario())


def test_what_arrived_is_sent_again_and_said_to_wait(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        await daemon.read(a_flood(1), a_flood(2))
        await daemon.settle()
        one, two = sorted(daemon.state.sent)
        async with daemon.listening() as address:
            status, answer = await call(address, "POST", REPLAY, json={"ids": [one, two, one, "evt_never"]})
            again = await call(address, "POST", REPLAY, json={"ids": [two], "dry_run": True})
            _, states = await call(address, "POST", STATES, json={"ids": [one, "evt_never"]})
            _, shown = await call(address, "GET", f"{LIST}/{one}")
            as_letters = await call(address, "POST", "/api/v1/dead-letters/replay", json={"ids": [two, "evt_never"]})
        assert (status, answer["found"], answer["queued"], answer["unknown"]) == (200, 2, 2, ["evt_never"])
        assert (answer["waiting"], again[1]["queued"], again[1]["dry_run"]) == (2, 0, True)
        assert states["states"][one] == {"state": "delivered", "receiver": "desk"}
        assert states["states"]["evt_never"] == {"state": "unknown", "receiver": ""}
        assert (shown["state"], shown["status"], shown["replay"]) == ("delivered", 204, True)
        assert [each["outcome"] for each in shown["history"]] == ["delivered"]
        assert as_letters == (200, {"replayed": 1, "unknown": 1}), "in the same line: nothing goes out past its turn"
        assert daemon.state.waiting == {}

    runner.run(scenario())


@pytest.mark.parametrize(
    ("method", "path"), [("GET", LIST), ("GET", f"{LIST}/evt_a"), ("POST", REPLAY), ("POST", STATES)]
)
@pytest.mark.parametrize(("given", "status"), [("", 401), ("Bearer secret", 503)])
def test_deliveries_need_the_token_and_a_store(
    method: str, path: str, given: str, status: int, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        desk = Desk(
            metrics=Metrics("test"),
            readiness=Readiness(),
            status=lambda: asyncio.sleep(0, {}),
            reload=lambda: asyncio.sleep(0, ()),
            outbox=lambda: None,
            now_ms=lambda: 0,
            woken=lambda: None,
        )
        server = AdminServer(desk, host="127.0.0.1", port=0, token="secret")
        address = await server.start()
        try:
            headers = {"Authorization": given} if given else {}
            assert (await call(address, method, path, headers=headers, json={"ids": []}))[0] == status
        finally:
            await server.close()

    runner.run(scenario())
