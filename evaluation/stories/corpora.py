"""The research corpora as articles and pairs: read where they lie, never copied."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from processors.model import Article

FIELDS = ("id", "url", "title", "body", "source", "lang")

FOUR = ("ar", "en", "fr", "tr")
"""The languages that the pairs of one language are measured in."""

SAME, OTHER = 2.0, 3.0
"""People's similarity up to which a pair is one story, and above which it is two; between them is unclear."""

SEED = 1
"""Of every random choice here: the same pairs each time."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and whether people say that they tell one story."""

    one: Article
    other: Article
    same: bool


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, also .gz."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def article_of(row: dict[str, Any]) -> Article:
    """A row of an archive."""
    return msgspec.convert({key: row[key] for key in FIELDS if row.get(key)} | dated(row), Article)


def dated(row: dict[str, Any]) -> dict[str, datetime]:
    """Its date, where it has one."""
    return {"published_at": datetime.fromisoformat(row["published_at"])} if row.get("published_at") else {}


def archive(paths: Sequence[Path], *, since: str = "", until: str = "9") -> list[tuple[Article, datetime]]:
    """Dated articles in time order, with the time as the time of arrival."""
    rows = (row for path in paths for row in lines(path))
    articles = [article_of(row) for row in rows if row.get("published_at") and since <= row["published_at"] < until]
    found = [(article, article.published_at) for article in articles if article.published_at is not None]
    return sorted(found, key=lambda each: each[1])


def graded_pairs(path: Path) -> tuple[list[Pair], list[Pair]]:
    """Clear pairs of people's similarity: those within one of the four languages, and those across languages."""
    within, across = [], []
    for row in lines(path):
        if SAME < row["overall"] <= OTHER:
            continue
        pair = Pair(text(f"{row['id']}a", row["text1"]), text(f"{row['id']}b", row["text2"]), row["overall"] <= SAME)
        if row["lang1"] != row["lang2"]:
            across.append(pair)
        elif row["lang1"] in FOUR:
            within.append(pair)
    return within, across


def headline_pairs(path: Path) -> list[Pair]:
    """Headlines that agree or disagree about one story, and the same headlines paired anew, which are two stories."""
    rows = [row for row in lines(path) if row["stance"] in ("agree", "disagree")]
    anew = list(range(len(rows)))
    random.Random(SEED).shuffle(anew)  # noqa: S311 - pairs, not secrets
    pairs = [(row["text1"], row["text2"], True) for row in rows]
    pairs += [(row["text1"], rows[place]["text2"], False) for row, place in zip(rows, anew, strict=True)]
    told = {(one, other) for one, other, same in pairs if same}
    return [
        Pair(Article(id=f"{number}a", title=one), Article(id=f"{number}b", title=other), same)
        for number, (one, other, same) in enumerate(pairs)
        if same or (one, other) not in told
    ]


def text(id_: str, body: str) -> Article:
    """An article of which only the text is known."""
    return Article(id=id_, body=body)
