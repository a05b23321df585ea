"""Who asks too often, and who must not suffer from it."""

import asyncio
from pathlib import Path

import aiohttp

from daemon.api.http_guard import PROBES
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_watch

STATUS = "/api/v1/alerts"
SELDOM = 0.001
"""Requests a second: after a burst there is none for the length of a test."""


def test_wrong_tokens_stop_neither_the_holder_of_the_file_s_nor_a_probe(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening("secret", SELDOM) as address, aiohttp.ClientSession() as session:

            async def status(path: str, token: str = "") -> int:
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                async with session.get(f"http://{address}{path}", headers=headers) as answer:
                    return answer.status

            tried = [await status(STATUS, "wrong") for _ in range(12)]
            assert (tried[0], tried[-1], await status("/metrics")) == (401, 429, 429)
            assert await status(STATUS, "secret") == 200
            assert [await status(path) for path in PROBES] == [200, 503]

    runner.run(scenario())
