"""How well copies are joined: the archives in time order through ``group``, against pairs of known overlap.

    PYTHONPATH=. python evaluation/story_copies.py PAIRS ARCHIVE…

PAIRS has ``a``, ``b`` (article ids) and ``containment`` (share of the shorter text's three-word runs that the other
holds, counted exactly) a line; an ARCHIVE has articles. Both JSONL, also .gz. Prints JSON: recall over the pairs of
containment ≥ 0.8 within the window, by containment too, and the share of joins whose texts truly overlap by 0.4.
"""

import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from processors.model import Article
from processors.stories.group import group
from processors.stories.memory import WINDOW
from processors.stories.words import plain, words_of

MUST_JOIN = 0.8
"""Containment of a pair that any reader calls the same text."""

WRONG_BELOW = 0.4
"""Exact containment below which a join counts as wrong: less than half of the shorter text is in the other."""

Archive = Mapping[str, tuple[datetime, Article]]


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def read_archive(paths: list[Path]) -> Archive:
    """Articles with a date, by id, in time order."""
    rows = []
    for path in paths:
        for row in lines(path):
            if not row.get("published_at"):
                continue
            moment = datetime.fromisoformat(row["published_at"])
            known = {key: row[key] for key in ("id", "url", "title", "body", "source", "lang") if row.get(key)}
            rows.append((moment, msgspec.convert({**known, "published_at": moment}, Article)))
    rows.sort(key=lambda row: row[0])
    return {article.id: (moment, article) for moment, article in rows}


def containment(one: Article, other: Article) -> float:
    """Exact share of the shorter text's three-word runs that are common."""
    runs = []
    for article in (one, other):
        words = words_of(plain(f"{article.title}\n{article.body}"))
        runs.append(set(zip(words, words[1:], words[2:], strict=False)))
    return len(runs[0] & runs[1]) / max(1, min(map(len, runs)))


def measure(pairs: Path, archive: Archive) -> dict[str, Any]:
    """Everything that is printed."""
    began = time.process_time()
    placed = {line["article"]: line for line in group((article, moment) for moment, article in archive.values())}
    seconds = time.process_time() - began
    asked: Counter[float] = Counter()
    joined: Counter[float] = Counter()
    must = found = 0
    for pair in lines(pairs):
        one, other = archive.get(pair["a"]), archive.get(pair["b"])
        if one is None or other is None or abs(one[0] - other[0]) > WINDOW:
            continue
        together = placed[pair["a"]]["story"] == placed[pair["b"]]["story"]
        tier = int(pair["containment"] * 10) / 10
        asked[tier] += 1
        joined[tier] += together
        if pair["containment"] >= MUST_JOIN:
            must += 1
            found += together
    joins = [(line["article"], line["of"]) for line in placed.values() if line["relation"] == "copy"]
    wrong = sum(containment(archive[a][1], archive[b][1]) < WRONG_BELOW for a, b in joins if b in archive)
    return {
        "articles": len(archive),
        "stories": len({line["story"] for line in placed.values()}),
        "relations": Counter(line["relation"] for line in placed.values()),
        "recall": round(found / max(1, must), 4),
        "pairs_that_must_join": must,
        "joined_by_containment": {tier: f"{joined[tier]}/{asked[tier]}" for tier in sorted(asked)},
        "precision": round(1 - wrong / max(1, len(joins)), 4),
        "joins": len(joins),
        "wrong_joins": wrong,
        "largest_stories": [n for _, n in Counter(line["story"] for line in placed.values()).most_common(5)],
        "articles_per_cpu_second": round(len(archive) / max(seconds, 1e-9)),
    }


def main(arguments: list[str]) -> int:
    """Exit status 0 also where the data is absent: there is nothing to measure then."""
    paths = [Path(argument) for argument in arguments]
    if len(paths) < 2:
        sys.stderr.write("usage: python evaluation/story_copies.py PAIRS ARCHIVE…\n")
        return 2
    absent = [str(path) for path in paths if not path.exists()]
    if absent:
        sys.stderr.write(f"skipped: no such file: {', '.join(absent)}\n")
        return 0
    sys.stdout.write(json.dumps(measure(paths[0], read_archive(paths[1:])), ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
