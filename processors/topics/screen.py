"""The look that every article gets: which groups of patterns may be there, in which field, and where in it.

Of thousands of patterns most are there to decide what a name means (longer names, blocking phrases, supporting
words). A topic needs none of those to be in the text, so they belong to no group and tell nothing here.
"""

from collections.abc import Set

from processors.matchers.alphabet import encode_raw
from processors.matchers.index import PatternIndex
from processors.matchers.look import Look
from processors.model import Article
from processors.topics.query.regex.screen import LiteralScreen
from processors.topics.requirement import BODY, TITLE
from processors.topics.sight import Sight


class Screen:
    """Made of an index of all patterns, the letters of expressions, and the groups that are asked for in one field."""

    def __init__(self, index: PatternIndex, literals: LiteralScreen, placed: Set[int]) -> None:
        self._index = index
        self._literals = literals
        self._placed = placed

    def look(self, article: Article, max_chars: int) -> tuple[set[int], Sight]:
        """What may be in the article, in the first characters of each field; a superset. The keys apart too."""
        title, expressions = self._look(article.title, max_chars)
        body, body_expressions = self._look(article.body, max_chars)
        in_title, in_body = title.groups, body.groups
        if expressions or body_expressions:
            in_title, in_body = in_title | expressions, in_body | body_expressions
            expressions = expressions | body_expressions
        keys = {*in_title, *in_body}
        if not keys.isdisjoint(self._placed):
            keys.update([group + TITLE for group in in_title & self._placed])
            keys.update([group + BODY for group in in_body & self._placed])
        return keys, Sight(keys, (title, body), expressions)

    def _look(self, raw: str, max_chars: int) -> tuple[Look, Set[int]]:
        field = encode_raw(raw, max_chars)
        return self._index.look(field), self._literals.groups_in(field)
