"""Words filed by their stems, and found in a written word whatever is attached to it: وللقاهرة, زيارتهم, سوريا.

All words are letters of one byte each (``processors/normalize/code_page.py``).
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from processors.matchers.particles import SUFFIXES, Edge
from processors.normalize.code_page import encode_folded

Held = TypeVar("Held")

_SUFFIXES = tuple(encode_folded(suffix) for suffix in SUFFIXES)
_LAST_OF_SUFFIXES = frozenset(suffix[-1] for suffix in _SUFFIXES)
_LONGEST_SUFFIX = max(map(len, _SUFFIXES))
_LONGEST_BEFORE = 8
"""Letters of particles: more than can be written in front of a word."""


class Stems(Generic[Held]):
    """Holds anything under stems, each with the way in which a word may go on behind its stem."""

    def __init__(self) -> None:
        self._bare: defaultdict[bytes, list[Held]] = defaultdict(list)  # words that may end with their stem
        self._suffixed: defaultdict[bytes, list[Held]] = defaultdict(list)  # words that may have a suffix behind it
        self._open: defaultdict[bytes, list[Held]] = defaultdict(list)  # words that may go on in any way
        self._before: set[bytes] = {b""}
        self._most_before = 0
        self._first_before: frozenset[int] = frozenset()
        self._longest_word = 0
        self._open_lengths: tuple[int, ...] = ()
        self._first_open: frozenset[int] = frozenset()

    def add(self, stem: bytes, edge: Edge, held: Held) -> None:
        """File ``held`` under a stem, which is not empty."""
        if edge in (Edge.OPEN, Edge.TURKISH):
            self._open[stem].append(held)
            if len(stem) not in self._open_lengths or stem[0] not in self._first_open:
                self._open_lengths = tuple(sorted({*self._open_lengths, len(stem)}))
                self._first_open |= {stem[0]}
        if edge in (Edge.WHOLE, Edge.SUFFIXED):
            self._bare[stem].append(held)
        if edge in (Edge.SUFFIXED, Edge.CHANGED):
            self._suffixed[stem].append(held)
        self._longest_word = max(self._longest_word, _LONGEST_BEFORE + len(stem) + _LONGEST_SUFFIX)

    def allow_before(self, particles: Iterable[bytes]) -> None:
        """What may be written in front of a stem."""
        self._before.update(particles)
        self._most_before = max(map(len, self._before))
        self._first_before = frozenset(each[0] for each in self._before if each)

    def look_up(self, word: bytes) -> list[tuple[int, list[Held]]]:
        """What is filed under every stem that ``word`` may have, and where in it each stem begins."""
        found: list[tuple[int, list[Held]]] = []
        # Asked of every new word of a stream: plain conditions take half as long as loops over what seldom is.
        if len(word) <= self._longest_word:
            self._look_up_stem(word, 0, found)
            if word[0] in self._first_before:
                for start in range(1, min(self._most_before, len(word) - 1) + 1):
                    if word[:start] in self._before:
                        self._look_up_stem(word[start:], start, found)
        if self._open:
            for start in range(min(self._most_before, len(word) - 1) + 1):
                if word[start] in self._first_open and word[:start] in self._before:
                    self._look_up_open(word, start, found)
        return found

    def _look_up_stem(self, word: bytes, start: int, found: list[tuple[int, list[Held]]]) -> None:
        if word in self._bare:
            found.append((start, self._bare[word]))
        if word[-1] in _LAST_OF_SUFFIXES:
            for suffix in _SUFFIXES:
                if word.endswith(suffix):
                    held = self._suffixed.get(word[: -len(suffix)])
                    if held is not None:
                        found.append((start, held))

    def _look_up_open(self, word: bytes, start: int, found: list[tuple[int, list[Held]]]) -> None:
        for length in self._open_lengths:
            if start + length <= len(word):
                held = self._open.get(word[start : start + length])
                if held is not None:
                    found.append((start, held))
