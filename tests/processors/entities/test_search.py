"""Entities are found by what people type."""

import pytest

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.entities.search import Rank

FILE = """
entities:
  - {id: Q858, key: syria, kind: country, names: {ar: [سوريا, سورية], en: [Syria], tr: [Suriye]},
     demonyms: {ar: {regular: [سوري]}}}
  - {id: rasid:sdf, key: sdf, kind: armed_group, names: {ar: [قوات سوريا الديمقراطية], en: [Syrian Democratic Forces]}}
  - {id: rasid:sisi, key: sisi, kind: person, names: {ar: [عبد الفتاح السيسي, السيسي], en: [el-Sisi]}}
  - {id: Q3805, key: amman, kind: city, names: {ar: [{name: عَمَّان, strong: no}], en: [Amman]}, part_of: [syria]}
  - {id: Q842, key: oman, kind: country, names: {ar: [{name: عُمَان, strong: no}, سلطنة عمان]}}
"""


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer([("names.yaml", FILE)])


def keys(gazetteer: Gazetteer, query: str) -> list[str]:
    return [hit.entry.key for hit in gazetteer.names.search(query, 10)]


@pytest.mark.parametrize("query", ["syria", "Q858", "q858", "سورية", "سوريه", "SURİYE", "السورية"])
def test_a_key_a_number_and_a_name_in_any_language_find_the_entity_first(gazetteer: Gazetteer, query: str) -> None:
    assert keys(gazetteer, query)[0] == "syria"


@pytest.mark.parametrize("query", ["سيسي", "الفتاح", "sis"])
def test_a_word_within_a_name_and_its_beginning_are_enough(gazetteer: Gazetteer, query: str) -> None:
    assert keys(gazetteer, query) == ["sisi"]


def test_the_whole_name_comes_before_longer_ones(gazetteer: Gazetteer) -> None:
    assert keys(gazetteer, "سوريا") == ["syria", "sdf"]


def test_where_nothing_has_the_name_the_nearest_are_told(gazetteer: Gazetteer) -> None:
    hits = gazetteer.names.search("سوريياا", 10)

    assert [hit.entry.key for hit in hits] == ["syria"]
    assert {hit.rank for hit in hits} == {Rank.NEAR}


def test_nothing_is_found_for_nothing(gazetteer: Gazetteer) -> None:
    assert keys(gazetteer, " «» ") == []
    assert keys(gazetteer, "zzzzzzzz") == []


def test_of_namesakes_all_are_named(gazetteer: Gazetteer) -> None:
    assert {entry.key for entry in gazetteer.names.named("عمان")} == {"amman", "oman"}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("سوريا", "syria"),
        ("syrai", "syria"),
        ("sirya", "syria"),
        ("سوريه", "syria"),
        ("Suriye", "syria"),
        ("سيسي", "sisi"),
    ],
)
def test_the_nearest_key_is_that_of_the_name_which_was_written(gazetteer: Gazetteer, written: str, key: str) -> None:
    assert gazetteer.nearest(written) == key


def test_what_is_like_nothing_has_no_nearest(gazetteer: Gazetteer) -> None:
    assert gazetteer.nearest("قظغذضث") is None


def test_those_that_refer_to_an_entity_are_known(gazetteer: Gazetteer) -> None:
    assert [entry.key for entry in gazetteer.referring("Q858")] == ["amman"]
