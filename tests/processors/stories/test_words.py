"""Words are compared without what a typist, a tool or a template changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.stories.boilerplate import report_of, without_headline
from processors.stories.words import plain, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("الـسُّوريّة «مِصر»؛ ولسوريا", ["السوريه", "مصر", "ولسوريا"]),
        ("أحمد إلى آسيا ٱلآن", ["احمد", "الي", "اسيا", "الان"]),
        ("٢٥ و۲۵ و25", ["25", "و25", "و25"]),
        ("ﻻ ﷲ", ["لا", "الله"]),
        ("L’Élysée, İstanbul", ["l", "elysee", "istanbul"]),
        ("", []),
        ("…!؟", []),
    ],
)
def test_words_are_compared_without_what_a_typist_would_change(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(alphabet=st.characters(codec="cp1256")))
def test_the_fast_way_and_the_slow_way_read_alike(text: str) -> None:
    beyond_the_code_page = f"{text} ߷ 한"

    assert [*words_of(text), "한"] == words_of(beyond_the_code_page)


def test_markup_ends_lines_and_hides_nothing() -> None:
    assert words_of(plain("<p>خبر&nbsp;أول</p><script>var x</script><p>ثان<br>ثالث</p>")) == [
        "خبر",
        "اول",
        "ثان",
        "ثالث",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "اقرأ أيضاً: خبر آخر",
        "اقرأ أيضا خبر",
        "إقرأ المزيد",
        "• قد يهمك: خبر",
        "شاهد: الصور",
        "Read also: more",
        "Lire aussi : ceci",
    ],
)
def test_a_line_to_another_story_is_no_report(line: str) -> None:
    assert report_of(f"خبر عن سوق\n{line}\n\nتتمة").split() == ["خبر", "عن", "سوق", "تتمة"]


@pytest.mark.parametrize("line", ["قرأ أيضا كتابا", "وقال شاهد عيان", "Related work", "شاهد " + "جمهور كبير " * 40])
def test_a_sentence_of_the_report_stays(line: str) -> None:
    assert report_of(f"خبر عن سوق\n{line}") == f"خبر عن سوق\n{line}"


def test_a_headline_repeated_at_the_start_goes() -> None:
    assert without_headline(["a", "b", "a", "b", "c"], ["a", "b"]) == ["c"]
