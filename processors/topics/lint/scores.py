"""Thresholds and weights that decide nothing."""

from collections.abc import Iterator, Sequence

from processors.topics.evaluate.evaluate import top_clauses
from processors.topics.lint.finding import Desk, Found, Rule, Severity, at_key, in_query
from processors.topics.topic import Topic

MOST_CLAUSES = 50
"""Of one topic: nobody weighs more against one another, and each is compared with the sums of all others."""

MOST_SUMS = 1_000
"""Different scores that are followed: a topic with more is not judged."""


def _no_difference(topic: Topic, _: Desk) -> Iterator[Found]:
    weights = [weight for _, weight in top_clauses(topic.match)]
    weight, threshold = weights[0], topic.file.threshold
    if len(set(weights)) > 1 or weight < threshold:
        return
    if weight != 1:
        told = f"every clause weighs {weight:g} and suffices alone: the weights change nothing. Leave ^{weight:g} out"
        if threshold != 1:
            told += f", and `threshold: {threshold:g}` too"
        yield in_query(topic, "match", next(top_clauses(topic.match))[0].at, told)
    elif threshold != 1:
        yield at_key(topic, ("threshold",), f"threshold {threshold:g} is reached by every clause alone: leave it out")


def _never_decides(topic: Topic, _: Desk) -> Iterator[Found]:
    clauses, threshold = list(top_clauses(topic.match)), topic.file.threshold
    weights = [weight for _clause, weight in clauses]
    if len(weights) > MOST_CLAUSES:
        return
    for number, (clause, weight) in enumerate(clauses):
        if weight >= threshold:
            continue
        below = _sums_below(threshold, weights[:number] + weights[number + 1 :])
        if weight <= 0 or not any(total + weight >= threshold for total in below):
            told = (
                f"`{clause.source}` weighs {weight:g}, which never makes the difference for threshold {threshold:g}: "
                "raise its weight or remove it"
            )
            yield in_query(topic, "match", clause.at, told)


def _sums_below(threshold: float, weights: Sequence[float]) -> set[float]:
    """Every score below the threshold that some of the clauses make together."""
    sums = {0.0}
    for weight in weights:
        sums |= {total + weight for total in sums if total + weight < threshold}
        if len(sums) > MOST_SUMS:
            return sums | {threshold}  # as if one more would do: a doubt is no finding
    return sums


RULES = (
    Rule(
        "RSD601",
        Severity.HINT,
        "weights or a threshold that change nothing",
        "Where all clauses weigh the same and each suffices alone, every match has the same meaning: leave them out.",
        _no_difference,
    ),
    Rule(
        "RSD602",
        Severity.WARNING,
        "a clause that never decides",
        "Whatever other clauses hold, this one never lifts the score over the threshold.",
        _never_decides,
    ),
)
