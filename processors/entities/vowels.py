"""Vowel marks as evidence: عُمان is Oman, عمّان is Amman, مُصِرّ is no country.

Marks never keep a word from being found; where a text has them, they settle which of two words was written. Those of
the last letter are grammar (مصرَ, مصرِ) and say nothing.
"""

from collections.abc import Sequence
from enum import Enum

# Fatha, damma, kasra, sukun: one letter carries one of them.
_VOWELS = frozenset("\u064e\u064f\u0650\u0652")
_SHADDA = "\u0651"
_MARKS = _VOWELS | {_SHADDA}

Letters = Sequence[frozenset[str]]
"""The marks of each letter of a word or phrase."""


class Agreement(Enum):
    """What the marks of a text say about a marked name."""

    SILENT = "silent"
    AGREES = "agrees"
    CONTRADICTS = "contradicts"


def has_marks(written: str) -> bool:
    """Whether ``written`` has any."""
    return not _MARKS.isdisjoint(written)


def marks_of(written: str) -> Letters:
    """The marks on each letter of ``written``."""
    letters: list[set[str]] = []
    for character in written:
        if character in _MARKS:
            if letters:
                letters[-1].add(character)
        elif character.isalpha() and character != "ـ":
            letters.append(set())
    return tuple(map(frozenset, letters))


def compare(name: Letters, found: Letters) -> Agreement:
    """Whether the marks found in a text agree with those that the name is written with."""
    if len(name) != len(found):
        return Agreement.SILENT
    agrees = False
    for wanted, given in list(zip(name, found, strict=True))[:-1]:
        if not wanted or not given:
            continue
        vowels = wanted & _VOWELS, given & _VOWELS
        if all(vowels) and vowels[0] != vowels[1]:
            return Agreement.CONTRADICTS
        if _SHADDA in given and _SHADDA not in wanted:
            return Agreement.CONTRADICTS
        agrees = agrees or bool(wanted & given)
    return Agreement.AGREES if agrees else Agreement.SILENT
