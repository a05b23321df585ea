"""Which groups of patterns an article may hold: the only look that most articles ever get.

Of thousands of patterns most are there to decide what a name means (longer names, blocking phrases, supporting
words). A topic needs none of those to be in the text, so they are not looked for here.
"""

from collections.abc import Sequence

from processors.matchers.index import compile_patterns
from processors.model import Article, Pattern


class Screen:
    """Made of all patterns and, for each, its groups as bits (0: not needed by any topic)."""

    def __init__(self, patterns: Sequence[Pattern], groups: Sequence[int]) -> None:
        watched = [(pattern, bits) for pattern, bits in zip(patterns, groups, strict=True) if bits]
        self._index = compile_patterns([pattern for pattern, _ in watched])
        self._groups = [bits for _, bits in watched]

    def groups_in(self, article: Article, max_chars: int) -> int:
        """Bits of the groups of which a pattern may be in the article; a superset."""
        present = 0
        for pattern in self._index.screen(article.title, article.body, max_chars=max_chars):
            present |= self._groups[pattern]
        return present
