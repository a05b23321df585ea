"""Read a text as a person does: markup resolved, what is no letter dropped, every position still known.

One pass over the tokens that differ from what is read; everything between them is copied. What was changed is kept as
a sorted list of edits, so clean text costs nothing to map.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache

from processors.normalize.letters import (
    COMPATIBLE,
    COMPOSING_MARKS,
    INVISIBLE,
    TATWEEL,
    VOWEL_MARKS,
    character_class,
)
from processors.normalize.markup import ENTITY, TAG, MarkupReader, entity, without_source_lines
from processors.normalize.repair import BARE_DOT, BREAK, breaks_word, mend

# Normalising is quadratic in the marks on one letter; Unicode's own stream-safe limit is 30.
_MOST_MARKS = 30

# Above the basic plane whole blocks: a class of many ranges there would slow the search for all text.
_COMPATIBLE = character_class(letter for letter in COMPATIBLE if letter < "\U00010000") + (
    "\U0001d400-\U0001f26f\U0002f800-\U0002fa1f"
)
_MARKS = VOWEL_MARKS + COMPOSING_MARKS
_NOTHING = TATWEEL + INVISIBLE
_NOISE = (
    rf"(?P<compatible>(?<=[{_COMPATIBLE}])[{_COMPATIBLE}]*)"
    rf"|(?P<marks>(?<=[{_MARKS}])[{_MARKS}]*)"
    rf"|(?P<nothing>(?<=[{_NOTHING}])[{_NOTHING}]*)"
)
_MARKUP = rf"|(?P<tag>(?<=<){TAG[1:]})|(?P<entity>(?<=&){ENTITY[1:]})"


@cache  # made when it is first needed: each takes some milliseconds, and short commands read no markup
def _tokens(markup: bool, mending: bool) -> re.Pattern[str]:
    # One class in front of all: a search that starts with it skips quickly over text that holds none of them.
    starts = _COMPATIBLE + _MARKS + _NOTHING + ("<&" if markup else "")
    tokens = f"[{starts}](?:{_NOISE}{_MARKUP if markup else ''})"
    return re.compile(f"(?P<break>{BREAK})|(?P<dot>{BARE_DOT})|{tokens}" if mending else tokens)


_HAS_MARKUP = re.compile(f"{TAG}|{ENTITY}")
_COMPOSING = re.compile(f"[{COMPOSING_MARKS}]")
_MARK = re.compile(f"[{VOWEL_MARKS}{COMPOSING_MARKS}]")


def has_markup(source: str) -> bool:
    """Whether ``source`` holds an HTML tag or entity."""
    return ("<" in source or "&" in source) and _HAS_MARKUP.search(source) is not None


class Edits:
    """Where the read text differs from the original, in order; maps positions both ways."""

    __slots__ = ("_ends", "_raw_ends", "_raw_starts", "_starts", "breaks")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._raw_starts: list[int] = []
        self._raw_ends: list[int] = []
        self.breaks: list[tuple[int, int]] = []  # undone breaks, in the original

    def add(self, start: int, end: int, raw_start: int, raw_end: int) -> None:
        """Record that the original ``[raw_start:raw_end]`` reads as ``[start:end]``."""
        if start == end and self._raw_ends and self._raw_ends[-1] == raw_start and self._starts[-1] == start:
            self._raw_ends[-1] = raw_end  # deletion after deletion: one edit
            return
        self._starts.append(start)
        self._ends.append(end)
        self._raw_starts.append(raw_start)
        self._raw_ends.append(raw_end)

    def with_letters(self, positions: Sequence[int], breaks: Sequence[tuple[int, int]]) -> "Edits":
        """These edits where one letter more is read at each of ``positions``, at all of which something was dropped;
        ``breaks`` of its own.
        """
        widened = Edits()
        widened.breaks = list(breaks)
        put_in = 0  # letters so far
        for start, end, raw_start, raw_end in zip(
            self._starts, self._ends, self._raw_starts, self._raw_ends, strict=True
        ):
            here = start == end and put_in < len(positions) and positions[put_in] == start
            widened.add(start + put_in, end + put_in + here, raw_start, raw_end)
            put_in += here
        return widened

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original span of the characters ``[start:end]``; what was dropped around them stays outside."""
        if not self._starts:
            return start, end
        first = self._character(start)[0]
        return (first, first) if end <= start else (first, self._character(end - 1)[1])

    def read(self, raw: int) -> int:
        """The position in the read text of the original position ``raw``, or of what follows it if dropped."""
        edit = bisect_right(self._raw_starts, raw) - 1
        if edit < 0:
            return raw
        if raw < self._raw_ends[edit]:
            return self._starts[edit]
        return self._ends[edit] + raw - self._raw_ends[edit]

    def _character(self, position: int) -> tuple[int, int]:
        edit = bisect_right(self._starts, position) - 1
        if edit < 0:
            return position, position + 1
        if position < self._ends[edit]:
            return self._raw_starts[edit], self._raw_ends[edit]
        raw = self._raw_ends[edit] + position - self._ends[edit]
        return raw, raw + 1


