"""How Redis does is seen, also when it does not answer or came back with other settings."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from alerts.store.redis_connection import connect
from alerts.store.redis_safety import Flaw, Health, health_of
from daemon.metrics.late import watch_lateness
from daemon.metrics.metrics import Metrics
from daemon.metrics.redis_gauges import watch_health
from tests.conftest import SAFE, redis_program, start_redis
from tests.daemon.build import value_of

Server = tuple[subprocess.Popen[bytes], str]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    process, url = start_redis(redis_program(), tmp_path, *SAFE, "--maxmemory", "64mb")
    yield process, url
    process.kill()
    process.wait()


def test_a_safe_server_is_shown_with_its_memory(server: Server, runner: asyncio.Runner) -> None:
    async def look() -> Health:
        async with connect(server[1]) as redis:
            return await health_of(redis)

    health = runner.run(look())

    assert (health.answers, health.flaw, health.limit_bytes) == (True, None, 64 * 1024 * 1024)
    assert 0 < health.used_bytes < health.limit_bytes


@pytest.mark.parametrize(
    ("setting", "value", "flaw"),
    [("maxmemory-policy", "allkeys-lru", Flaw.EVICTS), ("appendonly", "no", Flaw.NO_LOG)],
)
def test_a_setting_that_is_changed_while_it_runs_is_seen(
    server: Server, runner: asyncio.Runner, setting: str, value: str, flaw: Flaw
) -> None:
    async def look() -> Health:
        async with connect(server[1]) as redis:
            await redis.config_set(setting, value)
            return await health_of(redis)

    assert runner.run(look()).flaw is flaw


def test_a_server_that_came_back_with_other_settings_is_not_used_and_says_why(
    server: Server, tmp_path: Path, runner: asyncio.Runner
) -> None:
    process, url = server

    async def look(redis: Redis) -> tuple[Health, Health]:
        await redis.ping()
        process.kill()
        process.wait()
        gone = await health_of(redis)
        (tmp_path / "s").unlink()
        other, _ = start_redis(redis_program(), tmp_path, "--appendonly", "no")
        try:
            return gone, await health_of(redis)
        finally:
            other.kill()
            other.wait()

    async def scenario() -> tuple[Health, Health]:
        async with connect(url) as redis:
            return await look(redis)

    gone, back = runner.run(scenario())

    assert gone == Health(answers=False)
    assert back == Health(answers=False, flaw=Flaw.NO_LOG)


def test_metrics_show_the_latest_look_and_keep_the_last_known_memory(server: Server, runner: asyncio.Runner) -> None:
    metrics = Metrics("1")

    async def one_look() -> None:
        stopping = asyncio.Event()
        async with connect(server[1]) as redis:
            watching = asyncio.create_task(watch_health(redis, metrics, stopping))
            while not value_of(metrics, "rasid_redis_up"):
                await asyncio.sleep(0.01)
            stopping.set()
            await watching

    runner.run(one_look())
    used = value_of(metrics, "rasid_redis_memory_used_bytes")
    metrics.store(Health(answers=False, flaw=Flaw.REPLICA))

    assert used > 0
    assert value_of(metrics, "rasid_redis_memory_used_bytes") == used
    assert value_of(metrics, "rasid_redis_up") == 0
    assert value_of(metrics, "rasid_redis_unsafe", {"reason": "replica"}) == 1
    assert value_of(metrics, "rasid_redis_unsafe", {"reason": "evicts"}) == 0


def test_a_loop_that_stands_still_is_seen(runner: asyncio.Runner) -> None:
    metrics = Metrics("1")

    def late() -> float:
        return value_of(metrics, "rasid_loop_late_seconds_sum")

    async def scenario() -> None:
        stopping = asyncio.Event()
        watching = asyncio.create_task(watch_lateness(metrics, stopping))
        await asyncio.sleep(0)
        clock = asyncio.get_running_loop().time
        busy_until = clock() + 0.5  # twice what lies between two looks
        while clock() < busy_until:
            pass
        while not late():
            await asyncio.sleep(0.01)
        stopping.set()
        await watching

    runner.run(scenario())

    assert late() >= 0.2
