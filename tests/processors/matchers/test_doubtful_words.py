"""The table of words of which only the watched words say what they are."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.matchers.index import compile_patterns
from processors.model import Mention, Pattern
from processors.normalize.text import Text, read_text
from tests.processors.normalize.texts import TEXTS

TABLE = tomllib.loads((Path(__file__).parents[2] / "cases" / "doubtful_words.toml").read_text("utf-8"))
ROWS = [pytest.param(*row, id=" in ".join(row[:2])) for group in TABLE["group"] for row in group["rows"]]


def found(raw: str, *watched: Pattern, particles: bool = True) -> tuple[Text, list[Mention]]:
    text = read_text(raw)
    mentions = compile_patterns(watched).find(text, "body", particles=particles)
    return text, [mention for mention in mentions if mention.repaired]


@pytest.mark.parametrize(("watched", "raw", "plain"), ROWS)
def test_decided_by_the_watched_word(watched: str, raw: str, plain: str) -> None:
    pattern = Pattern(watched, definite=watched.startswith("ال"))
    text, mentions = found(raw, pattern)

    assert [text.mended[mention.start, mention.end] for mention in mentions] == [plain] * bool(plain)
    assert not mentions or compile_patterns([pattern]).groups_in(raw)


def test_the_place_told_is_that_of_the_written_word() -> None:
    raw = "قال (لـلمدـ*ـسة) أمس"
    text, (mention,) = found(raw, Pattern("المدرسة", definite=True))

    assert raw[mention.start : mention.end] == "لمدـ*ـسة"
    assert text.words[mention.first_word] == (5, 12)


def test_behind_a_letter_that_was_put_in_every_place_is_still_right() -> None:
    raw = "المدـ*ـسة وحمـ.ـاس والمدـ*ـسة"
    patterns = Pattern("المدرسة", definite=True), Pattern("حماس")
    _, mentions = found(raw, *patterns)

    assert [raw[mention.start : mention.end] for mention in mentions] == ["المدـ*ـسة", "حمـ.ـاس", "المدـ*ـسة"]


def test_a_word_may_be_one_of_several_watched_ones() -> None:
    text, mentions = found("ڡوٯ الحٮل", Pattern("الجبل"), Pattern("الحبل"))

    assert {text.mended[mention.start, mention.end] for mention in mentions} <= {"الجبل", "الحبل"}
    assert {mention.pattern for mention in mentions} == {0, 1}


def test_in_languages_that_have_such_letters_they_are_letters() -> None:
    assert found("ڡلسطٮں", Pattern("فلسطين"), particles=False)[1] == []


@example("\u064b", "", "d\u200fينار")
@example("", "\u064b", "ديناr")
@given(TEXTS, TEXTS, st.sampled_from(["ڡلسطٮں", "اسراىىل", "حدار ٮٮٮ", "المدـ*ـسة", "ديناr", "d\u200fينار", "ٮ*ٮ"]))
def test_screening_lets_through_what_is_decided_so(before: str, after: str, doubtful: str) -> None:
    patterns = [*map(Pattern, ["فلسطين", "إسرائيل", "جدار", "المدرسة", "دينار", "مصر", "سوريا القاهرة"])]
    raw = before + doubtful + after
    mentions = compile_patterns(patterns).find(read_text(raw), "title")
    let_through = compile_patterns(patterns).groups_in(raw)

    assert {mention.pattern for mention in mentions} <= let_through
