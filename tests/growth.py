"""Whether a cost grows with the length of what is given and no faster: a ratio, which no slow machine changes."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Given = TypeVar("Given")

TIMES_AS_LONG = 4
"""What is given the second time, beside the first."""

MOST_GROWTH = 10
"""Of the cost then: about four where it grows with the length, sixteen where it grows with the square."""

TOO_SHORT_TO_COMPARE = 0.5
"""CPU seconds: far below what quadratic cost would take, far above what a noisy clock adds."""


def grows_no_faster_than_its_length(
    work: Callable[[Given], object], part: Given, whole: Given, clock: Callable[[], float] = time.process_time
) -> bool:
    """Whether ``work`` on ``whole``, ``TIMES_AS_LONG`` as long as ``part``, costs in proportion, or next to nothing."""

    def seconds(given: Given) -> float:
        begin = clock()
        work(given)
        return clock() - begin

    with _own_garbage_only():
        cost = min(seconds(whole), seconds(whole))
        return cost < TOO_SHORT_TO_COMPARE or cost < MOST_GROWTH * min(seconds(part), seconds(part))


YARDSTICK_STEPS = 1_000_000
"""Of a bare loop: some hundredths of a second, long enough for the clock."""


def bare_loop(steps: int) -> None:
    """Steps that do nothing."""
    for _ in range(steps):
        pass


def costs_no_more_than(
    steps: int,
    work: Callable[[], object],
    loop: Callable[[int], object] = bare_loop,
    clock: Callable[[], float] = time.process_time,
) -> bool:
    """Whether ``work``, which has a bound whatever is given, costs no more than so many steps of a bare loop, here."""

    def seconds(run: Callable[[], object]) -> float:
        begin = clock()
        run()
        return clock() - begin

    with _own_garbage_only():
        yardstick = min(seconds(lambda: loop(YARDSTICK_STEPS)) for _ in range(3))
        return min(seconds(work), seconds(work)) * YARDSTICK_STEPS <= yardstick * steps


@contextmanager
def _own_garbage_only() -> Iterator[None]:
    """The collector looks through what is made in here alone: what a session of other tests left would be added to the
    longer of two looks, and not to the shorter one."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
