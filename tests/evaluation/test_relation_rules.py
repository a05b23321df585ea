"""The steps of a relation rule: what is counted, and that each step holds what its line says."""

import json
from pathlib import Path

import pytest

from evaluation.relation_rules import STEPS, figures, in_halves, main, steps_watchlist
from processors.model import Article

LIST = "شارك في المعرض ناشرون من مصر وسوريا ولبنان."
TALK = "بحث وزير الخارجية المصري مع نظيره السوري فتح السفارتين."


def test_a_list_of_countries_is_a_sentence_with_both_and_no_talk_of_officials() -> None:
    watchlist = steps_watchlist()

    def steps(body: str) -> set[str]:
        return {verdict.topic for verdict in watchlist.match(Article(id="1", body=body))}

    assert {"anywhere", "near", "sentence", "lead"} <= steps(LIST)
    assert steps(LIST).isdisjoint({"title", "actor", "talk", "file", "count", "syria-egypt-relations"})
    assert {"anywhere", "sentence", "actor", "talk", "syria-egypt-relations"} <= steps(TALK)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [((3, 1, 1), (0.75, 0.75, 0.75)), ((0, 0, 4), (0, 0, 0)), ((2, 0, 2), (1.0, 0.5, 2 / 3))],
)
def test_f1_is_the_harmonic_mean(counted: tuple[int, int, int], expected: tuple[float, float, float]) -> None:
    assert figures(counted) == pytest.approx(expected)


def test_halves_are_the_same_in_every_run() -> None:
    found, wanted = {str(n): n % 2 == 0 for n in range(40)}, {str(n): n % 3 == 0 for n in range(40)}
    assert in_halves(found, wanted) == in_halves(found, wanted)


def test_every_step_has_its_line_and_the_built_in_topic_is_the_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "labels.tsv").write_text("id\tlabel\treason\na\t0\tx\nb\t2\tx\n", encoding="utf-8")
    rows = [{"id": "a", "body": LIST}, {"id": "b", "body": TALK}]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    assert main([str(tmp_path / "labels.tsv"), str(tmp_path / "articles.jsonl")]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(STEPS) + 1
    assert lines[1].split()[:3] == ["0.500", "1.000", "0.667"]
    assert lines[-1].split()[:3] == ["1.000", "1.000", "1.000"]


def test_absent_data_is_one_line_and_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.tsv"), str(tmp_path / "none.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("skipped: no such data")
