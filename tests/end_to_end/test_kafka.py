"""The whole daemon on a real Kafka: first starts, restarts, gaps, dead letters."""

import asyncio
import json
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka.errors import KafkaError

from alerts.store.redis_connection import connect
from tests.daemon.build import a_flood, a_line, quiet
from tests.end_to_end.daemon import receiver, wait_until
from tests.end_to_end.kafka import Stream, metric, read_all, status
from tests.kafka.admin import create_topic, delete_group, delete_records, delete_topic, group_commits


@pytest.fixture
def stream(kafka: str, kafka_topic: str, runner: asyncio.Runner) -> Stream:
    return Stream(kafka, kafka_topic, runner)


def flood_ids(*numbers: int) -> list[tuple[str, str]]:
    return [("floods", f"flood-{number}") for number in numbers]


def test_an_article_arrives_once_and_its_position_is_committed(stream: Stream, tmp_path: Path) -> None:
    stream.add(quiet(1), a_flood(1), a_flood(1), None)
    with receiver() as hook, stream.daemon(tmp_path, hook) as running:
        wait_until(lambda: hook.posts, "the alert")
        stream.add(a_flood(2), compression_type="zstd")
        wait_until(lambda: len(hook.posts) > 1, "the second alert")
        wait_until(lambda: metric(running, "rasid_records_total", outcome="tombstone") == 1, "the tombstone")
        wait_until(lambda: stream.do(group_commits(stream.server, stream.topic)), "a commit")

        wait_until(lambda: status(running)["lag"] == {f"{stream.topic}/0": {"records": 0, "seconds": 0.0}}, "the lag")
        assert status(running)["positions"] == {f"{stream.topic}/0": 5}
        assert f"{stream.topic}/0: at 5, 0 behind (0 s)" in running.rasid("status").stdout
        assert running.stop() == 0

    (commit,) = stream.do(group_commits(stream.server, stream.topic)).values()
    kept = json.loads(commit.metadata)
    assert (commit.offset, kept["low"], kept["partitions"]) == (5, 5, 1)
    assert hook.alerts() == flood_ids(1, 2)


def test_the_dead_are_kept_in_kafka_and_are_there_again_after_a_wipe(
    stream: Stream, tmp_path: Path, redis_url: str
) -> None:
    """Although the record itself is gone from Kafka by then, and nothing holds it back any more."""
    stream.add(a_flood(1))
    with receiver() as hook:
        hook.answer = 503
        desk = {"name": "desk", "url": hook.url, "secret_file": "secret", "allow": ["127.0.0.0/8"], "retry": ["0s"]}
        parked = {"kafka_topic": f"{stream.topic}.parked"}
        with stream.daemon(tmp_path, hook, redis={"url": redis_url}, receivers=[desk], parked=parked) as running:
            running.event("ready")
            wait_until(lambda: status(running)["outbox"]["dead"] == 1, "the dead letter")
            wait_until(lambda: _committed_low(stream) == 1, "its record to be let go")
            stream.do(delete_records(stream.server, stream.topic, 0, 1))
            flush(redis_url, stream)
            stream.add(quiet(2))
            wait_until(lambda: status(running)["positions"].get(f"{stream.topic}/0") == 2, "reading again")
            wait_until(lambda: status(running)["outbox"]["dead"] == 1, "the dead letter again")
            assert running.event("parked_restored")["deliveries"] == 1

            (dead,) = running.rasid("deliveries", "list", "--state", "dead", "--receiver", "desk").stdout.splitlines()
            shown = json.loads(running.rasid("deliveries", "show", json.loads(dead)["id"]).stdout)
            assert (shown["reason"], shown["body"]) == ("exhausted", json.loads(hook.posts[0][1]))
            hook.answer = 204
            assert running.rasid("replay", "--receiver", "desk", "--state", "dead").stdout == "1 will be sent again\n"
            wait_until(lambda: len(hook.posts) == 2, "the replay")
            wait_until(lambda: status(running)["outbox"]["dead"] == 0, "it to be settled")
            assert running.stop() == 0

    assert hook.posts[0] == hook.posts[1]
    assert hook.headers[1]["rasid-replay"] == "true"


def _committed_low(stream: Stream) -> int:
    (commit,) = stream.do(group_commits(stream.server, stream.topic)).values()
    return int(json.loads(commit.metadata)["low"])


