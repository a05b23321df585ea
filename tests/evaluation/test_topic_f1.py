"""The measure itself: what it counts, what it leaves out, and that it is quiet where there is no data."""

import gzip
import json
from pathlib import Path

import pytest

from evaluation.topic_f1 import main

ARTICLES = {
    "a": "بحث وزير الخارجية المصري مع نظيره السوري فتح السفارتين.",
    "b": "عقد وزيرا خارجية مصر وسوريا لقاءً في الرباط.",
    "c": "تراجعت أسعار القمح في الأسواق العالمية أمس.",
    "d": "زار الرئيس المصري دمشق واستقبله الرئيس السوري.",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    with gzip.open(tmp_path / "articles.jsonl.gz", "wt", encoding="utf-8") as lines:
        for name, body in ARTICLES.items():
            lines.write(json.dumps({"id": name, "body": body, "published_at": "not a date"}) + "\n")
        lines.write(json.dumps({"pair": 1}) + "\n")
    return tmp_path


def measure(corpus: Path, rows: str, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    labels = corpus / "labels.tsv"
    labels.write_text("id\tlabel\treason\n" + rows, encoding="utf-8")
    assert main([str(labels), str(corpus), *more]) == 0
    return capsys.readouterr().out


def test_every_label_but_0_is_wanted(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = measure(corpus, "a\t1\tx\nb\t2\tx\nc\t0\tx\n", capsys)
    assert "articles 3  wanted 2  matched 2" in told
    assert "precision 1.000  recall 1.000  F1 1.000" in told


def test_a_miss_and_a_false_match_are_counted_and_listed(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = measure(corpus, "a\t0\tx\nb\t1\tx\nc\t1\tx\nd\t1\tx\n", capsys, "--wrong")
    assert "precision 0.667  recall 0.667  F1 0.667" in told
    assert "missed\tc" in told
    assert "false\ta\t" in told


def test_what_the_readers_left_open_is_not_counted(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "articles 1 " in measure(corpus, "a\t1\tx\nd\t?\tx\n", capsys)


def test_articles_without_a_label_are_read_for_what_their_source_repeats(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teaser = "بحث وزير الخارجية المصري مع نظيره السوري فتح السفارتين."
    lead = "تراجعت أسعار القمح في الأسواق العالمية أمس بعد ارتفاع طويل لم يتوقعه أحد من الخبراء."
    rows = [
        {"id": "x", "source": "s", "title": "خبر", "body": teaser},
        {"id": "a", "source": "s", "title": "القمح", "body": f"{lead}\n{teaser}"},
    ]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    assert "matched 0" in measure(tmp_path, "a\t0\tx\n", capsys)


def test_absent_data_is_one_line_and_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.tsv"), str(tmp_path / "none.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("skipped: no such data")
