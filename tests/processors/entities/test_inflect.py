"""Regular demonyms are inflected as grammar has it, and only where a file says so."""

import pytest
from pydantic import TypeAdapter

from processors.entities.demonyms import in_full
from processors.entities.entity_file import Demonyms, NameForm
from processors.entities.gazetteer import load_gazetteer
from processors.entities.inflect import regular_forms
from processors.errors import InvalidInput


def forms(demonym: str, language: str, *names: str) -> list[str]:
    return [form for part in regular_forms(demonym, language, names).values() for form in part]


def test_an_arabic_one_has_both_genders_every_number_and_every_case() -> None:
    assert set(forms("برازيلي", "ar")) == {
        "برازيلي", "برازيلية", "برازيليا", "برازيليون", "برازيليين", "برازيليو", "برازيليي", "برازيليات", "برازيليان",
        "برازيليتان", "برازيليتين",
    }  # fmt: skip


def test_a_form_that_is_the_country_itself_is_a_demonym_with_the_article_only() -> None:
    assert "تشيلي" not in forms("تشيلي", "ar", "تشيلي")
    assert "التشيلي" in forms("تشيلي", "ar", "تشيلي")
    assert "السورية" in forms("سوري", "ar", "سوريا", "سورية")


def test_an_accusative_that_is_the_country_itself_is_no_demonym() -> None:
    assert "ماليزيا" not in forms("ماليزي", "ar", "ماليزيا")


def test_every_form_stands_in_its_part() -> None:
    parts = regular_forms("برازيلي", "ar")

    assert parts["masculine"] == ["برازيلي", "برازيليا"]
    assert parts["feminine"] == ["برازيلية"]
    assert "برازيليات" in parts["plurals"]
    assert "برازيليتان" in parts["dual"]


@pytest.mark.parametrize(
    ("demonym", "plural", "dative"),
    [
        ("Brezilyalı", "Brezilyalılar", "Brezilyalılara"),
        ("Fransız", "Fransızlar", "Fransızlara"),
        ("Alman", "Almanlar", "Almanlara"),
        ("Çinli", "Çinliler", "Çinlilere"),
        ("Kürt", "Kürtler", "Kürtlere"),
        ("Togolu", "Togolular", "Togolulara"),
    ],
)
def test_a_turkish_one_is_in_vowel_harmony(demonym: str, plural: str, dative: str) -> None:
    assert {demonym, plural, dative} <= set(forms(demonym, "tr"))


def entity(demonyms: str) -> str:
    return f"entities:\n  - {{id: Q1, key: a, kind: country, names: {{en: [A]}}, demonyms: {demonyms}}}\n"


@pytest.mark.parametrize(
    ("demonyms", "told"),
    [
        ("{fr: {regular: [brésilien]}}", "none for fr: list the forms"),
        ("{ar: {regular: [عرب]}}", "write `عرب` under masculine, feminine, plurals"),
    ],
)
def test_where_there_is_no_rule_the_file_is_told_to_list_the_forms(demonyms: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        load_gazetteer([("a.yaml", entity(demonyms))])


def test_what_a_regular_one_asks_for_holds_for_all_its_forms() -> None:
    gazetteer = load_gazetteer([("a.yaml", entity("{ar: {regular: [{name: مالي, strong: no, not: [قطاع مالي]}]}}"))])

    surfaces = {pattern.surface for pattern in gazetteer.patterns()}
    assert {"مالي", "مالية", "ماليين", "قطاع مالي"} <= surfaces


def test_a_form_that_the_file_lists_keeps_its_own_conditions() -> None:
    listed = TypeAdapter(NameForm).validate_python({"name": "مالية", "strong": False, "not": ["وزارة المالية"]})

    full = in_full(Demonyms(regular=("مالي",), feminine=(listed,)), "ar", ["مالي"])

    assert full.feminine == (listed,)
    assert full.masculine == ("المالي", "ماليا")
    assert full.regular == ()
