"""Every promise of the query language, row by row."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.model import Article
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist
from tests.processors.topics.test_watchlist import ENTITIES, NOW

ROWS = tomllib.loads((Path(__file__).parents[3] / "cases" / "query_language.toml").read_text(encoding="utf-8"))["row"]
NAMES = load_gazetteer([("entities.yaml", ENTITIES)])


def watch(query: str) -> Watchlist:
    topics = f"topics:\n  t:\n    match: |\n      {query}\n"
    return compile_watchlist(load_topics([("topics.yaml", topics)]), NAMES, clock=lambda: NOW)


def article_of(row: dict[str, Any]) -> Article:
    fields = {name: value for name, value in row.items() if name not in ("query", "matches")}
    if "published_at" in fields:
        fields["published_at"] = datetime.fromisoformat(fields["published_at"])
    if "tags" in fields:
        fields["tags"] = tuple(fields["tags"])
    return Article(id="a", **fields)


def test_days_are_those_of_the_topics_time_zone() -> None:
    topics = "topics:\n  t: {timezone: Africa/Cairo, match: 'published:[2026-01-01 TO 2026-01-31]'}\n"
    watchlist = compile_watchlist(load_topics([("topics.yaml", topics)]), NAMES, clock=lambda: NOW)

    def matches(moment: str) -> bool:
        return bool(watchlist.match(Article(id="a", body="x", published_at=datetime.fromisoformat(moment))))

    assert matches("2026-01-31T21:59:59+00:00")
    assert not matches("2026-01-31T22:00:00+00:00")
    assert matches("2025-12-31T22:00:00+00:00")
    assert not matches("2025-12-31T21:59:59+00:00")


@pytest.mark.parametrize("row", ROWS, ids=[f"{number}: {row['query']}" for number, row in enumerate(ROWS)])
def test_the_query_means_what_the_language_promises(row: dict[str, Any]) -> None:
    watchlist, article = watch(row["query"]), article_of(row)

    verdicts = watchlist.match(article)

    assert bool(verdicts) is row["matches"]
    for verdict in verdicts:
        for each in verdict.evidence:
            assert getattr(article, each.field)[each.start : each.end] == each.text
