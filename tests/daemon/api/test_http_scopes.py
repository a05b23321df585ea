"""Who may ask what: every route of the OpenAPI document with every scope, and with none."""

import asyncio
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from daemon.access.scope import Scope, allows
from daemon.access.token import Token, digest_of, written
from daemon.api.http_table import openapi_text
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_watch

BY_FILE = "a-long-token-of-the-tests"
DOCUMENT = json.loads(openapi_text())


def operations() -> Iterator[tuple[str, str, str | None]]:
    """Method, path and needed scope of everything in the document."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation.get("x-scope")


async def a_token(daemon: AskedDaemon, *scopes: Scope, expires_ms: int = 0) -> str:
    """One that the daemon knows."""
    secret = written(next(_secrets))
    name = f"test-{len(await daemon.tokens.all())}"
    kept = Token(
        name=name,
        scopes=scopes,
        digest=digest_of(secret) or "",
        created_ms=NOW,
        created_by="test",
        expires_ms=expires_ms,
    )
    await daemon.tokens.add(kept)
    return secret


_secrets = (number.to_bytes(32, "big") for number in count(1))


async def status_of(address: str, method: str, path: str, token: str | None, **options: Any) -> int:
    """The status alone: a stream is not waited for."""
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    url = f"http://{address}{path.replace('{', 'x').replace('}', '')}"
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=headers, **options) as answer:
        return answer.status


def test_the_document_names_every_kind_of_scope() -> None:
    assert {scope for _, _, scope in operations()} == {None, *Scope}
    assert len(list(operations())) > 20


@pytest.mark.parametrize(("method", "path", "needed"), list(operations()), ids=lambda each: str(each))
def test_each_route_asks_for_its_scope(
    tmp_path: Path, runner: asyncio.Runner, method: str, path: str, needed: str | None
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening(BY_FILE) as address:
            for token in (None, "no", written(b"never made".ljust(32))):
                status = await status_of(address, method, path, token)
                assert (status == 401) == (needed is not None), token
            for scope in Scope:
                status = await status_of(address, method, path, await a_token(daemon, scope))
                assert status != 401
                assert (status == 403) == (needed is not None and not allows([scope], Scope(needed))), scope
            assert await status_of(address, method, path, BY_FILE) not in (401, 403)

    runner.run(scenario())


def test_a_token_that_is_over_or_revoked_opens_nothing(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening(BY_FILE) as address:
            for expires_ms, status in ((NOW + 1, 200), (NOW, 401), (NOW - 1, 401)):
                token = await a_token(daemon, Scope.READ, expires_ms=expires_ms)
                assert await status_of(address, "GET", "/api/v1/silences", token) == status
            token = await a_token(daemon, Scope.READ)
            assert await status_of(address, "GET", "/api/v1/silences", token) == 200
            assert await daemon.tokens.revoke((await daemon.tokens.all())[-1].name)
            assert await status_of(address, "GET", "/api/v1/silences", token) == 401

    runner.run(scenario())


def test_on_loopback_without_a_token_file_a_token_still_bounds_its_holder(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening() as address:
            token = await a_token(daemon, Scope.READ)
            assert await status_of(address, "POST", "/-/reload", None) == 200
            assert await status_of(address, "POST", "/-/reload", token) == 403
            assert await status_of(address, "POST", "/-/reload", "wrong") == 401

    runner.run(scenario())


def test_what_changes_something_and_what_is_refused_is_in_the_log_and_no_secret(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening(BY_FILE) as address:
            reader = await a_token(daemon, Scope.READ)
            await status_of(address, "GET", "/api/v1/silences?secret=in-the-query", BY_FILE)
            await status_of(address, "GET", "/api/v1/silences", BY_FILE)
            await status_of(address, "POST", "/-/reload", BY_FILE)
            await status_of(address, "POST", "/-/reload", reader)
            await status_of(address, "POST", "/-/reload", "wrong-secret")
        assert [(each["caller"], each["method"], each["path"], each["status"]) for each in daemon.logged] == [
            ("token_file", "POST", "/-/reload", 200),
            ("test-0", "POST", "/-/reload", 403),
            (None, "POST", "/-/reload", 401),
        ]
        assert not any(secret in str(daemon.logged) for secret in (BY_FILE, reader, "wrong-secret", "in-the-query"))

    runner.run(scenario())
