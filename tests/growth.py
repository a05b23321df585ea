"""Whether a cost grows with the length of what is given and no faster: a ratio, which no slow machine changes."""

import time
from collections.abc import Callable
from typing import TypeVar

Given = TypeVar("Given")

TIMES_AS_LONG = 4
"""What is given the second time, beside the first."""

MOST_GROWTH = 10
"""Of the cost then: about four where it grows with the length, sixteen where it grows with the square."""

TOO_SHORT_TO_COMPARE = 0.5
"""CPU seconds: far below what quadratic cost would take, far above what a noisy clock adds."""


def grows_no_faster_than_its_length(work: Callable[[Given], object], part: Given, whole: Given) -> bool:
    """Whether ``work`` on ``whole``, ``TIMES_AS_LONG`` as long as ``part``, costs in proportion, or next to nothing."""
    cost = min(_seconds(work, whole), _seconds(work, whole))
    return cost < TOO_SHORT_TO_COMPARE or cost < MOST_GROWTH * min(_seconds(work, part), _seconds(work, part))


def _seconds(work: Callable[[Given], object], given: Given) -> float:
    begin = time.process_time()
    work(given)
    return time.process_time() - begin
