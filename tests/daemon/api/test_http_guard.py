"""Who asks too often, and who must not suffer from it."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from alerts.errors import Unavailable
from daemon.access.known_digests import KnownDigests
from daemon.access.memory_tokens import MemoryTokens
from daemon.access.scope import Scope
from daemon.access.token import Token, written
from daemon.api.http_guard import PROBES
from tests.daemon.api.test_http_scopes import a_token
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_watch

STATUS = "/api/v1/alerts"
SELDOM = 0.001
"""Requests a second: after a burst there is none for the length of a test."""


class CountedTokens(MemoryTokens):
    """Tokens that know how often they were asked for one, or for all."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    async def find(self, digest: str) -> Token | None:
        self.asked["one"] += 1
        return await super().find(digest)

    async def all(self) -> Sequence[Token]:
        self.asked["all"] += 1
        return await super().all()


def test_wrong_tokens_stop_neither_the_holder_of_the_file_s_nor_a_probe(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        async with daemon.listening("secret", SELDOM) as address, aiohttp.ClientSession() as session:

            async def status(path: str, token: str = "") -> int:
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                async with session.get(f"http://{address}{path}", headers=headers) as answer:
                    return answer.status

            tried = [await status(STATUS, "wrong") for _ in range(12)]
            assert (tried[0], tried[-1]) == (401, 429)
            assert (await status("/metrics"), await status(STATUS, "secret")) == (200, 200)
            assert [await status(path) for path in PROBES] == [200, 503]

    runner.run(scenario())


def a_wrong_token(number: int) -> str:
    """Of the right shape."""
    return written(b"wrong" + number.to_bytes(27, "big"))


def test_a_right_token_is_let_in_however_many_wrong_ones_come_from_its_address(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        daemon = AskedDaemon(a_watch(tmp_path))
        daemon.tokens = tokens = CountedTokens()
        old = await a_token(daemon, Scope.READ)
        async with daemon.listening("secret", SELDOM) as address, aiohttp.ClientSession() as session:

            async def status(token: str) -> int:
                headers = {"Authorization": f"Bearer {token}"}
                async with session.get(f"http://{address}{STATUS}", headers=headers) as answer:
                    return answer.status

            assert [await status(a_wrong_token(number)) for number in range(10)] == [401] * 10
            tokens.asked.clear()
            flood = [asyncio.create_task(status(a_wrong_token(number))) for number in range(10, 40)]
            assert await status(old) == 200
            new = await a_token(daemon, Scope.READ)  # while wrong ones are looked for
            assert await status(new) == 200
            assert {await each for each in flood} == {429}
            assert tokens.asked["one"] == 2, "the right ones alone"
            assert tokens.asked["all"] <= 5, "two are of making the new one"
            assert await tokens.revoke((await tokens.all())[0].name)
            assert await status(old) == 429

    runner.run(scenario())


def test_a_store_that_does_not_answer_is_said_to_be_so_and_asked_again(runner: asyncio.Runner) -> None:
    class Away(MemoryTokens):
        away = True

        async def all(self) -> Sequence[Token]:
            if self.away:
                raise Unavailable("Redis is away")
            return await super().all()

    async def scenario() -> None:
        clock = iter(range(0, 1_000, 2))  # two seconds between any two looks at it: nobody waits
        known, tokens = KnownDigests(lambda: next(clock)), Away()
        asked = [asyncio.create_task(known.holds(tokens, digest)) for digest in "abc"]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [str(each) for each in answers] == ["Redis is away"] * 3
        tokens.away = False
        assert not await known.holds(tokens, "a")

    runner.run(scenario())
