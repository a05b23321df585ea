"""Clusters that editors made, streamed in time order through ``group``: B-cubed, beside single-pass baselines."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from evaluation.stories.corpora import archive, lines
from evaluation.stories.scores import b_cubed
from evaluation.stories.textbook_similarity import cosine, headline, jaccard, runs, tf_idf
from processors.model import Article
from processors.stories.group import group
from processors.stories.known_names import KnownNames
from processors.stories.memory import WINDOW

THRESHOLDS = [step / 50 for step in range(1, 46)]


def measure(data: Path, names: KnownNames) -> dict[str, Any]:
    """The dated leads."""
    path = data / "allsides_stories_en.jsonl.gz"
    if not path.exists():
        return {}
    stories = {row["id"]: row["cluster_id"] for row in lines(path)}
    dated = archive([path])
    true = [stories[article.id] for article, _ in dated]
    placed = list(group(dated, names=names))
    f1, precision, recall = b_cubed([line["story"] for line in placed], true)
    return {
        "leads": len(dated),
        "stories": len(set(true)),
        "found": len({line["story"] for line in placed}),
        "relations": Counter(line["relation"] for line in placed),
        "B-cubed F1": round(f1, 3),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "baselines, best threshold each": baselines(dated, true),
    }


def baselines(dated: Sequence[tuple[Article, datetime]], true: Sequence[str]) -> dict[str, str]:
    """Each joins the story of the likest article of the last 72 hours, if that is like enough."""
    articles = [article for article, _ in dated]
    vectors, shingles, titles = tf_idf(articles), list(map(runs, articles)), list(map(headline, articles))
    ways: dict[str, Callable[[int, int], float]] = {
        "TF-IDF": lambda one, other: cosine(vectors[one], vectors[other]),
        "MinHash": lambda one, other: jaccard(shingles[one], shingles[other]),
        "headline Jaccard": lambda one, other: jaccard(titles[one], titles[other]),
    }
    found = {}
    for name, likeness in ways.items():
        nearest = [_nearest(place, dated, likeness) for place in range(len(dated))]
        best = max((b_cubed(_single_pass(nearest, threshold), true)[0], threshold) for threshold in THRESHOLDS)
        found[name] = f"{best[0]:.3f} at {best[1]:.2f}"
    return found


def _nearest(
    place: int, dated: Sequence[tuple[Article, datetime]], likeness: Callable[[int, int], float]
) -> tuple[float, int]:
    """How like the likest earlier article is, and which it is."""
    best, before = (0.0, place), place - 1
    while before >= 0 and dated[place][1] - dated[before][1] <= WINDOW:
        best = max(best, (likeness(place, before), before))
        before -= 1
    return best


def _single_pass(nearest: Sequence[tuple[float, int]], threshold: float) -> list[int]:
    clusters: list[int] = []
    for place, (likest, earlier) in enumerate(nearest):
        clusters.append(clusters[earlier] if likest >= threshold and earlier != place else place)
    return clusters
