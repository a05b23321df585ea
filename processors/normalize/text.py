"""A field's text made comparable, every position still leading back to the original."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from copy import copy

from processors.model import MAX_TEXT_CHARS
from processors.normalize.code_page import encode_folded
from processors.normalize.letters import fold
from processors.normalize.reading import Edits, read
from processors.normalize.repair import is_broken
from processors.normalize.silence import find_silent
from processors.normalize.words import Sentence, find_sentences, find_words


class Text:
    """What one field says.

    ``plain`` is the text as a reader sees it: markup resolved, vowel marks, tatweel and invisible characters dropped,
    letters and case as written. ``folded`` has the same length and equal letters made equal. All positions are into
    these two; ``original`` leads back to ``raw``.
    """

    __slots__ = (
        "_edits",
        "_letters",
        "_sentence_starts",
        "_sentences",
        "_silent",
        "_word_starts",
        "_words",
        "folded",
        "mended",
        "plain",
        "raw",
        "repaired",
        "repeated",
        "truncated",
    )

    def __init__(
        self,
        raw: str,
        plain: str,
        edits: Edits,
        repaired: "Text | None",
        *,
        truncated: bool,
        repeated: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.raw = raw
        self.truncated = truncated
        self.plain = plain
        self.folded = fold(plain)
        self.repaired = repaired
        """The text with deliberate breaking undone; None when there is nothing to undo."""
        self.mended: dict[tuple[int, int], str] = {}
        """Spans of ``raw`` where a broken word was found → what it was read as."""
        self._edits = edits
        self._letters: bytes | None = None
        self._words: list[tuple[int, int]] | None = None
        self._word_starts: list[int] = []
        self._sentences: list[Sentence] | None = None
        self._sentence_starts: list[int] = []
        self._silent: list[tuple[int, int]] | None = None
        self.repeated = repeated
        """Spans of ``raw`` that are paragraphs which the source repeats."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of ``raw`` that reads as ``[start:end]``; marks and tatweels outside the letters are not in it."""
        return self._edits.original(start, end)

    def position(self, raw: int) -> int:
        """Where the original position ``raw`` is read, or what follows it if it was dropped."""
        return min(self._edits.read(raw), len(self.plain))

    def with_words(self, words: Sequence[tuple[int, int, str]], gaps: Sequence[int]) -> "Text":
        """This text with other letters in the words at these spans, in order; its ``breaks`` are those words.

        Letter for letter, and one more at each of ``gaps``, where a break was undone.
        """
        pieces, at = list[str](), 0
        for start, end, word in words:
            pieces += [self.plain[at:start], word]
            at = end
        plain = "".join([*pieces, self.plain[at:]])
        edits = self._edits.with_letters(gaps, [self.original(start, end) for start, end, _ in words])
        return Text(self.raw, plain, edits, None, truncated=self.truncated)

    @property
    def breaks(self) -> Sequence[tuple[int, int]]:
        """Spans of ``raw`` that broke a word and were undone here (only in a ``repaired`` text)."""
        return self._edits.breaks

    @property
    def letters(self) -> bytes:
        """``folded`` as one byte a character; a space is no part of a word."""
        if self._letters is None:
            self._letters = encode_folded(self.folded)
        return self._letters

    @property
    def words(self) -> Sequence[tuple[int, int]]:
        """The spans of all words, in order. Particles and suffixes are never words of their own."""
        if self._words is None:
            unbroken = self._unbroken
            letters = self.letters if unbroken is self.folded else encode_folded(unbroken)
            self._words = find_words(unbroken, letters)
            self._word_starts = [start for start, _ in self._words]
        return self._words

    @property
    def sentences(self) -> Sequence[Sentence]:
        """All sentences, in order, each with the number of its paragraph."""
        if self._sentences is None:
            self._sentences = find_sentences(self._unbroken, self.words)
            self._sentence_starts = [sentence.start for sentence in self._sentences]
        return self._sentences

    @property
    def _unbroken(self) -> str:
        """``folded`` with a letter for each sign that breaks a word: such a dot ends no sentence and no word."""
        if self.repaired is None:
            return self.folded
        characters = list(self.folded)
        for begin, end in self.repaired.breaks:
            for position in range(self.position(begin), self.position(end)):
                characters[position] = "ا"
        return "".join(characters)

    @property
    def silent(self) -> Sequence[tuple[int, int]]:
        """Spans that say nothing about the article itself: read-also lines, datelines, credit lines, and paragraphs
        that the source repeats.
        """
        if self._silent is None:
            spans = find_silent(self.folded)
            spans += [(self.position(start), self.position(end)) for start, end in self.repeated]
            if self.repaired is not None:
                for start, end in find_silent(self.repaired.folded):
                    raw_start, raw_end = self.repaired.original(start, end)
                    spans.append((self.position(raw_start), self.position(raw_end)))
            self._silent = _merged(spans)
        return self._silent

    def spoken(self) -> "Text":
        """The same text as if nothing in it were silent: to tell what was passed over."""
        other = copy(self)
        other._silent = []
        return other

    def word_at(self, position: int) -> int:
        """The number of the word that ``position`` is in, or of the last one before it (0 when there is none)."""
        if self._words is None:
            _ = self.words
        return max(0, bisect_right(self._word_starts, position) - 1)

    def sentence_of(self, position: int) -> int:
        """The number of the sentence that ``position`` is in."""
        _ = self.sentences
        return max(0, bisect_right(self._sentence_starts, position) - 1)

    def paragraph_of(self, position: int) -> int:
        """The number of the paragraph that ``position`` is in."""
        sentences = self.sentences
        return sentences[self.sentence_of(position)].paragraph if sentences else 0

    def is_silent(self, start: int, end: int) -> bool:
        """Whether ``[start:end]`` begins inside a silent span."""
        spans = self.silent
        after = bisect_left(spans, (start + 1, 0))
        return after > 0 and start < spans[after - 1][1] and end > spans[after - 1][0]


def read_text(
    raw: str, *, html: bool = True, max_chars: int = MAX_TEXT_CHARS, repeated: Sequence[tuple[int, int]] = ()
) -> Text:
    """Read ``raw``, at most its first ``max_chars`` characters. Any string is readable, in linear time.

    ``repeated`` are spans of ``raw`` that are paragraphs which the source repeats.
    """
    source = raw[:max_chars] if len(raw) > max_chars else raw
    plain, edits = read(source, html=html)
    repaired, truncated = None, len(source) < len(raw)
    if is_broken(source):
        mended, mended_edits = read(source, html=html, mending=True)
        if mended_edits.breaks:
            repaired = Text(raw, mended, mended_edits, None, truncated=truncated)
    return Text(raw, plain, edits, repaired, truncated=truncated, repeated=repeated)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
