"""Which servers are refused, and what their owner is told."""

import asyncio
from pathlib import Path

import pytest

from alerts.errors import Refused
from alerts.redis_connection import check_safety, connect, server_from_info
from tests.conftest import redis_program, start_redis

SAFE = {"--appendonly": "yes", "--maxmemory-policy": "noeviction"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"--maxmemory-policy": "allkeys-lru"}, "CONFIG SET maxmemory-policy noeviction"),
        ({"--appendonly": "no"}, "CONFIG SET appendonly yes"),
        ({"--replicaof": "127.0.0.1 1"}, "point redis.url at the primary"),
        ({"--rename-command": "CONFIG gone"}, "vouch for the server with redis.unsafe: true"),
    ],
)
def test_an_unsafe_server_is_refused_with_the_remedy_unless_vouched_for(
    tmp_path: Path, runner: asyncio.Runner, settings: dict[str, str], told: str
) -> None:
    words = [word for name, value in (SAFE | settings).items() for word in (name, *value.split())]
    process, url = start_redis(redis_program(), tmp_path, *words)

    async def scenario() -> None:
        client = connect(url)
        with pytest.raises(Refused, match=told):
            await check_safety(client)
        assert (await check_safety(client, unsafe=True)).name == "redis"
        await client.aclose()

    try:
        runner.run(scenario())
    finally:
        process.kill()
        process.wait()


def test_a_wrong_password_is_refused_without_repeating_it(tmp_path: Path, runner: asyncio.Runner) -> None:
    words = [*(word for pair in SAFE.items() for word in pair), "--requirepass", "the-real-one"]
    process, url = start_redis(redis_program(), tmp_path, *words)

    async def scenario() -> None:
        client = connect(url, password="a-canary")
        with pytest.raises(Refused, match=r"redis\.password_file") as refused:
            await check_safety(client)
        assert "a-canary" not in str(refused.value)
        await client.aclose()
        right = connect(url, password="the-real-one")
        await check_safety(right)
        await right.aclose()

    try:
        runner.run(scenario())
    finally:
        process.kill()
        process.wait()


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(Refused, match=r"redis://host:port"):
        connect("http://127.0.0.1:6379")


@pytest.mark.parametrize(
    ("info", "may_tear"),
    [
        ({"redis_version": "7.0.15"}, True),
        ({"redis_version": "7.2.4", "server_name": "valkey", "valkey_version": "8.1.0"}, True),
        ({"redis_version": "7.2.4", "server_name": "valkey", "valkey_version": "9.1.2"}, False),
    ],
)
def test_only_a_server_known_to_cut_torn_scripts_whole_keeps_its_log(info: dict[str, str], may_tear: bool) -> None:
    assert server_from_info(info).may_tear_logs is may_tear


def test_the_log_is_written_anew_before_the_first_command_after_a_restart(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    words = [word for pair in (SAFE | {"--appendfsync": "always"}).items() for word in pair]
    process, url = start_redis(redis_program(), tmp_path, *words)

    async def rewritten(client_url: str) -> bool:
        client = connect(client_url)
        await client.set("key", "value")
        info = await client.info("persistence")
        await client.aclose()
        base = next((tmp_path / "appendonlydir").glob("*.base.*"))
        return info["aof_last_bgrewrite_status"] == "ok" and ".1.base" not in base.name

    try:
        assert runner.run(rewritten(url))
    finally:
        process.kill()
        process.wait()
