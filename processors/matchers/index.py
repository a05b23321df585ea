"""Every watched pattern in one automaton: screen all articles cheaply, find exactly in the candidates.

``screen`` answers with a superset in the time it takes to copy the text; it never misses what ``find`` would find.
``find`` checks each place at the edges of its word and says at which level it holds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from processors.matchers.alphabet import encode_raw
from processors.matchers.forms import Form, forms
from processors.matchers.particles import LAST_BEFORE, SUFFIXES, Edge
from processors.matchers.scan import scan
from processors.model import FieldName, Mention, Pattern
from processors.normalize.code_page import SPACE, encode_folded
from processors.normalize.text import Text

# Shorter words are mostly particles of speech.
_TELLING_LETTERS = 4
_BEFORE = frozenset((SPACE, *(encode_folded(letter)[0] for letter in LAST_BEFORE)))


class _Head(NamedTuple):
    """A form, under its first word."""

    form: Form
    others: frozenset[int]  # other words that must be in the text
    signs: int  # signs in front of the first word's letters: the @ of a handle


class PatternIndex:
    """Compiled patterns. A pattern's number is its position in the sequence given to ``compile_patterns``."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._needles: dict[bytes, int] = {}  # what the automaton searches for → its number
        self._words: dict[tuple[str, Edge], int] = {}  # a word and how it may end → its number
        self._spells: list[set[int]] = []  # needle → the words that it is an ending of
        heads: defaultdict[int, list[_Head]] = defaultdict(list)  # word → forms that begin with it
        for number, pattern in enumerate(self._patterns):
            for form in forms(number, pattern):
                first = self._word(form.first, form.first_edge)
                others = frozenset(self._word(word, edge) for word, edge in _telling(form.rest))
                heads[first].append(_Head(form, others, _signs_in_front(form.first)))
        words = range(len(self._words))
        self._heads = [tuple(heads[word]) for word in words]
        # word → patterns that it suffices for, and those that need others beside it
        self._alone = [frozenset(head.form.pattern for head in heads[word] if not head.others) for word in words]
        self._together = [
            tuple({(head.form.pattern, head.others) for head in heads[word] if head.others}) for word in words
        ]
        self._automaton = BytesAhoCorasick(list(self._needles)) if self._needles else None

    def __len__(self) -> int:
        return len(self._patterns)

    def screen(self, title: str, body: str, *, max_chars: int = 200_000) -> set[int]:
        """Patterns that may occur in the fields as received: a superset of what ``find`` finds in them."""
        found: set[int] = set()
        for field in (title, body):
            if field:
                for letters in encode_raw(field, max_chars):
                    self._screen(b" " + letters + b" ", found)
        return found

    def find(
        self, text: Text, field: FieldName, only: Collection[int] | None = None, *, particles: bool = True
    ) -> list[Mention]:
        """Every occurrence in ``text``, in order; ``only`` limits the patterns asked for.

        ``particles=False`` is for languages that share letters with Arabic but not its particles: words match whole.
        Nothing is found in the silent parts of a body.
        """
        mentions = scan(text, self._candidates(text, only), self._patterns, field, particles=particles)
        if text.repaired is not None:
            candidates = self._candidates(text.repaired, only)
            mentions += scan(text.repaired, candidates, self._patterns, field, particles=particles, within=text)
            mentions.sort(key=_place)
        return mentions

    def _word(self, word: str, edge: Edge) -> int:
        known = self._words.get((word, edge))
        if known is not None:
            return known
        number = self._words[word, edge] = len(self._words)
        for needle in _endings(word, edge):
            if needle not in self._needles:
                self._needles[needle] = len(self._needles)
                self._spells.append(set())
            self._spells[self._needles[needle]].add(number)
        return number

    def _screen(self, letters: bytes, found: set[int]) -> None:
        if self._automaton is None:
            return
        needles: set[int] = set()
        for needle, start, _ in self._automaton.find_matches_as_indexes(letters, overlapping=True):
            if needle not in needles and letters[start - 1] in _BEFORE:
                needles.add(needle)
        words = self._spelled(needles)
        for word in words:
            found |= self._alone[word]
            for number, others in self._together[word]:
                if others <= words:
                    found.add(number)

    def _spelled(self, needles: Iterable[int]) -> set[int]:
        words: set[int] = set()
        for needle in needles:
            words |= self._spells[needle]
        return words

    def _candidates(self, text: Text, only: Collection[int] | None) -> list[tuple[int, list[Form]]]:
        """Places in the folded text, in order, and the forms whose first word may begin there."""
        if self._automaton is None:
            return []
        letters = b" " + text.letters + b" "
        hits = [
            (start, needle)
            for needle, start, _ in self._automaton.find_matches_as_indexes(letters, overlapping=True)
            if letters[start - 1] in _BEFORE
        ]
        needles = {needle for _, needle in hits}
        words = self._spelled(needles)
        asked = {needle: self._asked(self._spells[needle], words, only) for needle in needles}
        places: defaultdict[int, list[Form]] = defaultdict(list)
        for start, needle in hits:
            for head in asked[needle]:
                if start > head.signs:
                    places[start - 1 - head.signs].append(head.form)
        return sorted(places.items())

    def _asked(self, spelled: Iterable[int], words: set[int], only: Collection[int] | None) -> list[_Head]:
        """Forms that begin with one of ``spelled`` and whose other words are all among ``words``."""
        return [
            head
            for word in spelled
            for head in self._heads[word]
            if head.others <= words and (only is None or head.form.pattern in only)
        ]


def compile_patterns(patterns: Sequence[Pattern]) -> PatternIndex:
    """Make one index of all ``patterns``. A pattern without letters or digits is never found."""
    return PatternIndex(patterns)


def _endings(word: str, edge: Edge) -> list[bytes]:
    """The word with each of its endings and the space after it: the search itself then checks where it ends."""
    stem = encode_folded(word).strip()
    if edge is Edge.OPEN:
        return [stem]
    bare = [] if edge is Edge.CHANGED else [stem + b" "]
    suffixed = [] if edge is Edge.WHOLE else [stem + encode_folded(suffix) + b" " for suffix in SUFFIXES]
    return bare + suffixed


def _telling(words: Sequence[tuple[str, Edge]]) -> Sequence[tuple[str, Edge]]:
    """Those of ``words`` worth looking for before the phrase is tried: في and على are in every article."""
    long = [(word, edge) for word, edge in words if len(word) >= _TELLING_LETTERS]
    return long or words[:1]


def _signs_in_front(word: str) -> int:
    letters = encode_folded(word)
    return len(letters) - len(letters.lstrip())


def _place(mention: Mention) -> tuple[int, int, int]:
    return mention.start, mention.end, mention.pattern
