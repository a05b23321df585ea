"""Which servers are refused, and what their owner is told."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from alerts.admission.redis_admission import RedisAdmission
from alerts.errors import Refused, Unavailable
from alerts.model import Attempt, Reply
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.redis_calls import run_command
from alerts.store.redis_connection import check_safety, connect
from alerts.store.redis_server import server_from_info
from tests.conftest import redis_program, start_redis
from tests.contracts.store import NOW, Store, a_delivery, effects, put

Start = Callable[..., tuple[subprocess.Popen[bytes], str]]

SAFE = {"--appendonly": "yes", "--maxmemory-policy": "noeviction"}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts Debian's Redis with the settings given; whatever was started is ended with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*settings: str) -> tuple[subprocess.Popen[bytes], str]:
        process, url = start_redis(redis_program(), tmp_path, *settings)
        started.append(process)
        return process, url

    yield start
    for process in started:
        process.kill()
        process.wait()


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
    start: Start, runner: asyncio.Runner, settings: dict[str, str], told: str
) -> None:
    words = [word for name, value in (SAFE | settings).items() for word in (name, *value.split())]
    _, url = start(*words)

    async def scenario() -> None:
        client = connect(url)
        with pytest.raises(Refused, match=told):
            await check_safety(client)
        assert (await check_safety(client, unsafe=True)).name == "redis"
        await client.aclose()

    runner.run(scenario())


def test_a_wrong_password_is_refused_without_repeating_it(start: Start, runner: asyncio.Runner) -> None:
    words = [*(word for pair in SAFE.items() for word in pair), "--requirepass", "the-real-one"]
    _, url = start(*words)

    async def scenario() -> None:
        client = connect(url, password="a-canary")
        with pytest.raises(Refused, match=r"redis\.password_file") as refused:
            await check_safety(client)
        assert "a-canary" not in str(refused.value)
        await client.aclose()
        right = connect(url, password="the-real-one")
        await check_safety(right)
        await right.aclose()

    runner.run(scenario())


# What the message of a refused log-in asks for.
RIGHTS = "~rasid:* +@all -@dangerous +config|get +info +bgrewriteaof"


def make_certificate(folder: Path) -> tuple[str, str]:
    """A certificate for localhost, its own authority, and its key."""
    certificate, key = str(folder / "certificate.pem"), str(folder / "key.pem")
    words = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        ["openssl", "req", *words, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    return certificate, key


def test_tls_and_a_user_with_few_rights_suffice_for_everything(
    start: Start, tmp_path: Path, runner: asyncio.Runner, free_port: int
) -> None:
    certificate, key = make_certificate(tmp_path)
    tls = ["--tls-port", str(free_port), "--tls-cert-file", certificate, "--tls-key-file", key]
    tls += ["--tls-ca-cert-file", certificate, "--tls-auth-clients", "no"]
    (tmp_path / "users").write_text(f"user default off\nuser desk on >a-password {RIGHTS}\n")
    words = [word for pair in (SAFE | {"--aclfile": str(tmp_path / "users")}).items() for word in pair]
    start(*words, *tls)

    async def scenario() -> None:
        client = connect(f"rediss://localhost:{free_port}", ca_file=certificate, username="desk", password="a-password")
        await check_safety(client)
        store = Store(RedisAdmission(client, "tls"), RedisOutbox(client, "tls", "one"), RedisOutbox(client, "tls", "2"))
        assert (await put(store, effects(0, a_delivery("d1")))).checkpoint == 1
        (lent,) = (await store.outbox.lease({"desk": 1}, NOW, 20_000)).leased
        assert await store.outbox.dead(lent, Attempt(Reply.FAILED, 500), NOW, "exhausted")
        assert await store.outbox.replay(["d1"], NOW) == 1
        await client.aclose()
        stranger = connect(f"rediss://localhost:{free_port}", username="desk", password="a-password")
        with pytest.raises(Unavailable, match="certificate"):
            await check_safety(stranger)
        await stranger.aclose()

    runner.run(scenario())


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


def test_a_run_of_a_server_is_met_once_by_all_connections_of_a_client(
    start: Start, tmp_path: Path, runner: asyncio.Runner
) -> None:
    process, url = start(*words_of())

    async def ask(client: Redis) -> None:
        with contextlib.suppress(Unavailable):
            await run_command("asking", client.incr("count"))

    async def scenario() -> None:
        client = connect(url)
        with capture_logs() as first:
            await asyncio.gather(*(ask(client) for _ in range(20)))
        process.kill()
        process.wait()
        start(*words_of())
        with capture_logs() as again:
            for _ in range(3):  # the first meet connections that broke
                await asyncio.gather(*(ask(client) for _ in range(20)))
        await client.aclose()
        assert [each["event"] for each in first] == ["redis_met"]
        assert [each["event"] for each in again] == ["redis_met"]

    runner.run(scenario())


def test_the_log_is_written_anew_before_the_first_command_after_a_restart(
    start: Start, tmp_path: Path, runner: asyncio.Runner
) -> None:
    words = [word for pair in (SAFE | {"--appendfsync": "always"}).items() for word in pair]
    _, url = start(*words)

    async def rewritten(client_url: str) -> bool:
        client = connect(client_url)
        await client.set("key", "value")
        info = await client.info("persistence")
        await client.aclose()
        base = next((tmp_path / "appendonlydir").glob("*.base.*"))
        return info["aof_last_bgrewrite_status"] == "ok" and ".1.base" not in base.name

    assert runner.run(rewritten(url))


def words_of(**settings: str) -> list[str]:
    """What ``start_redis`` takes: safe settings but for these."""
    changed = {f"--{name.replace('_', '-')}": value for name, value in settings.items()}
    return [word for pair in (SAFE | changed).items() for word in pair]


def test_a_server_that_comes_back_with_unsafe_settings_takes_nothing_until_they_are_mended(
    start: Start, runner: asyncio.Runner
) -> None:
    process, url = start(*words_of())

    async def write(client: Redis) -> None:
        await run_command("writing", client.set("key", "value"))

    async def scenario() -> None:
        client, vouched = connect(url), connect(url, unsafe=True)
        await check_safety(client)
        await write(vouched)
        process.kill()
        process.wait()
        start(*words_of(maxmemory_policy="allkeys-lru"))

        for _ in range(3):  # the first meets the connection that broke
            with pytest.raises(Unavailable) as told:
                await write(client)
        assert "CONFIG SET maxmemory-policy noeviction" in str(told.value)
        with contextlib.suppress(Unavailable):
            await write(vouched)
        await write(vouched)

        await vouched.config_set("maxmemory-policy", "noeviction")
        await write(client)
        await client.aclose()
        await vouched.aclose()

    runner.run(scenario())


def test_a_log_that_could_not_be_written_anew_is_tried_again_before_any_command(
    start: Start, runner: asyncio.Runner
) -> None:
    process, url = start(*words_of(rdb_key_save_delay="10000000"))

    def children() -> list[str]:
        return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()

    async def scenario() -> None:
        bare = Redis.from_url(url)
        await bare.set("here", "before")
        client = connect(url)
        writing = asyncio.create_task(run_command("writing", client.set("key", "value")))
        while not children():
            await asyncio.sleep(0.01)
        os.kill(int(children()[0]), signal.SIGKILL)
        with pytest.raises(Unavailable, match="could not write its append-only file anew"):
            await writing
        assert await bare.get("key") is None

        await bare.config_set("rdb-key-save-delay", "0")
        await run_command("writing", client.set("key", "value"))
        assert (await bare.info("persistence"))["aof_last_bgrewrite_status"] == "ok"
        await bare.aclose()
        await client.aclose()

    runner.run(scenario())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("redis://127.0.0.1:{port}", "Connection refused"),
        ("redis://nobody.invalid:{port}", "(Name or service not known|.*resol.*)"),
    ],
)
def test_a_server_that_is_not_reached_is_said_in_words_without_its_address(
    address: str, words: str, free_port: int, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        async with Redis.from_url(address.format(port=free_port)) as client:
            with pytest.raises(Unavailable, match=rf"^Redis does not answer: {words} \(PING\)$") as told:
                await run_command("PING", client.ping())
        assert str(free_port) not in str(told.value)

    runner.run(scenario())


def test_a_server_that_is_silent_is_said_to_be(runner: asyncio.Runner) -> None:
    async def silent() -> None:
        raise TimeoutError

    with pytest.raises(Unavailable, match=r"^Redis does not answer: nothing came in time \(PING\)$"):
        runner.run(run_command("PING", silent()))
