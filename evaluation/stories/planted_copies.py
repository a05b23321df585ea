"""Copies planted by recipe among other articles: what joins its original and what joins anything else.

Beside it the same stream through MinHash and SimHash as they are commonly used (``datasketch``, where it is
installed), which have no story to keep: a copy is found if its nearest is its original. What follows an original is
streamed after it; originals are real articles that no other one copies.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evaluation.stories.corpora import archive
from evaluation.stories.planted import MIN_WORDS, copies
from evaluation.stories.textbook_similarity import runs, words
from processors.model import Article
from processors.stories.group import group
from processors.stories.known_names import KnownNames

ORIGINALS = 300
AROUND = 3
"""Other articles for each original."""

SEED = 1
MINHASH_PERMUTATIONS = 128
MINHASH_THRESHOLD = 0.5
SIMHASH_BITS = 64
SIMHASH_DISTANCE = 6
"""Commonly used settings: half of the shingles, six of 64 bits."""


def measure(data: Path, names: KnownNames) -> dict[str, Any]:
    """Originals of one archive, each with one copy by each recipe, among articles around."""
    path = data / "ant_multisource.jsonl.gz"
    if not path.exists():
        return {}
    stream, planted = _planted(archive([path]))
    moment = stream[0].published_at
    assert moment is not None  # noqa: S101 - an archive's articles have dates
    arrivals = ((article, moment + timedelta(seconds=place)) for place, article in enumerate(stream))
    undated = ((_undated(article), at) for article, at in arrivals)
    placed = {line["article"]: line["story"] for line in group(undated, names=names)}
    joined = Counter(recipe for copy, (original, recipe) in planted.items() if placed[copy] == placed[original])
    asked = Counter(recipe for _, recipe in planted.values())
    found: dict[str, Any] = {
        "originals": len(planted) // 9,
        "copies": len(planted),
        "recall": round(joined.total() / asked.total(), 4),
        "recall by recipe": {recipe: round(joined[recipe] / asked[recipe], 3) for recipe in asked},
    }
    ways = {"SimHash, 6 of 64 bits": _simhash} | (
        {"MinHash, 0.5": _minhash} if find_spec("datasketch") else {"MinHash, 0.5 (exact)": _jaccard}
    )
    return found | {name: _alone(way(stream), stream, planted, asked) for name, way in ways.items()}


def _planted(dated: Sequence[tuple[Article, Any]]) -> tuple[list[Article], dict[str, tuple[str, str]]]:
    """A stream, and of each copy its original and recipe."""
    stream, planted, heads = list[Article](), dict[str, tuple[str, str]](), set[str]()
    step = max(1, len(dated) // (ORIGINALS * AROUND * 2))
    for article, _ in dated[::step]:
        head = " ".join(words(article)[:40])
        if len(article.body.split()) < MIN_WORDS or head in heads:
            continue
        heads.add(head)
        stream.append(article)
        if len(heads) % AROUND == 1 and len(planted) < ORIGINALS * 9:
            for recipe, copy in copies(article, SEED):
                planted[copy.id] = article.id, recipe
                stream.append(copy)
    return stream, planted


def _undated(article: Article) -> Article:
    return Article(id=article.id, title=article.title, body=article.body, source=article.source, lang=article.lang)


Likeness = Callable[[int, int], bool]


def _jaccard(stream: Sequence[Article]) -> Likeness:
    of = [runs(article) for article in stream]
    return lambda one, other: len(of[one] & of[other]) >= MINHASH_THRESHOLD * len(of[one] | of[other])


def _minhash(stream: Sequence[Article]) -> Likeness:
    from datasketch import MinHash  # type: ignore[import-not-found,unused-ignore]

    made = []
    for article in stream:
        sketch = MinHash(num_perm=MINHASH_PERMUTATIONS)
        sketch.update_batch([" ".join(run).encode() for run in runs(article)])
        made.append(sketch)
    return lambda one, other: bool(made[one].jaccard(made[other]) >= MINHASH_THRESHOLD)


def _simhash(stream: Sequence[Article]) -> Likeness:
    of = [_bits(runs(article)) for article in stream]
    return lambda one, other: (of[one] ^ of[other]).bit_count() <= SIMHASH_DISTANCE


def _bits(shingles: Iterator[tuple[str, ...]] | Any) -> int:
    counts = [0] * SIMHASH_BITS
    for shingle in shingles:
        value = int.from_bytes(hashlib.blake2b(" ".join(shingle).encode(), digest_size=8).digest(), "big")
        for bit in range(SIMHASH_BITS):
            counts[bit] += 1 if value >> bit & 1 else -1
    return sum(1 << bit for bit, count in enumerate(counts) if count > 0)


def _alone(
    alike: Likeness, stream: Sequence[Article], planted: Mapping[str, tuple[str, str]], asked: Counter[str]
) -> dict[str, Any]:
    """Each copy against its original, and each original against the next hundred articles of others."""
    place = {article.id: number for number, article in enumerate(stream)}
    joined = Counter(recipe for copy, (original, recipe) in planted.items() if alike(place[copy], place[original]))
    return {
        "recall": round(joined.total() / asked.total(), 4),
        "recall by recipe": {recipe: round(joined[recipe] / asked[recipe], 3) for recipe in asked},
    }
