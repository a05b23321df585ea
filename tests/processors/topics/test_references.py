"""Topics that refer to topics, and operators inside operators: compiled once, bounded, refused where too deep."""

from datetime import UTC, datetime

import pytest

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.errors import InvalidInput
from processors.model import Article
from processors.topics.requirement import MOST_PARTS
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    return load_gazetteer([])


def watch(names: Gazetteer, topics: str) -> Watchlist:
    return compile_watchlist(load_topics([("topics.yaml", topics)]), names, clock=lambda: NOW)


def an_article(body: str) -> Article:
    return Article(id="1", body=body)


def test_topics_that_refer_to_each_other_again_and_again_are_compiled_and_matched_once(names: Gazetteer) -> None:
    lines = [
        f"  t{n}: {{match: '(topic:t{n + 1} OR a) AND (topic:t{n + 1} OR b) AND (topic:t{n + 1} OR سوريا)'}}\n"
        for n in range(19)
    ]
    watchlist = watch(names, "topics:\n" + "".join(lines) + "  t19: {match: مصر}\n")

    assert len(watchlist.match(an_article("مصر"))) == 20
    assert watchlist.match(an_article("لبنان")) == ()


def test_a_long_chain_of_topics_is_refused(names: Gazetteer) -> None:
    chain = "".join(f"  t{n}: {{match: 'topic:t{n + 1}'}}\n" for n in range(3_000))

    with pytest.raises(InvalidInput, match="more than 20 deep"):
        watch(names, f"topics:\n{chain}  t3000: {{match: مصر}}\n")


def test_topics_that_refer_widely_are_compiled_in_no_time_and_still_match(names: Gazetteer) -> None:
    lines = [
        f"  t{n}: {{match: '{' AND '.join(f'(topic:t{n + 1} OR {word})' for word in ['مصر', *'abc'] * 30)}'}}\n"
        for n in range(6)
    ]
    watchlist = watch(names, "topics:\n" + "".join(lines) + "  t6: {match: سوريا}\n")

    assert all(clause.need.size <= MOST_PARTS for clauses in watchlist._clauses.values() for clause in clauses)
    assert len(watchlist.match(an_article("سوريا"))) == 7
    assert watchlist.match(an_article("لبنان")) == ()


def test_topics_are_told_in_the_order_of_the_files_whichever_they_refer_to(names: Gazetteer) -> None:
    watchlist = watch(names, "topics:\n  z: {match: 'topic:a'}\n  a: {match: سوريا}\n")

    assert [verdict.topic for verdict in watchlist.match(an_article("سوريا"))] == ["z", "a"]


def nested(levels: int, innermost: str) -> str:
    query = innermost
    for level in range(levels):
        query = f"({query} {('AND', 'OR')[level % 2]} مصر)"
    return query


def test_the_deepest_nesting_that_is_accepted_can_be_matched(names: Gazetteer) -> None:
    watchlist = watch(
        names, f"topics:\n  a: {{match: '{nested(50, 'topic:b')}'}}\n  b: {{match: '{nested(50, 'مصر')}'}}\n"
    )

    assert [verdict.topic for verdict in watchlist.match(an_article("مصر"))] == ["a", "b"]


def test_nesting_too_deep_for_the_stack_is_refused_through_topics_as_well(names: Gazetteer) -> None:
    rows = "مصر" + " NEAR/5 مصر" * 60
    for _ in range(30):
        rows = f"({rows}) NEAR/5 مصر" + " NEAR/5 مصر" * 60
    with pytest.raises(InvalidInput, match="more than 100 operators inside one another"):
        watch(names, f"topics:\n  t: {{match: '{rows}'}}\n")

    topics = "".join(f"  t{n}: {{match: '{nested(40, f'topic:t{n + 1}')}'}}\n" for n in range(10))
    with pytest.raises(InvalidInput, match="more than 100 operators deep") as refused:
        watch(names, f"topics:\n{topics}  t10: {{match: مصر}}\n")
    assert len(refused.value.problems) == 1  # of the topic that goes too far, not of all that lead to it
