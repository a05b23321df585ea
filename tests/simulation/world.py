"""A seeded world of faults around the project's real code: consumer, pipeline, story decisions, ids, payloads.

Two partitions, each read by a process of its own; one store that both share. The store may lose its last writes, or
everything; a process may die before or after any call, or not learn what became of it; a receiver may be down, or its
answer be lost.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from alerts.errors import Unavailable
from alerts.memory_state import MemoryState
from daemon.memory_source import MemorySource
from daemon.metrics import Metrics
from daemon.source import Committed
from daemon.watch import Watch
from tests.simulation.articles import UNWATCHED, article_of

PARTITIONS = ("p", "q")
RECORDS = 14
STORIES = 8


class Crash(Exception):
    """The process died here."""


@dataclass(frozen=True)
class Rules:
    """What a history may contain, and which rule of the protocol is left out on purpose."""

    wipes: bool = True
    loses_writes: bool = True
    without: str = ""  # "", gap, low, idle, checkpoint, one_step, outbox


@dataclass
class World:
    """One history."""

    seed: int
    rules: Rules
    watch: Watch
    state: MemoryState = field(default_factory=MemoryState)
    kept: list[MemoryState] = field(default_factory=list)  # states after each write that is not on disk yet
    receipts: list[tuple[str, bytes]] = field(default_factory=list)
    quiet: bool = False
    now_ms: int = 1_800_000_000_000
    losses: int = 0
    tokens: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.on_disk = self.state.copy()
        self.always = not self.rules.loses_writes or self.chance.random() < 0.4
        self.logs = {
            name: [(self.chance.randrange(STORIES) if self.chance.random() < 0.8 else None) for _ in range(RECORDS)]
            for name in PARTITIONS
        }
        self.sources = {name: self._source(name) for name in PARTITIONS}
        self.metrics = Metrics("simulation")

    def _source(self, name: str) -> MemorySource:
        copies: defaultdict[int, int] = defaultdict(int)
        steps = []
        for story in self.logs[name]:
            if story is None:
                steps.append(UNWATCHED)
            else:
                copies[story] += 1
                steps.append(article_of(story, copies[story] * 10 + PARTITIONS.index(name)))
        kind = CommitsCheckpointAsLow if self.rules.without == "low" else MemorySource
        return kind({name: steps})

    def token(self) -> str:
        self.tokens += 1
        return f"t{self.tokens}"

    def boom(self, share: float = 0.04) -> bool:
        return not self.quiet and self.chance.random() < share

    def no_answer(self) -> Exception:
        """What a call ends with that was not answered: the process dies, or lives on and does not know."""
        return Crash() if self.chance.random() < 0.5 else Unavailable("the store did not answer")

    def wrote(self) -> None:
        """The store took a write: on disk at once, or with those before it some time later."""
        if self.always or self.chance.random() < 0.1:
            self.on_disk, self.kept = self.state.copy(), []
        else:
            self.kept.append(self.state.copy())

    def store_crashes(self) -> None:
        """It comes back with any prefix of the writes that were not on disk."""
        survivors = [self.on_disk, *self.kept]
        survivor = survivors[self.chance.randrange(len(survivors))]
        self.losses += survivor is not survivors[-1]
        self.state.restore(survivor)
        self.on_disk, self.kept = self.state.copy(), []

    def store_is_wiped(self) -> None:
        self.losses += 1
        self.state.restore(MemoryState())
        self.on_disk, self.kept = self.state.copy(), []


class CommitsCheckpointAsLow(MemorySource):
    """The rule ``low`` left out."""

    async def commit(self, positions: Any) -> None:
        await super().commit(
            {name: Committed(p.checkpoint, p.checkpoint, p.incarnation) for name, p in positions.items()}
        )
