"""Queries of thousands of terms are read, checked, compiled, asked and explained like others."""

from collections.abc import Callable

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.errors import InvalidInput
from processors.model import Article
from processors.topics.explain.explain import explain
from processors.topics.query.parse import parse_query
from processors.topics.query.text import LONGEST_QUERY, QueryError
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length
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


LARGE: dict[str, Callable[[int], str]] = {
    "words": lambda length: "كلمة OR " * (length // 8 - 1) + "كلمة",
    "parentheses": lambda length: "(" * length,
    "parentheses in a row": lambda length: "(a) " * (length // 4),
    "nested as deep as allowed": lambda length: "(ab OR " * 99 + "c " * (length // 2 - 400) + ")" * 99,
    "one word": lambda length: "س" * length,
    "one phrase": lambda length: '"' + "كلمة " * (length // 5 - 1) + '"',
    "signs": lambda length: "@" * length,
    "stars": lambda length: "*" * length,
    "marks": lambda length: "س" + "\u0301" * (length - 1),
    "marks of two kinds": lambda length: "س\u0651\u064e" * (length // 3),
    "decomposed letters": lambda length: "e\u0301" * (length // 2),
    "an expression": lambda length: "/" + "a?" * (length // 2 - 2) + "b/",
    "an expression that opens": lambda length: "/" + "(" * (length - 2) + "/",
    "minus": lambda length: "-" * (length - 1) + "a",
    "not": lambda length: "NOT " * (length // 4 - 1) + "a",
    "near": lambda length: "a NEAR/5 " * (length // 9 - 1) + "b",
    "weights": lambda length: "a" + "^2" * (length // 2 - 1),
    "quotes": lambda length: '"' * (length - 1),
    "invisible": lambda length: "a\u200f" * (length // 2),
}


def read_or_refused(query: str) -> None:
    try:
        parse_query(query)
    except QueryError as refused:
        assert 0 <= refused.at <= len(query)
        assert len(refused.message) < 300


@pytest.mark.parametrize("shape", LARGE.values(), ids=LARGE.keys())
def test_the_cost_of_reading_or_refusing_a_query_grows_with_its_length_alone(shape: Callable[[int], str]) -> None:
    whole = shape(LONGEST_QUERY)
    assert LONGEST_QUERY * 0.9 < len(whole) <= LONGEST_QUERY

    assert grows_no_faster_than_its_length(read_or_refused, shape(LONGEST_QUERY // TIMES_AS_LONG), whole)


@pytest.mark.parametrize("length", [LONGEST_QUERY + 1, 10_000_000])
def test_what_is_longer_than_any_query_is_refused_unread(length: int) -> None:
    with pytest.raises(QueryError, match="longer than 200,000 characters: put the words into lists"):
        parse_query("س" * length)