def flush(redis_url: str, stream: Stream) -> None:
    """Redis knows nothing any more."""

    async def run() -> None:
        client = connect(redis_url)
        await client.flushall()
        await client.aclose()

    stream.do(run())


def test_a_trace_goes_on_to_the_receiver(stream: Stream, tmp_path: Path) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    stream.add(a_flood(1), headers=[("traceparent", trace.encode())])
    stream.add(a_flood(2), headers=[("traceparent", b"00-forged\r\nheader: x")])
    with receiver() as hook, stream.daemon(tmp_path, hook) as running:
        wait_until(lambda: len(hook.posts) == 2, "both alerts")
        assert running.stop() == 0

    traces = [each.get("traceparent") for each in hook.headers]
    assert dict(zip((article for _, article in hook.alerts()), traces, strict=True)) == {
        "flood-1": trace,
        "flood-2": None,
    }


def test_a_first_start_at_latest_begins_after_what_was_there_and_is_kept_at_once(
    stream: Stream, tmp_path: Path
) -> None:
    stream.add(a_flood(1))
    with receiver() as hook:
        with stream.daemon(tmp_path, hook, kafka={"start": "latest"}) as first:
            wait_until(lambda: status(first)["positions"], "the partition")
            assert stream.do(group_commits(stream.server, stream.topic))
            first.stop(signal.SIGKILL)
        stream.add(a_flood(2))
        with stream.daemon(tmp_path, hook, kafka={"start": "latest"}) as second:
            wait_until(lambda: hook.posts, "what came meanwhile")
            assert second.stop() == 0

    assert hook.alerts() == flood_ids(2)


def test_a_first_start_at_a_time_begins_there(stream: Stream, tmp_path: Path) -> None:
    now_ms = time.time_ns() // 1_000_000
    stream.add(a_flood(1), timestamp_ms=now_ms - 7_200_000)
    stream.add(a_flood(2), timestamp_ms=now_ms - 60_000)
    hour_ago = datetime.fromtimestamp(now_ms / 1000 - 3600, UTC).isoformat()
    with receiver() as hook, stream.daemon(tmp_path, hook, "--once", kafka={"start": hour_ago}) as running:
        assert running.process.wait(30) == 0

    assert hook.alerts() == flood_ids(2)


def test_a_group_that_kafka_forgot_goes_on_at_the_checkpoint_in_redis(stream: Stream, tmp_path: Path) -> None:
    stream.add(a_flood(1))
    with receiver() as hook:
        with stream.daemon(tmp_path, hook, kafka={"start": "latest"}) as first:
            wait_until(lambda: status(first)["positions"], "the partition")
            stream.add(a_flood(2))
            wait_until(lambda: hook.posts, "the second article")
            assert first.stop() == 0
        wait_until(lambda: _forgotten(stream), "the group's end")
        stream.add(a_flood(3))
        with stream.daemon(tmp_path, hook, kafka={"start": "latest"}) as second:
            wait_until(lambda: len(hook.posts) > 1, "what came meanwhile")
            assert second.stop() == 0

    assert hook.alerts() == flood_ids(2, 3)


def _forgotten(stream: Stream) -> bool:
    """Once the session of the group's last member has ended, as after the retention of its offsets."""
    try:
        stream.do(delete_group(stream.server, stream.topic))
    except KafkaError:
        return False
    return not stream.do(group_commits(stream.server, stream.topic))


def test_a_wiped_store_is_filled_again_from_the_oldest_record_that_is_needed(
    stream: Stream, tmp_path: Path, redis_url: str
) -> None:
    async def flush() -> None:
        client = connect(redis_url)
        await client.flushall()
        await client.aclose()

    with receiver() as hook, stream.daemon(tmp_path, hook, redis={"url": redis_url}) as running:
        stream.add(a_flood(1))
        wait_until(lambda: hook.posts, "the first")
        hook.answer = 503
        stream.add(a_flood(2), a_flood(3))
        wait_until(lambda: len(hook.posts) >= 3, "an attempt each")
        wait_until(lambda: running.event("partitions_assigned"), "the partition")
        wait_until(lambda: next(iter(stream.do(group_commits(stream.server, stream.topic)).values())).offset == 3, "it")
        stream.do(flush())
        hook.answer = 204
        wait_until(lambda: metric(running, "rasid_realerted_total") == 2, "the wiped ones again")
        wait_until(lambda: status(running)["outbox"]["ready"] == 0, "their delivery")
        assert running.stop() == 0

    assert set(hook.alerts()) == set(flood_ids(1, 2, 3))
    assert hook.alerts().count(("floods", "flood-1")) == 1, "low was behind it"


