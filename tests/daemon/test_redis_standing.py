"""How the store stands is asked when people look, and not for each of them anew."""

import asyncio
import signal
from pathlib import Path

from alerts.store.redis_connection import connect
from daemon.redis_standing import FRESH_SECONDS, RedisStanding
from tests.conftest import SAFE, redis_program, start_redis


def test_all_who_ask_within_a_second_get_one_answer(redis_url: str, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        now = [0.0]
        async with connect(redis_url) as redis:
            standing = RedisStanding(redis, lambda: now[0])
            first, *others = await asyncio.gather(*(standing.now() for _ in range(50)))
            assert first.answers
            assert all(each is first for each in others)
            now[0] += FRESH_SECONDS
            assert await standing.now() is not first

    runner.run(scenario())


def test_it_tells_which_server_answers_and_in_which_version(
    redis_url: str, valkey_url: str, runner: asyncio.Runner
) -> None:
    async def server_of(url: str) -> tuple[str, str]:
        async with connect(url) as redis:
            health = await RedisStanding(redis).now()
            return health.server, health.version

    assert runner.run(server_of(redis_url))[0] == "redis"
    server, version = runner.run(server_of(valkey_url))
    assert (server, version.count(".")) == ("valkey", 2)


def test_a_server_that_hangs_is_told_as_one_that_does_not_answer(tmp_path: Path, runner: asyncio.Runner) -> None:
    process, url = start_redis(redis_program(), tmp_path, *SAFE)

    async def scenario() -> None:
        now = [0.0]
        async with connect(url) as redis:
            standing = RedisStanding(redis, lambda: now[0])
            assert (await standing.now()).answers
            process.send_signal(signal.SIGSTOP)
            now[0] += FRESH_SECONDS
            assert not (await standing.now()).answers
            process.send_signal(signal.SIGCONT)
            now[0] += FRESH_SECONDS
            assert (await standing.now()).answers

    try:
        runner.run(scenario())
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
