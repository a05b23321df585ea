"""``rasid publish`` into a real Kafka: keys, compression, stops, kills, and a broker that restarts."""

import asyncio
import gzip
import json
import os
import signal
import threading
from pathlib import Path

import pytest

from daemon.publish.run import MOST_UNDER_WAY
from tests.daemon.build import a_line, write_config
from tests.daemon.publish.published import articles, held, lacking, publish, start
from tests.end_to_end.daemon import wait_until
from tests.kafka.admin import create_topic, delete_topic
from tests.kafka.broker import Broker


@pytest.mark.parametrize("compression", ["none", "gzip", "snappy", "lz4", "zstd"])
def test_lines_arrive_as_they_stand(
    compression: str, kafka: str, kafka_topic: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    lines = articles(300)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"\r\n".join(lines)))

    done = publish(tmp_path, "--servers", kafka, "--topic", kafka_topic, "--compression", compression, "a.jsonl.gz")

    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("300 published, 0 invalid, ")
    assert runner.run(held(kafka, kafka_topic))[0] == [(json.loads(line)["id"].encode(), line) for line in lines]


@pytest.mark.parametrize(("by", "keys"), [("id", {b"a0", b"a1", b"a2"}), ("source", {b"s"}), ("none", {None})])
def test_what_has_one_key_stays_in_one_partition_in_order(
    by: str, keys: set[bytes | None], kafka: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    topic = f"keys-{by}-{os.getpid()}"
    lines = [a_line(id=f"a{number % 3}", source="s", title=f"خبر {number}") for number in range(600)]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))

    done = publish(tmp_path, "--servers", kafka, "--topic", topic, "--create-topic", "--key", by, "a.jsonl")

    assert done.returncode == 0, done.stderr
    found = runner.run(held(kafka, topic))
    assert len(found) == 4 and lacking(lines, found) == set()
    assert {key for records in found.values() for key, _ in records} == keys
    for key in keys - {None}:
        where = [number for number, records in found.items() if key in [each for each, _ in records]]
        values = [value for each, value in found[where[0]] if each == key]
        assert len(where) == 1 and values == sorted(values, key=lines.index)


