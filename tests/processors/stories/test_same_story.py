"""Reports of one event are joined across outlets and languages; other events told alike are not."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.entities.gazetteer import load_gazetteer
from processors.model import Article
from processors.packs.builtin import entity_files
from processors.stories.decide import Placement, Relation
from processors.stories.fingerprint import fingerprint
from processors.stories.group import DayBuckets, place
from processors.stories.kinship import kinship
from processors.stories.known_names import KnownNames
from processors.stories.memory import WINDOW
from processors.stories.rows import AlertState
from processors.stories.same_story import asked_of
from processors.stories.story import founded, joined, with_alert

CASES = tomllib.loads((Path(__file__).parents[2] / "cases" / "same_story.toml").read_text(encoding="utf-8"))
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
WORDS = st.text(alphabet="ابجدسصطعفقكلمن abcdefg19 ،.", max_size=300)


@pytest.fixture(scope="module")
def names() -> KnownNames:
    return KnownNames(load_gazetteer(entity_files()).strong_names())


def an_article(id_: str, told: list[str]) -> Article:
    return Article(id=id_, title=told[0], body=told[1])


def placed(names: KnownNames, *articles: Article, hours: int = 1) -> list[Placement]:
    store = DayBuckets(min_days=10)
    moments = (NOON + timedelta(hours=hours * number) for number in range(len(articles)))
    return [
        place(article, at, store, name="rasid", window=WINDOW, names=names)
        for article, at in zip(articles, moments, strict=True)
    ]


@pytest.mark.parametrize("row", CASES["same"], ids=lambda row: row["name"])
@pytest.mark.parametrize("order", ["as written", "the other way round"])
def test_reports_of_one_event_are_one_story(names: KnownNames, row: dict[str, Any], order: str) -> None:
    one, other = an_article("1", row["one"]), an_article("2", row["other"])

    first, second = placed(names, *((one, other) if order == "as written" else (other, one)))

    assert second.story == first.story
    assert second.relation is Relation.SAME_STORY
    assert any("in common" in str(ground) for ground in second.because)


@pytest.mark.parametrize("row", CASES["other"], ids=lambda row: row["name"])
@pytest.mark.parametrize("order", ["as written", "the other way round"])
def test_other_events_told_alike_are_other_stories(names: KnownNames, row: dict[str, Any], order: str) -> None:
    one, other = an_article("1", row["one"]), an_article("2", row["other"])

    assert placed(names, *((one, other) if order == "as written" else (other, one)))[1].relation is Relation.NEW


def test_a_copy_is_a_copy_although_it_tells_the_same_event_too(names: KnownNames) -> None:
    report = an_article("1", CASES["same"][0]["one"])

    assert placed(names, report, Article(id="2", title="جسر", body=report.body + " انتهى"))[1].relation is Relation.COPY


def test_a_report_says_by_which_words_it_joined(names: KnownNames) -> None:
    row = CASES["same"][2]

    second = placed(names, an_article("1", row["one"]), an_article("2", row["other"]))[1]

    assert second.of == "1"
    assert any(each.code == "common_words" and "nordvik" in each.words for each in second.because)
    assert any(each.code == "common_figures" and "3.4" in each.words for each in second.because)


@settings(deadline=None)  # many share the machine
@given(WORDS, WORDS)
def test_what_two_reports_have_in_common_is_the_same_whichever_comes_first(one: str, other: str) -> None:
    first, second = (fingerprint(Article(id="1", title=text[:40], body=text)).evidence for text in (one, other))

    assert kinship(first, second) == kinship(second, first)
    assert 0.0 <= kinship(first, second).score <= 1.0


@settings(deadline=None)  # many share the machine
@given(WORDS)
def test_a_report_has_all_in_common_with_itself(text: str) -> None:
    evidence = fingerprint(Article(id="1", body=text)).evidence

    assert kinship(evidence, evidence).score == (pytest.approx(1.0) if evidence.words.count else 0.0)


def test_more_is_asked_of_an_older_story_and_of_one_with_more_reports() -> None:
    article = an_article("1", CASES["same"][0]["one"])
    print_ = fingerprint(article)
    young = founded(article, print_, NOON)
    grown = joined(young, article, print_, NOON, likest=0.0)

    asked = [asked_of(young, NOON + timedelta(hours=hours)) for hours in (0, 24, 72, 96)]
    assert asked[0] < asked[1] < asked[2] == asked[3]
    assert asked_of(young, NOON - timedelta(hours=24)) == asked[1]
    assert asked_of(grown, NOON) > asked_of(young, NOON)


def test_twice_as_much_is_asked_of_a_report_that_concerns_none_of_the_storys_topics() -> None:
    article = an_article("1", CASES["same"][0]["one"])
    row = with_alert(founded(article, fingerprint(article), NOON), "bridges", AlertState("alert", 1, "notice"))

    asked = asked_of(row, NOON)
    assert asked_of(row, NOON, ["bridges", "basra"]) == asked
    assert asked_of(row, NOON, ["football"]) == 2 * asked


def test_a_long_text_is_read_at_its_beginning_only() -> None:
    opening = "انهيار جسر الكرامة في البصرة ومصرع ستة عمال. " * 50

    plain, longer = (fingerprint(Article(id="1", body=opening + rest)) for rest in ("", " خبر آخر عن الطقس" * 20_000))

    assert plain.evidence == longer.evidence
