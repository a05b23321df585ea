"""The rules by which a mention gets its meaning, on a gazetteer of a few names."""

from datetime import UTC, datetime

import pytest

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.entities.resolve import EntityMention
from processors.matchers.index import compile_patterns
from processors.model import Article, FieldName
from processors.normalize.text import Text, read_text

FILE = """
entities:
  - {id: Q1, key: sunland, kind: country, names: {ar: [شمسيا], en: [Sunland]}}
  - id: Q2
    key: suncity
    kind: city
    names: {ar: [مشرقة]}
    relations: [{role: capital, of: sunland}]
  - id: Q3
    key: first
    kind: person
    names: {ar: [نجيب البدر, {name: البدر, strong: no, needs: [الحكومة, "@sunland"], not: [ليلة البدر]}]}
    relations: [{role: president, of: sunland, from: 2001-02-03, to: 2010-05-06}]
  - id: Q4
    key: second
    kind: person
    names: {ar: [سمير الشاعر, {name: الشاعر, strong: no, beside: [الرئيس]}]}
    relations:
      - {role: minister, of: sunland, from: 2005-01-01, to: 2009-12-31}
      - {role: president, of: sunland, from: 2010-05-06, status: de_facto}
  - id: Q5
    key: rival
    kind: person
    names: {ar: [حازم الوادي]}
    relations: [{role: president, of: sunland, from: 2010-05-06, to: 2012-01-01, status: rival, side: south}]
  - {id: Q6, key: club, kind: club, names: {ar: [اتحاد شمسيا]}}
  - {id: Q7, key: paper, kind: newspaper, names: {ar: [{name: مشرقة, quoted: yes}]}}
  - {id: Q8, key: lonely, kind: person, names: {ar: [رضا الوحيد, {name: الوحيد, strong: no}]}}
  - id: Q9
    key: both
    kind: person
    names: {ar: [{name: النهر, strong: no, beside: [الوزير], needs: [السد]}]}
  - id: Q10
    key: falcon
    kind: person
    names: {ar: [كريم الباز, {name: الباز, strong: no, needs: [القصر], unless: [طيور, "@club"]}]}
  - id: Q11
    key: elder
    kind: person
    names: {ar: [وديع النخل, {name: النخل, strong: no, needs: [القصر]}]}
    relations: [{role: president, of: club, from: 2001-01-01, to: 2009-12-31}]
  - id: Q12
    key: younger
    kind: person
    names: {ar: [فارس النخل, {name: النخل, strong: no, needs: [القصر]}]}
    relations: [{role: president, of: club, from: 2010-01-01}]
shields:
  - {of: [person], preceded_by: [ماجد], followed_by: [بن]}
  - {of: [capital], preceded_by: [جامعة, دار نشر], followed_by: [الأهلية]}
"""


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer([("names.yaml", FILE)])


def decide(gazetteer: Gazetteer, body: str, day: str = "", title: str = "") -> list[EntityMention]:
    texts: dict[FieldName, Text] = {"body": read_text(body)}
    if title:
        texts["title"] = read_text(title)
    index = compile_patterns(gazetteer.patterns())
    mentions = [mention for field, text in texts.items() for mention in index.find(text, field)]
    published = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    return list(gazetteer.resolve(mentions, texts, Article(id="a", body=body, published_at=published)))


def via(gazetteer: Gazetteer, body: str, day: str = "", title: str = "") -> list[str]:
    return [f"{gazetteer.entities[each.of].key}.{each.role}" for each in decide(gazetteer, body, day, title)]


def test_a_name_inside_a_longer_one_is_not_named(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "فاز اتحاد شمسيا") == ["club.name"]


def test_a_capital_speaks_for_its_country(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "قالت مشرقة") == ["suncity.name", "sunland.capital"]


def test_a_quoted_name_is_the_paper_and_nothing_else(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "قال لـ«مشرقة» أمس") == ["paper.name"]


@pytest.mark.parametrize("body", ["في جامعة مشرقة", "وبجامعة مشرقة", "عن دار نشر مشرقة", "مدرسة مشرقة الأهلية"])
def test_a_capital_beside_a_shield_is_part_of_another_name(gazetteer: Gazetteer, body: str) -> None:
    assert via(gazetteer, body) == []


def test_a_shield_in_another_sentence_shields_nothing(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "عاد من الجامعة: مشرقة بخير") == ["suncity.name", "sunland.capital"]
    assert via(gazetteer, "زار كل جامعة. مشرقة بخير") == ["suncity.name", "sunland.capital"]


def test_an_ambiguous_name_counts_with_what_it_needs(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "طلع البدر علينا") == []
    assert "first.name" in via(gazetteer, "استقالت حكومة البدر، وعادت الحكومة")
    assert "first.name" in via(gazetteer, "شمسيا والبدر")


def test_support_may_stand_in_the_other_field(gazetteer: Gazetteer) -> None:
    assert "first.name" in via(gazetteer, "قال البدر", title="أخبار شمسيا")


def test_another_strong_name_of_the_same_entity_supports_it(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "رضا الوحيد وصل. قال الوحيد") == ["lonely.name", "lonely.name"]
    assert via(gazetteer, "قال الوحيد") == []


