"""Clause by clause, why an article matches a topic or what was missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from processors.model import Article, Evidence
from processors.topics.evidence import evidence_of
from processors.topics.query import InField, Not, Query, children_of
from processors.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a query: what it says, whether it holds, through what, and its own parts."""

    source: str
    holds: bool
    weight: float | None  # of a clause of the outermost OR
    evidence: tuple[Evidence, ...]
    parts: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A topic's verdict on an article, in full."""

    topic: str
    matches: bool
    score: float
    threshold: float
    clauses: tuple[Clause, ...]
    excluded_by: Clause | None
    screened_out: bool  # nothing was looked at closely: a name or word that the topic needs is nowhere in the text

    @property
    def reason(self) -> str:
        """One sentence."""
        if self.matches:
            return f"matches with score {self.score:g} (threshold {self.threshold:g})"
        if self.excluded_by is not None:
            return f"excluded by {self.excluded_by.source}"
        if any(clause.holds for clause in self.clauses):
            return f"score {self.score:g} is below the threshold {self.threshold:g}"
        return f"no clause holds; nearest: {nearest_miss(self.clauses)}"


def nearest_miss(clauses: Sequence[Clause]) -> str:
    """The clause of which most holds, and its parts that do not."""
    best = max(clauses, key=_share, default=None)
    if best is None:
        return "nothing"
    missing = [part.source for part in best.parts if not part.holds] or [best.source]
    return f"{best.source} lacks {', '.join(missing)}"


def _share(clause: Clause) -> float:
    if clause.holds:
        return 1.0
    if not clause.parts:
        return 0.0
    return sum(_share(part) for part in clause.parts) / len(clause.parts) * 0.99


def explain(watchlist: Watchlist, topic_name: str, article: Article) -> Explanation:
    """Why, in full. ``KeyError`` where no topic has that name."""
    topic = watchlist.topics[topic_name]
    reading = watchlist.read(article)
    judged = watchlist.judge(topic_name, reading, {})
    evaluation = watchlist.evaluation(topic_name, reading, {})

    def clause(query: Query, where: str, weight: float | None) -> Clause:
        inner = query.field if isinstance(query, InField) else where
        held = evaluation.holds(query, where)
        own = not children_of(query)
        evidence = tuple(
            evidence_of(label, found, reading.texts[found.field]) for label, found in (held or ())[:5] if own
        )
        parts = () if isinstance(query, Not) else tuple(clause(child, inner, None) for child in children_of(query))
        return Clause(query.source, held is not None, weight, evidence, parts)

    excluded = topic.exclude is not None and judged.excluded is not None
    return Explanation(
        topic=topic_name,
        matches=watchlist.matches(topic_name, judged),
        score=judged.score,
        threshold=topic.file.threshold,
        clauses=tuple(clause(query, "text", weight) for query, weight, _ in judged.clauses),
        excluded_by=clause(topic.exclude, "text", None) if excluded and topic.exclude is not None else None,
        screened_out=not watchlist.may_match(topic_name, article),
    )
