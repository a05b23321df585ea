"""The measure itself: a trap counts only where the trap's own word was read as the name."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.hard_negatives import main

LION = {"id": "lion", "trap": ["lion_idiom_or_place"], "evidence": ["نالت الشركة حصة الأسد من السوق"]}


def measure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *rows: dict[str, Any], more: tuple[str, ...] = ()
) -> str:
    path = tmp_path / "traps.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    assert main([str(path), *more]) == 0
    return capsys.readouterr().out


def test_a_saying_that_is_read_as_one_is_no_fall(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = measure(tmp_path, capsys, LION | {"body": "في سوريا نالت الشركة حصة الأسد من السوق هذا العام."})
    assert "fell into the trap: 0 of 1" in told


def test_the_name_read_in_the_trap_s_word_is_a_fall(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = LION | {"evidence": ["قال إن الأسد باق في"], "body": "وفي دمشق قال إن الأسد باق في القصر."}
    told = measure(tmp_path, capsys, row, more=("--wrong",))
    assert "fell into the trap: 1 of 1" in told
    assert "bashar-al-assad: الأسد" in told


def test_the_same_name_elsewhere_in_the_article_is_no_fall(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = "بشار الأسد في دمشق. وفي خبر آخر نالت الشركة حصة الأسد من السوق."
    assert "fell into the trap: 0 of 1" in measure(tmp_path, capsys, LION | {"body": body})


def test_a_topic_that_matches_sport_is_a_fall_and_football_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sport = {"trap": ["sport_both"], "evidence": []}
    told = measure(
        tmp_path,
        capsys,
        sport
        | {"id": "a", "title": "السيسي يستقبل الرئيس السوري في القاهرة", "body": "وصل الرئيس السوري إلى القاهرة."},
        sport | {"id": "b", "title": "الأهلي يفوز بهدفين", "body": "فاز الأهلي المصري على ضيفه في دوري أبطال أفريقيا."},
    )
    assert "fell into the trap: 1 of 2" in told


def test_the_seed_is_compared_with_the_best_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = tmp_path / "seed.txt"
    seed.write_text("السيسي يبحث مع بشار الأسد عودة سوريا إلى الجامعة العربية\nفي القاهرة.", encoding="utf-8")
    told = measure(tmp_path, capsys, LION | {"body": "حصة الأسد"}, more=("--seed", str(seed)))
    assert "syria-egypt-relations: the text scores" in told
    assert "the articles with a trap 0 at most" in told


def test_absent_data_is_one_line_and_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("skipped: no such data")
