"""Streams that are closed, full or endless: the command says so and ends as it should."""

import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.daemon.build import TOPICS, a_flood, a_line
from tests.daemon.cli.test_cli import ENVIRONMENT, rasid

ARTICLES = b"\n".join(a_flood(number) for number in range(300))
PADDING = " x" * 2_000


def shell(folder: Path, arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The command with what a shell does to its streams."""
    command = f"exec {shlex.quote(sys.executable)} -m daemon {arguments}"
    return subprocess.run(["/bin/sh", "-c", command], cwd=folder, capture_output=True, env=ENVIRONMENT, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    (tmp_path / "a.jsonl").write_bytes(ARTICLES)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "match -t topics.yaml a.jsonl",
        "explain floods -t topics.yaml a.jsonl",
        "topics list -t topics.yaml",
        "topics schema",
    ],
)
def test_a_full_disk_is_told_in_one_line(folder: Path, command: str) -> None:
    done = shell(folder, f"{command} > /dev/full")

    assert done.returncode == 1
    told = b"rasid: cannot write: No space left on device; what was written is not complete\n"
    assert done.stderr == told


def test_streams_that_are_closed_lead_nowhere(folder: Path) -> None:
    no_input = shell(folder, "match -t topics.yaml - <&-")
    no_output = shell(folder, "match -t topics.yaml a.jsonl >&-")
    nothing = shell(folder, "match -t topics.yaml a.jsonl <&- >&- 2>&-")

    assert [(done.returncode, done.stdout, done.stderr) for done in (no_input, no_output, nothing)] == [
        (0, b"", b"")
    ] * 3


def test_what_has_no_end_is_not_read_to_it(folder: Path) -> None:
    done = rasid(folder, "explain", "floods", "-t", "topics.yaml", "/dev/zero")

    assert done.returncode == 2
    assert b"/dev/zero: neither JSON lines nor one article" in done.stderr


def test_an_archive_is_explained_article_by_article(folder: Path) -> None:
    lines = [a_line(id=f"a-{number}", body=f"فيضان{PADDING}") for number in range(1_500)]
    (folder / "large.jsonl").write_bytes(b"\n".join([*lines, b"{"]))

    done = rasid(folder, "explain", "floods", "-t", "topics.yaml", "large.jsonl", "--id", "a-1499", "--format", "json")

    assert (folder / "large.jsonl").stat().st_size > 4 << 20
    (told,) = map(json.loads, done.stdout.splitlines())
    assert (told["article"], told["matches"]) == ("a-1499", True)
    assert (done.returncode, done.stderr) == (1, b"large.jsonl: line 1501: not_json: Input data was truncated\n")


def test_ctrl_c_ends_without_a_traceback(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "daemon", "match", "-t", "topics.yaml", "-"],
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What runs the tests may itself ignore the signal, and children would.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(a_flood(1) + b"\n")
        process.stdin.flush()
        assert process.stdout.readline()  # it is reading
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)

    assert (process.returncode, stderr) == (130, b"")
