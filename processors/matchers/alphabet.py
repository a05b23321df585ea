"""Text as one byte a letter, so that it can be searched at the speed of memory.

Letters and digits that fold together are one byte; everything that is no part of a word is a space. Letters outside
the Arabic code page share one byte: a search may find too much, never too little.
"""

import codecs
import re
from functools import cache

from processors.normalize.letters import COMPOSING_MARKS, KEPT_MARKS, TATWEEL, fold
from processors.normalize.reading import read
from processors.normalize.repair import is_broken
from processors.normalize.text import read_text

_PAGE = "cp1256"
SPACE = 0x20
# A letter that no folded Arabic text uses stands for all letters that the page lacks.
_ELSEWHERE = "ڈ".encode(_PAGE)
# Put where a character's reading depends on its neighbours: such text is read properly first.
_UNREADABLE = b"\0"

_KEPT = frozenset(KEPT_MARKS)
_COMPOSING = re.compile(f"[{COMPOSING_MARKS}]")
# A tatweel between digits or signs is a dash, which parts words; everywhere else it is nothing.
_DASH = re.compile(rf"(?<!\w){TATWEEL}+(?=\d)|(?<=\d){TATWEEL}+(?!\w)")


@cache
def _folded_byte(character: str) -> bytes:
    """The byte of one folded character."""
    if not (character.isalnum() or character in _KEPT):
        return b" "
    try:
        return character.encode(_PAGE)
    except UnicodeEncodeError:
        return _ELSEWHERE


@cache
def _raw_bytes(character: str) -> bytes:
    """The bytes of one character as received: as it will be read, if that needs no neighbour."""
    if character in "<&\0" or _COMPOSING.match(character):
        return _UNREADABLE
    if character == TATWEEL:
        return b""
    folded = fold(read(character, html=False)[0])
    return b"".join(map(_folded_byte, folded))


def _folded_error(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - codecs calls it for nothing else
    return b"".join(map(_folded_byte, error.object[error.start : error.end])), error.end


def _raw_error(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - codecs calls it for nothing else
    return b"".join(map(_raw_bytes, error.object[error.start : error.end])), error.end


_FOLDED, _RAW = "rasid-folded", "rasid-raw"
codecs.register_error(_FOLDED, _folded_error)
codecs.register_error(_RAW, _raw_error)

_PAGE_LETTERS = [bytes([byte]).decode(_PAGE) for byte in range(256)]
_FOLDED_TABLE = b"".join(map(_folded_byte, _PAGE_LETTERS))
_DROPPED = bytes(byte for byte, letter in enumerate(_PAGE_LETTERS) if not _raw_bytes(letter))


def _raw_byte(letter: str) -> bytes:
    read_as = _raw_bytes(letter)
    if len(read_as) > 1:
        return b" " if not read_as.strip() else _UNREADABLE
    return read_as or b" "


_RAW_TABLE = b"".join(map(_raw_byte, _PAGE_LETTERS))


def encode_folded(folded: str) -> bytes:
    """``folded``, one byte for each character."""
    return folded.encode(_PAGE, _FOLDED).translate(_FOLDED_TABLE)


def encode_raw(raw: str, max_chars: int) -> list[bytes]:
    """What the first ``max_chars`` characters of ``raw`` may say: its reading, and the one with breaking undone."""
    source = raw[:max_chars] if len(raw) > max_chars else raw
    encoded = source.encode(_PAGE, _RAW)
    letters = encoded.translate(_RAW_TABLE, _DROPPED)
    if _UNREADABLE in letters or is_broken(source) or (TATWEEL in source and _DASH.search(source)):
        text = read_text(source, max_chars=max_chars)
        readings = [text.folded] if text.repaired is None else [text.folded, text.repaired.folded]
        return [encode_folded(reading) for reading in readings]
    return [letters]
