"""The watched words by their shape: what a word in doubt may be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from processors.matchers.forms import Form
from processors.matchers.particles import ALL_PROCLITICS, SUFFIXES, Edge
from processors.normalize.letters import fold
from processors.normalize.repair import STAND_INS
from processors.normalize.text import Text
from processors.normalize.undotted import BLOCK, MOST_LETTERS, SHAPES, Doubt, may_be, shape_of

_FEWEST_LETTERS = 3
"""Of a watched word that may be meant at all: in two letters anybody reads anything."""

_FEWEST_SURE = 4
"""Letters of a watched word that a written one without any dots, or with a Latin letter, may be: three such letters
are too many words. A letter that can only be meant without its dots (ٯطر) makes up for one."""

_FEWEST_WITH_GAP = 6
"""Letters, with its article, of a watched word of which one is missing: the others must decide. Of the words of news
1.4 % are a watched word of six letters less one of its inner letters (العمل, العمال); of five, 3 %."""
_MOST_READINGS = 3
"""Watched words that one written word may be."""
_ARTICLE = ("ال", "لل")
_OPEN = "*"

_SUFFIXED = frozenset((Edge.SUFFIXED, Edge.CHANGED))
_NOTHING = frozenset(("",))


class _Word(NamedTuple):
    """A watched word, as it may stand in some form."""

    folded: str
    written: str  # as its author wrote it
    before: frozenset[str]  # particles that it may carry
    suffixed: bool


class _Split(NamedTuple):
    """A written word as particles, stem and suffix."""

    before: str  # as read: the particle's own letters
    stem: str  # as written
    after: str


class Meant(NamedTuple):
    """What a written word may be."""

    letters: str
    gap: int = -1  # where a letter was put in


class Lexicon:
    """Made of the words of all forms."""

    def __init__(self, forms: Iterable[Form]) -> None:
        by_shape: defaultdict[str, dict[_Word, None]] = defaultdict(dict)
        known: set[tuple[str, str, frozenset[str], Edge]] = set()  # two in three words stand in several forms
        for form in forms:
            for number, (folded, edge) in enumerate(form.words):
                if len(folded) < _FEWEST_LETTERS or folded.isascii():
                    continue
                written = form.written[number] if form.written else folded
                if form.skip and number == 0:
                    written = folded[:2] + written[2:]  # للقاهرة of القاهرة
                before = _NOTHING if number else form.before
                if (one := (folded, written, before, edge)) not in known:
                    known.add(one)
                    written = written if written == folded or fold(written) == folded else folded
                    word = _Word(folded, written, before, edge in _SUFFIXED)
                    by_shape[(_OPEN if edge is Edge.OPEN else "") + shape_of(folded)][word] = None
        self._by_shape = {shape: tuple(words) for shape, words in by_shape.items()}
        self._is_open = any(shape.startswith(_OPEN) for shape in self._by_shape)

    def readings(self, text: Text, doubt: Doubt) -> list[Meant]:
        """What the word in doubt may be; nothing where it is a watched word as it stands.

        A reading is as long as the word, or by one letter longer, that of a gap.
        """
        if doubt.end - doubt.start > MOST_LETTERS:
            return []
        written = text.plain[doubt.start : doubt.end]
        if doubt.latin >= 0:
            at = doubt.latin - doubt.start
            read = written[:at] + STAND_INS[written[at]] + written[at + 1 :]
            return _first(self._meant(fold(read), bare=False, fewest=_FEWEST_SURE))
        folded = fold(written)
        if any(fold(meant.letters) == folded for meant in self._meant(folded, bare=False, fewest=0)):
            return []
        found = _first(self._meant(written, bare=doubt.bare, fewest=_FEWEST_SURE if doubt.bare else _FEWEST_LETTERS))
        return found or _first(
            reading for gap in doubt.gaps for reading in self._with_letter(written, gap - doubt.start, bare=doubt.bare)
        )

    def _meant(self, written: str, *, bare: bool, fewest: int) -> Iterator[Meant]:
        """Particles, a watched word of at least ``fewest`` letters, and an ending, as ``written`` may be read."""
        for split in _splits(written, bare=bare):
            before, stem, after = split
            needed = fewest - (fewest == _FEWEST_SURE and any(letter in BLOCK for letter in stem))
            shape = shape_of(fold(stem))
            for word in self._by_shape.get(shape, ()):
                if len(stem) >= needed and _takes(word, split) and _fits(stem, word.folded, bare=bare):
                    yield Meant(before + word.written + after)
            if self._is_open and not after:
                for length in range(max(needed, _FEWEST_LETTERS), len(stem) + 1):
                    for word in self._by_shape.get(_OPEN + shape[:length], ()):
                        if _takes(word, split) and _fits(stem[:length], word.folded, bare=bare):
                            yield Meant(before + word.written + stem[length:])

    def _with_letter(self, written: str, gap: int, *, bare: bool) -> Iterator[Meant]:
        """The same with one letter more at ``gap``."""
        for split in _splits(written, bare=bare):
            before, stem, after = split
            at = gap - len(before)
            letters = len(stem) + 1 + 2 * before.endswith(_ARTICLE)
            if not 0 < at < len(stem) or letters < _FEWEST_WITH_GAP:
                continue
            shape = shape_of(fold(stem))
            for missing in SHAPES:
                for word in self._by_shape.get(shape[:at] + missing + shape[at:], ()):
                    without = word.folded[:at] + word.folded[at + 1 :]
                    if _takes(word, split) and _fits(stem, without, bare=bare):
                        yield Meant(before + word.written + after, gap)


def _takes(word: _Word, split: _Split) -> bool:
    return split.before in word.before and (word.suffixed or not split.after)


def _splits(written: str, *, bare: bool) -> Iterator[_Split]:
    for before in ALL_PROCLITICS:
        rest = len(written) - len(before)
        if rest < _FEWEST_LETTERS - 1 or not _fits(written[: len(before)], before, bare=bare):
            continue
        for after in ("", *SUFFIXES):
            end = len(written) - len(after)
            if end - len(before) >= _FEWEST_LETTERS - 1 and _fits(written[end:], after, bare=bare):
                yield _Split(before, written[len(before) : end], after)


def _fits(written: str, word: str, *, bare: bool) -> bool:
    return all(may_be(one, other, bare=bare) for one, other in zip(written, word, strict=True))


def _first(readings: Iterable[Meant]) -> list[Meant]:
    return list(islice(dict.fromkeys(readings), _MOST_READINGS))
