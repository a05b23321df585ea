"""What a message may show of a file that somebody else wrote."""

import pytest

from processors.errors import Problem


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u202eb"),
        ("a\x9bb", "a\\x9bb"),
        ("سوريا\u200f", "سوريا\\u200f"),
        ("سـ\u200cريا", "سـ\u200cريا"),  # a joiner is part of a word
        ("one\n  two\tthree", "one\n  two\tthree"),
    ],
    ids=["a command to the terminal", "an override", "a C1 command", "a mark of direction", "a joiner", "lines"],
)
def test_a_problem_shows_control_characters_and_obeys_none(written: str, shown: str) -> None:
    assert str(Problem(f"{written}.yaml", 3, 1, f"`{written}` is no name")) == f"{shown}.yaml:3:1: `{shown}` is no name"
