"""``rasid lint`` as an author meets it: places, exit status, formats, and files that are mended in place."""

import json
import re
from pathlib import Path

import pytest

from daemon.cli.main import main

TOPIC = """# تبقى الملاحظات كما هي
topics:
  grain:
    match: |
      قمح شعير   # ليس تعليقاً
      OR زيارة*
    tests:
      - {text: قمح وشعير ليس تعليقا, expect: match}   # مثال
      - {text: ذرة, expect: no_match}
"""


@pytest.fixture
def topics(tmp_path: Path) -> Path:
    path = tmp_path / "grain.yaml"
    path.write_text(TOPIC.replace("   # ليس تعليقاً", ""), encoding="utf-8")
    return path


def test_findings_are_printed_with_their_place_and_end_with_status_1(
    topics: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["lint", "-t", str(topics)])

    out, err = capsys.readouterr()
    assert status == 1
    assert re.match(rf"{topics}:5:11: RSD401 warning: .*Write AND or OR\n    fix: nothing → `AND `", out)
    assert f"{topics}:6:10: RSD105 warning: " in out
    assert err == "2 findings in 1 file\n"


def test_nothing_to_say_is_status_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean = TOPIC.replace("قمح شعير   # ليس تعليقاً\n      OR زيارة*", "قمح AND شعير")
    (tmp_path / "t.yaml").write_text(clean, encoding="utf-8")

    assert main(["lint", "-t", str(tmp_path)]) == 0
    assert capsys.readouterr() == ("", "nothing found\n")


def test_topics_that_cannot_be_used_are_status_2_with_every_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("topics:\n  a: {match: 'titel:x'}\n  b: {match: '*مصر'}\n", encoding="utf-8")

    assert main(["lint", "-t", str(tmp_path), "-t", "absent.yaml"]) == 2
    told = capsys.readouterr().err
    assert all(part in told for part in ("a.yaml:2:", "a.yaml:3:", "absent.yaml: cannot be read"))


def test_safe_changes_are_made_in_the_file_and_nothing_else_is_touched(
    topics: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = topics.read_text(encoding="utf-8")

    assert main(["lint", "--fix", "-t", str(topics)]) == 0

    after = topics.read_text(encoding="utf-8")
    assert after == before.replace("قمح شعير", "قمح AND شعير", 1).replace("زيارة*", "زيارة")
    assert capsys.readouterr().err == f"{topics} changed\nnothing found\n"


def test_codes_are_selected_and_ignored_by_their_beginning(topics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*options: str) -> set[str]:
        main(["lint", "-t", str(topics), "--format", "json", *options])
        return {json.loads(line)["code"] for line in capsys.readouterr().out.splitlines()}

    assert told() == {"RSD105", "RSD401"}
    assert told("--select", "rsd1") == {"RSD105"}
    assert told("--ignore", "RSD105,RSD5") == {"RSD401"}
    assert main(["lint", "--select", "RSD999"]) == 2


def test_a_finding_as_json_says_everything(topics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "-t", str(topics), "--format", "json", "--select", "RSD105"])

    (line,) = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert row.pop("message").startswith("`زيارة*`: nothing is written after a final ة")
    assert row == {
        "code": "RSD105",
        "severity": "warning",
        "where": "topic:grain",
        "file": str(topics),
        "line": 6,
        "column": 10,
        "fix": {"line": 6, "column": 10, "old": "زيارة*", "new": "زيارة"},
    }


def test_a_finding_for_github_is_an_annotation(topics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "-t", str(topics), "--format", "github", "--select", "RSD105"])

    out = capsys.readouterr().out
    assert out.startswith(f"::warning file={topics},line=6,col=10,title=RSD105::")


def test_codes_are_explained_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--explain", "rsd101"]) == 0
    assert "سورية" in capsys.readouterr().out
    assert main(["lint", "--rules"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 20
    assert main(["lint", "--explain", "RSD0"]) == 2


def test_what_comes_with_the_program_is_looked_at_only_where_it_is_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = "topics:\n  mine:\n    match: قمح AND list:diplomacy\n    exclude: topic:football\n"
    (tmp_path / "t.yaml").write_text(mine, encoding="utf-8")

    main(["lint", "-t", str(tmp_path / "t.yaml"), "--format", "json"])

    assert {json.loads(line)["where"] for line in capsys.readouterr().out.splitlines()} == {"topic:mine"}
