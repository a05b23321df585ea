"""Measures: F1 of pairs at a threshold and at the best one, B-cubed of clusters."""

from collections import defaultdict
from collections.abc import Hashable, Sequence


def pair_f1(scores: Sequence[float], same: Sequence[bool], threshold: float) -> float:
    """F1 of calling pairs of this score or more one story."""
    called = sum(score >= threshold for score in scores)
    right = sum(score >= threshold and truth for score, truth in zip(scores, same, strict=True))
    return 2 * right / max(1, called + sum(same))


def best_f1(scores: Sequence[float], same: Sequence[bool]) -> tuple[float, float]:
    """The best F1 that any threshold reaches, and that threshold."""
    best, right, total = (0.0, 0.0), 0, sum(same)
    ordered = sorted(zip(scores, same, strict=True), reverse=True)
    for called, (score, truth) in enumerate(ordered, 1):
        right += truth
        if called == len(ordered) or ordered[called][0] != score:
            best = max(best, (2 * right / (called + total), score))
    return best


def b_cubed(found: Sequence[Hashable], true: Sequence[Hashable]) -> tuple[float, float, float]:
    """F1, precision and recall: of each article, how much of its cluster is of its story, and the other way round."""
    by_found, by_true = defaultdict(set), defaultdict(set)
    for place, (cluster, story) in enumerate(zip(found, true, strict=True)):
        by_found[cluster].add(place)
        by_true[story].add(place)
    common = [len(by_found[cluster] & by_true[story]) for cluster, story in zip(found, true, strict=True)]
    precision = sum(n / len(by_found[cluster]) for n, cluster in zip(common, found, strict=True)) / len(found)
    recall = sum(n / len(by_true[story]) for n, story in zip(common, true, strict=True)) / len(true)
    return 2 * precision * recall / (precision + recall), precision, recall
