"""The looks that most articles get: which groups of patterns may be there, and roughly where.

Of thousands of patterns most are there to decide what a name means (longer names, blocking phrases, supporting
words). A topic needs none of those to be in the text, so they are not looked for here.
"""

from collections.abc import Mapping, Sequence

from processors.matchers.index import compile_patterns
from processors.matchers.sieve import Sieve
from processors.model import Article, FieldName, Mention, Pattern
from processors.normalize.text import Text
from processors.topics.requirement import present_in


class Screen:
    """Made of all patterns and, for each, its groups as bits (0: not needed by any topic)."""

    def __init__(self, patterns: Sequence[Pattern], groups: Sequence[int]) -> None:
        self._numbers = [number for number, bits in enumerate(groups) if bits]
        self._all_groups = groups
        self._groups = [groups[number] for number in self._numbers]
        kept = [patterns[number] for number in self._numbers]
        self._sieve = Sieve(kept, self._groups)
        self._index = compile_patterns(kept, self._groups)

    def groups_in(self, article: Article, max_chars: int) -> int:
        """The groups of which a pattern may be in the article, for ``Requirement.holds``; a superset."""
        title = self._sieve.labels_in(article.title, max_chars=max_chars)
        return present_in(title, self._sieve.labels_in(article.body, max_chars=max_chars))

    def groups_of(self, mentions: Sequence[Mention]) -> int:
        """The groups that these mentions belong to, as ``groups_in`` tells them."""
        title = body = 0
        for number, field in {(mention.pattern, mention.field) for mention in mentions}:
            if field == "title":
                title |= self._all_groups[number]
            else:
                body |= self._all_groups[number]
        return present_in(title, body)

    def find(self, texts: Mapping[FieldName, Text], bits: int, *, particles: bool) -> list[Mention]:
        """Mentions of patterns of the groups in ``bits``, under the numbers that all patterns have."""
        return [
            Mention(
                self._numbers[mention.pattern],
                mention.field,
                mention.start,
                mention.end,
                mention.first_word,
                mention.last_word,
                mention.level,
                mention.repaired,
            )
            for field, text in texts.items()
            for mention in self._index.find(text, field, bits, particles=particles)
        ]
