"""The HTTP side: what is open, what needs the token, what is refused."""

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp
import pytest

from alerts.errors import Refused
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.store.memory_state import MemoryState
from daemon.api.desk import Desk
from daemon.api.http_admin import AdminServer
from daemon.metrics.metrics import Metrics
from daemon.readiness import Readiness
from processors.errors import Problem

TOKEN = "a-long-token-of-the-tests"


class Asked:
    """A server on a free port, and one request to it."""

    def __init__(self, token: str | None = None, problems: Sequence[Problem] = ()) -> None:
        self.readiness = Readiness()
        self.readiness.phase("")
        self.reloads = 0
        self._problems = problems
        self._desk = Desk(
            metrics=Metrics("test"),
            readiness=self.readiness,
            status=self._status,
            reload=self._reload,
            outbox=lambda: MemoryOutbox(MemoryState(), "one"),
            now_ms=lambda: 0,
            woken=lambda: None,
        )
        self._token = token

    async def _status(self) -> dict[str, Any]:
        return {"name": "test", "receivers": {"desk": {}}}

    async def _reload(self) -> Sequence[Problem]:
        self.reloads += 1
        return self._problems

    async def __call__(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        server = AdminServer(self._desk, host="127.0.0.1", port=0, token=self._token)
        address = await server.start()
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.request(method, f"http://{address}{path}", **options) as answer,
            ):
                return answer.status, await answer.text()
        finally:
            await server.close()


BEARER = {"Authorization": f"Bearer {TOKEN}"}
NONSENSE = {"Content-Type": "application/json; charset=nonsense"}
NOT_PACKED = {"Content-Encoding": "gzip"}
REPLAY = "/api/v1/dead-letters/replay"
REQUESTS = [
    # name, token configured, method, path, request options, status
    ("metrics are open", TOKEN, "GET", "/metrics", {}, 200),
    ("health is open", TOKEN, "GET", "/-/healthy", {}, 200),
    ("readiness is open", TOKEN, "GET", "/-/ready", {}, 200),
    ("metrics are open to any host name", None, "GET", "/metrics", {"headers": {"Host": "rasid.example"}}, 200),
    ("status without the token", TOKEN, "GET", "/api/v1/status", {}, 401),
    ("a wrong token", TOKEN, "GET", "/api/v1/status", {"headers": {"Authorization": "Bearer no"}}, 401),
    ("a token that is no ASCII", TOKEN, "POST", "/-/reload", {"headers": {"Authorization": "Bearer é"}}, 401),
    ("silences without the token", TOKEN, "GET", "/api/v1/silences", {}, 401),
    ("a silence without the token", TOKEN, "POST", "/api/v1/silences", {"json": {}}, 401),
    ("ending a silence without the token", TOKEN, "POST", "/api/v1/silences/sil_x/expire", {}, 401),
    ("silences while starting", TOKEN, "GET", "/api/v1/silences", {"headers": BEARER}, 503),
    ("status with the token", TOKEN, "GET", "/api/v1/status", {"headers": BEARER}, 200),
    ("reload with the token", TOKEN, "POST", "/-/reload", {"headers": BEARER}, 200),
    ("on loopback no token is needed", None, "GET", "/api/v1/status", {}, 200),
    ("another host name on loopback", None, "POST", "/-/reload", {"headers": {"Host": "evil.example"}}, 403),
    ("a page of another site", None, "POST", "/-/reload", {"headers": {"Origin": "https://evil.example"}}, 403),
    ("a name like an address", None, "POST", "/-/reload", {"headers": {"Host": "127.evil.example:9464"}}, 403),
    (
        "a page of a name like an address",
        None,
        "POST",
        "/-/reload",
        {"headers": {"Host": "localhost", "Origin": "https://127.0.0.1.evil.example"}},
        403,
    ),
    ("another address of this machine", None, "POST", "/-/reload", {"headers": {"Host": "127.1.2.3:9464"}}, 200),
    ("this machine by IPv6", None, "POST", "/-/reload", {"headers": {"Host": "[::1]:9464"}}, 200),
    ("a page of our own", None, "POST", "/-/reload", {"headers": {"Origin": "http://localhost:9464"}}, 200),
    ("a host behind another", None, "POST", "/-/reload", {"headers": {"Host": "127.0.0.1:80@evil.example"}}, 403),
    ("a host that is none", None, "POST", "/-/reload", {"headers": {"Host": "[::1].evil.example"}}, 403),
    ("a port that is none", None, "POST", "/-/reload", {"headers": {"Host": "localhost:evil.example"}}, 403),
    (
        "a page behind another",
        None,
        "POST",
        "/-/reload",
        {"headers": {"Origin": "http://evil.example//localhost"}},
        403,
    ),
    ("a page of nowhere", None, "POST", "/-/reload", {"headers": {"Origin": "null"}}, 403),
    ("the token alone", TOKEN, "GET", "/api/v1/status", {"headers": {"Authorization": TOKEN}}, 401),
    (
        "the token by another scheme",
        TOKEN,
        "GET",
        "/api/v1/status",
        {"headers": {"Authorization": f"Basic {TOKEN}"}},
        401,
    ),
    (
        "a scheme in small letters",
        TOKEN,
        "GET",
        "/api/v1/status",
        {"headers": {"Authorization": f"bearer {TOKEN}"}},
        200,
    ),
    ("reload by GET", None, "GET", "/-/reload", {}, 405),
    ("an unknown path", None, "GET", "/etc/passwd", {}, 404),
    ("dead letters", None, "GET", "/api/v1/dead-letters?limit=5", {}, 200),
    ("a silly limit", None, "GET", "/api/v1/dead-letters?limit=-1", {}, 400),
    ("too high a limit", None, "GET", "/api/v1/dead-letters?limit=99999999999999999999", {}, 400),
    ("a replay while starting", None, "POST", "/api/v1/dead-letters/replay", {"json": {"ids": ["evt_x"]}}, 503),
    ("a replay of nothing", None, "POST", "/api/v1/dead-letters/replay", {"json": {"ids": []}}, 400),
    ("a replay of numbers", None, "POST", "/api/v1/dead-letters/replay", {"json": {"ids": [1]}}, 400),
    ("a replay of a list", None, "POST", "/api/v1/dead-letters/replay", {"json": [1]}, 400),
    ("a deep replay", None, "POST", "/api/v1/dead-letters/replay", {"data": "[" * 100_000}, 400),
    ("a huge replay", None, "POST", "/api/v1/dead-letters/replay", {"data": "x" * 300_000}, 413),
    ("a replay of half a character", None, "POST", REPLAY, {"data": '{"ids": ["\\ud800"]}'}, 400),
    ("a replay of what is no id", None, "POST", REPLAY, {"json": {"ids": ["evt_x", "evt_x y"]}}, 400),
    ("a replay in no known letters", None, "POST", REPLAY, {"data": b"{}", "headers": NONSENSE}, 400),
    ("a replay that is not packed as it says", None, "POST", REPLAY, {"data": b"{}", "headers": NOT_PACKED}, 400),
    ("dead letters of a receiver", None, "GET", "/api/v1/dead-letters?receiver=desk&skip=10", {}, 200),
    ("a silly skip", None, "GET", "/api/v1/dead-letters?skip=a", {}, 400),
    ("too far a skip", None, "GET", "/api/v1/dead-letters?skip=99999999999999999999", {}, 400),
    ("enable an unknown receiver", None, "POST", "/api/v1/receivers/nobody/enable", {}, 404),
    ("enable a receiver", None, "POST", "/api/v1/receivers/desk/enable", {}, 200),
]


