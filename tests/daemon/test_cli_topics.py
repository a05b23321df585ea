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
    assert ended.stdout.startswith("wheat  warning     1 tests")
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
