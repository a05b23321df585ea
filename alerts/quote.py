"""The sentence around a piece of evidence, as a person may read it, and where in it the evidence is. Pure.

Positions come in as code points of the field as received, markup included, and go out as code points of the quote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from alerts.plain_text import DROPPED, SPACING, SURROGATE

# How far a sentence may reach from the evidence in the raw field; markup can be most of it.
REACH = 1_000

# Long enough for nine in ten sentences of the Arabic press, short enough for a phone.
QUOTE_CHARS = 400

_BLOCK = r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|article|section|header|footer)\b[^<>]*>"
_BORDER = re.compile(
    # A stop ends a sentence before a space or markup, unless it follows a single letter (an initial, د.).
    rf"(?P<stop>(?:(?<![\s(]\w)\.|[!?؟…])[.!?؟…]*[\"»”’)\]]*(?=\s|<|$))|[\n\r\u2028\u2029]|{_BLOCK}",
    re.IGNORECASE,
)
_PIECE = re.compile(rf"(?P<block>{_BLOCK})|(?P<tag><[/!?a-z][^<>]*>)|(?P<entity>&\#?\w{{1,31}};)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence and the spans found in it: (number of the span as given, start, end)."""

    text: str
    highlights: tuple[tuple[int, int, int], ...]


def quotes(text: str, spans: Sequence[tuple[int, int]], most: int, *, one_sentence: bool = False) -> list[Quote]:
    """The first ``most`` sentences that hold ``spans``, in the order of the text; ``one_sentence`` for titles."""
    by_sentence: dict[tuple[int, int], list[int]] = {}
    for number in sorted(range(len(spans)), key=lambda each: spans[each]):
        start, end = spans[number]
        start = min(max(start, 0), len(text))
        end = min(max(end, start), len(text))
        bounds = _near(text, start, end) if one_sentence else _sentence(text, start, end)
        if bounds not in by_sentence and len(by_sentence) == most:
            break  # spans are in order, so no later one belongs to a sentence that is kept
        by_sentence.setdefault(bounds, []).append(number)
    return [_quote(text, low, high, [(n, *spans[n]) for n in numbers]) for (low, high), numbers in by_sentence.items()]


def opening(text: str) -> str:
    """The first sentence, for an article that has no title."""
    shown, _ = _readable(text, 0, min(len(text), REACH))
    border = _BORDER.search(shown)
    return _cut(Quote(shown[: border.end()] if border else shown, ())).text


def _near(text: str, start: int, end: int) -> tuple[int, int]:
    if len(text) <= REACH:
        return 0, len(text)
    return max(0, start - REACH), min(len(text), end + REACH)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    low, last = max(0, start - REACH), min(len(text), end + REACH)
    for border in _BORDER.finditer(text, low, min(start + 1, len(text))):
        if border.end() <= start:
            low = border.end()
    following = _BORDER.search(text, end, last)
    if following is None:
        return low, last
    return low, following.end() if following["stop"] else following.start()


def _quote(text: str, low: int, high: int, spans: list[tuple[int, int, int]]) -> Quote:
    shown, places = _readable(text, low, high)
    highlights = []
    for number, start, end in spans:
        inside = [place for place in places[max(start, low) - low : max(end, low) - low] if place >= 0]
        if inside:
            highlights.append((number, inside[0], inside[-1] + 1))
    return _cut(Quote(shown, tuple(highlights)))


def _readable(text: str, low: int, high: int) -> tuple[str, list[int]]:
    """The window without markup, and for each raw position where its character went (-1: nowhere)."""
    shown: list[str] = []
    places = [-1] * (high - low)
    space = False
    position = low
    while position < high:
        piece = _PIECE.match(text, position, high)
        if piece is None:
            after, characters = position + 1, text[position]
        else:
            after = piece.end()
            characters = " " if piece["block"] else unescape(piece[0]) if piece["entity"] else ""
        for character in characters:
            if DROPPED.match(character):
                continue
            if SPACING.match(character):
                space = True
                continue
            if space and shown:
                shown.append(" ")
            space = False
            places[position - low : after - low] = [len(shown)] * (after - position)
            shown.append(SURROGATE.sub("\ufffd", character))
        position = after
    return "".join(shown), places


def _cut(quote: Quote) -> Quote:
    """At most ``QUOTE_CHARS`` characters, the first highlight among them."""
    if len(quote.text) <= QUOTE_CHARS:
        return quote
    first = quote.highlights[0][1] if quote.highlights else 0
    # A third of the room before the evidence: what is said of it mostly follows.
    low = max(0, min(first - QUOTE_CHARS // 3, len(quote.text) - QUOTE_CHARS + 1))
    if low:
        low = min(quote.text.find(" ", low, first) + 1 or low, first)
    high = min(len(quote.text), low + QUOTE_CHARS - 2)
    before, after = "…" if low else "", "…" if high < len(quote.text) else ""
    kept = tuple(
        (number, start - low + len(before), min(end, high) - low + len(before))
        for number, start, end in quote.highlights
        if low <= start < high
    )
    return Quote(before + quote.text[low:high] + after, kept)
