"""``rasid backtest`` as a desk uses it."""

import json
from pathlib import Path
from typing import Any

import pytest

from daemon.cli.main import main
from tests.daemon.backtest.archive import archive
from tests.daemon.build import TOPICS, a_line, write_config

STRICT = TOPICS.replace("فيضان OR flood", '"فيضان في المرفأ" OR flood')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration, two sets of topics and an archive, where we stand."""
    write_config(tmp_path)
    (tmp_path / "strict.yaml").write_text(STRICT, encoding="utf-8")
    fields = ("id", "title", "body", "source", "url", "lang")
    lines = [
        a_line(**{name: getattr(each, name) for name in fields}, published_at=str(each.published_at))
        for each in archive(days=3)
    ]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines_of(capsysbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]


def test_topics_alone_are_enough(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "-t", "topics.yaml", "a.jsonl"]) == 0

    out = capsys.readouterr().out
    assert "12 stories, 12 alerts" in out.splitlines()[0]
    assert "2026-03-01" in out
    assert "RECEIVER" not in out, "nobody is called anything"
    assert "floods" in out


def test_a_configuration_gives_its_ids(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["backtest", "-c", "rasid.yaml", "--format", "jsonl", "a.jsonl"]) == 0
    configured = lines_of(capsysbinary)
    assert main(["backtest", "-t", "topics.yaml", "--name", "test", "--format", "jsonl", "a.jsonl"]) == 0
    named = lines_of(capsysbinary)
    assert main(["backtest", "-t", "topics.yaml", "--format", "jsonl", "a.jsonl"]) == 0
    other = lines_of(capsysbinary)

    assert [each["notice"] for each in configured] == [each["notice"] for each in named]
    assert not {each["notice"] for each in configured} & {each["notice"] for each in other}
    assert {tuple(each["receivers"]) for each in configured} == {("desk",)}


def test_a_stricter_topic_loses_stories_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["backtest", "--diff", "topics.yaml", "strict.yaml", "--junit", "o.xml", "--html", "o.html", "a.jsonl"]
    assert main(arguments) == 1

    out = capsys.readouterr().out
    assert "12 → 2 alerts, 10 stories lost, 0 gained" in out
    assert "lost 2026-03-01 floods: \u2068فيضان في الوادي" in out
    assert 'failures="1"' in (folder / "o.xml").read_text("utf-8")
    assert "10 stories lost" in (folder / "o.html").read_text("utf-8")


def test_a_wider_topic_loses_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "-c", "rasid.yaml", "--diff", "strict.yaml", "topics.yaml", "a.jsonl"]) == 0
    assert "0 stories lost, 10 gained" in capsys.readouterr().out


def test_a_topic_that_alerts_too_often_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "-t", "topics.yaml", "--most", "3", "a.jsonl"]) == 1
    assert "floods: 4 alerts on 2026-03-01, more than 3" in capsys.readouterr().err


def test_only_the_days_asked_for_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["backtest", "-t", "topics.yaml", "--from", "2026-03-02", "--to", "2026-03-02", "a.jsonl"]
    assert main(arguments) == 0

    days = [line[:10] for line in capsys.readouterr().out.splitlines() if line.startswith("2026")]
    assert days == ["2026-03-02"]


def test_a_file_in_any_order_is_sorted_on_request(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    content = (folder / "a.jsonl").read_bytes().splitlines()
    (folder / "back.jsonl").write_bytes(b"\n".join(reversed(content)))
    assert main(["backtest", "-t", "topics.yaml", "--sort", "--format", "jsonl", "back.jsonl"]) == 0
    turned = lines_of(capsysbinary)
    assert main(["backtest", "-t", "topics.yaml", "--sort", "--format", "jsonl", "a.jsonl"]) == 0

    assert turned == lines_of(capsysbinary)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--diff", "topics.yaml", "strict.yaml", "-t", "topics.yaml"], "leave -t out"),
        (["-c", "rasid.yaml", "-t", "topics.yaml"], "leave -t and -e out, or -c"),
        (["-t", "topics.yaml", "--most", "-1"], "0 or more"),
        (["-t", "topics.yaml", "--html", "no/such/folder.html"], "no such folder"),
        (["-t", "topics.yaml", "--from", "yesterday"], "write a day like"),
        (["-t", "topics.yaml", "--timezone", "Kairo"], "unknown time zone"),
        (["-t", "absent.yaml"], "absent.yaml"),
        (["-c", "absent.yaml"], "absent.yaml"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_read(
    arguments: list[str], says: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backtest", *arguments, "a.jsonl"]) == 2
    assert says in capsys.readouterr().err


def test_bad_lines_are_told_and_the_rest_goes_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.jsonl").write_bytes(b"nonsense\n" + (folder / "a.jsonl").read_bytes())
    assert main(["backtest", "-t", "topics.yaml", "bad.jsonl"]) == 1
    assert "12 alerts" in capsys.readouterr().out
