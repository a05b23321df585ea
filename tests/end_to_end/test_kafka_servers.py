"""Addresses of brokers: some silent, some not Kafka's at all. The others do, and what is wrong is said."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.daemon.build import a_flood
from tests.end_to_end.daemon import receiver, wait_until
from tests.end_to_end.kafka import Stream
from tests.kafka.admin import create_topic
from tests.kafka.broker import Broker


@pytest.fixture
def stream(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> Stream:
    return Stream(kafka, kafka_topic, runner)


@pytest.fixture
def listen() -> Iterator[Callable[[], tuple[socket.socket, str]]]:
    """Sockets that take connections, and their addresses; nobody answers on them."""
    with ExitStack() as stack:

        def one() -> tuple[socket.socket, str]:
            silent = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=100))
            return silent, f"127.0.0.1:{silent.getsockname()[1]}"

        yield one


def test_servers_that_are_silent_do_not_keep_from_one_that_answers(
    stream: Stream, listen: Callable[[], tuple[socket.socket, str]], tmp_path: Path
) -> None:
    stream.add(b"no article", a_flood(1))
    silent = [listen()[1] for _ in range(4)]
    dead_letters = {"kafka_topic": f"{stream.topic}.dead", "max_ratio": 1}
    with (
        receiver() as hook,
        stream.daemon(
            tmp_path, hook, kafka={"servers": [*silent, stream.server]}, dead_letters=dead_letters
        ) as running,
    ):
        wait_until(lambda: hook.posts, "the alert")
        assert running.stop() == 0


def test_a_daemon_whose_servers_are_all_silent_stops_when_told(
    stream: Stream, listen: Callable[[], tuple[socket.socket, str]], tmp_path: Path
) -> None:
    silent = [listen()[1] for _ in range(6)]
    with receiver() as hook, stream.daemon(tmp_path, hook, kafka={"servers": silent}) as running:
        wait_until(lambda: running.ask("/-/ready")[1], "an answer")
        began = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began < 15.0, "not one after the other"


def test_a_session_that_the_brokers_do_not_allow_is_refused(tmp_path: Path, runner: asyncio.Runner) -> None:
    broker = Broker(tmp_path / "kafka", group_min_session_timeout_ms="3000")
    broker.start()
    try:
        broker.wait_until_ready()
        stream = Stream(broker.address, "articles", runner)
        stream.do(create_topic(stream.server, stream.topic))
        with receiver() as hook, stream.daemon(tmp_path, hook) as running:
            assert running.process.wait(30) == 3
        assert "group.min.session.timeout.ms" in running.event("refused")["reason"]
    finally:
        broker.kill()


def test_what_is_no_kafka_is_said(
    stream: Stream, listen: Callable[[], tuple[socket.socket, str]], free_port: int, tmp_path: Path
) -> None:
    web, address = listen()

    def answer() -> None:
        while True:
            try:
                client, _ = web.accept()
            except OSError:
                return
            with client:
                client.recv(1000)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    threading.Thread(target=answer, daemon=True).start()
    nobody = f"127.0.0.1:{free_port}"
    with receiver() as hook, stream.daemon(tmp_path, hook, kafka={"servers": [address, nobody]}) as running:
        reason: str = wait_until(
            lambda: next((said for said in [running.ask("/-/ready")[1]] if "no broker lets us in" in said), ""), "it"
        )
        assert running.stop() == 0
    assert f"{address}: " in reason
    assert "is that a listener of Kafka without TLS?" in reason
    assert f"{nobody}: Connection refused" in reason
