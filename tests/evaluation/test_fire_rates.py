"""How often topics fire: the shares, the texts that decide, and the articles drawn for reading."""

import json
from pathlib import Path

import pytest

from evaluation.fire_rates import main

TALK = "بحث وزير الخارجية المصري مع نظيره السوري فتح السفارتين."


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    rows = [{"id": "a", "title": "لقاء", "body": TALK}, *({"id": str(n), "body": "أسعار القمح"} for n in range(9))]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_a_topic_has_its_share_and_the_texts_that_decided(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(archive), "--topic", "syria-egypt-relations"]) == 0

    told = capsys.readouterr().out
    assert "articles 10" in told
    assert "syria-egypt-relations  1  10.000 %" in told
    assert "1  list:officials-egypt وزير الخارجية المصري" in told
    assert "[a]" not in told


def test_every_enabled_topic_is_told_and_football_only_when_asked_for(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(archive)]) == 0
    told = capsys.readouterr().out
    assert "gaza-ceasefire  0  0.000 %" in told
    assert "football" not in told


def test_articles_can_be_read_beside_what_decided(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(archive), "--topic", "syria-egypt-relations", "--read", "5"]) == 0
    told = capsys.readouterr().out
    assert "[a]" in told
    assert "body:list:officials-egypt=وزير الخارجية المصري" in told


def test_absent_data_is_one_line_and_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("skipped: no such data")
