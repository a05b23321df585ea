"""The whole daemon on a real Kafka whose articles waited for days; and whose records are gone."""

import asyncio
import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.build import a_flood
from tests.end_to_end.daemon import receiver, wait_until
from tests.end_to_end.kafka import Stream, status
from tests.kafka.admin import delete_records, group_commits

DAY_MS = 86_400_000


@pytest.fixture
def stream(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> Stream:
    return Stream(kafka, kafka_topic, runner)


def add_old(stream: Stream, *numbers: int, days: int = 2) -> None:
    stream.add(*map(a_flood, numbers), timestamp_ms=time.time_ns() // 1_000_000 - days * DAY_MS)


def bodies(posts: list[tuple[str, bytes]]) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in posts]


def test_a_backlog_of_days_comes_in_one_signed_digest_after_the_news(stream: Stream, tmp_path: Path) -> None:
    add_old(stream, *range(20))
    stream.add(a_flood(100))
    with receiver() as hook, stream.daemon(tmp_path, hook) as running:
        wait_until(lambda: len(hook.posts) == 2, "the alert and the digest")

        def committed() -> dict[str, Any]:
            (commit,) = stream.do(group_commits(stream.server, stream.topic)).values()
            kept: dict[str, Any] = json.loads(commit.metadata)
            return kept

        wait_until(lambda: committed()["low"] == 21, "nothing that is still needed")
        assert status(running)["outbox"]["pending"] == 0
        assert running.stop() == 0

    news, digest = bodies(hook.posts)
    assert (news["type"], digest["type"]) == ("alert.opened", "alert.digest")
    assert digest["data"]["total"] == len(digest["data"]["alerts"]) == 20
    assert digest["data"]["alerts"][0]["article"]["title"].startswith("فيضان في بلدة")


def test_what_was_pending_when_the_daemon_was_killed_is_told_by_the_next(stream: Stream, tmp_path: Path) -> None:
    add_old(stream, 1, 2, 3)
    with receiver() as hook:
        with stream.daemon(tmp_path, hook) as first:
            first.event("ready")
            wait_until(lambda: status(first)["outbox"]["pending"] == 3, "the backlog")
            first.stop(signal.SIGKILL)
        with stream.daemon(tmp_path, hook, "--once") as second:
            assert second.process.wait(30) == 0

    (digest,) = bodies(hook.posts)
    assert digest["data"]["total"] == 3


def test_records_that_are_gone_are_told_to_who_asks_for_it(stream: Stream, tmp_path: Path) -> None:
    stream.add(*map(a_flood, range(5)))
    with receiver() as hook:
        shared = {"url": hook.url, "secret_file": "secret", "allow": ["127.0.0.0/8"]}
        receivers = [{"name": "desk", **shared}, {"name": "ops", "events": ["system.*"], **shared}]
        with stream.daemon(tmp_path, hook, receivers=receivers) as first:
            wait_until(lambda: len(hook.posts) == 5, "the alerts")
            assert first.stop() == 0
        stream.add(*map(a_flood, range(5, 9)))
        stream.do(delete_records(stream.server, stream.topic, 0, 8))
        with stream.daemon(tmp_path, hook, receivers=receivers) as second:
            wait_until(lambda: len(hook.posts) == 7, "what is left, and what is not")
            assert second.stop() == 0

    told = [body for body in bodies(hook.posts) if body["type"] == "system.kafka_reset"]
    assert [body["data"] for body in told] == [
        {
            "partition": f"{stream.topic}/0",
            "position": 5,
            "resume": 8,
            "lost": 3,
            "reason": "retention",
            "text": f"{stream.topic}/0: 3 records from 5 on are gone before they were read (retention)",
        }
    ]
