"""Real servers for the tests. Absent locally, a test is skipped with a clear line; absent in CI, it fails."""

import asyncio
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.store.redis_private import find_server
from tests.debian import program
from tests.free_port import free_port
from tests.kafka.admin import create_topic
from tests.kafka.broker import Broker


def start_redis(program: str, directory: Path, *settings: str) -> tuple[subprocess.Popen[bytes], str]:
    """A server on a Unix socket in ``directory``; returns it and its URL once it listens."""
    path = directory / "s"
    command = [program, "--port", "0", "--unixsocket", str(path), "--dir", str(directory), "--save", ""]
    process = subprocess.Popen([*command, *settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while True:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(path))
                return process, f"unix://{path}"
            except OSError:
                assert process.poll() is None, f"{program} ended with {process.returncode}"
                assert time.monotonic() < deadline, f"{program} did not listen"
                time.sleep(0.01)


def redis_program() -> str:
    """Debian's redis-server (7.0): the oldest server that we promise to run on."""
    return program("redis-server", "redis-server")


SAFE = ("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction")


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The Valkey of the wheel."""
    process, url = start_redis(str(find_server()), tmp_path_factory.mktemp("v"), *SAFE)
    yield url
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Debian's Redis."""
    process, url = start_redis(redis_program(), tmp_path_factory.mktemp("r"), *SAFE)
    yield url
    process.kill()
    process.wait()


@pytest.fixture(name="free_port")
def _free_port() -> int:
    """A TCP port that nobody listens on just now."""
    return free_port()


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for a whole test."""
    with asyncio.Runner() as loop:
        yield loop


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One Kafka for the session. Who kills it starts it again."""
    running = Broker(tmp_path_factory.mktemp("kafka"))
    running.start()
    running.wait_until_ready()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> str:
    """host:port of a Kafka: ``RASID_TEST_KAFKA``, else one of our own."""
    if told := os.environ.get("RASID_TEST_KAFKA"):
        return told
    own: Broker = request.getfixturevalue("broker")
    return own.address


@pytest.fixture
def kafka_topic(kafka: str, runner: asyncio.Runner) -> str:
    """An empty Kafka topic of one partition that no other test uses."""
    name = f"articles-{secrets.token_hex(4)}"
    runner.run(create_topic(kafka, name))
    return name