def test_a_blocking_phrase_is_stronger_than_support(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "في ليلة البدر قالت الحكومة") == []


def test_support_is_told_in_the_words_of_the_text(gazetteer: Gazetteer) -> None:
    decided = decide(gazetteer, "قالت الحكومة إن البدر عاد", "2005-01-01")

    assert {each.support for each in decided} == {"الحكومة"}


@pytest.mark.parametrize("body", ["الرئيس الشاعر", "للرئيس الشاعر", "الرئيس السابق الشاعر", "الشاعر الرئيس"])
def test_a_word_beside_supports_a_name(gazetteer: Gazetteer, body: str) -> None:
    assert "second.name" in via(gazetteer, body)


@pytest.mark.parametrize("body", ["الرئيس في قصره والشاعر في بيته", "وصل الرئيس. الشاعر غائب", "سمعت الشاعر"])
def test_a_word_further_away_does_not(gazetteer: Gazetteer, body: str) -> None:
    assert via(gazetteer, body) == []


def test_what_asks_for_both_needs_both(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "الوزير النهر") == []
    assert via(gazetteer, "عبر النهر إلى السد") == []
    assert via(gazetteer, "الوزير النهر عند السد") == ["both.name"]


@pytest.mark.parametrize(
    ("day", "role"),
    [
        ("2001-02-02", []),
        ("2001-02-03", ["sunland.leader"]),
        ("2010-05-06", ["sunland.leader"]),
        ("2010-05-07", ["sunland.former"]),
        ("", ["sunland.leader"]),
    ],
)
def test_a_holder_speaks_for_the_country_within_his_period(gazetteer: Gazetteer, day: str, role: list[str]) -> None:
    assert via(gazetteer, "قال نجيب البدر", day) == ["first.name", *role]


def test_without_a_date_every_holder_counts_and_the_evidence_says_so(gazetteer: Gazetteer) -> None:
    decided = decide(gazetteer, "نجيب البدر وسمير الشاعر وحازم الوادي")

    assert [each.period for each in decided if each.role == "leader"] == ["unknown"] * 3
    assert [each.period for each in decided if each.role != "leader"] == [""] * 3


def test_rivals_speak_for_the_same_country_at_once(gazetteer: Gazetteer) -> None:
    roles = via(gazetteer, "سمير الشاعر وحازم الوادي", "2011-01-01")

    assert roles.count("sunland.leader") == 2


def test_one_who_holds_an_office_is_no_former_holder_of_another(gazetteer: Gazetteer) -> None:
    assert via(gazetteer, "سمير الشاعر", "2011-01-01") == ["second.name", "sunland.leader"]
    assert via(gazetteer, "سمير الشاعر", "2010-02-01") == ["second.name", "sunland.former"]


def test_ties_are_listed_from_the_earliest(gazetteer: Gazetteer) -> None:
    assert [(tie.entity, tie.role) for tie in gazetteer.ties_to("Q1")] == [
        ("Q2", "capital"),
        ("Q3", "president"),
        ("Q4", "minister"),
        ("Q4", "president"),
        ("Q5", "president"),
    ]


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("عاد الباز إلى القصر", True),
        ("عاد الباز إلى القصر مع طيور أخرى", False),
        ("عاد الباز إلى القصر\nوفي خبر آخر هاجرت طيور كثيرة", True),
        ("عاد الباز إلى القصر مع طيور أخرى\nوقال كريم الباز إنها له", True),
        ("هنأ اتحاد شمسيا الباز في القصر", False),
    ],
)
def test_a_word_in_its_paragraph_may_say_that_a_name_is_something_else(
    gazetteer: Gazetteer, body: str, counts: bool
) -> None:
    bare = [each for each in decide(gazetteer, body) if each.entity == "Q10" and each.support]
    assert bool(bare) is counts


@pytest.mark.parametrize(
    ("body", "day", "meant"),
    [
        ("قال النخل في القصر إنه باق", "2005-05-05", {"Q11"}),
        ("قال النخل في القصر إنه باق", "2015-05-05", {"Q12"}),
        ("قال النخل في القصر إنه باق", "", {"Q11", "Q12"}),
        ("قال النخل في القصر إنه باق", "1999-05-05", {"Q11", "Q12"}),
        ("زار وديع النخل القصر، وقال النخل إنه سعيد", "2015-05-05", {"Q11"}),
        ("زار وديع النخل فارس النخل في القصر، وقال النخل إنه سعيد", "2015-05-05", {"Q12"}),
    ],
)
def test_of_namesakes_the_one_named_in_full_is_meant_or_else_who_is_in_office(
    gazetteer: Gazetteer, body: str, day: str, meant: set[str]
) -> None:
    found = decide(gazetteer, body, day)
    assert {each.entity for each in found if each.support and each.of == each.entity} == meant


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("قال الباز في القصر", True),
        ("قال ماجد الباز في القصر", False),
        ("قال الباز بن سالم في القصر", False),
        ("قال ماجد والباز في القصر", True),
        ("قال ماجد، الباز في القصر", True),
    ],
)
def test_a_family_name_after_the_first_name_of_somebody_else_is_his(
    gazetteer: Gazetteer, body: str, counts: bool
) -> None:
    assert ("Q10" in {each.entity for each in decide(gazetteer, body)}) is counts
