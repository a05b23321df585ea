"""The measure that other tests use can fail."""

from collections.abc import Callable

import pytest

from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length


@pytest.mark.parametrize(
    ("times", "proportionate"),
    [(lambda _: 10_000, True), (len, False)],
    ids=["a fixed number of looks", "a look for each character"],
)
def test_a_cost_that_grows_with_the_square_is_found(times: Callable[[str], int], proportionate: bool) -> None:
    def look(text: str) -> None:
        for _ in range(times(text)):
            text.count("b")

    part = "a" * 10_000

    assert grows_no_faster_than_its_length(look, part, part * TIMES_AS_LONG) is proportionate
