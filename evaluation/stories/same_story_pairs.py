"""Pairs that people called one story or two: F1 of the shipped rule, beside baselines with the best threshold each."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evaluation.stories.corpora import Pair, graded_pairs, headline_pairs
from evaluation.stories.scores import best_f1, pair_f1
from evaluation.stories.textbook_similarity import cosine, headline, jaccard, runs, tf_idf
from processors.stories.copies import copy_of
from processors.stories.fingerprint import fingerprint
from processors.stories.known_names import KnownNames
from processors.stories.same_story import same_story
from processors.stories.story import founded

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""Any: the pairs have no dates."""


def measure(data: Path, names: KnownNames) -> dict[str, Any]:
    """Every set of pairs that is there."""
    found: dict[str, Any] = {}
    if (graded := data / "semeval22_pairs.jsonl.gz").exists():
        within, across = graded_pairs(graded)
        found["one language (ar, en, fr, tr)"] = of_set(within, names)
        found["two languages"] = of_set(across, names)
    if (headlines := data / "ans_headline_pairs_ar.jsonl.gz").exists():
        found["Arabic headlines"] = of_set(headline_pairs(headlines), names)
    return found


def of_set(pairs: Sequence[Pair], names: KnownNames) -> dict[str, Any]:
    """One set: the rule as it decides in the daemon, and each baseline at its best."""
    same = [pair.same for pair in pairs]
    joined = [float(joins(pair, names)) for pair in pairs]
    called, right = sum(joined), sum(found and truth for found, truth in zip(joined, same, strict=True))
    return {
        "pairs": len(pairs),
        "one story": sum(same),
        "F1": round(pair_f1(joined, same, 1.0), 3),
        "precision": round(right / max(1, called), 3),
        "recall": round(right / max(1, sum(same)), 3),
        "baselines, best threshold each": {
            name: f"{f1:.3f} at {threshold:.2f}" for name, (f1, threshold) in baselines(pairs, same).items()
        },
    }


def joins(pair: Pair, names: KnownNames) -> bool:
    """Whether the second would join a story of the first alone, read at the same time: a copy or the same story."""
    first, second = fingerprint(pair.one, names), fingerprint(pair.other, names)
    story = founded(pair.one, first, MOMENT)
    return copy_of(second, story.prints[0]) is not None or same_story(second, story, MOMENT) is not None


def baselines(pairs: Sequence[Pair], same: Sequence[bool]) -> dict[str, tuple[float, float]]:
    """The best F1 of each, and the threshold that it takes."""
    vectors = tf_idf([article for pair in pairs for article in (pair.one, pair.other)])
    scores = {
        "TF-IDF": [cosine(*vectors[place : place + 2]) for place in range(0, len(vectors), 2)],
        "MinHash": [jaccard(runs(pair.one), runs(pair.other)) for pair in pairs],
        "headline Jaccard": [jaccard(headline(pair.one), headline(pair.other)) for pair in pairs],
    }
    return {name: best_f1(each, same) for name, each in scores.items()}
