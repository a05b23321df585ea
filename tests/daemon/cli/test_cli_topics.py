"""``rasid topics``: what authors ask of the command line."""

import json
import subprocess
import sys
from pathlib import Path

TOPICS = """
topics:
  wheat:
    title: {ar: القمح, en: Wheat}
    severity: warning
    match: قمح OR wheat
    tests: [{text: وصلت شحنة قمح., expect: match}]
"""


def rasid(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "daemon", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_topics_are_listed_with_what_they_are_called(tmp_path: Path) -> None:
    (tmp_path / "wheat.yaml").write_text(TOPICS, encoding="utf-8")

    ended = rasid("topics", "list", "-t", str(tmp_path))

    assert ended.returncode == 0
    assert ended.stdout.startswith("wheat  warning     1 test ")
    assert "القمح" in ended.stdout
    assert "Wheat" in ended.stdout


def test_the_list_is_there_for_programs_too(tmp_path: Path) -> None:
    (tmp_path / "wheat.yaml").write_text(TOPICS, encoding="utf-8")

    rows = [
        json.loads(line)
        for line in rasid("topics", "list", "-t", str(tmp_path), "--format", "json").stdout.split("\n")
        if line
    ]

    assert [(row["topic"], row["severity"], row["tests"], row["enabled"]) for row in rows] == [
        ("wheat", "warning", 1, True)
    ]


def test_a_query_of_another_tool_becomes_a_topic_file_that_is_sound(tmp_path: Path) -> None:
    (tmp_path / "Grain 2026.txt").write_text('wheat AND "port strike"~3', encoding="utf-8")

    ended = rasid("topics", "import", "--from", "lucene", str(tmp_path / "Grain 2026.txt"))

    assert ended.returncode == 0
    assert "Grain 2026.txt:1:24: changed: `~3` is written NEAR/3" in ended.stderr
    (tmp_path / "grain.yaml").write_text(ended.stdout, encoding="utf-8")
    checked = rasid("check", "-t", str(tmp_path / "grain.yaml"))
    assert checked.returncode == 0, checked.stderr
    assert "grain-2026:" in ended.stdout


def test_what_was_lost_and_what_cannot_be_read_have_their_own_status(tmp_path: Path) -> None:
    (tmp_path / "q").write_text("wheat AND country:us", encoding="utf-8")
    (tmp_path / "bad").write_text("wheat AND (", encoding="utf-8")

    lost = rasid("topics", "import", "--from", "meltwater", "--name", "w", str(tmp_path / "q"))
    unreadable = rasid("topics", "import", "--from", "meltwater", str(tmp_path / "bad"))
    missing = rasid("topics", "import", "--from", "meltwater", str(tmp_path / "none"))

    assert (lost.returncode, unreadable.returncode, missing.returncode) == (1, 2, 2)
    assert "q:1:11: lost: `country:` and its value are left out" in lost.stderr
    assert "match: |\n      wheat\n" in lost.stdout
    assert (unreadable.stdout, missing.stdout) == ("", "")
    assert "bad:1:12: the query ends too early" in unreadable.stderr
