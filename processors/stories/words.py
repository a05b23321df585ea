"""The words by which two texts are compared. Coarser than matching's reading: no positions, nothing is kept apart
that an outlet's typist would change (hamza, ى, ة, marks, tatweel, case, accents, punctuation)."""

import re
from collections.abc import Sequence
from html import unescape

from processors.normalize.letters import (
    COMPATIBLE,
    COMPOSING_MARKS,
    FOLDED,
    INVISIBLE,
    TATWEEL,
    VOWEL_MARKS,
)
from processors.normalize.markup import TAG

MAX_CHARS = 60_000
"""Of a longer text the beginning is compared: ten times a long report, and a bound on the work for one record."""

FUNCTION_WORDS = frozenset(
    """
    في من على عن الي الى الا ان انه انها او ام مع بعد قبل بين خلال منذ حتي ضد عند لدي كما بان هذا هذه ذلك تلك التي الذي
    و ب ل ما لا لم لن قد ثم كل
    عاجل خبر متابعه فيديو صور بالفيديو بالصور شاهد
    the a an of in on at to for from by with and or as is are was were be been it its that this after before over
    breaking urgent update live video
    le la les un une des de du d l en au aux et ou a dans sur par pour avec est sont qu que qui apres avant
    ve ile bir bu da de icin son dakika
    """.split()
)
"""Words that say nothing about an event, folded; news flashes' own words among them."""

_BLOCK = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article))\b[^<>]*>", re.IGNORECASE)
_UNREAD = re.compile(r"<(script|style)\b[^<>]*>[^<]*(?:</\1\s*>)?", re.IGNORECASE)
_TAG = re.compile(TAG)
_WORD = re.compile(r"[^\W_]+")


def _pairs(ranges: str) -> list[tuple[str, str]]:
    found = re.findall(r"(.)-(.)|(.)", ranges, re.DOTALL)
    return [(low or single, high or single) for low, high, single in found]


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for character, replacement in COMPATIBLE.items():
        table[ord(character)] = "".join(FOLDED.get(c, c) for c in replacement)
    for character, folded in FOLDED.items():
        table[ord(character)] = folded
    for low, high in _pairs(TATWEEL + VOWEL_MARKS + INVISIBLE + COMPOSING_MARKS):
        # Tags and the like beyond the first plane: no news text has them, and they are thousands.
        for code in range(ord(low), min(ord(high), 0xFFFF) + 1):
            table[code] = None
    # Micro and the quarters have no single letter or digit in the code page below; in a name or figure they say little.
    table.update(dict.fromkeys(map(ord, "µ¼½¾"), " "))
    return table


_TABLE = _table()


def _cp1256() -> tuple[bytes, bytes]:
    """How the Arabic Windows code page reads: most Arabic news fits, and bytes are translated ten times as fast."""
    table, dropped = bytearray(b" " * 256), bytearray()
    for byte in range(256):
        character = bytes([byte]).decode("cp1256")
        folded = _TABLE.get(ord(character), character)
        if folded is None:
            dropped.append(byte)
        elif len(folded) == 1 and folded.isalnum():
            table[byte] = folded.encode("cp1256")[0]
        elif character == "\n":
            table[byte] = ord("\n")
    return bytes(table), bytes(dropped)


_BYTES, _DROPPED = _cp1256()


def plain(text: str) -> str:
    """``text`` without markup, a line for each block, cut to ``MAX_CHARS``."""
    text = text[:MAX_CHARS]
    if "<" in text:
        text = _TAG.sub(" ", _BLOCK.sub("\n", _UNREAD.sub(" ", text)))
    return unescape(text) if "&" in text else text


def words_of(text: str) -> list[str]:
    """The words of plain text, folded, in order."""
    try:
        encoded = text.encode("cp1256")
    except UnicodeEncodeError:
        return _WORD.findall(text.translate(_TABLE))
    return encoded.translate(_BYTES, _DROPPED).decode("cp1256").split()


def words_of_each(texts: Sequence[str]) -> list[list[str]]:
    """``words_of`` of many short texts: a fifth of the time."""
    found: list[list[str] | None] = []
    encoded: list[bytes] = []
    for text in texts:
        try:
            encoded.append(text.replace("\n", " ").encode("cp1256"))
        except UnicodeEncodeError:
            found.append(words_of(text))
        else:
            found.append(None)
    lines = iter(b"\n".join(encoded).translate(_BYTES, _DROPPED).decode("cp1256").split("\n"))
    return [next(lines).split() if words is None else words for words in found]
