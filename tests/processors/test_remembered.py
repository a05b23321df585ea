"""What was found of words is remembered, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from processors.remembered import Remembered

MOST, LONGEST = 8, 4


class Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, word: str) -> str:
        self.asked.append(word)
        return word.upper()


def remembered() -> tuple[Remembered[str, str], Counting]:
    find = Counting()
    return Remembered(find, most=MOST, longest=LONGEST), find


@given(st.lists(st.text("abc", min_size=1, max_size=6)))
def test_the_answer_is_the_same_however_much_was_forgotten(words: list[str]) -> None:
    known, _ = remembered()

    assert [known[word] for word in words] == [word.upper() for word in words]


@given(st.lists(st.text("abc", min_size=1, max_size=6)))
def test_no_more_is_held_than_was_said(words: list[str]) -> None:
    known, _ = remembered()
    for word in words:
        known[word]
        assert known.held <= MOST


def test_a_word_that_comes_again_and_again_is_found_out_once() -> None:
    known, find = remembered()
    for number in range(100):
        known["asad"], known[f"w{number}"]

    assert find.asked.count("asad") == 1


def test_a_word_that_is_too_long_is_not_held() -> None:
    known, find = remembered()
    for _ in range(2):
        known["abcde"]

    assert (find.asked, known.held) == (["abcde", "abcde"], 0)
