"""Why a topic is silent, in the words of a person: the table is the reference of what is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.model import Article
from processors.topics.explain.explain import Clause, Explanation, explain
from processors.topics.topic import load_topics
from processors.topics.watchlist import compile_watchlist
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length

ENTITIES = """
entities:
  - id: Q858
    key: syria
    kind: country
    names: {ar: [سوريا, سورية], en: [Syria]}
    demonyms: {ar: {masculine: [سوري], feminine: [سورية]}}
  - id: Q79
    key: egypt
    kind: country
    names: {ar: [مصر], en: [Egypt]}
    demonyms: {ar: {masculine: [مصري], feminine: [مصرية]}}
  - id: Q85
    key: cairo
    kind: city
    names: {ar: [{name: القاهرة, not: [القوة القاهرة]}]}
    relations: [{role: capital, of: egypt}]
  - id: rasid:leader
    key: leader
    kind: person
    names: {ar: [سالم الفارس, {name: الفارس, strong: no, needs: [الرئيس, "@syria"]}]}
    relations: [{role: president, of: syria, from: 2001-01-01, to: 2010-12-31}]
  - id: rasid:sdf
    key: sdf
    kind: armed_group
    names: {ar: [قوات سوريا الديمقراطية]}
  - id: rasid:oman
    key: oman
    kind: country
    names: {ar: [عُمان]}
  - id: rasid:paper
    key: paper
    kind: newspaper
    names: {ar: [{name: الصباح, quoted: yes}]}
shields:
  - {of: [capital], preceded_by: [جامعة]}
"""


LISTS = """
lists:
  trips: {terms: {ar: [رحلة]}, not: {ar: [رحلة مدرسية]}, entities: ["@leader"]}
