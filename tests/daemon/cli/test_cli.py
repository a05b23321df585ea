"""The command as a user meets it: what it prints where, and how it ends."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.daemon.build import TOPICS, a_flood, a_line, quiet, write_config

WITH_TESTS = TOPICS + "    tests:\n      - {text: وصلت السفينة إلى ميناء بيروت, expect: match}\n"


ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}


def rasid(folder: Path, *arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "daemon", *arguments]
    return subprocess.run(command, cwd=folder, input=given or b"", capture_output=True, env=ENVIRONMENT, timeout=60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_config(tmp_path, topics=WITH_TESTS)
    return tmp_path


def lines_of(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_match_prints_a_line_per_article_and_topic(folder: Path) -> None:
    body = "وصل الفيضان إلى ميناء المدينة"
    (folder / "a.jsonl").write_bytes(b"\n".join([quiet(1), a_line(id="x", body=body), a_flood(2)]))

    done = rasid(folder, "match", "-t", "topics.yaml", "a.jsonl")

    assert (done.returncode, done.stderr) == (0, b"")
    found = lines_of(done)
    assert [(line["article"], line["topic"]) for line in found] == [
        ("x", "floods"),
        ("x", "harbours"),
        ("flood-2", "floods"),
    ]
    evidence = found[0]["evidence"]
    assert isinstance(evidence, list)
    (first,) = evidence
    assert body[first["start"] : first["end"]] == first["text"]
    assert first["text"].endswith("فيضان")
    assert first["level"] == "attached"


def test_match_reads_gzip_and_standard_input(folder: Path) -> None:
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(a_flood(1) + b"\n"))

    done = rasid(folder, "match", "-t", "topics.yaml", "a.jsonl.gz", "-", given=a_flood(2))
    by_default = rasid(folder, "match", "-t", "topics.yaml", given=a_flood(3) + b"\r\n")

    assert [line["article"] for line in lines_of(done)] == ["flood-1", "flood-2"]
    assert [line["article"] for line in lines_of(by_default)] == ["flood-3"]


def test_match_tells_of_invalid_lines_and_goes_on(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(b"\n".join([b"{", b"", a_line(title=5), a_flood(1), b"\xff\xfe{"]))

    done = rasid(folder, "match", "-t", "topics.yaml", "a.jsonl")

    assert done.returncode == 1
    told = done.stderr.decode().splitlines()
    assert [line.split(": ")[:2] for line in told] == [
        ["a.jsonl:1", "not_json"],
        ["a.jsonl:3", "wrong_type"],
        ["a.jsonl:5", "encoding"],
    ]
    assert [line["article"] for line in lines_of(done)] == ["flood-1"]


def test_match_tells_of_an_unreadable_file_and_goes_on(folder: Path) -> None:
    (folder / "cut.gz").write_bytes(gzip.compress(a_flood(1) + b"\n")[:-20])
    (folder / "a.jsonl").write_bytes(a_flood(2))

    done = rasid(folder, "match", "-t", "topics.yaml", "absent.jsonl", "cut.gz", "a.jsonl")

    assert done.returncode == 2
    assert b"absent.jsonl: cannot be read: No such file" in done.stderr
    assert b"cut.gz: cannot be read: Compressed file ended" in done.stderr
    assert lines_of(done)[-1]["article"] == "flood-2"


def test_match_as_a_table_keeps_each_cells_direction(folder: Path) -> None:
    done = rasid(folder, "match", "-t", "topics.yaml", "--format", "table", given=a_flood(1))

    head, row = done.stdout.decode().splitlines()
    assert head == "ARTICLE\tTOPIC\tSCORE\tEVIDENCE"
    assert row == "flood-1\tfloods\t1\t\u2068فيضان\u2069"  # nothing around what other programs read


def test_match_explains_on_request(folder: Path) -> None:
    (line,) = lines_of(rasid(folder, "match", "-t", "topics.yaml", "--explain", given=a_flood(1)))

    explanation = line["explanation"]
    assert isinstance(explanation, dict)
    assert [(clause["source"], clause["holds"]) for clause in explanation["clauses"]] == [
        ("فيضان", True),
        ("flood", False),
    ]


def test_match_as_a_table_explains_below_each_row(folder: Path) -> None:
    done = rasid(folder, "match", "-t", "topics.yaml", "--format", "table", "--explain", given=a_flood(1))

    lines = done.stdout.decode().splitlines()
    assert lines[2].startswith("    ✓ floods: matches with score 1")
    assert "✗ flood  ^1  — is nowhere in the text" in done.stdout.decode()


def test_a_reader_that_has_seen_enough_is_no_error(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(b"\n".join(a_flood(number) for number in range(3_000)))
    command = f"{sys.executable} -m daemon match -t topics.yaml a.jsonl | head -1; echo ${{PIPESTATUS[0]}}"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}

    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, env=environment, timeout=60)

    assert done.stdout.splitlines()[-1] == b"0"
    assert done.stderr == b""


def test_check_lists_problems_of_configuration_and_topics(folder: Path) -> None:
    well = rasid(folder, "check", "-c", "rasid.yaml")
    write_config(folder, topics=WITH_TESTS + "      - {text: لا شيء, expect: match}\n")
    failing = rasid(folder, "check", "-c", "rasid.yaml")
    write_config(folder, topics="topics:\n  a:\n    match: |\n      titel:x\n  b: {match: '*x'}\n")
    broken = rasid(folder, "check", "-t", "topics.yaml")

    assert (well.returncode, well.stdout) == (0, b"2 topics, 1 test, 0 failed\n")
    assert failing.returncode == 1
    assert b"topics.yaml:12:9:" in failing.stderr and b"expects match" in failing.stderr
    assert broken.returncode == 2
    assert b"topics.yaml:4:7: unknown field `titel:`" in broken.stderr
    assert len(broken.stderr.splitlines()) >= 2


def test_check_counts_what_was_asked_for_and_warns_of_what_says_nothing(folder: Path) -> None:
    (folder / "empty").mkdir()
    topics = WITH_TESTS.replace("    tests:", "    exclude: topic:football\n    tests:")
    write_config(folder, topics=topics)

    well = rasid(folder, "check", "-t", "topics.yaml", "-t", "empty")
    write_config(folder, topics=topics.replace("football", "footbal"))
    misspelt = rasid(folder, "check", "-t", "topics.yaml", "-t", "builtin:mina")

    assert (well.returncode, well.stdout) == (0, b"2 topics, 1 test, 0 failed\n")
    assert well.stderr == b"empty: no topic and no list is in it (warning)\n"
    assert b"did you mean `mena`?" in misspelt.stderr
    assert b"did you mean `football`?" in rasid(folder, "check", "-t", "topics.yaml").stderr


def test_check_tells_that_no_file_fits_a_source(folder: Path) -> None:
    write_config(folder, sources=[{"file": {"path": "none-*.jsonl"}}])

    done = rasid(folder, "check", "-c", "rasid.yaml")

    assert done.returncode == 2
    assert b"no file fits none-*.jsonl" in done.stderr


def test_explain_says_what_was_missing(folder: Path) -> None:
    (folder / "a.txt").write_text("أسعار الخضار\nلا جديد في السوق", encoding="utf-8")

    done = rasid(folder, "explain", "harbours", "a.txt", "-t", "topics.yaml")
    unknown = rasid(folder, "explain", "harbour", "a.txt", "-t", "topics.yaml")

    assert done.returncode == 0
    assert done.stdout.decode().startswith("✗ harbours: no clause holds")
    assert (unknown.returncode, b"did you mean `harbours`?" in unknown.stderr) == (2, True)


def test_stories_are_grouped_in_order(folder: Path) -> None:
    done = rasid(folder, "stories", "group", given=b"\n".join([a_flood(1), a_flood(2), a_flood(1)]))

    found = lines_of(done)
    assert done.returncode == 0
    assert [line["article"] for line in found] == ["flood-1", "flood-2", "flood-1"]
    assert [line["relation"] for line in found] == ["new", "new", "same_article"]
    assert found[0]["story"] == found[2]["story"] != found[1]["story"]


WRONG_USAGE = [
    ("nothing", []),
    ("an unknown command", ["mach"]),
    ("run without a configuration", ["run"]),
    ("an unknown format", ["match", "--format", "xml"]),
    ("an unknown pack", ["match", "-t", "builtin:nothing"]),
    ("a configuration that is not there", ["run", "-c", "absent.yaml"]),
    ("a bad instance", ["run", "-c", "rasid.yaml", "--instance", "a b"]),
    ("both -c and -t", ["check", "-c", "rasid.yaml", "-t", "topics.yaml"]),
]


@pytest.mark.parametrize(("name", "arguments"), WRONG_USAGE, ids=[row[0] for row in WRONG_USAGE])
def test_wrong_usage_ends_with_two_and_a_message(name: str, arguments: list[str], folder: Path) -> None:
    done = rasid(folder, *arguments)

    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr and b"Traceback" not in done.stderr


def test_without_a_daemon_its_commands_say_so(folder: Path) -> None:
    done = rasid(folder, "deliveries", "list", "-c", "rasid.yaml")

    assert done.returncode == 1
    assert done.stderr == b"rasid: no daemon runs with rasid.yaml: start it with `rasid run -c rasid.yaml`\n"


def test_version_and_help_go_to_standard_output(folder: Path) -> None:
    assert rasid(folder, "--version").stdout.startswith(b"rasid ")
    assert b"examples:" in rasid(folder, "match", "--help").stdout


def with_a_teaser(number: int) -> bytes:
    body = f"ارتفعت أسعار القمح في أسواق المدينة رقم {number} أمس بعد هبوط طويل\nفيضان يقطع الطريق بين المدينتين"
    return a_line(id=f"{number}", source="جريدة", title=f"خبر {number}", body=body)


def test_a_paragraph_that_the_source_repeats_matches_once(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(b"\n".join(map(with_a_teaser, range(3))))

    matched = rasid(folder, "match", "-t", "topics.yaml", "a.jsonl")
    explained = rasid(folder, "explain", "-t", "topics.yaml", "floods", "a.jsonl").stdout.decode()

    assert [line["article"] for line in lines_of(matched)] == ["0"]
    assert [line[0] for line in explained.splitlines() if "floods" in line] == ["✓", "✗", "✗"]
    why = "is only in a paragraph that this source repeats: "
    assert [why in line for line in explained.splitlines() if line.startswith("  ✗ \u2068فيضان")] == [True, True]


def test_of_one_article_alone_every_paragraph_counts_and_the_help_says_so(folder: Path) -> None:
    alone = rasid(folder, "explain", "-t", "topics.yaml", "floods", "-", given=with_a_teaser(1)).stdout.decode()

    assert alone.startswith("✓")
    assert "of one article alone" in " ".join(rasid(folder, "explain", "--help").stdout.decode().split())
