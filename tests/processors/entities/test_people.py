"""The ready people and bodies: names that are also words, and who was in office when."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.entities.resolve import EntityMention
from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Article, FieldName, Role
from processors.normalize.text import Text, read_text
from processors.packs.builtin import entity_files

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parents[2] / "cases" / "entities_ambiguous.toml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(entity_files())


@pytest.fixture(scope="module")
def index(gazetteer: Gazetteer) -> PatternIndex:
    return compile_patterns(gazetteer.patterns())


def resolved(
    gazetteer: Gazetteer, index: PatternIndex, body: str, day: str = "", title: str = ""
) -> list[EntityMention]:
    published = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC) if day else None
    texts: dict[FieldName, Text] = {"title": read_text(title), "body": read_text(body)}
    article = Article(id="a", title=title, body=body, published_at=published)
    mentions = [mention for field, text in texts.items() for mention in index.find(text, field)]
    return list(gazetteer.resolve(mentions, texts, article))


def id_of(gazetteer: Gazetteer, key: str) -> str:
    entry = gazetteer.find(key)
    assert entry is not None, f"no entity has the key {key}"
    return entry.id


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: f"{case['entity']}: {case['text']}")
def test_a_name_counts_and_the_same_word_does_not(
    gazetteer: Gazetteer, index: PatternIndex, case: dict[str, Any]
) -> None:
    entity = id_of(gazetteer, case["entity"])

    named = any(entity in (each.entity, each.of) for each in resolved(gazetteer, index, case["text"]))

    assert named is (case["expect"] == "named")


NAMES = [
    pytest.param(name, row if isinstance(row, dict) else {"text": row}, kind == "named", id=f"{name['entity']}: {row}")
    for name in CASES["name"]
    for kind in ("named", "not")
    for row in name[kind]
]


@pytest.mark.parametrize(("name", "row", "counts"), NAMES)
def test_a_word_counts_as_the_name_with_its_support_and_as_the_word_never(
    gazetteer: Gazetteer, index: PatternIndex, name: dict[str, Any], row: dict[str, Any], counts: bool
) -> None:
    day, title, wanted = str(row.get("published_at", "")), row.get("title", ""), row.get("word", name["word"])
    entity = id_of(gazetteer, name["entity"])

    decided = {
        ((title if each.mention.field == "title" else row["text"])[each.mention.start : each.mention.end], each.support)
        for each in resolved(gazetteer, index, row["text"], day, title)
        if each.entity == entity
    }

    assert (wanted, row["support"]) in decided if counts else not decided


def test_every_one_of_the_forty_names_is_decided_both_ways() -> None:
    assert len({name["word"] for name in CASES["name"]}) > 30
    assert [name["word"] for name in CASES["name"] if min(len(name["named"]), len(name["not"])) < 4] == []


@pytest.mark.parametrize("case", CASES["office"], ids=lambda case: f"{case['entity']} {case['published_at']}")
def test_a_person_speaks_for_a_country_only_while_in_office(
    gazetteer: Gazetteer, index: PatternIndex, case: dict[str, Any]
) -> None:
    person, country = id_of(gazetteer, case["entity"]), id_of(gazetteer, case["of"])

    found = resolved(gazetteer, index, case["text"], case["published_at"])

    spoken = {(each.role, each.period) for each in found if each.entity == person and each.of == country}
    period = "" if case["published_at"] else "unknown"
    assert spoken == ({(Role(case["via"]), period)} if case["via"] else set())


def heads(gazetteer: Gazetteer, country: str, day: date, *roles: str) -> set[str]:
    return {
        entry.key
        for entry in gazetteer.entities.values()
        for tie in entry.relations
        if tie.of == country and tie.role in roles and (tie.start or day) <= day <= (tie.end or day)
    }


COUNTRIES = """syria egypt iraq jordan palestine saudi-arabia uae qatar kuwait bahrain oman yemen libya tunisia algeria
morocco mauritania sudan somalia djibouti comoros turkey iran israel russia united-states""".split()


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_has_a_head_in_every_summer(gazetteer: Gazetteer, country: str) -> None:
    # Who heads the state differs by country; a kingdom may have a prime minister as well.
    without = [
        year
        for year in range(2001, 2026)
        if not heads(gazetteer, country, date(year, 6, 15), "president", "monarch", "prime_minister", "official")
    ]

    assert without == []


VACANT = [date(2008, 1, 10), date(2015, 6, 1), date(2016, 10, 30), date(2023, 5, 1), date(2025, 1, 8)]


@pytest.mark.parametrize("day", VACANT, ids=str)
def test_lebanon_has_no_president_in_its_vacancies(gazetteer: Gazetteer, day: date) -> None:
    assert heads(gazetteer, "lebanon", day, "president") == set()


@pytest.mark.parametrize(
    ("country", "day", "role", "holder"),
    [
        ("lebanon", date(2025, 1, 9), "president", "joseph-aoun"),
        ("syria", date(2010, 1, 1), "president", "bashar-al-assad"),
        ("syria", date(2025, 6, 1), "president", "ahmed-al-sharaa"),
        ("egypt", date(2012, 12, 1), "president", "morsi"),
        ("egypt", date(2013, 10, 1), "president", "adly-mansour"),
        ("tunisia", date(2011, 5, 1), "president", "fouad-mebazaa"),
        ("algeria", date(2019, 6, 1), "president", "abdelkader-bensalah"),
        ("turkey", date(2005, 1, 1), "president", "ahmet-necdet-sezer"),
        ("iran", date(2024, 6, 1), "president", "mohammad-mokhber"),
        ("russia", date(2010, 1, 1), "president", "medvedev"),
        ("united-states", date(2022, 1, 1), "president", "biden"),
    ],
    ids=str,
)
def test_one_president_holds_the_office(gazetteer: Gazetteer, country: str, day: date, role: str, holder: str) -> None:
    assert heads(gazetteer, country, day, role) == {holder}


def test_every_person_has_a_name_in_arabic_and_in_latin_letters(gazetteer: Gazetteer) -> None:
    people = [entry for entry in gazetteer.entities.values() if entry.kind == "person"]

    assert len(people) > 250
    assert [entry.key for entry in people if not entry.names.get("ar") or not entry.names.get("en")] == []


def test_a_name_never_blocks_itself(gazetteer: Gazetteer) -> None:
    # A blocking phrase that reads like the name alone (quotes are no words) would silence every mention.
    silenced = [
        f"{entry.key}: {form.name}"
        for entry in gazetteer.entities.values()
        if entry.kind != "country"
        for forms in entry.names.values()
        for form in forms
        if not isinstance(form, str)
        for phrase in form.blocked_by
        if _words(phrase) == _words(form.name)
    ]

    assert silenced == []


def _words(surface: str) -> list[str]:
    text = read_text(surface, html=False)
    return [text.folded[start:end] for start, end in text.words]
