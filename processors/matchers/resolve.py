"""A text in which the words in doubt are read as words that are watched."""

from collections.abc import Callable, Sequence

from processors.matchers.lexicon import Lexicon, Meant
from processors.normalize.text import Text
from processors.normalize.undotted import Doubt, find_doubts


def resolve(text: Text, lexicon: Callable[[], Lexicon]) -> Sequence[Text]:
    """Readings of ``text`` with its breaks undone and words in doubt decided; none where nothing is in doubt.

    Where a word may be several watched ones, each stands in one of the readings.
    """
    mended = text.repaired or text
    read: dict[tuple[str, Doubt], list[Meant]] = {}
    decided = []
    for doubt in find_doubts(mended):
        written = mended.plain[doubt.start : doubt.end]
        key = written, _at_start(doubt)
        if key not in read:
            read[key] = lexicon().readings(mended, doubt)
        if read[key]:
            decided.append((doubt, read[key]))
    most = max((len(readings) for _, readings in decided), default=0)
    return [_reading(mended, decided, number) for number in range(most)]


def _reading(text: Text, decided: Sequence[tuple[Doubt, Sequence[Meant]]], number: int) -> Text:
    chosen = [(doubt, meant[min(number, len(meant) - 1)]) for doubt, meant in decided]
    words = [(doubt.start, doubt.end, word.letters) for doubt, word in chosen]
    return text.with_words(words, [doubt.start + word.gap for doubt, word in chosen if word.gap >= 0])


def _at_start(doubt: Doubt) -> Doubt:
    """The same doubt in a text that begins with the word: equal words are decided alike."""
    start = doubt.start
    gaps = tuple(gap - start for gap in doubt.gaps)
    return Doubt(0, doubt.end - start, doubt.bare, gaps, doubt.latin - start if doubt.latin >= 0 else -1)