# Few letters, marks and entities make up nearly all of any text, and the caches bound what a hostile one keeps.
@lru_cache(4096)
def _composed(letter: str) -> str:
    """A letter and its marks as the one letter they make; marks that make none are dropped."""
    return _MARK.sub("", unicodedata.normalize("NFKC", letter))


@lru_cache(4096)
def _entity(token: str) -> str:
    return read(entity(token), html=False)[0]


def read(source: str, *, html: bool, mending: bool = False) -> tuple[str, Edits]:
    """The text that a reader sees in ``source``, and how it maps back."""
    markup = html and has_markup(source)
    reader = _Reader(without_source_lines(source) if markup else source)
    reader.run(_tokens(markup, mending))
    return reader.text(), reader.edits


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._markup = MarkupReader(source)
        self._pieces: list[str] = []
        self._length = 0  # characters read so far
        self._at = 0  # position in the source up to which all is read
        self.edits = Edits()

    def run(self, tokens: re.Pattern[str]) -> None:
        source = self._source
        for token in tokens.finditer(source):
            start, end = token.span()
            if start < self._at:  # inside a comment or a script
                continue
            kind = token.lastgroup
            if kind == "marks":
                self._marks(start, end)
            elif kind == "nothing":
                self._replace(start, end, "-" if self._is_dash(start, end) else "")
            elif kind == "compatible":
                self._compatible(start, end)
            elif kind == "tag":
                plain, end = self._markup.tag(start, end)
                self._replace(start, end, plain)
            elif kind == "entity":
                self._replace(start, end, _entity(token[0]))
            elif kind == "break" or breaks_word(source, start, end):
                self.edits.breaks.append((start, end))
                self._replace(start, end, mend(token[0]))

    def text(self) -> str:
        if not self._pieces:
            return self._source
        self._copy(len(self._source))
        return "".join(self._pieces)

    def _copy(self, end: int) -> None:
        if end > self._at:
            self._pieces.append(self._source[self._at : end])
            self._length += end - self._at
            self._at = end

    def _replace(self, start: int, end: int, plain: str) -> None:
        self._copy(start)
        self._pieces.append(plain)
        self.edits.add(self._length, self._length + len(plain), start, end)
        self._length += len(plain)
        self._at = end

    def _marks(self, start: int, end: int) -> None:
        run = self._source[start : min(end, start + _MOST_MARKS)]
        if start > self._at and _COMPOSING.search(run):
            letter = _composed(self._source[start - 1] + run)
            if letter:
                self._replace(start - 1, end, letter)
                return
        self._replace(start, end, "")

    def _compatible(self, start: int, end: int) -> None:
        run = [COMPATIBLE.get(character, character) for character in self._source[start:end]]
        plain = "".join(run)
        if len(plain) == len(run):  # each is one character for one: nothing moves
            self._copy(start)
            self._pieces.append(plain)
            self._length += len(plain)
            self._at = end
            return
        for position, character in enumerate(run, start):
            self._replace(position, position + 1, character)

    def _is_dash(self, start: int, end: int) -> bool:
        """A tatweel that lengthens no letter is a dash: the dateline القاهرة ـ رويترز, the range 25ـ30."""
        source = self._source
        return (
            TATWEEL in source[start:end]
            and not (start and (source[start - 1].isalpha() or _MARK.match(source[start - 1])))
            and not (end < len(source) and (source[end].isalpha() or _MARK.match(source[end])))
        )
