"""Who asks is told who they are and what they may do."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from daemon.access.scope import Scope
from tests.daemon.api.test_http_scopes import BY_FILE, a_token
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_watch
from tests.daemon.following import ask

CALLER = "/api/v1/caller"
ALL = ["read", "silence", "replay", "admin"]


def bearing(token: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        ([Scope.READ], ["read"]),
        ([Scope.SILENCE], ["read", "silence"]),
        ([Scope.REPLAY, Scope.SILENCE], ["read", "silence", "replay"]),
        ([Scope.ADMIN], ALL),
    ],
)
def test_a_token_is_told_its_name_its_scopes_and_all_that_they_allow(
    tmp_path: Path, runner: asyncio.Runner, scopes: list[Scope], may: list[str]
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening(BY_FILE) as address:
            told = await ask(address, CALLER, **bearing(await a_token(daemon, *scopes)))
            assert told == {"name": "test-0", "scopes": [each for each in ALL if each in scopes], "may": may}

    runner.run(scenario())


def test_the_holder_of_the_files_token_and_who_needs_none_may_do_everything(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening(BY_FILE) as address:
            assert await ask(address, CALLER, **bearing(BY_FILE)) == {"name": "token_file", "scopes": ALL, "may": ALL}
            assert "error" in await ask(address, CALLER, 401)
        async with daemon.listening() as address:
            assert await ask(address, CALLER) == {"name": "local", "scopes": ALL, "may": ALL}

    runner.run(scenario())


@pytest.mark.parametrize("name", ["local", "token_file"])
def test_no_token_has_a_name_that_the_log_has_for_others(tmp_path: Path, runner: asyncio.Runner, name: str) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening() as address, aiohttp.ClientSession() as session:
            body = {"name": name, "scopes": ["read"]}
            async with session.post(f"http://{address}/api/v1/tokens", json=body) as answer:
                assert answer.status == 400
                assert "choose another name" in (await answer.json())["error"]
        assert await daemon.tokens.all() == []

    runner.run(scenario())
