"""The ready topics hold what they promise."""

import pytest

from processors.packs.builtin import pack
from processors.topics.examples import run_tests
from processors.topics.offices import OFFICES
from processors.topics.query.tree import ListRef
from processors.topics.query.walk import walk
from processors.topics.topic import TermList
from processors.topics.watchlist import Watchlist

LOADED = pack("mena").loaded
TOPICS = [topic.name for topic in LOADED.topics]
FEWEST_TESTS = 10
LANGUAGES = {"ar", "en", "fr", "tr"}
OTHER_PAGES = ("رياض", "كرة", "فن", "أدب", "ثقافة", "culture", "sport")
BROKEN = "ـ.ـ"
"""How words are broken on purpose: tatweel, a dot, tatweel."""


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
def test_a_ready_topic_has_an_example_with_words_broken_on_purpose(mena: Watchlist, topic: str) -> None:
    tests = mena.topics[topic].file.tests
    assert any(BROKEN in test.text for test in tests if test.expect == "match")


@pytest.mark.parametrize("topic", [name for name in TOPICS if name != "football"])
def test_a_ready_topic_is_deaf_to_links_and_to_sport_or_art(mena: Watchlist, topic: str) -> None:
    reasons = {test.why for test in mena.topics[topic].file.tests if test.expect == "no_match"}
    assert any("خبر آخر" in why for why in reasons)
    assert any(page in why for why in reasons for page in OTHER_PAGES)


def test_every_list_that_a_topic_names_is_written_in_the_pack_or_an_office(mena: Watchlist) -> None:
    written = {each.name for each in LOADED.lists}
    named = {
        node.name
        for topic in LOADED.topics
        for query in (topic.match, topic.exclude)
        if query is not None
        for node in walk(query)
        if isinstance(node, ListRef)
    }
    assert {name for name in named - written if name.partition("-")[0] not in OFFICES} == set()


@pytest.mark.parametrize("written", LOADED.lists, ids=lambda each: each.name)
def test_a_ready_list_is_titled_and_speaks_four_languages(written: TermList) -> None:
    assert {"ar", "en"} <= written.file.title.keys()
    spoken = {*written.file.terms, *written.file.bare, *written.file.verbs}
    assert spoken >= LANGUAGES or written.file.entities


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
