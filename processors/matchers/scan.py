"""Decide, place by place, whether a form really stands in the text, and how far it is from what was asked."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from processors.matchers.forms import Form
from processors.matchers.levels import level_of
from processors.matchers.particles import ARTICLE, CONJUNCTIONS, SUFFIXES, TURKISH_ENDINGS, Edge
from processors.model import FieldName, Level, Mention, Pattern
from processors.normalize.tanwin import has_tanwin, with_tanwin
from processors.normalize.text import Text
from processors.normalize.words import LINE_BREAKS

_SUFFIXES = frozenset(SUFFIXES)
# What may stand between the words of a form: white space, hyphens, quotes, brackets, apostrophes; never a sentence end,
# a comma or a colon, behind which another thing begins. A name may go on in the next line, where a phrase has ended.
_BESIDE = r"[ \t\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\-‐‑–—_/#'\"«»()\[\]&+*]*"
_IN_LINE = re.compile(_BESIDE)
_IN_NEXT_LINE = re.compile(rf"{_BESIDE}(?:(?:\r\n|[{LINE_BREAKS}]){_BESIDE})?")
# With other words between, a comma may be among them; a sentence end may not.
_STOPS = ".…!?؟"
_LOOSE_IN_LINE = re.compile(rf"[^{_STOPS}{LINE_BREAKS}]*")
_LOOSE = re.compile(rf"[^{_STOPS}]*")
_WITH_ARTICLE = (ARTICLE, "لل")
_LI = "li"
_BARE_ALEF = frozenset("اٱ")
_MADDA = "آ"
# Vowel marks between a word and the break behind it: nobody writes more.
_MARKS_LOOKED_AT = 8

# Vowel marks and shadda, as they stand on a last letter.
_HARAKAT = frozenset(map(chr, range(0x064B, 0x0653)))

MOST_MENTIONS = 1_000
"""Mentions of one pattern in one field; later ones are not looked at. News repeats a name some dozens of times; a field
made of one name must not cost seconds."""

Candidates = tuple[int, Sequence[tuple[Form, int]]]
"""A position in the folded text, and the forms whose anchor (the number after each) may begin there."""


def scan(
    text: Text,
    candidates: Sequence[Candidates],
    patterns: Sequence[Pattern],
    field: FieldName,
    *,
    particles: bool,
    within: Text | None = None,
) -> list[Mention]:
    """The mentions among ``candidates``, in order of place.

    ``within``: ``text`` is a repaired reading of it. Only what the breaking hid is then told, as repaired, with word
    numbers of ``within``; and ``within`` itself says nothing where a break touches it.
    """
    if not candidates or not text.words:
        return []
    found: dict[tuple[int, int, int], tuple[Level, int, int]] = {}
    counts: Counter[int] = Counter()
    check = _Check(text, field, particles)
    for position, asked in candidates:
        word = text.word_at(position)
        for form, anchor in asked:
            if counts[form.pattern] >= MOST_MENTIONS:
                continue
            start = check.start(form, word - anchor) if anchor else position
            if start < 0:
                continue
            place = check.place(form, patterns[form.pattern], start, word - anchor)
            if place is None:
                continue
            begin, end, last, level = place
            key = begin, end, form.pattern
            if key not in found:
                counts[form.pattern] += 1
            if key not in found or level < found[key][0]:
                found[key] = level, word - anchor, last
    tell = _Teller(text, within, field)
    mentions = []
    for (begin, end, number), (level, first, last) in sorted(found.items()):
        mention = tell.mention((begin, end), (first, last), number, level)
        if mention is not None:
            mentions.append(mention)
    return mentions


class _Teller:
    """Turns places into mentions, leaving out what is silent or belongs to the other reading."""

    def __init__(self, text: Text, within: Text | None, field: FieldName) -> None:
        self._text = text
        self._within = within
        self._field = field
        self._silent = field == "body" and bool((within or text).silent)
        self._broken = text if within is not None else text.repaired

    def mention(self, span: tuple[int, int], words: tuple[int, int], number: int, level: Level) -> Mention | None:
        start, end = self._text.original(*span)
        end = _with_marks(self._text.raw, end)
        if self._broken is not None and _touches(self._broken, start, end) == (self._within is None):
            return None
        if self._within is None:
            if self._silent and self._text.is_silent(*span):
                return None
            return Mention(number, self._field, start, end, *words, level)
        begin, finish = self._within.position(start), self._within.position(end)
        if self._silent and self._within.is_silent(begin, finish):
            return None
        first, last = self._within.word_at(begin), self._within.word_at(max(begin, finish - 1))
        self._within.mended[start, end] = self._text.plain[slice(*span)]
        return Mention(number, self._field, start, end, first, last, level, repaired=True)


def _with_marks(raw: str, end: int) -> int:
    """The end of a word with the vowel marks on its last letter: سورياً is shown whole."""
    while end < len(raw) and raw[end] in _HARAKAT:
        end += 1
    return end


def _touches(repaired: Text, start: int, end: int) -> bool:
    """Whether a break is inside ``[start:end]`` of the original or right beside it."""
    breaks = repaired.breaks
    next_break = bisect_left(breaks, start, key=itemgetter(1))
    if next_break == len(breaks):
        return False
    begin = breaks[next_break][0]
    between = repaired.raw[end : min(begin, end + _MARKS_LOOKED_AT)]
    return begin <= end or (begin - end == len(between) and not any(map(_parts, between)))


def _parts(character: str) -> bool:
    return character.isalnum() or character.isspace()


def _is_end(folded: str, end: int, word_end: int) -> bool:
    """Whether a word that goes to ``word_end`` is complete at ``end``: initials keep a last dot that names may lack."""
    return end == word_end or (end == word_end - 1 and folded[end] == ".")


class _Check:
    def __init__(self, text: Text, field: FieldName, particles: bool) -> None:
        self._text = text
        self._is_body = field == "body"
        self._particles = particles
        self.words = text.words
        self._has_tanwin = has_tanwin(text.raw)

    def start(self, form: Form, first: int) -> int:
        """Where the form's first word begins in the word ``first``, after its particles; -1 if it is not there."""
        if first < 0:
            return -1
        folded = self._text.folded
        word_start, word_end = self.words[first]
        if not folded.endswith(form.first, word_start, word_end):
            word_end -= 1  # initials keep a last dot that names may lack
            if not (folded[word_end] == "." and folded.endswith(form.first, word_start, word_end)):
                return -1
        return word_end - len(form.first)

    def place(self, form: Form, pattern: Pattern, start: int, first: int) -> tuple[int, int, int, Level] | None:
        """Start, end, last word, and level, if ``form`` stands at ``start``, in the word ``first``."""
        text = self._text
        word_start, word_end = self.words[first]
        before = text.folded[word_start:start]
        if word_end <= start or before not in form.before or (before and not self._allowed(before, word_start)):
            return None
        end = start + len(form.first)
        stem_end = end
        attached = bool(before) or form.skip > 0
        if form.rest:
            if not _is_end(text.folded, end, word_end):
                return None
            last, rest_end, suffixed = self._rest(form, pattern, first)
            if last < 0:
                return None
            end, attached = rest_end, attached or suffixed
        else:
            last = first
            end_of_form = self._end(form.first_edge, end, word_end)
            if end_of_form < 0:
                return None
            suffixed = end_of_form != stem_end and form.first_edge is not Edge.OPEN
            # The article and a pronoun exclude each other: السلامه is a spelling of السلامة, not of سلام.
            if suffixed and before.endswith(_WITH_ARTICLE):
                return None
            attached = attached or suffixed
            end = end_of_form
        if form.skip and not self._particles:
            return None
        if form.told_by and not self._has_telling_letters(form, start, first):
            return None
        if pattern.not_words:
            # Where the name itself stands, its last letter decides as it is written: جده is no جدة, which folds to it.
            is_name = not form.rest and text.folded[start : self.words[first][1]] == form.first
            if self._is_other_word(pattern, start, (first, last), is_name=is_name):
                return None
        level = level_of(text, form, pattern, (start, end), (first, last), attached=attached, marked=self._has_tanwin)
        # ال belongs to the word as it is shown; one-letter particles before it do not.
        shown = start - len(ARTICLE) if before.endswith(ARTICLE) else start + form.skip
        return None if level is None else (shown, end, last, level)

    def _allowed(self, before: str, word_start: int) -> bool:
        if not self._particles:
            return False
        # أل is not the article.
        alef = before.find("ا")
        return alef < 0 or self._text.plain[word_start + alef] in _BARE_ALEF

    def _end(self, edge: Edge, end: int, word_end: int) -> int:
        """Where the word that the stem up to ``end`` begins ends; -1 if it may not end so."""
        folded = self._text.folded
        if edge is Edge.OPEN:
            return word_end
        if edge is Edge.TURKISH:
            return end - len(_LI) if folded[end:word_end] in TURKISH_ENDINGS else -1
        if edge is not Edge.CHANGED and _is_end(folded, end, word_end):
            return end
        if edge in (Edge.SUFFIXED, Edge.CHANGED) and self._particles and folded[end:word_end] in _SUFFIXES:
            # ة is folded to ه but is no pronoun: وزارة is no form of زار.
            return -1 if self._text.plain[word_end - 1] == "ة" else word_end
        return -1

    def _rest(self, form: Form, pattern: Pattern, first: int) -> tuple[int, int, bool]:
        """The last word, its end, and whether it has a suffix, if the rest of the form follows; else -1."""
        words, folded = self.words, self._text.folded
        word, end, spare, suffixed = first, words[first][1], form.slop, False
        in_line = pattern.in_sentence and self._is_body  # a title is one sentence, however it was broken into lines
        strict, loose = (_IN_LINE, _LOOSE_IN_LINE) if in_line else (_IN_NEXT_LINE, _LOOSE)
        gap = loose if form.slop else strict
        for wanted, edge in form.rest:
            while True:
                word += 1
                if word >= len(words) or not gap.fullmatch(folded, end, words[word][0]):
                    return -1, 0, False
                start, word_end = words[word]
                end = word_end
                if folded.startswith(wanted, start):
                    found = self._end(edge, start + len(wanted), word_end)
                    if found >= 0:
                        suffixed = edge is not Edge.OPEN and found != start + len(wanted)
                        end = found
                        break
                spare -= 1
                if spare < 0:
                    return -1, 0, False
        return word, end, suffixed

    def _has_telling_letters(self, form: Form, start: int, first: int) -> bool:
        starts = [start, *(begin for begin, _ in self.words[first + 1 : first + len(form.words)])]
        return all(
            self._text.plain[starts[place] + (0 if letter == _MADDA else len(form.words[place][0]) - 1)] == letter
            for place, letter in form.told_by
        )

    def _is_other_word(self, pattern: Pattern, start: int, words: tuple[int, int], *, is_name: bool) -> bool:
        """Whether the first or the last word is listed as another one; so it is behind a conjunction: وكامل is كامل."""
        first, last = words
        begin, end = self.words[first]
        if self._is_listed(pattern, begin, end, is_name=is_name):
            return True
        behind = start > begin and self._text.folded[begin] in CONJUNCTIONS
        if behind and self._is_listed(pattern, begin + 1, end, is_name=is_name):
            return True
        return last > first and self._is_listed(pattern, *self.words[last], is_name=False)

    def _is_listed(self, pattern: Pattern, start: int, end: int, *, is_name: bool) -> bool:
        text, listed = self._text, pattern.not_words
        folded, plain = text.folded[start:end], text.plain[start:end]
        if plain in listed or (folded[:-1] + plain[-1] if is_name else folded) in listed:
            return True
        if not self._has_tanwin:
            return False
        begin, finish = text.original(start, end)
        return with_tanwin(text.raw[begin : _with_marks(text.raw, finish)]) in listed
