"""Every watched pattern in one automaton: screen all articles cheaply, find exactly in the candidates.

``screen`` answers with a superset in the time it takes to copy the text; it never misses what ``find`` would find.
``find`` checks each place at the edges of its word and says at which level it holds.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from processors.matchers.alphabet import encode_raw
from processors.matchers.forms import Form, forms
from processors.matchers.particles import LAST_BEFORE, SUFFIXES, Edge
from processors.matchers.scan import scan
from processors.model import FieldName, Mention, Pattern
from processors.normalize.code_page import SPACE, encode_folded
from processors.normalize.text import Text

_BEFORE = frozenset((SPACE, *(encode_folded(letter)[0] for letter in LAST_BEFORE)))


class PatternIndex:
    """Compiled patterns. A pattern's number is its position in the sequence given to ``compile_patterns``."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._needles: dict[bytes, int] = {}
        heads: defaultdict[int, list[_Head]] = defaultdict(list)
        for number, pattern in enumerate(self._patterns):
            for form in forms(number, pattern):
                others = frozenset(self._number(_open(word, edge)) for word, edge in form.rest)
                head = _Head(form, others, _signs_in_front(form.first))
                for needle in _whole(form.first, form.first_edge):
                    heads[self._number(needle)].append(head)
        needles = range(len(self._needles))
        self._heads = [tuple(heads[needle]) for needle in needles]
        # needle → patterns that it suffices for, and those that need others beside it
        self._alone = [frozenset(head.form.pattern for head in heads[needle] if not head.others) for needle in needles]
        self._together = [
            tuple({(head.form.pattern, head.others) for head in heads[needle] if head.others}) for needle in needles
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

    def _number(self, needle: bytes) -> int:
        return self._needles.setdefault(needle, len(self._needles))

    def _screen(self, letters: bytes, found: set[int]) -> None:
        if self._automaton is None:
            return
        seen: set[int] = set()
        for needle, start, _ in self._automaton.find_matches_as_indexes(letters, overlapping=True):
            if needle not in seen and letters[start - 1] in _BEFORE:
                seen.add(needle)
        for needle in seen:
            found |= self._alone[needle]
            for number, others in self._together[needle]:
                if others <= seen:
                    found.add(number)

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
        seen = {needle for _, needle in hits}
        asked: dict[int, list[_Head]] = {}
        for needle in seen:
            heads = [
                head
                for head in self._heads[needle]
                if head.others <= seen and (only is None or head.form.pattern in only)
            ]
            if heads:
                asked[needle] = heads
        places: defaultdict[int, list[Form]] = defaultdict(list)
        for start, needle in hits:
            for head in asked.get(needle, ()):
                if start <= head.signs:
                    continue
                places[start - 1 - head.signs].append(head.form)
        return sorted(places.items())


class _Head(NamedTuple):
    """A form, under the needles that find its first word."""

    form: Form
    others: frozenset[int]  # needles that its other words need
    signs: int  # signs in front of the first word's letters: the @ of a handle


def compile_patterns(patterns: Sequence[Pattern]) -> PatternIndex:
    """Make one index of all ``patterns``. A pattern without letters or digits is never found."""
    return PatternIndex(patterns)


def _open(word: str, edge: Edge) -> bytes:
    """What every way to end the word has in common."""
    return encode_folded(word).strip() + (b" " if edge is Edge.WHOLE else b"")


def _whole(word: str, edge: Edge) -> list[bytes]:
    """The word with each of its endings and the space after it: the search itself then checks where it ends."""
    stem = encode_folded(word).strip()
    if edge is Edge.OPEN:
        return [stem]
    bare = [] if edge is Edge.CHANGED else [stem + b" "]
    suffixed = [] if edge is Edge.WHOLE else [stem + encode_folded(suffix) + b" " for suffix in SUFFIXES]
    return bare + suffixed


def _signs_in_front(word: str) -> int:
    letters = encode_folded(word)
    return len(letters) - len(letters.lstrip())


def _place(mention: Mention) -> tuple[int, int, int]:
    return mention.start, mention.end, mention.pattern
