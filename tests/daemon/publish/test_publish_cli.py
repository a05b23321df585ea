"""``rasid publish`` where no Kafka is needed: what it refuses before it sends anything, and a dry run."""

from pathlib import Path

import pytest

from tests.daemon.build import a_line, write_config
from tests.daemon.publish.published import publish

SERVERS = ["--servers", "127.0.0.1:1"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jsonl").write_bytes(a_line(id="a", title="خبر") + b"\n{bad\n" + a_line(id="b", title="خبر"))
    write_config(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("nowhere to send to", ["--topic", "t", "a.jsonl"], "one of the arguments -c/--config --servers is required"),
        ("two places", [*SERVERS, "-c", "rasid.yaml", "a.jsonl"], "not allowed with argument"),
        ("no topic", [*SERVERS, "a.jsonl"], "--topic is missing"),
        ("a name that Kafka would not take", [*SERVERS, "--topic", "a/b", "a.jsonl"], "'a/b' is no Kafka topic"),
        ("no port", ["--servers", "broker", "--topic", "t", "a.jsonl"], "'broker' is no broker: write host:port"),
        ("a source that is not Kafka", ["-c", "rasid.yaml", "a.jsonl"], "has no kafka source"),
        ("no file", [*SERVERS, "--topic", "t"], "FILE"),
        ("a file that is not there", [*SERVERS, "--topic", "t", "a.jsonl", "b.jsonl"], "b.jsonl: cannot be read: No"),
        ("a folder", [*SERVERS, "--topic", "t", "."], ".: cannot be read: it is a folder: name the files in it"),
        ("no rate", [*SERVERS, "--topic", "t", "--rate", "0", "a.jsonl"], "'0' is no rate"),
        ("no number", [*SERVERS, "--topic", "t", "--create-topic", "--partitions", "0", "a.jsonl"], "1 to 10000"),
        ("partitions of nothing", [*SERVERS, "--topic", "t", "--partitions", "3", "a.jsonl"], "is for --create-topic"),
    ],
)
def test_wrong_usage_ends_with_two_and_sends_nothing(name: str, arguments: list[str], said: str, folder: Path) -> None:
    before = set(folder.iterdir())
    done = publish(folder, *arguments)

    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr
    assert set(folder.iterdir()) == before


def test_without_kafka_it_says_which_address_did_not_answer(folder: Path) -> None:
    done = publish(folder, *SERVERS, "--topic", "t", "a.jsonl")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "rasid: no Kafka answers on 127.0.0.1:1: is it running, and is that its address?\n"


def test_a_dry_run_needs_no_kafka_and_leaves_nothing(folder: Path) -> None:
    before = set(folder.iterdir())
    done = publish(folder, *SERVERS, "--topic", "t", "--dry-run", "a.jsonl", "./a.jsonl")

    assert done.returncode == 1
    assert done.stderr.splitlines()[0].startswith("a.jsonl:2: not_json: ")
    assert done.stderr.splitlines()[1].startswith("2 would be published, 1 invalid, ")
    assert set(folder.iterdir()) == before


def test_a_journal_of_another_topic_is_refused(folder: Path) -> None:
    (folder / "j").write_text('{"version": 1, "topic": "other"}')

    done = publish(folder, *SERVERS, "--topic", "t", "--resume", "j", "a.jsonl")

    assert done.returncode == 3
    assert "how far other is, not t" in done.stderr
