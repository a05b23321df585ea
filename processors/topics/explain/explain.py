"""Clause by clause, why an article matches a topic or what was missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from processors.model import Article, Evidence
from processors.topics.evaluate.evaluate import Evaluation, Parts
from processors.topics.evaluate.evidence import evidence_of
from processors.topics.evaluate.reading import Reading
from processors.topics.explain.misses import Misses
from processors.topics.query.tree import Count, InField, Near, Not, Query, Weighted, Within, children_of
from processors.topics.repeated import Span
from processors.topics.watchlist import Watchlist

MOST_EVIDENCE = 5
"""Mentions shown of one part."""

MOST_MISSING = 3
"""Parts that the one-sentence reason names."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a query: what it says, whether it holds, through what or why not, and its own parts."""

    source: str
    holds: bool
    weight: float | None  # of a clause of the outermost OR
    evidence: tuple[Evidence, ...]
    lacks: str  # why it does not hold, where its parts do not say it
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
    def sum(self) -> str:
        """The score as the sum that it is: ``3 + 2 = 5``."""
        weights = [f"{clause.weight:g}" for clause in self.clauses if clause.holds and clause.weight is not None]
        return f"{' + '.join(weights)} = {self.score:g}" if len(weights) > 1 else f"{self.score:g}"

    @property
    def reason(self) -> str:
        """One sentence."""
        if self.matches:
            return f"matches with score {self.sum} (threshold {self.threshold:g})"
        if self.excluded_by is not None:
            return f"excluded by {self.excluded_by.source}"
        if any(clause.holds for clause in self.clauses):
            return f"score {self.sum} is below the threshold {self.threshold:g}"
        return f"no clause holds; nearest: {nearest_miss(self.clauses)}"


def nearest_miss(clauses: Sequence[Clause]) -> str:
    """The clause of which most holds, and its parts that do not, each with the reason."""
    best = max(clauses, key=_share, default=None)
    if best is None:
        return "nothing"
    if best.lacks:
        return f"{best.source} ({best.lacks})"
    missing = list(_missing(best))
    more = f" and {len(missing) - MOST_MISSING} more" if len(missing) > MOST_MISSING else ""
    return f"{best.source} lacks {', '.join(missing[:MOST_MISSING])}{more}"


def _missing(clause: Clause) -> Iterator[str]:
    """The innermost parts to blame: what is missing itself, or an operator whose operands are all there."""
    lacking = [part for part in clause.parts if not part.holds]
    if clause.lacks or not lacking:
        yield f"{clause.source} ({clause.lacks})" if clause.lacks else clause.source
        return
    for part in lacking:
        yield from _missing(part)


def _share(clause: Clause) -> float:
    if clause.holds:
        return 1.0
    if not clause.parts:
        return 0.0
    whole = sum(map(_share, clause.parts)) / len(clause.parts)
    return whole if len(clause.parts) == 1 and whole < 1 else whole * 0.99  # a field around it makes no difference


def explain(watchlist: Watchlist, topic_name: str, article: Article, repeated: Sequence[Span] = ()) -> Explanation:
    """Why, in full. ``KeyError`` where no topic has that name.

    ``repeated`` are paragraphs of the article's body that its source repeats.
    """
    topic = watchlist.topics[topic_name]
    reading = watchlist.read(article, repeated=repeated)
    judged = watchlist.judge(topic_name, reading, {})
    evaluation = watchlist.evaluation(topic_name, reading, {})
    clauses = _Clauses(reading, evaluation, Misses(watchlist, topic_name, reading, evaluation))
    excluded = topic.exclude is not None and judged.excluded is not None
    return Explanation(
        topic=topic_name,
        matches=watchlist.matches(topic_name, judged),
        score=judged.score,
        threshold=topic.file.threshold,
        clauses=tuple(clauses.of(query, "text", weight) for query, weight, _ in judged.clauses),
        excluded_by=clauses.of(topic.exclude, "text") if excluded and topic.exclude is not None else None,
        screened_out=not watchlist.may_match(topic_name, article),
    )


class _Clauses:
    def __init__(self, reading: Reading, evaluation: Evaluation, misses: Misses) -> None:
        self._reading = reading
        self._evaluation = evaluation
        self._misses = misses

    def of(self, query: Query, where: str, weight: float | None = None) -> Clause:
        while isinstance(query, Weighted):
            query = query.child
        inner = query.field if isinstance(query, InField) else where
        held = self._evaluation.holds(query, where)
        # What an office stands for is not what its author wrote: it is told as the one list that it is.
        inside = () if isinstance(query, Not) else [each for each in children_of(query) if each.source != query.source]
        return Clause(
            query.source,
            held is not None,
            weight,
            self._evidence(query, held or [], alone=not inside),
            self._misses.why_not(query, inner) if held is None else "",
            tuple(self.of(child, inner) for child in inside),
        )

    def _evidence(self, query: Query, held: Parts, *, alone: bool) -> tuple[Evidence, ...]:
        """Of what has a place: a leaf, or an operator that chose among the places of its operands."""
        if not alone and not isinstance(query, Near | Within | Count):
            return ()
        texts = self._reading.texts
        return tuple(evidence_of(label, found, texts[found.field]) for label, found in held[:MOST_EVIDENCE])
