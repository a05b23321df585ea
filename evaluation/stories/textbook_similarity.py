"""What an engineer would use in an afternoon, each to be given the best threshold of each set afterwards.

TF-IDF is told the rarity of every word from the very set that is measured; MinHash is its limit of endlessly many
permutations, the exact share of common three-word runs.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import Any

from processors.model import Article
from processors.stories.words import plain, words_of

Vector = Mapping[str, float]


def words(article: Article) -> list[str]:
    """Every word of an article, folded."""
    return words_of(plain(f"{article.title}\n{article.body}"))


def tf_idf(articles: Sequence[Article]) -> list[Vector]:
    """Unit vectors with logarithmic counts and smooth inverse document frequencies."""
    read = [words(article) for article in articles]
    held = Counter(word for each in read for word in set(each))
    return [_unit({word: (1 + math.log(n)) * _idf(held[word], len(read)) for word, n in Counter(each).items()})
            for each in read]  # fmt: skip


def cosine(one: Vector, other: Vector) -> float:
    """Of two unit vectors."""
    return math.fsum(weight * other[word] for word, weight in one.items() if word in other)


def runs(article: Article) -> Set[tuple[str, ...]]:
    """All three-word runs, or the words of a text that is shorter."""
    read = words(article)
    return {*zip(read, read[1:], read[2:], strict=False)} or {*zip(read, strict=True)}


def headline(article: Article) -> Set[str]:
    """The words of the headline, or of the first line where there is none."""
    return set(words_of(plain(article.title or article.body[:120].partition("\n")[0])))


def jaccard(one: Set[Any], other: Set[Any]) -> float:
    """Of two sets, what they have in common."""
    return len(one & other) / len(one | other) if one or other else 0.0


def _idf(held: int, articles: int) -> float:
    return math.log((1 + articles) / (1 + held)) + 1


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(math.fsum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else vector
