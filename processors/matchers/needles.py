"""What an automaton searches for: the words of all forms, each with the endings that it may have."""

from collections import Counter

from ahocorasick_rs import BytesAhoCorasick, Implementation

from processors.matchers.forms import Form
from processors.matchers.particles import LAST_BEFORE, SUFFIXES, Edge
from processors.normalize.code_page import SPACE, encode_folded

BEFORE = frozenset((SPACE, *(encode_folded(letter)[0] for letter in LAST_BEFORE)))
"""What may stand in front of a needle: the start of the word, or a particle's last letter."""

TELLING_LETTERS = 3
"""Shorter words (في, من, of) are in every article: a phrase is not looked for by them, nor tried because of them."""

_RARE_LETTERS = 4
"""Words of this many letters are as good an anchor as longer ones; what else is known of them decides."""

_MOST_TABLE_BYTES = 200_000
"""Of needles in a full table, which takes about 170 bytes for each and is half as fast again as a packed one, as
long as it is in use all the time: a second one would only drive the first out of the processor's caches."""

Word = tuple[str, Edge]
"""A word of a form, and how it may end."""


def automaton(needles: list[bytes], *, full_table: bool = False) -> BytesAhoCorasick | None:
    """What finds all ``needles`` in one pass; None where there is none. ``full_table``: if every text goes through."""
    if not needles:
        return None
    full_table = full_table and sum(map(len, needles)) <= _MOST_TABLE_BYTES
    return BytesAhoCorasick(needles, implementation=Implementation.DFA if full_table else Implementation.ContiguousNFA)


def endings(word: str, edge: Edge) -> list[bytes]:
    """The word with each of its endings and the space after it: the search itself then checks where it ends."""
    stem = encode_folded(word).strip()
    if edge in (Edge.OPEN, Edge.TURKISH):
        return [stem]
    bare = [] if edge is Edge.CHANGED else [stem + b" "]
    suffixed = [] if edge is Edge.WHOLE else [stem + encode_folded(suffix) + b" " for suffix in SUFFIXES]
    return bare + suffixed


def anchor(form: Form, uses: Counter[Word]) -> int:
    """The number of the word to search for: a long one that few other forms use, for it is mostly rare in text too."""
    if form.slop:
        return 0  # with other words between, only the first has a known place
    words = form.words
    longest = min(max(len(word) for word, _ in words), _RARE_LETTERS)
    return min(
        (number for number, (word, _) in enumerate(words) if len(word) >= longest),
        key=lambda number: (uses[words[number]], _is_common_ending(words[number][0]), -len(words[number][0])),
    )


def _is_common_ending(word: str) -> bool:
    """Whether many words of a text end like ``word``: decides among initials (أ ش أ)."""
    return word[-1] in "اهينتربلمكد"
