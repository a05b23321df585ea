"""Screening never misses what finding finds."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.matchers.index import compile_patterns
from processors.matchers.scan import MOST_MENTIONS
from processors.model import Level, Pattern
from processors.normalize.text import read_text
from tests.processors.normalize.texts import TEXTS

PATTERNS = [
    Pattern("سوريا"),
    Pattern("القاهرة", definite=True),
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
INDEX = compile_patterns(PATTERNS)


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

    assert found <= set(INDEX.screen(title, body))


@given(st.text(min_size=1, max_size=8), TEXTS, TEXTS, st.sampled_from(Level), st.booleans())
def test_screening_holds_for_any_pattern(surface: str, before: str, after: str, level: Level, common: bool) -> None:
    raw = f"{before} {surface} {after}"
    index = compile_patterns([Pattern(surface, level, takes_article=common, takes_suffixes=common)])

    assert {mention.pattern for mention in index.find(read_text(raw), "title")} <= set(index.screen(raw, ""))


@pytest.mark.parametrize("raw", ["", "لا شيء هنا", "مصرف ومصرع وقطرات"])
def test_screening_is_quiet_where_only_pieces_of_words_agree(raw: str) -> None:
    index = compile_patterns([Pattern("مصر"), Pattern("قطر"), Pattern("سوريا القاهرة")])

    assert index.screen(raw, raw) == set()


def test_a_phrase_passes_only_when_all_its_words_are_there() -> None:
    index = compile_patterns([Pattern("وزير الخارجية المصري")])

    assert index.screen("وزير الخارجية الأردني", "") == set()
    assert index.screen("وزير الخارجية المصري", "") == {0}


def test_an_index_of_nothing_finds_nothing() -> None:
    index = compile_patterns([Pattern("…"), Pattern("")])

    assert (index.screen("سوريا", "…"), index.find(read_text("…"), "body"), len(index)) == (set(), [], 2)


def test_a_field_made_of_one_name_has_a_bounded_number_of_mentions() -> None:
    index = compile_patterns([Pattern("سوريا"), Pattern("مصر")])

    mentions = index.find(read_text("سوريا " * 3_000 + "مصر"), "body")

    assert len(mentions) == MOST_MENTIONS + 1
