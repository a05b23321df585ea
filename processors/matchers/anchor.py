"""Which word of a form is searched for: the others are looked at only where that one is."""

from collections import Counter
from collections.abc import Sequence

from processors.matchers.forms import Form
from processors.matchers.particles import Edge

TELLING_LETTERS = 3
"""Shorter words (في, من, of) are in every article: a phrase is not looked for by them, nor tried because of them."""

_RARE_LETTERS = 4
"""Words of this many letters are as good an anchor as longer ones; what else is known of them decides."""

Word = tuple[str, Edge]
"""A word of a form, and how it may end."""


def anchor(form: Form, words: Sequence[Word], uses: Counter[Word]) -> int:
    """Which of its words to search for: a long one that few other forms use, for it is mostly rare in text too."""
    if form.slop:
        return 0  # with other words between, only the first has a known place
    if not form.rest:
        return 0
    longest = min(max([len(word) for word, _ in words]), _RARE_LETTERS)
    _, _, _, number = min(
        [
            (uses[word], _is_common_ending(word[0]), -len(word[0]), number)
            for number, word in enumerate(words)
            if len(word[0]) >= longest
        ]
    )
    return number


def _is_common_ending(word: str) -> bool:
    """Whether many words of a text end like ``word``: decides among initials (أ ش أ)."""
    return word[-1] in "اهينتربلمكد"
