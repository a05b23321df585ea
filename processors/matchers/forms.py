"""The word sequences in which one pattern may be written.

In names the space after عبد أبو بن ابن آل ذو and before الله الدين is optional, and أبو = أبا = أبي; œ is also oe.
Before ل the article loses its alef, and before a second ل its own ل as well: للقاهرة, للاذقية (ل + اللاذقية).
Each spelling becomes one or more forms: a sequence of words, one of which, the anchor, is what the search looks for.
"""

import re
from collections.abc import Iterator

import msgspec

from processors.matchers.particles import CONJUNCTIONS, Edge, endings, proclitics
from processors.model import Level, Pattern
from processors.normalize.written import words_of

_JOINING_FIRST = ("عبد", "ابو", "ابا", "ابي", "بن", "ابن", "آل", "ذو")
_JOINING_LAST = frozenset(("الله", "الدين"))
# بنغازي and بنزين are no sons: nobody writes these two onto the name that follows where no name is before them.
_SON = frozenset(("بن", "ابن"))
_FATHER = ("ابو", "ابا", "ابي")
# آل, the house of, folds to the letters of the article: joined it is told by its madda alone (آلسعود, never السعود).
_HOUSE = "آل"
# Writers end a word with ئ, ىء or يء as they please: الطوارئ, الطوارىء, الطواريء, and شئ for شيء. Not with ء: جزء, a
# part, is no جزيء, a molecule.
_SEATED = "ئ"
_UNSEATED = "يء"
_MAY_VARY = re.compile(
    rf"\b(?:{'|'.join(_JOINING_FIRST)})|(?:{'|'.join(sorted(_JOINING_LAST))}|[{_SEATED}{_UNSEATED[-1]}])\b|[œæßŒÆ]|[oa]e|ss"
)
"""In whatever ``_neighbours`` and ``_latin`` change. Most names have only one spelling, which is seen at once."""
_TELLING = str.maketrans({"آ": "ا", "ئ": "ء"})
# What may be left of a joined name once its first part is split off: أبوظبي is one, بنوك is none that matters.
_SHORTEST_REST = 3
# Spellings kept for one pattern; a name with more optional spaces than this has its rarest ones left out.
_MOST_SPELLINGS = 24


_NO_WORDS: tuple[tuple[str, Edge], ...] = ()


class Form(msgspec.Struct, frozen=True, gc=False):
    """One way to write a pattern."""

    pattern: int
    first: str  # folded; particles in front not included
    first_edge: Edge
    before: frozenset[str]  # particles allowed in front, folded
    skip: int  # letters of ``first`` that are a particle (the ل of للقاهرة)
    rest: tuple[tuple[str, Edge], ...]  # the words that follow, folded
    slop: int
    written: tuple[str, ...]  # the plain words when spelled as the author did, else empty
    exact: bool  # every word must be as in ``written``
    told_by: tuple[tuple[int, str], ...] = ()  # words that must begin with آ or end with ئ: folded, others do too

    @property
    def words(self) -> tuple[tuple[str, Edge], ...]:
        """All its words, in order, and how each may end."""
        return (self.first, self.first_edge), *self.rest


def forms(number: int, pattern: Pattern) -> list[Form]:
    """All ways to write ``pattern``; none when it holds no letter and no digit."""
    plain, folded = words_of(pattern.surface)
    if not folded:
        return []
    written, own, spelled = tuple(plain), tuple(folded), " ".join(plain)
    if "." in spelled:  # initials keep a last dot that names may lack
        written, own = (tuple([word.rstrip(".") for word in words]) for words in (written, own))
    if "آ" in spelled or _SEATED in spelled:
        own = tuple(map(_with_telling_letters, written, own))
    own = written if own == written else own  # one string for both, for as long as the form lives
    exact = pattern.level is Level.EXACT or pattern.case_exact
    found = _of_spelling(number, pattern, own, written, exact)
    if not exact and _MAY_VARY.search(" ".join(own)):
        for words in _spellings(own)[1:]:
            found += _of_spelling(number, pattern, words, (), exact)
    return found


def _with_telling_letters(plain: str, folded: str) -> str:
    """The folded word, but آل at its start and ئ at its end stay what they are."""
    if plain.startswith(_HOUSE):
        folded = "آ" + folded[1:]
    return folded[:-1] + _SEATED if plain.endswith(_SEATED) else folded


def _of_spelling(
    number: int, pattern: Pattern, words: tuple[str, ...], written: tuple[str, ...], exact: bool
) -> list[Form]:
    found = list[Form]()
    last_plain = written[-1] if written else words[-1]
    # What the author joined himself may be any word (آلاف is thousands): its alef is as free as any.
    told_by = () if written else _told_by(words)
    if told_by and pattern.slop:
        return found  # with other words between, nobody knows which word it is
    joined = "".join(words)
    if "آ" in joined or _SEATED in joined:
        words, joined = tuple([word.translate(_TELLING) for word in words]), joined.translate(_TELLING)
    before, single, slop = proclitics(pattern, joined), len(words) == 1, pattern.slop
    for stem, edge in endings(pattern, last_plain, words[-1]):
        first, first_edge, rest = stem, edge, _NO_WORDS
        if not single:
            first, first_edge = words[0], Edge.WHOLE
            rest = (*[(word, Edge.WHOLE) for word in words[1:-1]], (stem, edge))
        found.append(Form(number, first, first_edge, before, 0, rest, slop, written, exact, told_by))
        if pattern.definite and pattern.level >= Level.ATTACHED and first.startswith("ال"):
            lam = "لل" + first[2:].removeprefix("ل")
            found.append(Form(number, lam, first_edge, CONJUNCTIONS, 1, rest, slop, written, exact, told_by))
    return found


def _told_by(words: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    told = [(place, "آ") for place, word in enumerate(words) if word.startswith(_HOUSE) and word != _HOUSE]
    return (*told, *((place, _SEATED) for place, word in enumerate(words) if word.endswith(_SEATED)))


def _spellings(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """``words`` and the other ways to write them, the author's first."""
    seen = {words: None}
    for spelling in seen.copy():
        seen.update(dict.fromkeys(_latin(spelling)))
    pending = list(seen)
    while pending and len(seen) < _MOST_SPELLINGS:
        for other in _neighbours(pending.pop()):
            if other not in seen:
                seen[other] = None
                pending.append(other)
    return list(seen)


def _neighbours(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Spellings that differ by one optional space, by أبو, أبا, أبي, or by the seat of a final hamza."""
    for place, word in enumerate(words):
        head, tail = words[:place], words[place + 1 :]
        if tail and (word in _JOINING_FIRST or tail[0] in _JOINING_LAST):
            yield (*head, word + tail[0], *tail[1:])
        for first in _JOINING_FIRST:
            if word.startswith(first) and len(word) >= len(first) + _SHORTEST_REST and (head or first not in _SON):
                yield (*head, first, word[len(first) :], *tail)
        for last in _JOINING_LAST:
            if word.endswith(last) and len(word) >= len(last) + 2:
                yield (*head, word[: -len(last)], last, *tail)
        if word.endswith((_SEATED, _UNSEATED)):
            other = word[:-1] + _UNSEATED if word.endswith(_SEATED) else word[: -len(_UNSEATED)] + _SEATED
            yield (*head, other, *tail)
        if word in _FATHER and tail:
            yield from ((*head, other, *tail) for other in _FATHER if other != word)


def _latin(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    joined = " ".join(words)
    for one, other in (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("oe", "œ"), ("ae", "æ"), ("ss", "ß")):
        if one in joined:
            yield tuple(word.replace(one, other) for word in words)
