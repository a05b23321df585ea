"""The measure that other tests use can fail."""

import pytest

from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length


@pytest.mark.parametrize(
    ("power", "seconds_a_look", "told"),
    [(1, 0.01, True), (2, 0.01, False), (3, 0.01, False), (2, 1e-6, True)],
    ids=["in proportion", "the square", "the cube", "the square of next to nothing"],
)
def test_a_cost_that_grows_faster_than_the_length_is_found(power: int, seconds_a_look: float, told: bool) -> None:
    looks = 0

    def look(text: str) -> None:
        nonlocal looks
        looks += len(text) ** power

    part = "a" * 100

    assert grows_no_faster_than_its_length(look, part, part * TIMES_AS_LONG, lambda: looks * seconds_a_look) is told
