"""Alerts of running daemons, followed: those of every process, and across restarts."""

import http.client
import json
import signal
import threading
from collections.abc import Sized
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.daemon.build import a_flood
from tests.end_to_end.daemon import PATIENCE_SECONDS, Daemon, append, daemon, receiver, wait_until


class Reader:
    """A client as a browser is one: it keeps the last id, and hands it back when it connects again."""

    def __init__(self) -> None:
        self.last = ""
        self.articles: list[str] = []

    def follow(self, running: Daemon) -> threading.Thread:
        """Read until the stream ends. Returns once the stream is open."""
        connection = http.client.HTTPConnection(running.event("listening")["address"], timeout=PATIENCE_SECONDS)
        connection.request("GET", "/api/v1/alerts/stream", headers={"Last-Event-ID": self.last} if self.last else {})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.readline() == b"retry: 1000\n"

        def read() -> None:
            with suppress(OSError, http.client.HTTPException):
                place = ""
                while line := answer.readline().decode():
                    name, _, value = line.rstrip("\n").partition(": ")
                    if name == "id":
                        place = value
                    if name == "data":
                        self.articles.append(json.loads(value)["article"])
                        self.last = place
            connection.close()

        thread = threading.Thread(target=read)
        thread.start()
        return thread


def test_a_stream_shows_what_every_process_of_the_name_tells(tmp_path: Path, redis_url: str) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    second.mkdir()
    redis = {"url": redis_url}
    with receiver() as hook, daemon(first, hook, redis=redis) as one, daemon(second, hook, redis=redis) as two:
        one.event("ready")
        two.event("ready")
        reader = Reader()
        thread = reader.follow(one)
        append(second, a_flood(1))
        wait_until(lambda: reader.articles == ["flood-1"], "an alert of the other process")
        append(first, a_flood(2))
        wait_until(lambda: reader.articles == ["flood-1", "flood-2"], "an alert of its own")
        assert one.stop() == 0
        thread.join()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["restarted", "killed"])
def test_a_stream_goes_on_after_a_restart_without_a_gap_or_a_repeat(tmp_path: Path, number: signal.Signals) -> None:
    reader = Reader()
    with receiver() as hook:
        for begun in range(0, 18, 6):
            with daemon(tmp_path, hook) as running:
                running.event("ready")
                append(tmp_path, *map(a_flood, range(begun, begun + 3)))
                wait_until(partial(_has, hook.posts, begun + 3), "deliveries before anybody follows")
                thread = reader.follow(running)
                append(tmp_path, *map(a_flood, range(begun + 3, begun + 6)))
                wait_until(partial(_has, reader.articles, begun + 3), "the last alert")
                running.stop(number)
                thread.join()
    # The first three were told before it first connected.
    assert reader.articles == [f"flood-{step}" for step in range(3, 18)]


def _has(found: Sized, number: int) -> bool:
    return len(found) >= number
