"""Thousands of forms made by the rules of the written language, not by those of the code: what is found in each."""

import tomllib
from itertools import groupby

import pytest

from evaluation.surface_table import GENERATED, NONE, Row, confusables, generated
from processors.matchers.index import compile_patterns
from processors.normalize.text import read_text
from scripts.write_surface_forms import RULES, rows, table

WORDS = [
    pytest.param(list(rows_of_word), id="-".join(word))
    for word, rows_of_word in groupby(generated(), key=lambda row: (row.kind, row.word))
]


@pytest.mark.parametrize("forms", WORDS)
def test_every_form_of_a_word_is_told_as_a_reader_would(forms: list[Row]) -> None:
    index = compile_patterns([forms[0].pattern])
    wrong = []
    for row in forms:
        mentions = index.find(read_text(row.text), "title")
        found = {(mention.level.label, row.text[mention.start : mention.end]) for mention in mentions}
        if found != ({(row.level, row.shown)} if row.wanted else set()):
            wrong.append((row.group, row.text, (row.level, row.shown), found))

    assert wrong == []


@pytest.mark.parametrize("forms", WORDS)
def test_screening_lets_every_form_of_a_word_through(forms: list[Row]) -> None:
    index = compile_patterns([forms[0].pattern])

    assert [row.text for row in forms if row.wanted and not index.groups_in(row.text)] == []


CONFUSABLES = [
    pytest.param(list(rows_of_word), id="-".join(word))
    for word, rows_of_word in groupby(confusables(), key=lambda row: (row.kind, row.word))
]


@pytest.mark.parametrize("forms", CONFUSABLES)
def test_a_word_that_only_looks_like_a_form_is_none(forms: list[Row]) -> None:
    index = compile_patterns([forms[0].pattern])

    assert [row.text for row in forms if index.find(read_text(row.text), "title")] == []


def test_the_confusables_are_many_and_each_is_there_once() -> None:
    told = [(row.kind, row.word, row.text) for row in confusables()]

    assert len(told) == len(set(told)) >= 200


def test_the_table_is_what_the_rules_say() -> None:
    rules = tomllib.loads(RULES.read_text(encoding="utf-8"))

    assert GENERATED.read_text(encoding="utf-8") == table(rules), "run: make docs"
    assert generated() == list(rows(rules))


def test_the_table_is_large_and_says_no_as_well_as_yes() -> None:
    told = [row.level for row in generated()]

    assert len(told) >= 2_000
    assert len(told) / 5 < told.count(NONE) < len(told) / 2
