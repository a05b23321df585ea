"""The measure that other tests use can fail."""

import pytest

from tests.growth import TIMES_AS_LONG, costs_no_more_than, grows_no_faster_than_its_length


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


@pytest.mark.parametrize("seconds_a_step", [1e-9, 1.0])
def test_a_cost_above_its_bound_is_found_on_any_machine(seconds_a_step: float) -> None:
    steps = 0

    def loop(count: int) -> None:
        nonlocal steps
        steps += count

    told = [
        costs_no_more_than(5_000_000, lambda: loop(cost), loop, lambda: steps * seconds_a_step)  # noqa: B023
        for cost in (5_000_000, 5_500_000)
    ]

    assert told == [True, False]
