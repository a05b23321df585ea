"""``rasid entities``: names looked up, and files of one's own looked over."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

OWN = """
entities:
  - id: rasid:delta-canal
    key: delta-canal
    kind: place
    names: {ar: [قناة الدلتا], en: [Delta Canal]}
    part_of: [egypt]
"""


def rasid(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "daemon", "entities", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "names.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_an_entity_is_shown_by_any_of_its_names_with_the_holders_of_a_day() -> None:
    ended = rasid("show", "سورية", "--on", "2024-12-01")

    assert ended.returncode == 0
    assert ended.stdout.startswith("syria  Q858  country  on 2024-12-01\n")
    assert "its president: bashar-al-assad 2000-07-17 – 2024-12-08" in ended.stdout
    assert "ahmed-al-sharaa" not in ended.stdout.split("referred to by")[0]


def test_what_makes_a_name_count_is_shown() -> None:
    shown = rasid("show", "amman").stdout

    assert "needs one of: \u2068@jordan\u2069" in shown
    assert "capital of jordan" in shown


def test_an_entity_is_there_for_programs_too(own: Path) -> None:
    told = json.loads(rasid("show", "delta-canal", "-e", str(own), "--format", "json").stdout)

    assert told["names"]["en"] == [{"name": "Delta Canal"}]
    assert told["part_of"] == ["egypt"]


def test_an_unknown_name_is_an_error_with_the_nearest_key() -> None:
    ended = rasid("show", "سوريااا")

    assert ended.returncode == 2
    assert "did you mean `syria`?" in ended.stderr


def test_names_are_searched_and_what_is_not_found_tells_what_is_near() -> None:
    assert rasid("search", "سيسي").stdout.startswith("sisi ")

    nothing = rasid("search", "مصرر")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "near it: egypt" in nothing.stderr


def test_a_file_that_is_well_is_told_so(own: Path) -> None:
    ended = rasid("check", str(own))

    assert (ended.returncode, ended.stdout) == (0, "")
    assert "1 entity in 1 file, nothing found" in ended.stderr


def test_a_finding_has_a_place_a_code_and_a_remedy(own: Path) -> None:
    own.write_text(OWN.replace("قناة الدلتا", "مصر"), encoding="utf-8")

    ended = rasid("check", str(own), "--format", "json")

    row = json.loads(ended.stdout)
    assert ended.returncode == 1
    assert (row["code"], row["line"], row["entity"]) == ("ENT101", 6, "delta-canal")
    assert "strong: no" in row["message"]


@pytest.mark.parametrize(
    ("content", "told"),
    [(OWN.replace("egypt", "egipt"), "did you mean `egypt`?"), (OWN.replace("kind", "knid"), "did you mean `kind`?")],
)
def test_a_file_that_cannot_be_used_is_another_status(own: Path, content: str, told: str) -> None:
    own.write_text(content, encoding="utf-8")

    ended = rasid("check", str(own))

    assert ended.returncode == 2
    assert told in ended.stderr


def test_a_date_that_is_none_is_wrong_usage() -> None:
    assert rasid("show", "syria", "--on", "yesterday").returncode == 2
