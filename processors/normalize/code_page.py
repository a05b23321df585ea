"""Folded text as one byte a letter, so that it can be searched and split at the speed of memory.

Everything that is no part of a word is a space. Letters outside the Arabic code page share one byte: a search may find
too much, never too little.
"""

import codecs
from functools import cache

from processors.normalize.letters import KEPT_MARKS

PAGE = "cp1256"
"""The Arabic Windows code page: Arabic and French in one byte a letter, پ چ ژ گ among them."""

SPACE = 0x20
"""The byte of whatever is no part of a word."""

PAGE_LETTERS = tuple(bytes([byte]).decode(PAGE) for byte in range(256))
"""Byte → its character."""

# A letter that no folded Arabic text uses stands for all letters that the page lacks.
ELSEWHERE = "ڈ".encode(PAGE)
_KEPT = frozenset(KEPT_MARKS)


@cache
def folded_byte(character: str) -> bytes:
    """The byte of one folded character."""
    if not (character.isalnum() or character in _KEPT):
        return b" "
    try:
        return character.encode(PAGE)
    except UnicodeEncodeError:
        return ELSEWHERE


def _outside(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101 - codecs calls it for nothing else
    return b"".join(map(folded_byte, error.object[error.start : error.end])), error.end


_OUTSIDE = "rasid-folded"
codecs.register_error(_OUTSIDE, _outside)
_TABLE = b"".join(map(folded_byte, PAGE_LETTERS))
_TO_PAGE = codecs.charmap_build("".join(PAGE_LETTERS))  # the codec itself: asked of each of thousands of short names


def encode_folded(folded: str) -> bytes:
    """``folded``, one byte for each character."""
    return codecs.charmap_encode(folded, _OUTSIDE, _TO_PAGE)[0].translate(_TABLE)
