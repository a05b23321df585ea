"""The look that every article gets while few patterns are watched: one pass over its letters for all of them.

The promise: what ``PatternIndex.find`` finds in a text is let through here. Words stand alone, the words of a phrase
beside one another: whatever is between them in the text is one space here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from ahocorasick_rs import BytesAhoCorasick, Implementation

from processors.matchers.anchor import TELLING_LETTERS
from processors.matchers.forms import Form
from processors.matchers.particles import LAST_BEFORE, SUFFIXES, Edge
from processors.normalize.code_page import SPACE, encode_folded

MOST_NEEDLES = 50_000
"""With more the automaton leaves the processor's caches, and words are sooner looked up one by one."""

_MOST_TABLE_BYTES = 200_000
"""Of needles in a full table, which takes about 170 bytes for each and is half as fast again as a packed one."""

_BEFORE = frozenset((SPACE, *(encode_folded(letter)[0] for letter in LAST_BEFORE)))
"""What may stand in front of a needle: the start of the word, or a particle's last letter."""

Hit = tuple[int, int, int]
"""The number of a needle, and where it begins and ends, the space behind it included."""

_Others = tuple[tuple[bytes, ...], ...]
"""Words that must also be in the text, each in all of its endings."""


class Sieve:
    """Made of forms, and for each the groups that it tells of."""

    def __init__(self, forms: Sequence[tuple[Form, Sequence[int]]]) -> None:
        alone: defaultdict[bytes, set[int]] = defaultdict(set)  # needle → what it suffices for
        loose: defaultdict[bytes, defaultdict[_Others, set[int]]] = defaultdict(lambda: defaultdict(set))
        for form, groups in forms:
            if form.slop:
                for needle in _endings(form.first, form.first_edge):
                    loose[needle][_others(form)].update(groups)
            else:
                for needle in _phrases(form):
                    alone[needle].update(groups)
        needles = list(dict.fromkeys((*alone, *loose)))
        self._automaton = _automaton(needles)
        kept: dict[tuple[int, ...], tuple[int, ...]] = {}  # of thousands few differ
        told = (tuple(alone.get(needle, ())) for needle in needles)
        self._alone = [kept.setdefault(groups, groups) for groups in told]
        self._loose: Mapping[int, Sequence[tuple[_Others, set[int]]]] = {
            number: tuple(loose[needle].items()) for number, needle in enumerate(needles) if needle in loose
        }

    def __len__(self) -> int:
        return len(self._alone)

    def hits(self, letters: bytes) -> list[Hit]:
        """Where in ``spaced`` letters the needles are, in order of their ends."""
        if self._automaton is None:
            return []
        hits = self._automaton.find_matches_as_indexes(letters, overlapping=True)
        return [hit for hit in hits if letters[hit[1] - 1] in _BEFORE]

    def groups_of(self, hits: Iterable[Hit]) -> set[int]:
        """The groups of all needles among ``hits`` that suffice alone."""
        return set[int]().union(*map(self._alone.__getitem__, {needle for needle, _, _ in hits}))

    def loose_groups(self, hits: Iterable[Hit], letters: bytes) -> set[int]:
        """The groups of phrases with others between: their first word is among ``hits``, the others anywhere."""
        found: set[int] = set()
        if self._loose:
            for needle in {needle for needle, _, _ in hits if needle in self._loose}:
                for others, groups in self._loose[needle]:
                    if all(any(ending in letters for ending in word) for word in others):
                        found |= groups
        return found

    def groups_in(self, letters: bytes) -> set[int]:
        """The groups of all patterns that may be in ``spaced`` letters."""
        hits = self.hits(letters)
        return self.groups_of(hits) | self.loose_groups(hits, letters)

    def told_by(self, needle: int) -> Sequence[int]:
        """The groups that a needle suffices for."""
        return self._alone[needle]


def needles_of(form: Form) -> int:
    """How many needles a form adds at most."""
    return _ENDINGS[form.words[0 if form.slop else -1][1]]


def _automaton(needles: list[bytes]) -> BytesAhoCorasick | None:
    """What finds all ``needles`` in one pass; None where there is none."""
    if not needles:
        return None
    table = sum(map(len, needles)) <= _MOST_TABLE_BYTES
    return BytesAhoCorasick(needles, implementation=Implementation.DFA if table else Implementation.ContiguousNFA)


_SUFFIXES = [encode_folded(suffix) + b" " for suffix in SUFFIXES]
_ENDINGS = {
    Edge.OPEN: 1,
    Edge.TURKISH: 1,
    Edge.WHOLE: 1,
    Edge.SUFFIXED: 1 + len(_SUFFIXES),
    Edge.CHANGED: len(_SUFFIXES),
}
"""How many there are."""


def _endings(word: str, edge: Edge) -> list[bytes]:
    """The word with each of its endings and the space after it: the search itself then checks where it ends."""
    stem = encode_folded(word).strip()
    if edge is Edge.WHOLE:
        return [stem + b" "]
    if edge is Edge.OPEN or edge is Edge.TURKISH:
        return [stem]
    bare = [] if edge is Edge.CHANGED else [stem + b" "]
    return bare + [stem + suffix for suffix in _SUFFIXES]


def _phrases(form: Form) -> Iterator[bytes]:
    """The whole form in each of its endings."""
    for words in product(*[_endings(*word) for word in form.words]):
        needle = b"".join(words)
        if b" " in needle[:-1]:
            needle = b" ".join(needle.split()) + (b" " if needle.endswith(b" ") else b"")
        yield needle


def _others(form: Form) -> _Others:
    telling = dict.fromkeys(word for word in form.words[1:] if len(word[0]) >= TELLING_LETTERS)
    return tuple(tuple(_endings(*word)) for word in telling)
