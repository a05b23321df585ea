"""The table of broken words."""

import tomllib
from pathlib import Path

import pytest

from processors.normalize.text import read_text

TABLE = tomllib.loads((Path(__file__).parents[2] / "cases" / "broken_words.toml").read_text("utf-8"))
ROWS = [pytest.param(*row, id=row[0]) for group in TABLE["group"] for row in group["rows"]]


@pytest.mark.parametrize(("raw", "repaired"), ROWS)
def test_what_was_broken_on_purpose_is_joined_and_nothing_else(raw: str, repaired: str) -> None:
    text = read_text(raw).repaired

    assert (text.plain if text else "") == repaired


def test_a_repaired_word_leads_back_to_the_broken_one() -> None:
    raw = "في (مواجـ.ـهة) تركيا"
    text = read_text(raw).repaired
    assert text is not None
    start = text.plain.index("مواجهة")

    begin, end = text.original(start, start + len("مواجهة"))

    assert raw[begin:end] == "مواجـ.ـهة"
    assert [raw[a:b] for a, b in text.breaks] == ["ـ.ـ"]