def test_killed_and_started_again_it_loses_nothing_and_repeats_only_what_was_under_way(
    kafka: str, kafka_topic: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    lines = articles(60_000)
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    arguments = ["--servers", kafka, "--topic", kafka_topic, "a.jsonl"]
    journal, kills = tmp_path / f"{kafka_topic}.publish.json", 3

    def reached() -> int:
        files = json.loads(journal.read_text())["files"] if journal.exists() else {}
        return sum(each["line"] for each in files.values())

    for kill in range(1, kills + 1):
        running, mark = start(tmp_path, *arguments), kill * 9_000
        wait_until(lambda: reached() >= mark, "progress")  # noqa: B023, it is done with in each turn
        running.kill()
        assert running.wait() == -signal.SIGKILL, (tmp_path / "said").read_text()
    done = publish(tmp_path, *arguments)

    assert done.returncode == 0, done.stderr
    assert "a.jsonl: goes on after line " in done.stderr
    records = [value for _, value in runner.run(held(kafka, kafka_topic))[0]]
    assert lacking(lines, {0: [(None, value) for value in records]}) == set()
    assert len(records) - len(lines) <= kills * MOST_UNDER_WAY
    last = {value: at for at, value in enumerate(records)}
    assert sorted(lines, key=last.__getitem__) == lines


def test_a_broker_that_dies_and_comes_back_is_waited_for(
    broker: Broker, tmp_path: Path, runner: asyncio.Runner
) -> None:
    topic, lines = f"restart-{os.getpid()}", articles(3_000)
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    runner.run(create_topic(broker.address, topic))
    running = start(tmp_path, "--servers", broker.address, "--topic", topic, "--rate", 1000, "a.jsonl")
    wait_until(lambda: (tmp_path / f"{topic}.publish.json").exists(), "something acknowledged")

    broker.kill()
    broker.start()
    broker.wait_until_ready()

    assert running.wait(60) == 0, (tmp_path / "said").read_text()
    assert [value for _, value in runner.run(held(broker.address, topic))[0]] == lines


def test_ctrl_c_stops_in_good_order_and_the_same_command_goes_on(
    kafka: str, kafka_topic: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    lines = articles(2_000)
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    arguments = ["--servers", kafka, "--topic", kafka_topic, "a.jsonl"]
    running = start(tmp_path, *arguments, "--rate", 500)
    wait_until(lambda: (tmp_path / f"{kafka_topic}.publish.json").exists(), "something acknowledged")

    running.send_signal(signal.SIGINT)

    assert running.wait(30) == 128 + signal.SIGINT
    assert "the same command goes on from there" in (tmp_path / "said").read_text()
    assert publish(tmp_path, *arguments).returncode == 0
    assert [value for _, value in runner.run(held(kafka, kafka_topic))[0]] == lines


def test_invalid_lines_are_told_of_and_only_raw_sends_them(
    kafka: str, kafka_topic: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    given = b'{"id": "a", "title": "x"}\n{bad\n\nnull\n{"id": "b", "title": "y"}\n'
    arguments = ["--servers", kafka, "--topic", kafka_topic, "--no-resume"]

    plain = publish(tmp_path, *arguments, "-", given=given)
    raw = publish(tmp_path, *arguments, "--raw", "-", given=given)

    assert (plain.returncode, raw.returncode) == (1, 0)
    assert plain.stderr.startswith("-:2: not_json: ")
    assert "2 published, 1 invalid, " in plain.stderr
    values = [value for _, value in runner.run(held(kafka, kafka_topic))[0]]
    assert values[2:] == [line for line in given.split(b"\n") if line]
    assert list(tmp_path.iterdir()) == []


def test_what_the_topic_does_not_take_is_told_of_and_the_rest_arrives_in_order(
    kafka: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    topic, lines = f"small-{os.getpid()}", articles(50)
    large = [a_line(id=f"large{number}", title="x" * 8_000) for number in range(2)]
    lines[10:10], lines[30:30] = large[:1], large[1:]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines))
    runner.run(create_topic(kafka, topic, max_message_bytes="6000"))

    done = publish(tmp_path, "--servers", kafka, "--topic", topic, "--compression", "none", "a.jsonl")

    assert done.returncode == 1
    assert [line[:25] for line in done.stderr.splitlines()[:2]] == [
        "a.jsonl:11: too_large: th",
        "a.jsonl:31: too_large: th",
    ]
    assert [value for _, value in runner.run(held(kafka, topic))[0]] == [each for each in lines if each not in large]


def test_a_topic_that_was_made_anew_is_refused(kafka: str, tmp_path: Path, runner: asyncio.Runner) -> None:
    topic = f"anew-{os.getpid()}"
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(articles(10)))
    arguments = ["--servers", kafka, "--topic", topic, "a.jsonl"]
    missing = publish(tmp_path, *arguments)
    first = publish(tmp_path, *arguments, "--create-topic", "--partitions", 1)
    again = publish(tmp_path, *arguments)
    runner.run(delete_topic(kafka, topic))
    runner.run(create_topic(kafka, topic))

    anew = publish(tmp_path, *arguments)
    whole = publish(tmp_path, *arguments, "--no-resume")

    assert (missing.returncode, first.returncode, again.returncode) == (3, 0, 0)
    assert "--create-topic --partitions 4" in missing.stderr
    assert "nothing new after line 10" in again.stderr
    assert anew.returncode == 3 and "partition 0 ends at 0, and offset 9 was acknowledged" in anew.stderr
    assert whole.returncode == 0 and len(runner.run(held(kafka, topic))[0]) == 10


def test_another_cluster_with_a_topic_of_the_same_name_is_refused(kafka: str, kafka_topic: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(articles(10)))
    arguments = ["--servers", kafka, "--topic", kafka_topic, "a.jsonl"]
    assert publish(tmp_path, *arguments).returncode == 0
    journal = tmp_path / f"{kafka_topic}.publish.json"
    stored = json.loads(journal.read_text())
    journal.write_text(json.dumps(stored | {"cluster": "somewhere-else"}))

    done = publish(tmp_path, *arguments)

    assert done.returncode == 3
    assert f"is about the Kafka cluster somewhere-else, and this is {stored['cluster']}" in done.stderr


def test_a_pipe_with_a_name_is_read_once(kafka: str, kafka_topic: str, tmp_path: Path, runner: asyncio.Runner) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    lines = articles(20)
    writing = threading.Thread(target=pipe.write_bytes, args=(b"\n".join(lines),))
    writing.start()

    done = publish(tmp_path, "--servers", kafka, "--topic", kafka_topic, "pipe")

    writing.join()
    assert done.returncode == 0, done.stderr
    assert [value for _, value in runner.run(held(kafka, kafka_topic))[0]] == lines


def test_a_configuration_says_where_to_and_how_articles_are_written(
    kafka: str, kafka_topic: str, tmp_path: Path, runner: asyncio.Runner
) -> None:
    source = {"servers": [kafka], "subscribe": [kafka_topic], "fields": {"id": "guid", "title": "headline"}}
    write_config(tmp_path, sources=[{"kafka": source}])
    (tmp_path / "a.jsonl").write_bytes(a_line(guid="g1", headline="خبر", title="", body=""))

    done = publish(tmp_path, "-c", "rasid.yaml", "a.jsonl")

    assert done.returncode == 0, done.stderr
    assert [key for key, _ in runner.run(held(kafka, kafka_topic))[0]] == [b"g1"]
    assert (tmp_path / "state" / f"{kafka_topic}.publish.json").exists()
