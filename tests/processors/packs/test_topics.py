"""The ready topics hold what they promise."""

import pytest

from processors.packs.builtin import packs
from processors.topics.examples import run_tests
from processors.topics.watchlist import Watchlist

LOADED = packs()[0].loaded
TOPICS = [topic.name for topic in LOADED.topics]
FEWEST_TESTS = 6
LANGUAGES = {"ar", "en", "fr", "tr"}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_ready_topic_passes_its_own_tests(mena: Watchlist, topic: str) -> None:
    assert [str(failure.problem) for failure in run_tests(mena, topic)] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_ready_topic_has_examples_of_both_kinds_in_four_languages(mena: Watchlist, topic: str) -> None:
    tests = mena.topics[topic].file.tests
    assert len(tests) >= FEWEST_TESTS
    assert {test.expect for test in tests} == {"match", "no_match"}
    assert {test.lang or "ar" for test in tests} == LANGUAGES
    assert all(test.why for test in tests if test.expect == "no_match")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_ready_topic_is_titled_and_labelled(mena: Watchlist, topic: str) -> None:
    file = mena.topics[topic].file
    assert {"ar", "en"} <= file.title.keys()
    assert file.labels.keys() == {"desk"}


def test_the_pack_is_read_without_a_warning() -> None:
    assert LOADED.warnings == ()


def test_no_word_stands_twice_in_a_list() -> None:
    twice = []
    for each in LOADED.lists:
        for part in (each.file.terms, each.file.verbs):
            for language, words in part.items():
                twice += [f"{each.name} {language} {word}" for word in set(words) if words.count(word) > 1]
    assert twice == []
