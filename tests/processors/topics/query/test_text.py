"""What is parsed of a query as typed or pasted, and that every character keeps its place."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.normalize.letters import INVISIBLE
from processors.topics.query.text import MOST_MARKS, QueryError, read_query_text, told

INVISIBLES = re.compile(f"[{INVISIBLE}]")
TEXTS = st.text(
    alphabet="aسإ\u0627\u0654\u0655\u0301\u0323\u064b\u0651e\u200f\u200d ()\u1100\u1161\u11a8é", max_size=20
)


@given(TEXTS | st.text(max_size=20))
@example("\u1100\u1161\u11a8")  # Hangul in three parts
def test_what_is_parsed_is_composed_and_holds_nothing_invisible(written: str) -> None:
    read = read_query_text(written)

    assert read.text == unicodedata.normalize("NFC", INVISIBLES.sub("", written))
    assert (read.left_out is not None) == (INVISIBLES.search(written) is not None)


@given(TEXTS | st.text(max_size=20))
def test_places_go_forward_and_point_at_the_letter_that_was_typed(written: str) -> None:
    read = read_query_text(written)
    places = [read.place(at) for at in range(len(read.text) + 1)]

    assert places == sorted(places)
    assert places[-1] == len(written)
    for at, character in enumerate(read.text):
        if character.isascii() and character.isalnum():
            assert unicodedata.normalize("NFD", written[places[at]])[0] == character


def test_what_is_left_out_is_told_with_its_place() -> None:
    assert read_query_text("سوريا \u202bمصر").left_out == (6, "invisible direction marks were left out: delete them")
    assert read_query_text("سور\u200cيا").left_out == (3, "invisible characters were left out: delete them")


def test_marks_without_end_are_refused() -> None:
    assert read_query_text("س" + "\u0301" * 20).text
    with pytest.raises(QueryError, match="more than 30 marks"):
        read_query_text("ab e" + "\u0301\u0323" * MOST_MARKS)


def test_an_error_repeats_little_of_a_query() -> None:
    assert told("a\n b") == "`a b`"
    assert told("x" * 1_000) == f"`{'x' * 60}…`"