@pytest.mark.parametrize(
    ("name", "token", "method", "path", "options", "status"), REQUESTS, ids=[row[0] for row in REQUESTS]
)
def test_requests(
    name: str, token: str | None, method: str, path: str, options: dict[str, Any], status: int, runner: asyncio.Runner
) -> None:
    assert runner.run(Asked(token)(method, path, **options))[0] == status


def test_a_refused_request_does_nothing(runner: asyncio.Runner) -> None:
    asked = Asked()

    runner.run(asked("POST", "/-/reload", headers={"Origin": "https://evil.example"}))

    assert asked.reloads == 0


def test_not_ready_says_why(runner: asyncio.Runner) -> None:
    asked = Asked()
    asked.readiness.add(lambda: "Redis: no answer")

    assert runner.run(asked("GET", "/-/ready")) == (503, "Redis: no answer\n")


def test_a_reload_that_failed_shows_the_problems(runner: asyncio.Runner) -> None:
    asked = Asked(problems=[Problem("t.yaml", 3, 1, "unknown field `titel:`")])

    status, text = runner.run(asked("POST", "/-/reload"))

    assert status == 422
    assert "t.yaml:3:1: unknown field `titel:`" in text


def test_a_port_that_is_taken_is_refused_with_a_remedy(runner: asyncio.Runner) -> None:
    async def twice() -> None:
        asked = Asked()
        first = AdminServer(asked._desk, host="127.0.0.1", port=0, token=None)
        port = int((await first.start()).rpartition(":")[2])
        try:
            await AdminServer(asked._desk, host="127.0.0.1", port=port, token=None).start()
        finally:
            await first.close()

    with pytest.raises(Refused, match="Choose another port"):
        runner.run(twice())