"""


@pytest.fixture(scope="module")
def names() -> Gazetteer:
    return load_gazetteer([("entities.yaml", ENTITIES)])


def told(names: Gazetteer, query: str, body: str = "", title: str = "", more: str = "", **article: Any) -> Explanation:
    indented = query.replace("\n", "\n      ")
    text = f"topics:\n  t:\n    match: |\n      {indented}\n{more}{LISTS}"
    watchlist = compile_watchlist(
        load_topics([("t.yaml", text)]), names, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC)
    )
    return explain(watchlist, "t", Article(id="a", title=title, body=body, **article))


def lacks(explanation: Explanation) -> dict[str, str]:
    """What each part of the query lacks."""
    found: dict[str, str] = {}

    def collect(clause: Clause) -> None:
        if clause.lacks:
            found[clause.source] = clause.lacks
        for part in clause.parts:
            collect(part)

    for clause in explanation.clauses:
        collect(clause)
    return found


IN_2015 = datetime(2015, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "part", "body", "says"),
    [
        ("قمح", "قمح", "شعير", "is nowhere in the text"),
        ("مصر", "مصر", "مصرف", "is there only inside other words: «مصرف»"),
        ("جراد", "جراد", "كافحوا جراداً كثيراً", "the text has another form, «جرادا»"),
        ("هجوم", "هجوم", "شنّوا غارة وهجومًا", "the text has another form, «وهجوما»"),
        ("=سورية", "=سورية", "ولسورية", "= asks for it as it is written; the text has «ولسورية»"),
        ('="US"', '="US"', "us", "= asks for it as it is written; the text has «us»"),
        ("ميليشيات", "ميليشيات", "المليشيات", "the text has another spelling, «مليشيات»"),
        ("السفارة", "السفارة", "في سفارة", "the text has it without ال: «سفارة»"),
        ("زيارة", "زيارة", "زيارات", "the text has another form, «زيارات»"),
        ('"وزير الخارجية"', '"وزير الخارجية"', "وزير في الخارجية", "its words are there, but not side by side"),
        ('"وزير الخارجية"', '"وزير الخارجية"', "وزير المالية", "«الخارجيه» is not there"),
        ("@syria", "@syria", "في لبنان", "is nowhere in the text"),
        ("@cairo", "@cairo", "بسبب القوة القاهرة", "«القاهرة» means something else in «القوة القاهرة»"),
        ("@cairo", "@cairo", "في جامعة القاهرة", "«القاهرة» is part of another name in «جامعة القاهرة»"),
        ("@syria", "@syria", "قوات سوريا الديمقراطية", "is part of a longer name, «قوات سوريا الديمقراطية»"),
        (
            "@leader",
            "@leader",
            "وصل الفارس",
            "«الفارس» also means other things, and nothing supports it: it needs in the article one of الرئيس, @syria",
        ),
        ("@oman", "@oman", "في عَمّان", "«عَمّان» has vowel marks that make it another word"),
        ("@paper", "@paper", "في الصباح", "«الصباح» is this name only inside quotation marks"),
        ("@syria.demonym", "@syria.demonym", "في سوريا", "is there as .name («سوريا»), not as .demonym"),
        ("مصر NEAR/2 قمح", "مصر NEAR/2 قمح", "مصر اليوم وغدا ثم قمح", "3 words between «مصر» and «قمح», at most 2"),
        ("مصر ONEAR/5 قمح", "مصر ONEAR/5 قمح", "قمح ثم مصر", "«مصر» stands after «قمح»: ONEAR asks for this order"),
        ("مصر NEAR/5 @egypt", "مصر NEAR/5 @egypt", "مصر", "both are the same words"),
        ("قمح NOTNEAR/3 مصر", "قمح NOTNEAR/3 مصر", "قمح مصر", "«قمح» always has the other within 3 words"),
        (
            "مصر SENTENCE قمح",
            "مصر SENTENCE قمح",
            "مصر. ثم قمح",
            "never in one sentence: «مصر» and «قمح» are 1 word apart",
        ),
        (
            "مصر PARAGRAPH قمح",
            "مصر PARAGRAPH قمح",
            "مصر.\nثم قمح",
            "never in one paragraph: «مصر» and «قمح» are 1 word apart",
        ),
        (
            "مصر SENTENCE قمح",
            "مصر SENTENCE قمح",
            "مصر " + "ثم " * 41 + "قمح",
            "41 words between «مصر» and «قمح» in one sentence, at most 40",
        ),
        (
            "مصر SENTENCE قمح SENTENCE @syria",
            "مصر SENTENCE قمح SENTENCE @syria",
            "مصر قمح. قمح سوريا. سوريا مصر.",
            "each two of them share a sentence, never all",
        ),
        ("title:قمح", "قمح", "خبر.\nاقرأ أيضاً: قمح في الميناء\nانتهى.", "«قمح» is only in a line that gives no"),
        ("list:trips", "list:trips", "رحلة مدرسية", "is only in «رحلة مدرسية», where its words mean something else"),
        ("list:trips", "list:trips", "وصل الفارس", "«الفارس» also means other things"),
        ("list:trips", "list:trips", "وصل", "is nowhere in the text"),
        ("COUNT/3(مصر)", "COUNT/3(مصر)", "مصر ومصر", "2 found, 3 are asked for"),
        ("ATLEAST/2(مصر، قمح، شعير)", "ATLEAST/2(مصر، قمح، شعير)", "مصر", "1 of them hold, 2 are asked for"),
        ("title:مصر", "مصر", "مصر", "«مصر» is only in the body"),
        ("lead:قمح", "قمح", "ثم " * 120 + "قمح", "«قمح» comes only after the first 100 words (word 121)"),
        ("قمح AND NOT مصر", "NOT مصر", "قمح بمصر", "must not be there and is: «مصر»"),
        ("words:[10 TO *] AND قمح", "words:[10 TO *]", "قمح", "the article has 1 word"),
        (
            "published:[2026-01-01 TO *] AND قمح",
            "published:[2026-01-01 TO *]",
            "قمح",
            "published 2015-06-01 00:00",
        ),
        ("source:سانا AND قمح", "سانا", "قمح", "source is «رويترز»"),
        ("author:سالم AND قمح", "سالم", "قمح", "the article has no author"),
        (
            "قمح",
            "قمح",
            "خبر.\nاقرأ أيضاً: قمح في الميناء\nانتهى.",
            "«قمح» is only in a line that gives no evidence (dateline, credit, read also): «اقرأ أيضا: قمح في الميناء»",
        ),
        ("@leader", "@leader", "بيروت - رويترز: قال سالم الفارس", ""),
        (
            "@syria.leader",
            "@syria.leader",
            "قال سالم الفارس",
            "«سالم الفارس» is no longer in office on 2015-06-01 (2001-01-01 to 2010-12-31): `.former` asks for those",
        ),
    ],
)
def test_a_part_that_does_not_hold_says_why(names: Gazetteer, query: str, part: str, body: str, says: str) -> None:
    explanation = told(names, query, body, published_at=IN_2015, source="رويترز")

    assert explanation.matches is (says == "")
    assert says in lacks(explanation).get(part, "")


def test_a_leader_of_a_later_day_is_not_yet_in_office(names: Gazetteer) -> None:
    explanation = told(names, "@syria", "قال سالم الفارس", published_at=datetime(1999, 1, 1, tzinfo=UTC))

    assert "is not yet in office on 1999-01-01" in lacks(explanation)["@syria"]


def test_a_non_match_names_the_nearest_clause_and_what_it_lacks(names: Gazetteer) -> None:
    explanation = told(names, "(@syria AND @egypt) OR (لبنان AND الأردن AND العراق)", "في سوريا")

    assert not explanation.matches
    assert explanation.screened_out
    assert explanation.reason == "no clause holds; nearest: @syria AND @egypt lacks @egypt (is nowhere in the text)"


def test_the_nearest_clause_is_the_one_of_which_most_holds(names: Gazetteer) -> None:
    explanation = told(names, "title:(@syria AND @egypt) OR lead:(مصر SENTENCE قمح)", "مصر. قمح")

    assert explanation.reason == (
        "no clause holds; nearest: lead:(مصر SENTENCE قمح) lacks "
        "مصر SENTENCE قمح (never in one sentence: «مصر» and «قمح» are 0 words apart)"
    )


def test_a_match_shows_its_score_as_a_sum(names: Gazetteer) -> None:
    explanation = told(names, "@syria^3 OR مصر^2 OR لبنان", "سوريا ومصر", more="    threshold: 4\n")

    assert explanation.reason == "matches with score 3 + 2 = 5 (threshold 4)"
    evidence = explanation.clauses[0].evidence[0]
    assert (evidence.text, evidence.level, evidence.via) == ("سوريا", "exact", "Q858.name")


def test_a_score_below_the_threshold_is_shown_as_its_sum(names: Gazetteer) -> None:
    explanation = told(names, "@syria OR مصر OR لبنان", "سوريا ومصر", more="    threshold: 3\n")

    assert explanation.reason == "score 1 + 1 = 2 is below the threshold 3"


def test_what_excludes_shows_its_words(names: Gazetteer) -> None:
    explanation = told(names, "مصر", "مصر في الكرة", more="    exclude: كرة\n")

    assert explanation.reason == "excluded by كرة"
    assert explanation.excluded_by is not None
    assert [each.text for each in explanation.excluded_by.evidence] == ["الكرة"]


def test_operators_show_the_places_that_they_chose(names: Gazetteer) -> None:
    explanation = told(names, "@syria SENTENCE @egypt", "سوريا. ثم مصر وسورية.")

    (clause,) = explanation.clauses
    assert {each.text for each in clause.evidence} == {"سورية", "مصر"}


def test_of_thousands_of_parts_and_a_text_of_one_name_everything_is_explained(names: Gazetteer) -> None:
    query = " OR ".join(f"كلمة{number}" for number in range(2_000)) + " OR @leader OR (مصر NEAR/2 قمح)"

    explanation = told(names, query, "الفارس كلمة مصر " * 10_000)

    assert len(explanation.clauses) == 2_002
    assert "nothing supports it" in lacks(explanation)["@leader"]


def test_the_cost_of_an_explanation_grows_with_the_text_alone(names: Gazetteer) -> None:
    query = " OR ".join(f"كلمة{number}" for number in range(200)) + " OR @leader OR (مصر NEAR/2 قمح)"
    part, whole = ("الفارس كلمة مصر " * times for times in (10_000 // TIMES_AS_LONG, 10_000))

    assert grows_no_faster_than_its_length(lambda body: told(names, query, body), part, whole)
