"""Several daemons on one group and one Redis, as on several machines; a broker that dies."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.build import a_flood
from tests.end_to_end.daemon import receiver, wait_until
from tests.end_to_end.kafka import Stream, metric, status
from tests.kafka.admin import add_partitions, create_topic
from tests.kafka.broker import Broker

PARTITIONS = 4


@pytest.fixture
def stream(kafka: str, runner: asyncio.Runner) -> Stream:
    """A Kafka topic of four partitions."""
    held = Stream(kafka, f"shared-{time.time_ns()}", runner)
    held.do(create_topic(kafka, held.topic, PARTITIONS))
    return held


def publish(stream: Stream, numbers: range) -> set[tuple[str, str]]:
    """A flood each, over all partitions."""
    for partition in range(PARTITIONS):
        stream.add(*(a_flood(number) for number in numbers if number % PARTITIONS == partition), partition=partition)
    return {("floods", f"flood-{number}") for number in numbers}


def test_two_daemons_share_the_partitions_and_tell_each_alert_once(
    stream: Stream, tmp_path: Path, redis_url: str
) -> None:
    redis = {"url": redis_url}
    with receiver() as hook, stream.daemon(tmp_path / "one", hook, redis=redis) as one:
        expected = publish(stream, range(20))
        wait_until(lambda: len(status(one)["positions"]) == PARTITIONS, "all partitions for the first")
        with stream.daemon(tmp_path / "two", hook, redis=redis) as two:
            wait_until(lambda: len(status(two)["positions"]) == PARTITIONS // 2, "half of them for the second")
            wait_until(lambda: len(status(one)["positions"]) == PARTITIONS // 2, "half for the first")
            expected |= publish(stream, range(20, 60))
            wait_until(lambda: len(set(hook.alerts())) == 60, "all alerts")
            assert metric(one, "rasid_alerts_total", topic="floods") > 0
            assert metric(two, "rasid_alerts_total", topic="floods") > 0
            assert two.stop() == 0
        wait_until(lambda: len(status(one)["positions"]) == PARTITIONS, "all of them again")
        expected |= publish(stream, range(60, 80))
        wait_until(lambda: len(set(hook.alerts())) == 80, "the last alerts")
        assert one.stop() == 0

    assert sorted(hook.alerts()) == sorted(expected), "nothing lost, nothing twice"


def test_a_daemon_that_is_restarted_takes_its_place_without_a_rebalance(
    stream: Stream, tmp_path: Path, redis_url: str
) -> None:
    redis = {"url": redis_url}
    with (
        receiver() as hook,
        stream.daemon(tmp_path / "one", hook, redis=redis, kafka={"session_timeout": "30s"}) as one,
    ):
        with stream.daemon(tmp_path / "two", hook, redis=redis, kafka={"session_timeout": "30s"}) as two:
            wait_until(lambda: len(status(one)["positions"]) == PARTITIONS // 2, "half for the first")
            wait_until(lambda: len(status(two)["positions"]) == PARTITIONS // 2, "half for the second")
            mine = status(two)["positions"].keys()
            before = metric(one, "rasid_rebalances_total")
            two.stop(signal.SIGKILL)
        with stream.daemon(tmp_path / "two", hook, redis=redis, kafka={"session_timeout": "30s"}) as again:
            wait_until(lambda: status(again)["positions"].keys() == mine, "the same partitions")
            assert metric(one, "rasid_rebalances_total") == before
            expected = publish(stream, range(20))
            wait_until(lambda: len(set(hook.alerts())) == 20, "all alerts")
            assert again.stop() == 0
        assert one.stop() == 0

    assert sorted(hook.alerts()) == sorted(expected)


def test_two_daemons_of_one_instance_are_told_of_it_and_lose_nothing(
    stream: Stream, tmp_path: Path, redis_url: str
) -> None:
    shared: dict[str, Any] = {"redis": {"url": redis_url}, "instance": "twin"}
    with (
        receiver() as hook,
        stream.daemon(tmp_path / "one", hook, **shared) as one,
        stream.daemon(tmp_path / "two", hook, **shared) as two,
    ):
        expected = publish(stream, range(8))
        wait_until(lambda: any(line["event"] == "group_unsettled" for each in (one, two) for line in each.log()), "it")
        assert two.stop() == 0
        wait_until(lambda: set(hook.alerts()) == expected, "all alerts")
        assert one.stop() == 0


def test_a_zombie_does_no_harm(stream: Stream, tmp_path: Path, redis_url: str) -> None:
    redis = {"url": redis_url}
    with receiver() as hook, stream.daemon(tmp_path / "one", hook, redis=redis) as one:
        wait_until(lambda: len(status(one)["positions"]) == PARTITIONS, "all partitions for the first")
        expected = publish(stream, range(20))
        with stream.daemon(tmp_path / "two", hook, redis=redis) as two:
            wait_until(lambda: len(status(two)["positions"]) == PARTITIONS // 2, "half for the second")
            one.process.send_signal(signal.SIGSTOP)
            wait_until(lambda: len(status(two)["positions"]) == PARTITIONS, "all, once the session of the first ended")
            expected |= publish(stream, range(20, 40))
            wait_until(lambda: len(set(hook.alerts())) == 40, "all alerts from the second")
            one.process.send_signal(signal.SIGCONT)
            expected |= publish(stream, range(40, 60))
            wait_until(lambda: len(set(hook.alerts())) == 60, "the last alerts")
            wait_until(lambda: len(status(one)["positions"]) == PARTITIONS // 2, "half for the first again")
            assert two.stop() == 0
        assert one.stop() == 0

    assert set(hook.alerts()) == expected
    by_id: dict[str, set[bytes]] = {}
    for webhook_id, body in hook.posts:
        by_id.setdefault(webhook_id, set()).add(body)
    assert len(by_id) == 60
    assert all(len(bodies) == 1 for bodies in by_id.values())


def test_a_new_partition_is_read_from_its_start_also_where_the_first_start_was_latest(
    stream: Stream, tmp_path: Path
) -> None:
    publish(stream, range(4))
    with receiver() as hook, stream.daemon(tmp_path, hook, kafka={"start": "latest"}) as running:
        wait_until(lambda: len(status(running)["positions"]) == PARTITIONS, "the partitions")
        stream.do(add_partitions(stream.server, stream.topic, PARTITIONS + 1))
        stream.add(a_flood(100), partition=PARTITIONS)
        wait_until(lambda: hook.posts, "what is in the new partition")
        assert running.stop() == 0

    assert hook.alerts() == [("floods", "flood-100")]


def test_a_broker_that_was_killed_is_waited_for_and_nothing_is_lost(
    broker: Broker, runner: asyncio.Runner, tmp_path: Path
) -> None:
    stream = Stream(broker.address, f"killed-{time.time_ns()}", runner)
    stream.do(create_topic(stream.server, stream.topic, PARTITIONS))
    with receiver() as hook, stream.daemon(tmp_path, hook) as running:
        expected = publish(stream, range(8))
        wait_until(lambda: len(hook.posts) == 8, "the first alerts")
        hook.answer = 503
        stream.add(a_flood(99))
        wait_until(lambda: len(hook.posts) == 9, "an attempt that fails")
        hook.answer = 204
        broker.kill()
        try:
            wait_until(lambda: running.ask("/-/ready")[0] == 503, "not ready")
            assert "Kafka" in running.ask("/-/ready")[1]
            wait_until(lambda: status(running)["outbox"]["ready"] == 0, "a delivery without Kafka")
        finally:
            broker.start()
            broker.wait_until_ready()
        expected |= publish(stream, range(8, 16))
        wait_until(lambda: len(set(hook.alerts())) == 17, "the others")
        wait_until(lambda: running.ask("/-/ready")[0] == 200, "ready again")
        assert running.stop() == 0

    assert set(hook.alerts()) == expected | {("floods", "flood-99")}
