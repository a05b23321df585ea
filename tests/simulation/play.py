"""Many histories, on every core. Each is the same wherever and beside whatever it is played."""

import gc
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context

import structlog

from tests.simulation.history import simulate
from tests.simulation.judge import Result
from tests.simulation.stories import remembered_answers

CHUNK = 250
"""Seeds that a worker takes at once: about two seconds of them."""


@dataclass(slots=True)
class Played:
    """What many histories came to."""

    seen: Counter[str] = field(default_factory=Counter)
    failed: list[Result] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """One history more."""
        self.seen.update(result.seen)
        self.seen["histories"] += 1
        if result.problems:
            self.failed.append(result)

    def report(self) -> str:
        """For whoever must find out why."""
        lines = []
        for result in self.failed[:10]:
            lines.append(f"seed {result.seed} ({result.kind}): {'; '.join(result.problems[:4])}")
            lines.append(f"    replay it: python -m tests.simulation.replay {result.seed}")
        return f"{len(self.failed)} of {self.seen['histories']} histories went wrong\n" + "\n".join(lines)


def play(seeds: Sequence[int], without: str = "") -> Played:
    """These histories, in worker processes where they are many."""
    played = Played()
    if len(seeds) <= CHUNK:
        for result in _chunk(seeds, without):
            played.add(result)
        return played
    chunks = [seeds[first : first + CHUNK] for first in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        for results in workers.map(_chunk, chunks, [without] * len(chunks)):
            for result in results:
                played.add(result)
    return played


def first_failure(seeds: Iterable[int], without: str) -> Result | None:
    """The first history that goes wrong."""
    with undisturbed():
        return next((result for seed in seeds if (result := _one(seed, without)).problems), None)


def _chunk(seeds: Sequence[int], without: str) -> list[Result]:
    gc.disable()  # of so few histories nothing need be collected: a tenth of the time
    try:
        with undisturbed():
            return [_one(seed, without) for seed in seeds]
    finally:
        gc.enable()
        gc.collect()


def _one(seed: int, without: str) -> Result:
    try:
        return simulate(seed, without)
    except Exception as error:
        error.add_note(f"in seed {seed}: python -m tests.simulation.replay {seed} {without}")
        raise


@contextmanager
def undisturbed() -> Iterator[None]:
    """What histories log is for their replay, and what is asked of each article again and again is remembered."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        with remembered_answers():
            yield
    finally:
        structlog.configure(**before)
