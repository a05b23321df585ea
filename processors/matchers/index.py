"""Every watched pattern in one automaton: screen all articles cheaply, find exactly in the candidates.

``screen`` answers with a superset in the time it takes to copy the text; it never misses what ``find`` would find.
``find`` checks each place at the edges of its word and says at which level it holds.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from ahocorasick_rs import BytesAhoCorasick

from processors.matchers.alphabet import encode_raw
from processors.matchers.forms import Form, forms
from processors.matchers.particles import LAST_BEFORE, SUFFIXES, Edge
from processors.matchers.scan import scan
from processors.model import FieldName, Mention, Pattern
from processors.normalize.code_page import SPACE, encode_folded
from processors.normalize.text import Text

_SUFFIX = b"(?:" + b"|".join(map(encode_folded, SUFFIXES)) + b")"
# How text may go on after a needle that does not hold its own edge.
_TAILS = {
    Edge.WHOLE: None,
    Edge.OPEN: None,
    Edge.SUFFIXED: re.compile(_SUFFIX + b"? "),
    Edge.CHANGED: re.compile(_SUFFIX + b" "),
}
_BEFORE = frozenset((SPACE, *(encode_folded(letter)[0] for letter in LAST_BEFORE)))


class PatternIndex:
    """Compiled patterns. A pattern's number is its position in the sequence given to ``compile_patterns``."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        # needle → forms whose first word it is, and how many signs (the @ of a handle) that word has in front
        self._heads: list[list[tuple[Form, int]]] = []
        self._tails: list[re.Pattern[bytes] | None] = []
        self._numbers: dict[tuple[bytes, Edge], int] = {}
        self._needles: list[bytes] = []
        alone: defaultdict[int, set[int]] = defaultdict(set)  # needle → patterns it suffices for
        together: defaultdict[int, set[tuple[int, frozenset[int]]]] = defaultdict(set)
        for number, pattern in enumerate(self._patterns):
            for form in forms(number, pattern):
                first = self._needle(form.first, form.first_edge)
                self._heads[first].append((form, _signs_in_front(form.first)))
                others = frozenset(self._needle(word, edge) for word, edge in form.rest) - {first}
                if others:
                    together[first].add((number, others))
                else:
                    alone[first].add(number)
        self._alone = [frozenset(alone[needle]) for needle in range(len(self._needles))]
        self._together = [tuple(together[needle]) for needle in range(len(self._needles))]
        self._automaton = BytesAhoCorasick(self._needles) if self._needles else None

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

    def _needle(self, word: str, edge: Edge) -> int:
        key = encode_folded(word).strip() + (b" " if edge is Edge.WHOLE else b""), edge
        if key not in self._numbers:
            self._numbers[key] = len(self._needles)
            self._needles.append(key[0])
            self._tails.append(_TAILS[edge])
            self._heads.append([])
        return self._numbers[key]

    def _screen(self, letters: bytes, found: set[int]) -> None:
        if self._automaton is None:
            return
        seen: set[int] = set()
        tails = self._tails
        for needle, start, end in self._automaton.find_matches_as_indexes(letters, overlapping=True):
            if needle not in seen and letters[start - 1] in _BEFORE:
                tail = tails[needle]
                if tail is None or tail.match(letters, end):
                    seen.add(needle)
        for needle in seen:
            found |= self._alone[needle]
            for number, others in self._together[needle]:
                if others <= seen:
                    found.add(number)

    def _candidates(self, text: Text, only: Collection[int] | None) -> list[tuple[Form, int]]:
        """Forms whose first word may begin at a position of the folded text."""
        if self._automaton is None:
            return []
        letters = b" " + text.letters + b" "
        wanted: dict[int, list[tuple[Form, int]]] = {}
        found: list[tuple[Form, int]] = []
        for needle, start, _ in self._automaton.find_matches_as_indexes(letters, overlapping=True):
            if letters[start - 1] in _BEFORE:
                asked = wanted.get(needle)
                if asked is None:
                    heads = self._heads[needle]
                    asked = wanted[needle] = (
                        heads if only is None else [each for each in heads if each[0].pattern in only]
                    )
                found.extend((form, start - 1 - signs) for form, signs in asked if start > signs)
        return found


def compile_patterns(patterns: Sequence[Pattern]) -> PatternIndex:
    """Make one index of all ``patterns``. A pattern without letters or digits is never found."""
    return PatternIndex(patterns)


def _signs_in_front(word: str) -> int:
    letters = encode_folded(word)
    return len(letters) - len(letters.lstrip())


def _place(mention: Mention) -> tuple[int, int, int]:
    return mention.start, mention.end, mention.pattern