def test_records_that_retention_took_are_skipped_and_counted(stream: Stream, tmp_path: Path) -> None:
    stream.add(a_flood(1))
    with receiver() as hook:
        with stream.daemon(tmp_path, hook) as first:
            wait_until(lambda: hook.posts, "the first")
            assert first.stop() == 0
        stream.add(a_flood(2), a_flood(3), a_flood(4))
        stream.do(delete_records(stream.server, stream.topic, 0, 3))
        with stream.daemon(tmp_path, hook) as second:
            wait_until(lambda: len(hook.posts) > 1, "what is left")

            assert metric(second, "rasid_skipped_offsets_total", reason="retention") == 2
            assert second.event("records_vanished")["lost"] == 2
            assert second.stop() == 0

    assert hook.alerts() == flood_ids(1, 4)


def test_a_topic_that_was_made_anew_is_read_from_its_start(stream: Stream, tmp_path: Path) -> None:
    stream.add(*(quiet(number) for number in range(20)), a_flood(1))
    with receiver() as hook:
        with stream.daemon(tmp_path, hook) as first:
            wait_until(lambda: hook.posts, "the first")
            assert first.stop() == 0
        stream.do(delete_topic(stream.server, stream.topic))
        wait_until(lambda: _made_again(stream), "the topic again")
        stream.add(a_flood(2))
        with stream.daemon(tmp_path, hook) as second:
            wait_until(lambda: len(hook.posts) > 1, "what is in the new one")
            assert second.stop() == 0

    assert hook.alerts() == flood_ids(1, 2)


def _made_again(stream: Stream) -> bool:
    try:
        stream.do(create_topic(stream.server, stream.topic))
    except Exception:  # the old one is still being removed
        return False
    return True


def test_what_holds_no_article_goes_to_the_dead_letter_topic_with_the_reason(stream: Stream, tmp_path: Path) -> None:
    dead = f"{stream.topic}.dead"
    stream.add(b"not json", key=b"k", headers=[("trace", b"1"), ("rasid-reason", b"forged")])
    stream.add(a_line(title=""), a_flood(1))
    with (
        receiver() as hook,
        stream.daemon(tmp_path, hook, dead_letters={"kafka_topic": dead, "max_ratio": 1}) as running,
    ):
        wait_until(lambda: hook.posts, "the alert")
        assert running.stop() == 0

    first, second = stream.do(read_all(stream.server, dead))
    assert (first.key, first.value) == (b"k", b"not json")
    headers = dict(first.headers)
    assert headers["trace"] == b"1"
    assert [value for name, value in first.headers if name == "rasid-reason"] == [b"not_json"]
    assert headers["rasid-origin"] == f"{stream.topic}/0/0".encode()
    assert headers["rasid-detail"]
    assert dict(second.headers)["rasid-reason"] == b"nothing_to_read"


def test_a_stream_of_rubbish_stops_the_daemon_instead_of_being_drained(stream: Stream, tmp_path: Path) -> None:
    stream.add(*([b"rubbish"] * 600))
    with receiver() as hook, stream.daemon(tmp_path, hook) as running:
        assert running.process.wait(30) == 3

    assert "hold no article" in running.event("refused")["reason"]


def test_a_topic_that_is_missing_is_waited_for(kafka: str, runner: asyncio.Runner, tmp_path: Path) -> None:
    stream = Stream(kafka, f"late-{time.time_ns()}", runner)
    with receiver() as hook, stream.daemon(tmp_path, hook) as running:
        wait_until(lambda: "there is no Kafka topic" in running.ask("/-/ready")[1], "the reason")
        stream.do(create_topic(kafka, stream.topic))
        stream.add(a_flood(1))
        wait_until(lambda: hook.posts, "the alert")
        assert running.ask("/-/ready")[0] == 200
        assert running.stop() == 0
