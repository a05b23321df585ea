"""A topic's verdict on one article before it is told."""

from dataclasses import dataclass

from processors.topics.evaluate.evaluate import Parts
from processors.topics.query.tree import Query


@dataclass(frozen=True, slots=True)
class Judged:
    """Which clauses held, with their weights and the mentions that decided."""

    score: float
    clauses: tuple[tuple[Query, float, Parts | None], ...]
    excluded: Parts | None

    @property
    def held(self) -> Parts:
        """The mentions of every clause that held, each once: topics that refer to one another would multiply them."""
        return list(dict.fromkeys(part for _, _, parts in self.clauses if parts is not None for part in parts))
