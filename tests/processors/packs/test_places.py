"""The ready countries, capitals and cities: all there, under the right number, and told from words like them."""

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.entities.entity_file import Demonyms, EntityEntry
from processors.entities.entity_files import read_entity_files, written_forms
from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Article
from processors.normalize.text import read_text
from processors.normalize.written import folded_words
from processors.packs.builtin import entity_files

CASES = Path(__file__).parents[2] / "cases"
LANGUAGES = {"ar", "en", "fr", "tr"}

# 193 members of the United Nations, the Vatican, Palestine, Kosovo and Taiwan.
COUNTRIES = 197
# Their capital has their own name, is disputed, or is not named apart from them.
WITHOUT_CAPITAL = {"singapore", "monaco", "vatican", "luxembourg", "san-marino", "djibouti", "nauru"}
# Nobody writes a demonym of these in Arabic news; what comes from them is told by the name.
WITHOUT_DEMONYM = {"saint-vincent", "saint-kitts", "solomon-islands"}
# Files of places: what else there is is told of people and bodies.
PLACES = ("/countries", "/cities", "world/")

# Parts of names that a source writes and another leaves out: ʿAmrān Governorate, Al Başrah.
_FILLERS = frozenset("al an ar as ash at az ad el the of governorate province city state region district".split())


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(entity_files())


@pytest.fixture(scope="module")
def index(gazetteer: Gazetteer) -> PatternIndex:
    return compile_patterns(gazetteer.patterns())


def named(gazetteer: Gazetteer, index: PatternIndex, body: str) -> set[str]:
    text = read_text(body)
    decided = gazetteer.resolve(index.find(text, "body"), {"body": text}, Article(id="a", body=body))
    return {f"{gazetteer.entities[each.of].key}.{each.role}" for each in decided}


def countries(gazetteer: Gazetteer) -> list[EntityEntry]:
    return [entry for entry in gazetteer.entities.values() if entry.kind == "country"]


def test_every_country_is_there_with_its_names_and_its_capital(gazetteer: Gazetteer) -> None:
    assert len(countries(gazetteer)) == COUNTRIES
    for country in countries(gazetteer):
        assert country.names.keys() >= LANGUAGES, country.key
        has_capital = any(tie.role == "capital" for tie in gazetteer.ties_to(country.id))
        assert has_capital is (country.key not in WITHOUT_CAPITAL), country.key


def test_every_country_has_its_arabic_demonym_in_every_form(gazetteer: Gazetteer) -> None:
    for country in countries(gazetteer):
        forms = country.demonyms.get("ar")
        if country.key in WITHOUT_DEMONYM:
            assert forms is None, country.key
            continue
        assert isinstance(forms, Demonyms), country.key
        assert forms.regular or (forms.feminine and forms.plurals), country.key


def sources() -> dict[str, dict[str, str]]:
    lines = (CASES / "place_ids.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return {row["id"]: row for row in rows}


def test_every_number_of_a_place_is_that_of_a_source_which_calls_it_so() -> None:
    known = sources()
    read = read_entity_files(entity_files())
    wrong = []
    for entry in read.entries:
        file = read.places[entry.key][0].path
        if entry.kind in ("country", "city", "place") and entry.id.startswith("Q") and any(p in file for p in PLACES):
            row = known.get(entry.id, {"name": "", "arabic": ""})
            names = {_bare(form if isinstance(form, str) else form.name) for _, form in written_forms(entry)}
            names.add(_bare(entry.key.replace("-", " ")))
            if names.isdisjoint({_bare(row["name"]), _bare(row["arabic"])}):
                wrong.append(f"{entry.id} {entry.key}: {row['name']} {row['arabic']}")
    assert wrong == []


def test_a_thousand_places_have_their_number() -> None:
    read = read_entity_files(entity_files())
    numbered = [entry for entry in read.entries if entry.kind in ("country", "city", "place") and entry.id[0] == "Q"]

    assert len(numbered) >= 1000


def _bare(name: str) -> str:
    letters = name.translate(str.maketrans("", "", "'’‘ʻ`ʿʾ"))
    return " ".join(word for word in folded_words(letters) if word not in _FILLERS)


def cases() -> list[Any]:
    rows = tomllib.loads((CASES / "entities_places.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(row["text"], row["names"], id=row["text"]) for row in rows]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_a_place_is_told_from_a_word_like_it(
    gazetteer: Gazetteer, index: PatternIndex, text: str, expected: list[str]
) -> None:
    assert named(gazetteer, index, text) == set(expected)
