"""The looks that most articles get: which groups of patterns may be there, and in which field.

Of thousands of patterns most are there to decide what a name means (longer names, blocking phrases, supporting
words). A topic needs none of those to be in the text, so they belong to no group and tell nothing here.
"""

from collections.abc import Set

from processors.matchers.index import PatternIndex
from processors.model import Article
from processors.topics.query.regex.screen import LiteralScreen
from processors.topics.requirement import BODY, TITLE


class Screen:
    """Made of an index of all patterns, the letters of expressions, and the groups that are asked for in one field."""

    def __init__(self, index: PatternIndex, literals: LiteralScreen, placed: Set[int]) -> None:
        self._index = index
        self._literals = literals
        self._placed = placed

    def keys_in(self, article: Article, max_chars: int) -> set[int]:
        """The keys (``Requirement``) of which a pattern may be in the article; a superset."""
        return self._keys(self._groups_in(article.title, max_chars), self._groups_in(article.body, max_chars))

    def _groups_in(self, raw: str, max_chars: int) -> Set[int]:
        expressions = self._literals.groups_in(raw, max_chars)
        groups = self._index.groups_in(raw, max_chars)
        return groups | expressions if expressions else groups

    def _keys(self, title: Set[int], body: Set[int]) -> set[int]:
        """Of most groups nobody asks in which field they are."""
        keys = {*title, *body}
        if not keys.isdisjoint(self._placed):
            keys.update([group + TITLE for group in title & self._placed])
            keys.update([group + BODY for group in body & self._placed])
        return keys
