"""Queries of thousands of terms are read, checked, compiled, asked and explained like others."""

import time

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.errors import InvalidInput
from processors.model import Article
from processors.topics.explain.explain import explain
from processors.topics.query.parse import parse_query
from processors.topics.query.text import QueryError
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist
from tests.processors.topics.test_watchlist import NOW

TERMS = [f"كلمة{number}" for number in range(5_000)]


def watch(query: str) -> Watchlist:
    names = load_gazetteer([("entities.yaml", "entities: []\n")])
    topics = f"topics:\n  t:\n    match: |\n      {query}\n"
    return compile_watchlist(load_topics([("topics.yaml", topics)]), names, clock=lambda: NOW)


def test_five_thousand_alternatives() -> None:
    watchlist = watch(" OR ".join(TERMS))
    article = Article(id="a", body="هنا كلمة4999 وأخرى")

    (verdict,) = watchlist.match(article)

    assert [each.clause for each in verdict.evidence] == ["كلمة4999"]
    assert verdict.score == 1
    assert explain(watchlist, "t", article).matches
    assert watchlist.match(Article(id="a", body="هنا كلمة5000")) == ()


def test_five_thousand_alternatives_beside_a_name() -> None:
    watchlist = watch(f"مصر SENTENCE ({' OR '.join(TERMS)})")

    assert watchlist.match(Article(id="a", body="في مصر كلمة77."))
    assert not watchlist.match(Article(id="a", body="في مصر. كلمة77."))


def test_five_thousand_that_must_all_be_there() -> None:
    watchlist = watch(" AND ".join(TERMS))

    assert watchlist.match(Article(id="a", body=" ".join(TERMS)))
    lacking = Article(id="a", body=" ".join(TERMS[1:]))
    assert not watchlist.match(lacking)
    assert explain(watchlist, "t", lacking).reason.endswith(" lacks كلمة0 (is nowhere in the text)")


def test_five_thousand_that_must_not_be_there() -> None:
    watchlist = watch(f"مصر AND NOT ({' OR '.join(TERMS)})")

    assert watchlist.match(Article(id="a", body="في مصر"))
    assert not watchlist.match(Article(id="a", body="في مصر كلمة4321"))


@pytest.mark.parametrize("operator", ["NEAR/5", "ONEAR/5", "SENTENCE", "PARAGRAPH"])
def test_a_long_chain_of_proximity_is_refused_with_its_place(operator: str) -> None:
    with pytest.raises((QueryError, InvalidInput), match="more than 10"):
        watch(f" {operator} ".join(TERMS[:3_000]))


LARGE = {
    "words": "كلمة OR " * 20_000 + "كلمة",
    "parentheses": "(" * 1_000_000,
    "parentheses in a row": "(a) " * 250_000,
    "nested as deep as allowed": "(ab OR " * 99 + "c " * 200_000 + ")" * 99,
    "one word": "س" * 1_000_000,
    "one phrase": '"' + "كلمة " * 180_000 + '"',
    "signs": "@" * 1_000_000,
    "stars": "*" * 1_000_000,
    "marks": "س" + "\u0301" * 199_000,
    "marks of two kinds": "س\u0651\u064e" * 60_000,
    "decomposed letters": "e\u0301" * 90_000,
    "an expression": "/" + "a?" * 90_000 + "b/",
    "an expression that opens": "/" + "(" * 199_000 + "/",
    "minus": "-" * 199_000 + "a",
    "not": "NOT " * 120_000 + "a",
    "near": "a NEAR/5 " * 50_000 + "b",
    "weights": "a" + "^2" * 90_000,
    "quotes": '"' * 199_999,
    "invisible": "a\u200f" * 90_000,
}


@pytest.mark.parametrize("query", LARGE.values(), ids=LARGE.keys())
def test_a_query_of_a_megabyte_is_read_or_refused_within_two_seconds(query: str) -> None:
    for written in (query, query[:200_000]):
        begun = time.process_time()
        try:
            parse_query(written)
        except QueryError as refused:
            assert 0 <= refused.at <= len(written)
            assert len(refused.message) < 300
        assert time.process_time() - begun < 2
