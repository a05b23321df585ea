"""The sentence around a piece of evidence, as a person may read it, and where in it the evidence is. Pure.

It is the sentence that was matched: markup and sentences are read by ``processors.normalize``, as for matching.
Positions come in as code points of the field as received, markup included, and go out as code points of the quote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.notices.plain_text import DROPPED, SPACING, SURROGATE, UNSHOWN
from processors.normalize.markup import ENTITY, TAG, MarkupReader, entity
from processors.normalize.text import Text, read_text

# How far a quote may reach from its evidence, in characters as read: more than any quote shows.
REACH = 1_000

# The same in characters as received: markup can be most of them.
_RAW_REACH = 2 * REACH

# Up to here a field is read once and whole, in about 5 ms; of a longer one only what is near its evidence is read, so
# that no article, whatever it holds, keeps the process from its other work.
_WHOLE = 20_000

# Long enough for nine in ten sentences of the Arabic press, short enough for a phone.
QUOTE_CHARS = 400

_MARKUP = re.compile(f"(?P<tag>{TAG})|(?P<entity>{ENTITY})")
# Words with one space between are shown as they are.
_WORDS = re.compile(f"(?P<words>[^{UNSHOWN}]+(?: [^{UNSHOWN}]+)*+)|.", re.DOTALL)
# What closes behind a stop belongs to the sentence that it ends, for the eye.
_CLOSING = re.compile(r"[\"»”’)\]]*")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence and the spans found in it: (number of the span as given, start, end)."""

    text: str
    highlights: tuple[tuple[int, int, int], ...]


def quotes(
    raw: str, spans: Sequence[tuple[int, int]], most: int, *, one_sentence: bool = False, text: Text | None = None
) -> list[Quote]:
    """The first ``most`` sentences that hold ``spans``, in the order of the text; ``one_sentence`` for titles.

    ``text`` is ``raw`` where it was read already; it only saves time.
    """
    by_sentence: dict[tuple[int, int], list[int]] = {}
    near = _Near(raw, text)
    for number in sorted(range(len(spans)), key=lambda each: spans[each]):
        start = min(max(spans[number][0], 0), len(raw))
        end = min(max(spans[number][1], start), len(raw), start + REACH)
        bounds = near.bounds(start, end, one_sentence=one_sentence)
        if bounds not in by_sentence and len(by_sentence) == most:
            break  # spans are in order, so no later one belongs to a sentence that is kept
        by_sentence.setdefault(bounds, []).append(number)
    markup = MarkupReader(raw)
    return [
        _quote(raw, markup, low, high, [(n, *spans[n]) for n in numbers])
        for (low, high), numbers in by_sentence.items()
    ]


def opening(raw: str) -> str:
    """The first sentence, for an article that has no title."""
    low, high = _Near(raw).bounds(0, 0)
    return _cut(Quote(_readable(raw, MarkupReader(raw), low, high)[0], ())).text


class _Near:
    """A field read around each piece of evidence; a field of usual length is read once."""

    def __init__(self, raw: str, text: Text | None = None) -> None:
        self._raw = raw
        self._base = self._limit = 0  # what of ``raw`` is read
        self._text = text if text is not None and len(raw) <= _WHOLE and not text.truncated else None

    def bounds(self, start: int, end: int, *, one_sentence: bool = False) -> tuple[int, int]:
        """The raw span to show around the raw span ``[start:end]``: its sentence, or what of it is near."""
        text, base = self._read(start, end)
        first, last = text.position(start - base), text.position(end - base)
        low, high = (0, len(text.plain)) if one_sentence else _sentence(text, first)
        raw_low = text.original(max(low, first - REACH), high)[0] if text.plain else 0
        nearest = min(max(high, last), last + REACH)
        # Up to the next character, so that marks on the last letter come too.
        raw_high = text.original(nearest, nearest + 1)[0] if nearest < len(text.plain) else len(text.raw)
        return max(base + raw_low, start - _RAW_REACH), min(max(base + raw_high, end), end + _RAW_REACH)

    def _read(self, start: int, end: int) -> tuple[Text, int]:
        whole = len(self._raw) <= _WHOLE
        if self._text is None or not (whole or (self._base <= start and end + _RAW_REACH <= self._limit)):
            self._base = 0 if whole else max(0, start - _RAW_REACH)
            self._limit = len(self._raw) if whole else end + 2 * _RAW_REACH
            self._text = read_text(self._raw[self._base : self._limit])
        return self._text, self._base


def _sentence(text: Text, position: int) -> tuple[int, int]:
    if not text.sentences:
        return 0, len(text.plain)
    sentence = text.sentences[text.sentence_of(position)]
    low, high = (_closed(text.plain, end) for end in (sentence.start, sentence.end))
    return (low if low <= position else sentence.start), high


def _closed(plain: str, end: int) -> int:
    """``end``, or behind what closes there if a stop, not a line break, is in front of it."""
    closing = _CLOSING.match(plain, end)
    return closing.end() if closing and end and not plain[end - 1].isspace() else end


def _quote(raw: str, markup: MarkupReader, low: int, high: int, spans: list[tuple[int, int, int]]) -> Quote:
    shown, places = _readable(raw, markup, low, high)
    highlights = []
    for number, start, end in spans:
        seen = places[max(start, low) - low : max(end, low) - low]
        inside = [place for place in seen if place >= 0 and shown[place] != " "]
        if inside:
            highlights.append((number, inside[0], inside[-1] + 1))
    return _cut(Quote(shown, tuple(highlights)))


def _readable(raw: str, markup: MarkupReader, low: int, high: int) -> tuple[str, list[int]]:
    """The window without markup, and for each raw position where its character went (-1: nowhere)."""
    line = _Line(low, high)
    position = low
    for piece in _MARKUP.finditer(raw, low, high):
        start, end = piece.span()
        if start < position:  # inside a comment or a script
            continue
        line.copy(raw, position, start)
        if piece["entity"]:
            position, characters = end, entity(piece[0])
        else:
            characters, position = markup.tag(start, end)
            position = min(position, high)
        line.put(characters, start, position)
    line.copy(raw, position, high)
    return "".join(line.shown), line.places


class _Line:
    """One line of what a raw window shows, as it grows."""

    def __init__(self, low: int, high: int) -> None:
        self.shown: list[str] = []
        self.places = [-1] * (high - low)
        self._low = low
        self._length = 0
        self._space = False  # white space is due before whatever comes next

    def copy(self, raw: str, start: int, end: int) -> None:
        """Show ``raw[start:end]``, which holds no markup: words at once, anything else sign by sign."""
        for run in _WORDS.finditer(raw, start, end):
            begin, finish = run.span()
            if run["words"]:
                self._add(run[0])
                length = finish - begin
                self.places[begin - self._low : finish - self._low] = range(self._length - length, self._length)
            else:
                self.put(run[0], begin, finish)

    def put(self, characters: str, start: int, end: int) -> None:
        """Show ``characters`` for the raw span ``[start:end]``."""
        for character in characters:
            if DROPPED.match(character):
                continue
            if SPACING.match(character):
                self._space = True
                continue
            self._add(SURROGATE.sub("\ufffd", character))
            self.places[start - self._low : end - self._low] = [self._length - 1] * (end - start)

    def _add(self, piece: str) -> None:
        if self._space and self.shown:
            self.shown.append(" ")
            self._length += 1
        self._space = False
        self.shown.append(piece)
        self._length += len(piece)


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
