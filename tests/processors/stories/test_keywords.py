"""What an article is about survives spelling, and a change of it is seen."""

import pytest

from processors.stories.keywords import keyword_bits, missing, skeletons, vocabulary
from processors.stories.words import words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("أمريكي", "أميركي"), ("بوليفيا", "البوليفي"), ("ترامب", "ترمب"), ("كونجرس", "كونغرس"), ("الخامسة", "خامس")],
)
def test_spellings_of_a_word_have_one_skeleton(one: str, other: str) -> None:
    assert skeletons(words_of(one)) == skeletons(words_of(other))


def test_a_word_of_vowels_stays_itself() -> None:
    assert skeletons(["اوي", "", "في"]) == ["اوي", "", "في"]


def test_only_headline_words_that_the_text_confirms_count() -> None:
    assert missing(keyword_bits(["قطار", "سريع"], {"قطار"}), vocabulary([])) == (1, 1)


def test_words_that_the_other_text_lacks_are_counted() -> None:
    words = ["جسر", "نهر", "ميناء"]

    assert missing(keyword_bits(words, set(words)), vocabulary(["جسر", "نهر", "مطار"])) == (1, 3)


def test_without_a_vocabulary_nothing_is_missing() -> None:
    assert missing(keyword_bits(["جسر"], {"جسر"}), b"") == (0, 1)
