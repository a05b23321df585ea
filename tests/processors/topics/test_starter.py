"""The first version of a topic compiles, passes its own examples, and leaves the linter nothing to say."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import yaml

from processors.entities.entity_file import NameForm
from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.packs.builtin import packs
from processors.topics.examples import run_tests
from processors.topics.lint.finding import Desk
from processors.topics.lint.name_uses import NameUses
from processors.topics.lint.rules import lint
from processors.topics.starter import Wish, list_name, spellings, write_starter
from processors.topics.topic import Loaded, load_topics
from processors.topics.watchlist import compile_watchlist

GOOD = (
    "wheat",
    "prix du pain",
    "huile d'olive",
    "سعر الخبز",
    "مؤتمر: القمة #1",
    'the "Delta" talks',
    "no",
    "ميليشيات",
    "100",
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer([file for pack in packs() for file in pack.entities])


def never(_file: str, _text: str) -> bool:
    return False


def troubles(texts: Sequence[str], gazetteer: Gazetteer) -> list[str]:
    """Failed examples and findings of all these files together."""
    loaded = load_topics([(f"{number}.yaml", text) for number, text in enumerate(texts)])
    watchlist = compile_watchlist(loaded, gazetteer, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
    failed = [str(failure.problem) for name in watchlist.topics for failure in run_tests(watchlist, name)]
    topics, lists = {each.name: each for each in loaded.topics}, {each.name: each for each in loaded.lists}
    desk = Desk(topics, lists, NameUses(gazetteer.entities.values()), list(topics))
    return failed + [str(finding) for finding in lint(desk, lists=list(lists))]


def test_a_starter_of_every_known_entity_passes(gazetteer: Gazetteer) -> None:
    entries = [
        entry for entry in gazetteer.entities.values() if entry.names.get("ar") and _can_be_named(entry.names["ar"])
    ]
    wishes = [Wish(f"t{number}", {"en": "T"}, ("ar",), (entry,)) for number, entry in enumerate(entries)]

    found = troubles([write_starter(wish, "t.yaml", never) for wish in wishes], gazetteer)

    assert len(entries) > 500
    assert found == []


def _can_be_named(names: Sequence[object]) -> bool:
    forms = [name if isinstance(name, NameForm) else NameForm(name=str(name)) for name in names]
    return any(form.strong for form in forms)


def test_starters_of_words_phrases_and_several_entities_pass(gazetteer: Gazetteer) -> None:
    syria, egypt = gazetteer.find("syria"), gazetteer.find("egypt")
    assert syria is not None and egypt is not None
    wishes = [
        Wish("words", {"ar": "خبز"}, ("ar",), (), ("خبز", "سعر الخبز")),
        Wish("both", {"ar": "خبز", "en": "Bread"}, ("ar", "en"), (egypt,), ("سعر الخبز", "bread price")),
        Wish("two", {"en": "Two"}, ("en",), (syria, egypt)),
        Wish("french", {"fr": "Le blé"}, ("fr", "ar"), (egypt,), ("prix du blé", "سعر القمح")),
        *(Wish(f"w{number}", {"ar": word}, ("ar", "en"), (), (word,)) for number, word in enumerate(GOOD)),
    ]

    assert troubles([write_starter(wish, "t.yaml", never) for wish in wishes], gazetteer) == []


def test_a_phrase_keeps_what_belongs_to_it_and_loses_what_would_part_it() -> None:
    text = write_starter(
        Wish("t", languages=("fr",), words=("huile d'olive", "cessez-le-feu", "prix : pain")), "t.yaml", never
    )

    assert yaml.safe_load(text)["lists"]["t-words"]["terms"]["fr"] == ["huile d'olive", "cessez-le-feu", "prix pain"]


def test_words_get_the_spellings_that_folding_does_not_make_equal() -> None:
    assert list(spellings("ميليشيات محلية")) == ["ميليشيات محلية", "مليشيات محلية"]
    assert list(spellings("خبز")) == ["خبز"]


def test_comments_are_in_the_first_language() -> None:
    arabic = write_starter(Wish("t", {"en": "T"}, ("ar",), (), ("خبز",)), "t.yaml", never)
    english = write_starter(Wish("t", {"en": "T"}, ("en",), (), ("خبز", "bread")), "t.yaml", never)

    assert "# كلمات وعبارات" in arabic
    assert "# Words and phrases" in english


def test_an_example_that_the_topic_would_find_is_not_taken() -> None:
    wish = Wish("t", {"en": "T"}, ("en",), (), ("garden",))

    text = write_starter(wish, "t.yaml", lambda _, body: "garden" in body)

    refused = [test for test in yaml.safe_load(text)["topics"]["t"]["tests"] if test["expect"] == "no_match"]
    assert [test["text"] for test in refused] == ["The library has new hours in winter."]


def test_the_longest_name_of_a_topic_leaves_room_for_its_list() -> None:
    name = "a" * 80
    text = write_starter(Wish(name, {"en": "T"}, ("ar",), (), ("خبز",)), "t.yaml", never)

    assert isinstance(load_topics([("t.yaml", text)]), Loaded)
    assert len(list_name(name)) <= 80
