"""What thousands of entities take while a daemon runs: no more than what they say."""

import gc
import sys

from pydantic import BaseModel

from processors.entities.aliases import Alias
from processors.entities.entity_file import Demonyms, EntityEntry, NameForm, Relation
from processors.entities.gazetteer import load_gazetteer
from processors.matchers.forms import forms
from processors.model import Pattern

FILE = """
entities:
- {id: Q1, key: bridge, kind: place, names: {ar: [الجسر, {name: جسر, strong: no, needs: ["@river"]}]}}
- {id: Q2, key: river, kind: place, names: {ar: [النهر الكبير, النهر]}, part_of: [bridge]}
"""


def test_an_entity_its_names_and_its_relations_have_slots_and_note_nothing_else() -> None:
    gazetteer = load_gazetteer([("e.yaml", FILE)])
    held: list[object] = [*gazetteer.entities.values()]
    held += [form for entry in gazetteer.entities.values() for form in entry.names["ar"] if isinstance(form, NameForm)]

    assert len(held) == 3
    assert [each for each in held if isinstance(each, BaseModel) or hasattr(each, "__dict__")] == []
    assert not any(hasattr(kind, "__dict__") for kind in (Demonyms(), Relation(role="official", of="river")))
    assert EntityEntry.__slots__ and Alias.__struct_fields__


def test_names_without_conditions_share_one_empty_set() -> None:
    patterns = load_gazetteer([("e.yaml", FILE)]).patterns()

    assert len(patterns) > 2
    assert len({id(pattern.not_words) for pattern in patterns}) == 1


def test_a_word_of_several_names_is_one_string() -> None:
    (whole,), (first,) = forms(0, Pattern("النهر الكبير")), forms(1, Pattern("النهر"))

    assert whole.words[0][0] is first.words[0][0] is sys.intern("النهر")


def test_patterns_and_aliases_are_nothing_that_the_collector_looks_through() -> None:
    gazetteer = load_gazetteer([("e.yaml", FILE)])

    assert not any(map(gc.is_tracked, gazetteer.patterns()))
