"""A number agrees with its noun."""

import pytest

from processors.counted import counted


@pytest.mark.parametrize(
    ("number", "noun", "told"),
    [
        (0, "alert", "0 alerts"),
        (1, "alert", "1 alert"),
        (2, "story", "2 stories"),
        (1, "story", "1 story"),
        (3, "day", "3 days"),
        (2, "match", "2 matches"),
        (1_000, "independent source", "1,000 independent sources"),
    ],
)
def test_a_number_agrees_with_its_noun(number: int, noun: str, told: str) -> None:
    assert counted(number, noun) == told
