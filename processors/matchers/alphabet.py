"""Text as received, as one byte a letter: what screening searches.

The promise: a word that reading finds in a text is in these bytes too. Characters whose reading depends on their
neighbours, markup and broken words send the text through the real reader; most news needs none of it.
"""

import codecs
import re
from functools import cache
from typing import NamedTuple

from processors.normalize.code_page import PAGE, PAGE_LETTERS, folded_byte
from processors.normalize.letters import COMPOSING_MARKS, TATWEEL, fold
from processors.normalize.reading import read
from processors.normalize.repair import STAND_INS, follows_letter, is_broken
from processors.normalize.text import Text, read_text
from processors.normalize.undotted import BLOCK, find_doubts

# Put where a character's reading depends on its neighbours: such text is read properly first.
_UNREADABLE = b"\0"

_COMPOSING = re.compile(f"[{COMPOSING_MARKS}]")
# A tatweel between digits or signs is a dash, which parts words; everywhere else it is nothing.
_DASH = re.compile(rf"{TATWEEL}(?:(?<=\d{TATWEEL})|(?<![^\W_]{TATWEEL}){TATWEEL}*(?=\d))")


@cache
def _raw_bytes(character: str) -> bytes:
    """The bytes of one character as received: as it will be read, if that needs no neighbour."""
    if character in "<&\0" or _COMPOSING.match(character):
        return _UNREADABLE
    if character == TATWEEL:
        return b""
    folded = fold(read(character, html=False)[0])
    return b"".join(map(folded_byte, folded))


def _raw_error(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - codecs calls it for nothing else
    return b"".join(map(_off_page, error.object[error.start : error.end])), error.end


@cache
def _off_page(character: str) -> bytes:
    """The bytes of one character that the page lacks. Behind letters and marks a mark of the page says what they were:
    it is dropped later, but a break may begin behind it."""
    mark = _FATHA if follows_letter(character) else b""
    letters = _raw_bytes(character).replace(b" ", _SIGN)
    return letters + mark + (_JOINER if _may_lack_dots(character) else b"")


def _may_lack_dots(character: str) -> bool:
    """Whether the character may be read as one that only words without dots have."""
    return any(letter in (*BLOCK, "ى", "ں") for letter in read(character, html=False)[0])


# Parts words as a space does, and says that a sign stood there: it may be part of an address, white space never is.
_SIGN = "\u00a0".encode(PAGE)
_FATHA = "\u064e".encode(PAGE)
# Dropped too, and rare: behind letters that the page lacks it says that they may have lost their dots.
_JOINER = "\u200d".encode(PAGE)
_TATWEEL = TATWEEL.encode(PAGE)

_RAW = "rasid-raw"
codecs.register_error(_RAW, _raw_error)

_DROPPED = bytes(byte for byte, letter in enumerate(PAGE_LETTERS) if not _raw_bytes(letter))


def _raw_byte(letter: str) -> bytes:
    read_as = _raw_bytes(letter)
    if len(read_as) > 1:
        return b" " if not read_as.strip() else _UNREADABLE
    return read_as or b" "


_RAW_TABLE = b"".join(map(_raw_byte, PAGE_LETTERS))


def _shape(letter: str) -> bytes:
    """What a character can be around a break that no tatweel touches: a letter or its mark, a stand-in, or neither."""
    if letter in STAND_INS:
        return b"1" if letter.isdigit() else b"L"
    return b"a" if follows_letter(letter) else b"b" if letter.isalnum() else b" "


_SHAPES = b"".join(map(_shape, PAGE_LETTERS))
# Between a letter and what stands for one, these are nothing.
_UNSEEN = bytes(byte for byte in _DROPPED if not follows_letter(PAGE_LETTERS[byte]))
_NUN = "ں".encode(PAGE)
_YEH = "ى".encode(PAGE)
_TWICE_YEH = re.compile(re.escape(_YEH) + b"(?:(?! ).){0,60}?" + re.escape(_YEH))
# Searches that begin with one byte are far faster than those for three.
_DIGIT_STANDS_IN = re.compile(b"1(?<=a1)a")
_LETTER_STANDS_IN = re.compile(b"L(?<=aL)a")
_LETTER_AT_EDGE = re.compile(b"L(?:(?<=aL) |(?<= L)a)")


class Encoded(NamedTuple):
    """What a field may say, as bytes."""

    readings: tuple[bytes, ...]  # as it stands, and with breaking undone
    doubtful: Text | None = None  # the field, where it holds words that only the watched words decide
    raw: bytes | None = None  # as received, on the code page; None where reading it takes more than letters


def encode_raw(raw: str, max_chars: int) -> Encoded:
    """What the first ``max_chars`` characters of ``raw`` may say."""
    source = raw[:max_chars] if len(raw) > max_chars else raw
    encoded = source.encode(PAGE, _RAW)
    letters = letters_of(encoded)
    shapes = b" %b " % encoded.translate(_SHAPES, _UNSEEN)
    broken = _may_be_broken(encoded, shapes) and (is_broken(source) or _DASH.search(source))
    if not broken and _UNREADABLE not in letters and not _may_be_doubtful(encoded, shapes):
        return Encoded((letters,), raw=encoded)
    text = read_text(source, max_chars=max_chars)
    mended = text.repaired or text
    readings = (text.letters,) if text.repaired is None else (text.letters, text.repaired.letters)
    return Encoded(readings, text if find_doubts(mended) else None)


def letters_of(raw: bytes) -> bytes:
    """The letters of ``Encoded.raw``, with spaces for what is none."""
    return raw.translate(_RAW_TABLE, _DROPPED)


def _may_be_broken(encoded: bytes, shapes: bytes) -> bool:
    """Far cheaper than to look for breaks: there is a tatweel, or what may stand for a letter between two letters."""
    return (
        _TATWEEL in encoded
        or _DIGIT_STANDS_IN.search(shapes) is not None
        or _LETTER_STANDS_IN.search(shapes) is not None
    )


def _may_be_doubtful(encoded: bytes, shapes: bytes) -> bool:
    """Far cheaper than to look for words in doubt."""
    return (
        _JOINER in encoded
        or _NUN in encoded
        or _LETTER_AT_EDGE.search(shapes) is not None
        or _LETTER_STANDS_IN.search(shapes) is not None  # at an edge too, where the mark of a letter stands beside it
        or _TWICE_YEH.search(encoded) is not None
    )
