"""Lists that follow from a country: what they find, whose they are, and what is said of one that cannot be made."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.errors import InvalidInput
from processors.model import Article
from processors.packs.builtin import entity_files
from processors.topics.explain.explain import explain
from processors.topics.topic import load_topics
from processors.topics.watchlist import Watchlist, compile_watchlist

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "offices.toml").read_text(encoding="utf-8"))["case"]
ASKED = sorted({name for case in CASES for name in case["lists"]})

OWN = """
entities:
  - {id: "rasid:northland", key: northland, kind: country, names: {ar: [نوردلاند], en: [Northland]}}
  - id: rasid:port
    key: port
    kind: city
    names: {ar: [مرسى الشمال]}
    relations: [{role: capital, of: northland}]
  - id: rasid:first-lady
    key: premier
    kind: person
    names: {ar: [هالة القاضي]}
    relations: [{role: prime_minister, of: northland, from: 2020-01-01, to: 2022-12-31}]
"""


@cache
def watching(*lists: str) -> Watchlist:
    topics = "topics:\n" + "".join(f"  {name}: {{match: 'list:{name}'}}\n" for name in lists)
    names = load_gazetteer(entity_files())
    return compile_watchlist(load_topics([("topics.yaml", topics)]), names, clock=lambda: NOW)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:50])
def test_offices_are_found_as_news_writes_them(case: dict[str, list[str] | str]) -> None:
    verdicts = watching(*ASKED).match(Article(id="1", body=str(case["text"])))
    assert sorted(each.topic for each in verdicts) == case["lists"]


@pytest.fixture(scope="module")
def own() -> Gazetteer:
    return load_gazetteer([("own.yaml", OWN)])


def matched(own: Gazetteer, query: str, text: str, year: int = 2021, more: str = "") -> bool:
    loaded = load_topics([("topics.yaml", f"topics:\n  a: {{match: '{query}'}}\n{more}")])
    watchlist = compile_watchlist(loaded, own, clock=lambda: NOW)
    return bool(watchlist.match(Article(id="1", body=text, published_at=datetime(year, 6, 1, tzinfo=UTC))))


class TestACountryOfOnesOwn:
    def test_has_its_lists_by_its_names_alone(self, own: Gazetteer) -> None:
        assert matched(own, "list:officials-northland", "سفير نوردلاند يزور المعرض")
        assert matched(own, "list:officials-northland", "the Northland foreign minister")
        assert not matched(own, "list:officials-northland", "زار السفير نوردلاند")

    def test_is_governed_from_its_capital(self, own: Gazetteer) -> None:
        assert matched(own, "list:officials-northland", "قالت حكومة مرسى الشمال")
        assert not matched(own, "list:officials-northland", "في مرسى الشمال")

    @pytest.mark.parametrize(("year", "speaks"), [(2021, True), (2025, False)])
    def test_is_spoken_for_by_who_held_office_on_the_day(self, own: Gazetteer, year: int, speaks: bool) -> None:
        assert matched(own, "list:officials-northland", "قالت هالة القاضي", year) is speaks
        assert not matched(own, "list:forces-northland", "قالت هالة القاضي", year)


def test_a_country_may_be_named_by_its_number() -> None:
    assert matched(load_gazetteer(entity_files()), "list:officials-Q79", "زار السفير المصري المعرض")


def test_a_written_list_takes_the_place_of_the_made_one(own: Gazetteer) -> None:
    more = "lists:\n  officials-northland: {terms: {ar: [الوالي]}}\n"
    assert matched(own, "list:officials-northland", "قال الوالي", more=more)
    assert not matched(own, "list:officials-northland", "سفير نوردلاند", more=more)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("officials-northlund", "no country is called `northlund`, did you mean `list:officials-northland`?"),
        ("officials-zz", "unknown list `list:officials-zz`: no country is called `zz`"),
        ("officials-port", "`@port` is no country, and only countries have officials"),
        ("northland-forces", "did you mean `list:forces-northland`?"),
        ("greeting", "unknown list `list:greeting`, did you mean `greetings`?"),
    ],
)
def test_a_list_that_cannot_be_made_is_an_error_that_says_why(own: Gazetteer, name: str, said: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        matched(own, f"list:{name}", "", more="lists:\n  greetings: {terms: {ar: [أهلا]}}\n")
    assert said in str(raised.value)


class TestPhrasesInWhichATermMeansSomethingElse:
    LIST = "lists:\n  stands: {terms: {ar: [موقف, مواقف]}, not: {ar: [موقف السيارات, مواقف السيارات]}}\n"

    @pytest.mark.parametrize(
        ("text", "held"),
        [
            ("أعلنت موقفها", True),
            ("أغلقت موقف السيارات", False),
            ("أغلقت مواقف السيارات وموقفها لم يتغير", True),
            ("في موقف السيارات وبموقف السيارات", False),
        ],
    )
    def test_a_term_that_shares_a_word_with_one_does_not_count(self, own: Gazetteer, text: str, held: bool) -> None:
        assert matched(own, "list:stands", text, more=self.LIST) is held

    def test_a_phrase_without_letters_is_an_error_with_its_place(self, own: Gazetteer) -> None:
        with pytest.raises(InvalidInput) as raised:
            matched(own, "list:l", "", more="lists:\n  l: {terms: {ar: [موقف]}, not: {ar: ['—']}}\n")
        assert "holds no letter" in str(raised.value)


def test_a_title_and_its_country_are_one_piece_of_evidence_that_names_the_country() -> None:
    (verdict,) = watching("officials-egypt").match(Article(id="1", body="وصل نائب وزير الخارجية المصري أمس"))
    (found,) = verdict.evidence
    assert (found.clause, found.text, found.entity) == (
        "list:officials-egypt",
        "نائب وزير الخارجية المصري",
        "Q79",
    )


def test_an_office_is_one_clause_of_its_topic_however_many_ways_it_holds() -> None:
    (verdict,) = watching("officials-egypt").match(Article(id="1", body="قال السيسي، وهو الرئيس المصري، ذلك"))
    assert verdict.score == 1


def test_explain_tells_an_office_as_the_one_list_that_its_author_wrote() -> None:
    watchlist = watching("officials-egypt")
    (clause,) = explain(watchlist, "officials-egypt", Article(id="1", body="قال الرئيس المصري")).clauses
    assert (clause.source, clause.parts, clause.evidence[0].text) == ("list:officials-egypt", (), "الرئيس المصري")


def test_bare_words_take_particles_but_neither_the_article_nor_pronouns(own: Gazetteer) -> None:
    more = "lists:\n  l: {bare: {ar: [سفير]}}\n"
    assert matched(own, "list:l", "وسفير البلاد", more=more)
    assert not matched(own, "list:l", "السفير وسفيرها", more=more)
