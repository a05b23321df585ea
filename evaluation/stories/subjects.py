"""Different stories on one subject and day: how many random pairs are joined that should not be.

Two measures. Editors' clusters (English) say which leads of one topic within a window are two stories; a joined pair is
wrong. For Arabic nobody says so: random pairs of one day whose headlines name the same country are streamed with their
archive; pairs that share a fifth of the rarer headline's words are taken for one story and left out.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from evaluation.stories.corpora import archive, lines
from evaluation.stories.textbook_similarity import headline, jaccard
from processors.entities.gazetteer import load_gazetteer
from processors.model import Article
from processors.packs.builtin import entity_files
from processors.stories.group import group
from processors.stories.known_names import KnownNames
from processors.stories.memory import WINDOW
from processors.stories.words import plain, words_of

PAIRS = 1_000
SEED = 1
ALIKE = 0.15
"""Jaccard of two headlines from which they are taken to tell one event."""

SPANS = {
    "ant_multisource.jsonl.gz": ("2018-04-01", "2018-05-15"),
    "saudinewsnet.jsonl.gz": ("2015-07-24", "2015-07-29"),
}
"""A part of each archive: ten thousand articles in all, of days that have many."""


def measure(data: Path, names: KnownNames) -> dict[str, Any]:
    """The archives that are there."""
    found: dict[str, Any] = {}
    if (leads := data / "allsides_stories_en.jsonl.gz").exists():
        found["editors' clusters (en), one topic within the window"] = _editors(leads, names)
    gazetteer = load_gazetteer(entity_files())
    countries = {entry.id for entry in gazetteer.entities.values() if entry.kind == "country"}
    for name, (since, until) in SPANS.items():
        if (path := data / name).exists():
            found[name] = _archive(path, since, until, names, countries)
    return found


def _editors(path: Path, names: KnownNames) -> dict[str, Any]:
    rows = {row["id"]: row for row in lines(path)}
    dated = archive([path])
    story = {line["article"]: line["story"] for line in group(dated, names=names)}
    pairs = [
        (one.id, other.id)
        for place, (one, at) in enumerate(dated)
        for other, later in dated[place + 1 : place + 100]
        if later - at <= WINDOW
        and rows[one.id].get("topic") == rows[other.id].get("topic")
        and rows[one.id]["cluster_id"] != rows[other.id]["cluster_id"]
    ]
    return _of(pairs, story)


def _archive(path: Path, since: str, until: str, names: KnownNames, countries: set[str]) -> dict[str, Any]:
    dated = archive([path], since=since, until=until)
    placed = list(group(dated, names=names))
    story = {line["article"]: line["story"] for line in placed}
    groups: Mapping[tuple[str, str], list[Article]] = defaultdict(list)
    for article, at in dated:
        for entity in names.found(words_of(plain(article.title))):
            if entity in countries:
                groups[entity, at.astimezone(UTC).date().isoformat()].append(article)
    chance = random.Random(SEED)  # noqa: S311 - pairs, not secrets
    drawn: set[tuple[str, str]] = set()
    drawable = sorted(key for key, articles in groups.items() if len(articles) > 1)
    for _ in range(50 * PAIRS):
        one, other = chance.sample(groups[chance.choice(drawable)], 2)
        if len(drawn) < PAIRS and jaccard(headline(one), headline(other)) < ALIKE:
            drawn.add((one.id, other.id))
    largest = sorted(_sizes(story.values()), reverse=True)[:5]
    return {"articles": len(dated), **_of(sorted(drawn), story), "largest stories": largest}


def _of(pairs: list[tuple[str, str]], story: Mapping[str, str]) -> dict[str, Any]:
    joined = sum(story[one] == story[other] for one, other in pairs)
    return {"pairs": len(pairs), "joined": joined, "share": round(joined / max(1, len(pairs)), 4)}


def _sizes(stories: Iterable[str]) -> list[int]:
    sizes: dict[str, int] = defaultdict(int)
    for story in stories:
        sizes[story] += 1
    return list(sizes.values())
