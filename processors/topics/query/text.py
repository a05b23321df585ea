"""A query as its author typed or pasted it → the text that is parsed, with every place still known.

What cannot be seen is left out, and letters are composed (NFC), so that two queries that look alike are alike.
"""

import re
import unicodedata
from typing import NamedTuple

from processors.normalize.letters import INVISIBLE

LONGEST_QUERY = 200_000
"""Characters: an OR of 10,000 words. Whatever is longer was not meant to be a query."""

LONGEST_TOLD = 60
"""Characters of a query that an error repeats."""

MOST_MARKS = 30
"""Marks on one letter: Unicode's own limit for safe streams. Composing more would take quadratic time."""

DIRECTION_MARKS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff"
"""What copying from a page or a chat brings along; it means nothing in a query."""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_DIRECTION_MARK = re.compile(f"[{DIRECTION_MARKS}]")


class QueryError(Exception):
    """A query that must not be used. ``at`` is the offset of the trouble in the query as written."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message


class Remark(NamedTuple):
    """Something that works but is probably not meant."""

    at: int
    message: str


class QueryText(NamedTuple):
    """What is parsed, and for each of its characters, and its end, the place in the query as written."""

    text: str
    places: list[int] | None  # None where nothing was changed
    left_out: Remark | None = None

    def place(self, at: int) -> int:
        """The place in the query as written of the character ``at``."""
        return at if self.places is None else self.places[min(at, len(self.places) - 1)]


def told(written: str) -> str:
    """A piece of a query as an error repeats it: in backticks, on one line, shortened."""
    line = " ".join(written[: LONGEST_TOLD + 1].split())
    return f"`{line if len(written) <= LONGEST_TOLD else line[:LONGEST_TOLD] + '…'}`"


def read_query_text(written: str) -> QueryText:
    """Raises ``QueryError`` for a text that no query has."""
    if len(written) > LONGEST_QUERY:
        raise QueryError(0, f"longer than {LONGEST_QUERY:,} characters: put the words into lists and write list:name")
    if written.isascii() and written.isprintable():
        return QueryText(written, None)
    text, places, left_out = written, None, None
    if found := _INVISIBLE.search(written):
        kept = [place for place, character in enumerate(written) if not _INVISIBLE.match(character)]
        text, places = "".join(map(written.__getitem__, kept)), [*kept, len(written)]
        what = "direction marks" if _DIRECTION_MARK.search(written) else "characters"
        left_out = Remark(found.start(), f"invisible {what} were left out: delete them")
    if not unicodedata.is_normalized("NFC", text):
        text, places = _composed(text, places or [*range(len(text) + 1)])
    return QueryText(text, places, left_out)


def _composed(text: str, places: list[int]) -> tuple[str, list[int]]:
    """NFC, letter by letter with the marks that belong to it, so that each keeps its place."""
    composed: list[str] = []
    kept: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _joins(text[start:end], text[end]):
            if end - start > MOST_MARKS:
                raise QueryError(places[start], f"more than {MOST_MARKS} marks on one letter: delete them")
            continue
        letter = unicodedata.normalize("NFC", text[start:end])
        composed.append(letter)
        last = end - start - 1
        kept += [places[start + min(number, last)] for number in range(len(letter))]
        start = end
    return "".join(composed), [*kept, places[len(text)]]


def _joins(before: str, character: str) -> bool:
    """Whether composing may make one letter of the two, or put marks into another order. ``before`` is all that was
    joined so far: of Hangul's three parts the last joins only the first two together."""
    if unicodedata.combining(character):
        return True
    pair = before + character
    return not pair.isascii() and unicodedata.normalize("NFC", pair) != (
        unicodedata.normalize("NFC", before) + unicodedata.normalize("NFC", character)
    )
