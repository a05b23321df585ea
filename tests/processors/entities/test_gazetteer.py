"""The ready countries: every demonym form, capitals, and words that only look like them."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Article, Role
from processors.normalize.text import read_text

CASES = Path(__file__).parents[2] / "cases" / "entities_countries.toml"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    folder = files("processors.packs").joinpath("mena/entities")
    own = [folder.joinpath(name) for name in ("countries.yaml", "shields.yaml")]
    return load_gazetteer([(file.name, file.read_text(encoding="utf-8")) for file in own])


@pytest.fixture(scope="module")
def index(gazetteer: Gazetteer) -> PatternIndex:
    return compile_patterns(gazetteer.patterns())


def named(gazetteer: Gazetteer, index: PatternIndex, body: str) -> set[str]:
    """What the text speaks of, and through what: ``egypt.capital``."""
    text = read_text(body)
    mentions = index.find(text, "body")
    decided = gazetteer.resolve(mentions, {"body": text}, Article(id="a", body=body))
    return {f"{gazetteer.entities[each.of].key}.{each.role}" for each in decided}


# Written by hand, not generated: what a reader expects.
DEMONYMS = {
    "syria": "السوري السورية سوريون السوريين سوريات السوريان السوريتين للسوريين وسوريين بالسوريين سوريو كالسوريين "
    "Syrians syrienne Suriyeli Suriyelilerin",
    "egypt": "المصري مصرية المصريون مصريين المصريات مصريان المصريتين للمصريين مصريو مصريا والمصرية "
    "Egyptian égyptiennes Mısırlılar",
    "iraq": "عراقي العراقية العراقيون عراقيين العراقيات عراقيتان عراقيو عراقيا Iraqis irakiens Iraklı",
    "lebanon": "اللبناني لبنانية اللبنانيون لبنانيين للبنانيين لبنانيو Lebanese libanaise Lübnanlı",
    "palestine": "فلسطيني الفلسطينية للفلسطينيين فلسطينيات الفلسطينيون Palestinians palestinienne Filistinliler",
    "saudi-arabia": "سعودي السعودي سعوديون السعوديين السعوديات Saudis saoudienne Suudi",
    "yemen": "اليمني اليمنى يمنية اليمنيون يمنيين لليمنيين Yemenis yéménites Yemenli",
    "turkey": "التركي التركية الأتراك للأتراك أتراك تركيات Turkish turques Türkler",
    "russia": "الروسي الروسية الروس للروس والروس Russians russes Ruslar",
    "morocco": "المغربي مغربية المغاربة للمغاربة مغاربة Moroccan marocaines Faslı",
    "iran": "إيراني الإيرانية الإيرانيون للإيرانيين إيرانيا Iranians iraniennes İranlı",
    "united-states": "الأمريكي الأميركية أمريكيون الأميركيين الأمريكان للأميركيين American américaines Amerikalı",
}


@pytest.mark.parametrize(("country", "form"), [(c, form) for c, forms in DEMONYMS.items() for form in forms.split()])
def test_every_form_of_a_demonym_is_known(gazetteer: Gazetteer, index: PatternIndex, country: str, form: str) -> None:
    assert named(gazetteer, index, f"قال {form} أمس") == {f"{country}.demonym"}


def cases() -> list[Any]:
    return [
        pytest.param(row["text"], row["names"], id=f"{number}")
        for number, row in enumerate(tomllib.loads(CASES.read_text(encoding="utf-8"))["case"])
    ]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_a_name_is_told_from_a_word_like_it(
    gazetteer: Gazetteer, index: PatternIndex, text: str, expected: list[str]
) -> None:
    assert named(gazetteer, index, text) == set(expected)


def test_a_dateline_names_no_place(gazetteer: Gazetteer, index: PatternIndex) -> None:
    body = "القاهرة (رويترز) - قال مسؤول إن المحادثات بدأت في دمشق"

    assert named(gazetteer, index, body) == {"damascus.name", "syria.capital"}


def test_a_broken_name_is_found(gazetteer: Gazetteer, index: PatternIndex) -> None:
    assert named(gazetteer, index, "وزارة الخارجية المصـ.ـرية") == {"egypt.demonym"}


def test_every_league_member_and_neighbour_is_there(gazetteer: Gazetteer) -> None:
    countries = [entry for entry in gazetteer.entities.values() if entry.kind == "country"]

    assert len(countries) == 27
    for country in countries:
        assert {"ar", "en", "fr", "tr"} <= country.names.keys(), country.key
        assert {"ar", "en", "fr", "tr"} <= country.demonyms.keys(), country.key
        # The capital of Djibouti has the country's own name.
        assert country.key == "djibouti" or any(tie.role == "capital" for tie in gazetteer.ties_to(country.id))


def test_whatever_leads_to_a_country_is_watched(gazetteer: Gazetteer, index: PatternIndex) -> None:
    watched = set(gazetteer.watch("egypt", None))

    for word in ("مصر", "المصريين", "القاهرة", "Mısırlı", "Caire"):
        found = {mention.pattern for mention in index.find(read_text(word), "body")}
        assert found <= watched


def test_a_role_narrows_what_is_watched(gazetteer: Gazetteer) -> None:
    surfaces = {gazetteer.patterns()[number].surface for number in gazetteer.watch("syria", Role.CAPITAL)}

    assert surfaces == {"دمشق", "Damascus", "Damas", "Şam"}


def test_an_entity_is_found_by_key_and_by_id(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("syria") is gazetteer.find("Q858")
    assert gazetteer.find("atlantis") is None
    assert gazetteer.nearest("syrai") == "syria"


def test_strong_names_mean_one_entity_by_themselves_and_countries_come_first() -> None:
    gazetteer = load_gazetteer([("entities.yaml", STRONG_AND_WEAK)])
    assert list(gazetteer.strong_names()) == [
        ("تونس", "Q948"),
        ("تونسي", "Q948"),
        ("التونسي", "Q948"),
        ("تونس", "Q3572"),
    ]


STRONG_AND_WEAK = """
entities:
  - {id: Q3572, key: tunis, kind: city, names: {ar: [تونس]}}
  - {id: Q948, key: tunisia, kind: country, names: {ar: [تونس]}, demonyms: {ar: [تونسي]}}
  - {id: Q1, key: assad, kind: person, names: {ar: [{name: الأسد, strong: no, needs: [دمشق]}]}}
"""
