"""Where the first words of a field end, and where sentences surely do, seen on its letters before it is read.

Both err on one side. What is counted here as one word may be several, and where a sentence ends here it does end when
the text is read: so what is called far apart here is far apart.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from processors.matchers.alphabet import letters_of
from processors.normalize.code_page import ELSEWHERE, PAGE, PAGE_LETTERS

_GAP = re.compile(b"  +")
_SPACES = rb"\t\n\r "
# White space parts words whatever they are; a stretch without any that has a letter or a digit is one word or more.
_TELLING = bytes(byte for byte in range(256) if letters_of(bytes([byte])).strip())
# Not the byte of all that the page lacks: marks of other scripts are among it, and د. behind one is an abbreviation.
_LETTERS = bytes(byte for byte in _TELLING if PAGE_LETTERS[byte].isalpha() and byte not in ELSEWHERE)
_STRETCH = b"[^%b]*+[%b][^%b]*+" % (re.escape(_TELLING), re.escape(_TELLING), _SPACES)

_LINE_BREAKS = b"\n\r"
_STOP = re.compile(b"[%b]+|[.!?%b]+(?=[%b])" % (_LINE_BREAKS, "؟…".encode(PAGE), _SPACES))
_SHORTEST_WORD = 5
"""Letters of a word whose full stop ends a sentence: prof. and the like have fewer."""
_SHORTEST_ARABIC_WORD = 3
"""Arabic abbreviations have one letter, or one and a tatweel, which is no letter here."""
_LONGEST_WORD = 30
"""Letters looked at in front of a stop: longer words are rare, and such a stop is passed over."""
_ASCII = bytes(range(128))


def first_words(raw: bytes, words: int) -> int:
    """Where the first ``words`` words of a field end at the latest; the length of ``raw`` where it has no more."""
    found = _first(words).match(raw)
    return len(raw) if found is None else found.end()


def longest_word(raw: bytes) -> int:
    """Bytes of the longest stretch without white space: no word takes more letters."""
    return max(map(len, raw.split()), default=0)


def sentence_starts(raw: bytes) -> list[int]:
    """Where sentences begin in the spaced letters of ``raw`` (``spaced``), but for the first; some are left out."""
    starts, at, begin = list[int](), 1, 0
    for stop in _STOP.finditer(raw):
        if raw[stop.start()] in _LINE_BREAKS or _is_word(raw, stop.start()):
            said = spaced(letters_of(raw[begin : stop.end()]))
            at += len(said) - 1
            begin = stop.end()
            starts.append(at)
    return starts


def sentence_at(starts: Sequence[int], position: int) -> int:
    """The number of the sentence of a position in spaced letters."""
    return bisect_right(starts, position)


def spaced(letters: bytes) -> bytes:
    """One space around and between words, whatever is there."""
    return _GAP.sub(b" ", b" %b " % letters)  # half the time of splitting and joining


def _is_word(raw: bytes, end: int) -> bool:
    """Whether a plain word of letters ends here, none that a full stop belongs to."""
    begin = raw.rfind(b" ", max(0, end - _LONGEST_WORD), end) + 1
    if not begin or raw[begin:end].translate(None, _LETTERS):
        return False
    letters = end - begin
    return letters >= _SHORTEST_WORD or (
        letters >= _SHORTEST_ARABIC_WORD and len(raw[begin:end].translate(None, _ASCII)) == letters
    )


_FIRST: dict[int, re.Pattern[bytes]] = {}


def _first(words: int) -> re.Pattern[bytes]:
    if words not in _FIRST:
        _FIRST[words] = re.compile(b"(?:%b){%d}" % (_STRETCH, words))
    return _FIRST[words]
