"""One real day of French headlines: what is seen again opens no story."""

from pathlib import Path
from typing import Any

from evaluation.stories.corpora import article_of, lines
from processors.model import Article
from processors.stories.group import group
from processors.stories.known_names import KnownNames


def measure(data: Path, names: KnownNames) -> dict[str, Any]:
    """The day in order, each article under the id that its publisher gave it; without one, under its line's."""
    path = data / "fr_headlines_one_day_2020-01-10.jsonl.gz"
    if not path.exists():
        return {}
    stream, seen, repeated = [], set[str](), set[str]()
    again: list[bool] = []
    for row in lines(path):
        article = article_of(row | {"id": row.get("article_id") or row["id"]})
        again.append(article.id in seen)
        if article.id in seen:
            repeated.add(article.id)
        seen.add(article.id)
        stream.append(article)
    placed = _relations(stream, names)
    unnamed = _relations([_anew(article, number) for number, article in enumerate(stream)], names)
    edited = [place for place, repeat in enumerate(again) if repeat]
    return {
        "headlines": len(stream),
        "articles seen again": len(repeated),
        "times": len(edited),
        "stories that repeats opened": sum(placed[place] == "new" for place in edited),
        "the same with ids withheld": sum(unnamed[place] == "new" for place in edited),
    }


def _relations(stream: list[Article], names: KnownNames) -> list[str]:
    arrivals = ((article, article.published_at) for article in stream)
    return [line["relation"] for line in group(((a, at) for a, at in arrivals if at is not None), names=names)]


def _anew(article: Article, number: int) -> Article:
    """The same headline as if it were another article's."""
    return Article(id=f"line {number}", title=article.title, lang=article.lang, published_at=article.published_at)
