"""Screening never misses what finding finds, in one pass as well as word by word."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.matchers.alphabet import encode_raw
from processors.matchers.index import PatternIndex, compile_patterns
from processors.matchers.scan import MOST_MENTIONS
from processors.model import Level, Pattern
from processors.normalize.text import read_text
from tests.processors.normalize.texts import TEXTS

PATTERNS = [
    Pattern("سوريا"),
    Pattern("القاهرة", definite=True),
    Pattern("اللاذقية", definite=True),
    Pattern("زيارة", takes_article=True, takes_suffixes=True),
    Pattern("حماس"),
    Pattern("قطر"),
    Pattern("مصر", takes_ka_fa=True),
    Pattern("سوريا القاهرة", slop=3),
    Pattern("داعش"),
    Pattern("أ.ف.ب"),
    Pattern("25"),
    Pattern("3"),
    Pattern("3.5"),
    Pattern("ء"),
    Pattern("و"),
    Pattern("ا", prefix=True),
    Pattern("س", takes_suffixes=True),
    Pattern("الله"),
    Pattern("Syria"),
    Pattern("syria", level=Level.EXACT),
    Pattern("iran"),
    Pattern("suriye"),
    Pattern("US", case_exact=True),
    Pattern("U.S."),
    Pattern("coeur"),
    Pattern("e"),
    Pattern("é"),
    Pattern("a"),
    Pattern("1"),
    Pattern("2"),
    Pattern("日本"),
    Pattern("שלום"),
    Pattern("К"),
    Pattern("μ"),
    Pattern("desk"),
    Pattern("x"),
    Pattern("amp"),
    Pattern("M"),
]
PHRASES = [
    Pattern("سوريا القاهرة"),
    Pattern("وزير سوريا"),
    Pattern("عبد الله سوريا"),
    Pattern("آل سوريا"),
    Pattern("U.S. desk"),
    Pattern("@desk Syria"),
    Pattern("3.5 25"),
    Pattern("القاهرة في زيارة", takes_suffixes=True),
    Pattern("سوريا و", prefix=True),
]
INDEX = compile_patterns([*PATTERNS, *PHRASES])


def indexes_of(patterns: Sequence[Pattern]) -> list[PatternIndex]:
    """Of few patterns, and as if they were many."""
    groups = [(number,) for number in range(len(patterns))]
    return [PatternIndex(patterns, groups), PatternIndex(patterns, groups, most_needles=0)]


INDEXES = indexes_of([*PATTERNS, *PHRASES])


def let_through(index: PatternIndex, *fields: str) -> set[int]:
    return {number for raw in fields for number in index.groups_in(raw)}


@given(TEXTS, TEXTS)
@example("½ ²", "µ ª")
@example("", "0@desk @desk")
@example("", "و\u0654ا")
@example("", "سو\x7fريا 25ـ30")
def test_screening_lets_through_whatever_is_found(title: str, body: str) -> None:
    found = {
        mention.pattern
        for field, raw in (("title", title), ("body", body))
        for mention in INDEX.find(read_text(raw), "title" if field == "title" else "body")
    }

    for index in INDEXES:
        assert found <= let_through(index, title, body)


@given(
    st.sampled_from(PHRASES),
    st.lists(st.sampled_from(["", "«", " ", "\n", "-", "\u200b", "ـ", "\u064b", "و", "ب", "لل"])),
)
@example(PHRASES[0], [" ", "«", " ", "", "\u064b"])
def test_a_phrase_is_let_through_whatever_stands_between_its_words(phrase: Pattern, noise: list[str]) -> None:
    words = phrase.surface.split(" ")
    raw = "".join(piece for number, word in enumerate(words) for piece in (*noise[number::3], " ", word))
    found = {mention.pattern for mention in INDEX.find(read_text(raw), "title")}

    for index in INDEXES:
        assert found <= let_through(index, raw)


@given(st.text(min_size=1, max_size=8), TEXTS, TEXTS, st.sampled_from(Level), st.booleans())
def test_screening_holds_for_any_pattern(surface: str, before: str, after: str, level: Level, common: bool) -> None:
    raw = f"{before} {surface} {after}"
    patterns = [Pattern(surface, level, takes_article=common, takes_suffixes=common)]
    found = {mention.pattern for mention in compile_patterns(patterns).find(read_text(raw), "title")}

    for index in indexes_of(patterns):
        assert found <= let_through(index, raw)


LETTERS_AND_MARKS = [
    chr(code)
    for low, high in ((0x0610, 0x061B), (0x0621, 0x06FF), (0x08A0, 0x0900), (0xFC5E, 0xFC64), (0xFE70, 0xFE80))
    for code in range(low, high)
]


@pytest.mark.parametrize("stand_in", ["M", "9", "ـ.ـ"])
def test_a_break_is_undone_whatever_letter_or_mark_is_beside_it(stand_in: str) -> None:
    for character in LETTERS_AND_MARKS:
        for raw in (f"{character}{stand_in}ا", f"ا{stand_in}{character}", f"ا\u0651{stand_in}{character}"):
            repaired = read_text(raw).repaired
            assert repaired is None or repaired.letters in encode_raw(raw, 100).readings, ascii(raw)


@pytest.mark.parametrize("raw", ["", "لا شيء هنا", "مصرف ومصرع وقطرات"])
def test_screening_is_quiet_where_only_pieces_of_words_agree(raw: str) -> None:
    for index in indexes_of([Pattern("مصر"), Pattern("قطر"), Pattern("سوريا القاهرة")]):
        assert let_through(index, raw) == set()


def test_a_phrase_passes_only_when_its_words_are_side_by_side() -> None:
    for index in indexes_of([Pattern("وزير الخارجية المصري")]):
        assert let_through(index, "وزير الخارجية الأردني والمصري") == set()
        assert let_through(index, "لوزير «الخارجية» المصري") == {0}


def test_a_loose_phrase_passes_only_when_all_its_words_are_there() -> None:
    for index in indexes_of([Pattern("وزير المصري", slop=2)]):
        assert let_through(index, "وزير الخارجية الأردني") == set()
        assert let_through(index, "وزير الخارجية المصري") == {0}


def test_an_index_of_nothing_finds_nothing() -> None:
    patterns = [Pattern("…"), Pattern("")]
    for index in indexes_of(patterns):
        assert (let_through(index, "سوريا …"), index.find(read_text("…"), "body"), len(index)) == (set(), [], 2)


def test_a_field_made_of_one_name_has_a_bounded_number_of_mentions() -> None:
    index = compile_patterns([Pattern("سوريا"), Pattern("مصر")])

    mentions = index.find(read_text("سوريا " * 3_000 + "مصر"), "body")

    assert len(mentions) == MOST_MENTIONS + 1
