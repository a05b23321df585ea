"""``rasid topics bench``: what each topic costs, as a table and for programs."""

import json
from pathlib import Path

import pytest

from daemon.cli.main import main

TOPICS = """
topics:
  wheat: {match: قمح AND ميناء}
  rain: {match: مطر}
"""
ARTICLES = [
    {"id": "1", "body": "وصل القمح إلى الميناء"},
    {"id": "2", "body": "القمح في ميناء آخر، ولا أثر لغيره"},
    {"id": "3", "body": "لا شيء هنا"},
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    topics, articles = tmp_path / "topics.yaml", tmp_path / "articles.jsonl"
    topics.write_text(TOPICS, encoding="utf-8")
    articles.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in ARTICLES), encoding="utf-8")
    return str(topics), str(articles)


def test_the_dearest_topic_comes_first(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["topics", "bench", "-t", *files])

    told = capsys.readouterr()
    head, wheat, rain = told.out.splitlines()
    assert (status, head.split()[:2]) == (0, ["topic", "µs/article"])
    assert wheat.split()[0] == "wheat"
    assert "66.67%" in wheat
    assert rain.split()[:3] == ["rain", "0.00", "0.00%"]
    assert "3 articles, 2 topics" in told.err


def test_programs_get_one_object_a_line(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["topics", "bench", "--format", "json", "--top", "1", "-t", *files]) == 0

    (cost,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (cost["topic"], round(cost["matches"], 3)) == ("wheat", 0.667)
    assert {source for source, _ in cost["triggers"]} <= {"قمح", "ميناء"}


def test_a_number_of_topics_below_one_is_refused(files: tuple[str, str]) -> None:
    assert main(["topics", "bench", "--top", "0", "-t", *files]) == 2
