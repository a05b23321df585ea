"""Whatever is read, every position leads back to the original."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.normalize.text import Text, read_text
from tests.processors.normalize.texts import TEXTS, WRITTEN


@given(TEXTS)
def test_folding_keeps_the_length(raw: str) -> None:
    text = read_text(raw)

    assert len(text.plain) == len(text.folded) == len(text.letters)


@given(TEXTS)
def test_every_character_comes_from_a_place_and_places_keep_their_order(raw: str) -> None:
    text = read_text(raw)

    spans = [text.original(at, at + 1) for at in range(len(text.plain))]

    assert all(0 <= start < end <= len(raw) for start, end in spans)
    assert all(one <= other for one, other in pairwise(spans))


@given(WRITTEN, st.booleans())
def test_a_word_read_again_from_its_place_is_the_same_word(raw: str, mended: bool) -> None:
    text = read_text(raw)
    text = (text.repaired or text) if mended else text

    for start, end in text.words:
        begin, finish = text.original(start, end)
        again = read_text(raw[begin:finish])
        again = (again.repaired or again) if mended else again

        if not _shares_a_character(text, start, end):
            assert text.folded[start:end] in again.folded


def _shares_a_character(text: Text, start: int, end: int) -> bool:
    """One original character may read as several, and a cut tag or comment reads as text."""
    begin, finish = text.original(start, end)
    original = text.raw[begin:finish]
    return "<" in original or "&" in original or "<" in text.raw[:begin] or "ﷲ" in original


@given(TEXTS)
def test_words_are_in_order_and_apart(raw: str) -> None:
    words = read_text(raw).words

    assert all(start < end for start, end in words)
    assert all(one[1] <= other[0] for one, other in pairwise(words))


@given(TEXTS)
def test_every_word_is_in_one_sentence(raw: str) -> None:
    text = read_text(raw)

    for start, end in text.words:
        sentence = text.sentences[text.sentence_of(start)]
        assert sentence.start <= start and end <= sentence.end


@given(TEXTS)
def test_sentences_follow_each_other_and_paragraphs_only_grow(raw: str) -> None:
    sentences = read_text(raw).sentences

    assert all(one.end <= other.start and one.paragraph <= other.paragraph for one, other in pairwise(sentences))


@given(TEXTS)
def test_the_way_back_is_the_way_there(raw: str) -> None:
    text = read_text(raw)

    for start, end in text.words:
        begin, _ = text.original(start, end)
        assert text.position(begin) <= start


@pytest.mark.parametrize(
    ("raw", "word", "original"),
    [
        ("قال ولـِـسوريـــا،", "ولسوريا", "ولـِـسوريـــا"),
        ("<p>في <b>سو</b>ريا</p>", "سوريا", "سو</b>ريا"),
        ("&#1587;وريا", "سوريا", "&#1587;وريا"),
        ("سورياً", "سوريا", "سوريا"),
        ("ﺳﻮﺭﻳﺎ", "سوريا", "ﺳﻮﺭﻳﺎ"),
        ("ﺍﻷﺭﺩﻥ", "الأردن", "ﺍﻷﺭﺩﻥ"),
        ("e\u0301te\u0301", "été", "e\u0301te\u0301"),
        ("مسو\u0654ول", "مسؤول", "مسو\u0654ول"),
    ],
)
def test_a_span_holds_what_is_inside_the_word_and_nothing_outside(raw: str, word: str, original: str) -> None:
    text = read_text(raw)
    start = text.plain.index(word)

    begin, end = text.original(start, start + len(word))

    assert raw[begin:end] == original
    assert read_text(raw[begin:end]).plain.strip() == word
