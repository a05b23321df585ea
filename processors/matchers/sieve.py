"""The look that every article gets: which of the watched patterns may be in a text, told as labels.

The promise: what ``PatternIndex.find`` finds in a text is let through here. Words stand alone, the words of a phrase
beside one another: whatever is between them in the text is one space here.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import product
from operator import or_

from processors.matchers.alphabet import encode_raw
from processors.matchers.forms import Form, forms
from processors.matchers.needles import BEFORE, TELLING_LETTERS, automaton, endings
from processors.model import Pattern

_SPACES = re.compile(rb"  +")

_Others = tuple[tuple[bytes, ...], ...]
"""Words that must also be in the text, each in all of its endings."""


class Sieve:
    """Patterns, each with a label. Labels are sets of bits."""

    def __init__(self, patterns: Sequence[Pattern], labels: Sequence[int]) -> None:
        alone: defaultdict[bytes, int] = defaultdict(int)  # needle → what it suffices for
        loose: defaultdict[bytes, defaultdict[_Others, int]] = defaultdict(lambda: defaultdict(int))
        for number, pattern in enumerate(patterns):
            for form in forms(number, pattern):
                if form.slop:
                    for needle in endings(*form.words[0]):
                        loose[needle][_others(form)] |= labels[number]
                else:
                    for needle in _phrases(form):
                        alone[needle] |= labels[number]
        needles = list(dict.fromkeys((*alone, *loose)))
        self._automaton = automaton(needles, full_table=True)
        self._alone = [alone.get(needle, 0) for needle in needles]
        self._all = reduce(or_, labels, 0)
        self._loose = {number: tuple(loose[needle].items()) for number, needle in enumerate(needles) if needle in loose}

    def labels_in(self, raw: str, *, max_chars: int = 200_000) -> int:
        """The labels of all patterns that may be in the first ``max_chars`` characters of a field as received."""
        if self._automaton is None or not raw:
            return 0
        found = 0
        field = encode_raw(raw, max_chars)
        if field.doubtful:
            return self._all
        for encoded in field.readings:
            letters = _SPACES.sub(b" ", b" %b " % encoded)
            hits = self._automaton.find_matches_as_indexes(letters, overlapping=True)
            for needle, start, _ in hits:
                if letters[start - 1] in BEFORE:
                    found |= self._alone[needle]
            if self._loose:
                for needle in {needle for needle, _, _ in hits if needle in self._loose}:
                    found |= self._loosely(needle, letters)
        return found

    def _loosely(self, needle: int, letters: bytes) -> int:
        """What the needle stands for with words between, if all the others are somewhere."""
        found = 0
        for others, label in self._loose[needle]:
            if all(any(ending in letters for ending in word) for word in others):
                found |= label
        return found


def _phrases(form: Form) -> Iterator[bytes]:
    """The whole form in each of its endings."""
    for words in product(*(endings(*word) for word in form.words)):
        yield _SPACES.sub(b" ", b"".join(words))


def _others(form: Form) -> _Others:
    telling = dict.fromkeys(word for word in form.words[1:] if len(word[0]) >= TELLING_LETTERS)
    return tuple(tuple(endings(*word)) for word in telling)
