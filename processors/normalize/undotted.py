"""Words whose letters are in doubt: dots left out (ڡلسطٮں), a letter behind asterisks (المق*ـمة), a Latin last letter.

What such a word says, only the words that are watched can decide; here it is said where one stands and which letters
each of its letters may be.

Writers who dodge a filter leave all dots out, or take letters that Unicode has without any (ٮ ٯ ڡ ں). The first alone
shows nothing: a ح may be a ح. So a word is in doubt when it holds such a letter; when it has no dot at all but two
letters that would have some (ى before another letter, ں); and when it has no dot and stands beside such words. Where a
word has some dots, the rest of its letters were written with care.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from processors.normalize.letters import FOLDED
from processors.normalize.repair import ARABIC, STAND_INS
from processors.normalize.text import Text

BLOCK = "ٮٯڡ"
"""Letters without dots that nobody writes who wants to be read."""

_TEETH = "ٮبتثنيءپ"
_CLASSES = (_TEETH, "ڡفقٯ", "حجخچ", "دذ", "رزژ", "سش", "صض", "طظ", "عغ")
# Letters of one shape → the first of them.
_SHAPE = str.maketrans({letter: letters[0] for letters in _CLASSES for letter in letters})
SHAPES = "".join(letters[0] for letters in _CLASSES) + "اهكلمو"
"""Every shape that a letter may have."""

_MAY_BE = {"ٮ": _TEETH, "ڡ": "فق", "ٯ": "قف"}
_MAY_BE_UNDOTTED = {**_MAY_BE, "ى": _TEETH, **{letters[0]: letters for letters in _CLASSES[2:]}}

_SIGN = rf"[{BLOCK}]|(?:ى(?=[{ARABIC}])|ں)[{ARABIC}]{{0,30}}?(?:ى(?=[{ARABIC}])|ں)"
_UNDOTTED = re.compile(_SIGN)
_DOTTED = re.compile("[بتثجخذزشضظغفقنيةپچژ]")
_ARABIC_WORD = re.compile(f"[{ARABIC}]+")
# Signs that stand for a letter and do not only part letters: an asterisk, or three of any kind.
_MISSING = re.compile(r"[*]|[.…،,|·•]{3}")
_LATIN = "".join(letter for letter in STAND_INS if letter.isalpha())
# It begins with the letter itself: a search that starts with a character class skips quickly over all others.
_LATIN_EDGE = re.compile(
    rf"[{_LATIN}](?:(?<![^\W_][{_LATIN}])(?=[{ARABIC}]{{2}})|(?<=[{ARABIC}]{{2}}[{_LATIN}])(?![^\W_]))"
)

MOST_DOUBTS = 1_000
"""Words in doubt in one field; later ones are read as they are. A long article without any dots has so many."""


MOST_LETTERS = 30
"""Of a word in doubt: no Arabic word with its particles is longer."""

_MOST_GAPS = 3
"""Places in one word where a letter may be missing: each is tried with every shape that a letter has."""


class Doubt(NamedTuple):
    """A word in doubt, in a text's ``plain``."""

    start: int
    end: int
    bare: bool = False  # it has no dots at all, so that any of its letters may lack some
    gaps: tuple[int, ...] = ()  # where one letter may be missing
    latin: int = -1  # where a Latin letter stands for one


def shape_of(word: str) -> str:
    """``word``, folded, without its dots: words that may be meant by the same letters have the same shape."""
    return word.translate(_SHAPE)


def may_be(written: str, letter: str, *, bare: bool) -> bool:
    """Whether ``letter``, folded, may be meant where ``written`` stands."""
    meant = FOLDED.get(written, written)
    return letter == meant or letter in (_MAY_BE_UNDOTTED if bare else _MAY_BE).get(written, "")


def find_doubts(text: Text) -> list[Doubt]:
    """The words in doubt of a text with its breaks undone, in order."""
    found = {doubt.start: doubt for doubt in _latin_edges(text)}
    undotted = list(_undotted(text))
    found.update((doubt.start, doubt) for doubt in undotted)
    for start, doubt in _with_gaps(text).items():
        known = found.get(start)
        found[start] = known._replace(gaps=doubt.gaps) if known is not None else doubt
    return [found[start] for start in sorted(found)][:MOST_DOUBTS]


def _latin_edges(text: Text) -> Iterator[Doubt]:
    for edge in islice(_LATIN_EDGE.finditer(text.plain), MOST_DOUBTS):
        start, end = text.words[text.word_at(edge.start())]
        yield Doubt(start, end, latin=edge.start())


def _with_gaps(text: Text) -> dict[int, Doubt]:
    """The words in which a break may have swallowed a letter."""
    found: dict[int, Doubt] = {}
    for begin, end in text.breaks:
        if not _MISSING.search(text.raw, begin, end) or not text.words:
            continue
        gap = text.position(begin)
        start, finish = text.words[text.word_at(gap)]
        if not start < gap < finish or finish - start > MOST_LETTERS:
            continue
        if start not in found:
            if len(found) == MOST_DOUBTS:
                break
            found[start] = Doubt(start, finish, _is_bare(text, start, finish))
        if len(found[start].gaps) < _MOST_GAPS:
            found[start] = found[start]._replace(gaps=(*found[start].gaps, gap))
    return found


def _undotted(text: Text) -> Iterator[Doubt]:
    """Words with signs of dots left out, and those without any dot that stand beside them."""
    if not _UNDOTTED.search(text.plain):
        return
    words = text.words
    bare = [_is_bare(text, start, end) for start, end in words]
    signs = [
        number
        for number, (start, end) in enumerate(words)
        if (sign := _UNDOTTED.search(text.plain, start, end)) and (bare[number] or sign[0] in BLOCK)
    ]
    told: set[int] = set()
    for found in signs:
        told.add(found)
        for step in (-1, 1):
            number = found + step
            while 0 <= number < len(words) and number not in told and bare[number] and _beside(text, number, -step):
                told.add(number)
                number += step
    for number in sorted(told)[:MOST_DOUBTS]:
        yield Doubt(*words[number], bare=bare[number])


def _is_bare(text: Text, start: int, end: int) -> bool:
    return _DOTTED.search(text.plain, start, end) is None and _ARABIC_WORD.fullmatch(text.plain, start, end) is not None


def _beside(text: Text, number: int, step: int) -> bool:
    """Whether nothing but space is between a word and its neighbour."""
    first, second = sorted((number, number + step))
    return text.plain[text.words[first][1] : text.words[second][0]].strip(" \u00a0") == ""
