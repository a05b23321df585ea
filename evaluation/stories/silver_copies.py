"""How well copies are joined: an archive in time order through ``group``, against pairs of known overlap.

A pair has ``a``, ``b`` (article ids) and ``containment``: the share of the shorter text's three-word runs that the
other holds, counted exactly. Recall is over pairs of 0.8 and more within the window; a join of a copy whose texts
overlap by less than 0.4 is wrong.
"""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from evaluation.stories.corpora import archive, lines
from processors.model import Article
from processors.stories.group import group
from processors.stories.known_names import KnownNames
from processors.stories.memory import WINDOW
from processors.stories.words import plain, words_of

MUST_JOIN = 0.8
WRONG_BELOW = 0.4

LARGEST = 5

Dated = Mapping[str, tuple[Article, datetime]]


def containment(one: Article, other: Article) -> float:
    """Exact share of the shorter text's three-word runs that are common."""
    runs = []
    for article in (one, other):
        words = words_of(plain(f"{article.title}\n{article.body}"))
        runs.append(set(zip(words, words[1:], words[2:], strict=False)))
    return len(runs[0] & runs[1]) / max(1, min(map(len, runs)))


def measure(data: Path, names: KnownNames) -> dict[str, Any]:
    """The silver pairs through the archive that they are of."""
    pairs, articles = data / "arabic_near_dup_silver.jsonl.gz", data / "saudinewsnet.jsonl.gz"
    if not (pairs.exists() and articles.exists()):
        return {}
    stream = archive([articles])
    dated = {article.id: (article, at) for article, at in stream}
    began = time.process_time()
    placed = {line["article"]: line for line in group(stream, names=names)}
    seconds = time.process_time() - began
    joins = [(line["article"], line["of"]) for line in placed.values() if line["relation"] == "copy"]
    wrong = sum(containment(dated[a][0], dated[b][0]) < WRONG_BELOW for a, b in joins if b in dated)
    return {
        "articles": len(stream),
        "stories": len({line["story"] for line in placed.values()}),
        "relations": Counter(line["relation"] for line in placed.values()),
        **_recall(pairs, dated, placed),
        "precision": round(1 - wrong / max(1, len(joins)), 4),
        "joins": len(joins),
        "wrong joins": wrong,
        "largest stories": [n for _, n in Counter(line["story"] for line in placed.values()).most_common(LARGEST)],
        "articles per CPU second": round(len(stream) / max(seconds, 1e-9)),
    }


def _recall(pairs: Path, dated: Dated, placed: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    asked: Counter[float] = Counter()
    joined: Counter[float] = Counter()
    must = found = 0
    for pair in lines(pairs):
        one, other = dated.get(pair["a"]), dated.get(pair["b"])
        if one is None or other is None or abs(one[1] - other[1]) > WINDOW:
            continue
        together = placed[pair["a"]]["story"] == placed[pair["b"]]["story"]
        tier = int(pair["containment"] * 10) / 10
        asked[tier] += 1
        joined[tier] += together
        if pair["containment"] >= MUST_JOIN:
            must += 1
            found += together
    return {
        "pairs that must join": must,
        "recall": round(found / max(1, must), 4),
        "joined by containment": {tier: f"{joined[tier]}/{asked[tier]}" for tier in sorted(asked)},
    }
