"""A name in a file is read as a text would be, whichever way is taken."""

from hypothesis import given
from hypothesis import strategies as st

from processors.normalize.letters import FOLDED, fold
from processors.normalize.text import read_text
from processors.normalize.written import folded_of, plain_of, words_of

# Every letter of the short way, its edges, and what must take the long one: marks, tatweel, signs, compatibility forms.
LETTERS = "".join(map(chr, (*range(0x61F, 0x671), *range(0x20, 0x7F), *range(0xA0, 0x180)))) + "ﷲﻻ۰گچ’…«»"
NAMES = st.text(st.sampled_from(LETTERS), max_size=12) | st.text(max_size=12)


@given(NAMES)
def test_a_name_is_read_as_a_text_is(written: str) -> None:
    text = read_text(written, html=False)

    assert plain_of(written) == text.plain
    assert folded_of(written) == text.folded
    plain, folded = words_of(written)
    assert [*plain] == [text.plain[start:end] for start, end in text.words]
    assert [*folded] == [text.folded[start:end] for start, end in text.words]


@given(NAMES)
def test_folding_goes_letter_by_letter(plain: str) -> None:
    assert fold(plain) == "".join(FOLDED.get(letter, letter) for letter in plain)
