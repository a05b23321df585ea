"""Every watched pattern in one automaton: where each may stand in a text that was read, and what really stands there.

``find`` checks each place at the edges of its word and says at which level it holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple

from processors.matchers.forms import Form, forms
from processors.matchers.lexicon import Lexicon
from processors.matchers.needles import BEFORE, TELLING_LETTERS, anchor, automaton, endings
from processors.matchers.particles import Edge
from processors.matchers.resolve import resolve
from processors.matchers.scan import Candidates, scan
from processors.model import FieldName, Mention, Pattern
from processors.normalize.code_page import encode_folded
from processors.normalize.text import Text

ALL = -1
"""Every label has a bit of it."""

_NO_OTHERS: frozenset[int] = frozenset()


class _Head(NamedTuple):
    """A form, under its anchor."""

    form: Form
    anchor: int
    others: frozenset[int]  # other words that must be in the text
    signs: int  # signs in front of the anchor's letters: the @ of a handle
    label: int


class _Words:
    """The words of all forms and the needles by which they are found, while an index is made."""

    def __init__(self) -> None:
        self.needles: dict[bytes, int] = {}  # what the automaton searches for → its number
        self.spells: list[set[int]] = []  # needle → the words that it is an ending of
        self._numbers: dict[tuple[str, Edge], int] = {}  # a word and how it may end → its number

    def number(self, word: str, edge: Edge) -> int:
        """The word's number; its needles are made with it."""
        known = self._numbers.get((word, edge))
        if known is not None:
            return known
        number = self._numbers[word, edge] = len(self._numbers)
        for needle in endings(word, edge):
            if needle not in self.needles:
                self.needles[needle] = len(self.needles)
                self.spells.append(set())
            self.spells[self.needles[needle]].add(number)
        return number


class PatternIndex:
    """Compiled patterns. A pattern's number is its position in the sequence given to ``compile_patterns``."""

    def __init__(self, patterns: Sequence[Pattern], labels: Sequence[int]) -> None:
        self._patterns = tuple(patterns)
        words = _Words()
        heads: defaultdict[int, list[_Head]] = defaultdict(list)  # word → forms that are searched for by it
        every = [form for number, pattern in enumerate(self._patterns) for form in forms(number, pattern)]
        uses = Counter(word for form in every for word in form.words)
        for form in every:
            found_at = anchor(form, uses)
            others = {words.number(*word) for word in form.words if len(word[0]) >= TELLING_LETTERS}
            found_by = words.number(*form.words[found_at])
            signs = _signs_in_front(form.words[found_at][0])
            others.discard(found_by)
            label = labels[form.pattern]
            heads[found_by].append(_Head(form, found_at, frozenset(others) if others else _NO_OTHERS, signs, label))
        # Thousands of small collections, nearly all of one element: tuples take a quarter of what sets do.
        self._spells = [tuple(spelled) for spelled in words.spells]  # needle → the words that it is an ending of
        self._heads = [[head for word in spelled for head in heads[word]] for spelled in self._spells]  # by needle
        self._labels = [reduce(or_, (head.label for head in spelled), 0) for spelled in self._heads]
        self._automaton = automaton(list(words.needles))

    def __len__(self) -> int:
        return len(self._patterns)

    def find(self, text: Text, field: FieldName, among: int = ALL, *, particles: bool = True) -> list[Mention]:
        """Every occurrence in ``text``, in order, of the patterns whose label has a bit of ``among``.

        ``particles=False`` is for languages that share letters with Arabic but not its particles: words match whole.
        Nothing is found in the silent parts of a body.
        """
        mentions = scan(text, self._candidates(text, among), self._patterns, field, particles=particles)
        readings = [] if text.repaired is None else [text.repaired]
        if particles:
            readings += resolve(text, self._lexicon)
        for reading in readings:
            candidates = self._candidates(reading, among)
            mentions += scan(reading, candidates, self._patterns, field, particles=particles, within=text)
        if readings:
            mentions = sorted({_place(mention): mention for mention in reversed(mentions)}.values(), key=_place)
        return mentions

    @cached_property
    def _lexicon(self) -> Lexicon:
        """Made when the first word is in doubt: in edited news there is hardly any."""
        return Lexicon(head.form for heads in self._heads for head in heads)

    def _candidates(self, text: Text, among: int) -> list[Candidates]:
        """Places in the folded text, in order, and the forms whose anchor may begin there."""
        if self._automaton is None:
            return []
        letters = b" %b " % text.letters
        hits = self._automaton.find_matches_as_indexes(letters, overlapping=True)
        words: set[int] | None = None  # that are in the text: seldom asked for
        places: defaultdict[int, list[tuple[Form, int]]] = defaultdict(list)
        for needle, start, _ in hits:
            if not self._labels[needle] & among or letters[start - 1] not in BEFORE:
                continue
            for head in self._heads[needle]:
                if not head.label & among:
                    continue
                if head.others:
                    if words is None:
                        words = self._spelled(letters, hits)
                    if not head.others <= words:
                        continue
                if start > head.signs:
                    places[start - 1 - head.signs].append((head.form, head.anchor))
        return sorted(places.items())

    def _spelled(self, letters: bytes, hits: Iterable[tuple[int, int, int]]) -> set[int]:
        needles = {needle for needle, start, _ in hits if letters[start - 1] in BEFORE}
        return set().union(*map(self._spells.__getitem__, needles))


def compile_patterns(patterns: Sequence[Pattern], labels: Sequence[int] | None = None) -> PatternIndex:
    """Make one index of all ``patterns``. A pattern without letters or digits is never found.

    ``labels`` are sets of bits, one for each pattern, by which ``find`` can be asked for some of them.
    """
    return PatternIndex(patterns, [1] * len(patterns) if labels is None else labels)


def _signs_in_front(word: str) -> int:
    letters = encode_folded(word)
    return len(letters) - len(letters.lstrip())


def _place(mention: Mention) -> tuple[int, int, int]:
    return mention.start, mention.end, mention.pattern
