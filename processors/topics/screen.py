"""The looks that most articles get: which groups of patterns may be there, and in which field.

Of thousands of patterns most are there to decide what a name means (longer names, blocking phrases, supporting
words). A topic needs none of those to be in the text, so they belong to no group and tell nothing here.
"""

from collections.abc import Set

from processors.matchers.index import PatternIndex
from processors.model import Article
from processors.topics.requirement import BODY, TITLE


class Screen:
    """Made of an index of all patterns and the groups that a topic asks for in one field."""

    def __init__(self, index: PatternIndex, placed: Set[int]) -> None:
        self._index = index
        self._placed = placed

    def keys_in(self, article: Article, max_chars: int) -> set[int]:
        """The keys (``Requirement``) of which a pattern may be in the article; a superset."""
        title = self._index.groups_in(article.title, max_chars)
        return self._keys(title, self._index.groups_in(article.body, max_chars))

    def _keys(self, title: Set[int], body: Set[int]) -> set[int]:
        """Of most groups nobody asks in which field they are."""
        keys = {*title, *body}
        if not keys.isdisjoint(self._placed):
            keys.update([group + TITLE for group in title & self._placed])
            keys.update([group + BODY for group in body & self._placed])
        return keys
