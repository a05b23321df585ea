"""Where the regular expressions of queries match in an article, as mentions."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import chain
from operator import itemgetter

from processors.model import FieldName, Level
from processors.normalize.text import Text
from processors.topics.evaluate.hits import Found
from processors.topics.query.regex.compiled import Compiled, compile_regex, spans


def find_regex(pattern: str, any_case: bool, texts: Mapping[FieldName, Text]) -> Iterator[Found]:
    """Every match in title and body, in order. Nothing is found in the silent parts of a body."""
    compiled = compile_regex(pattern, any_case)
    level = Level.FOLDED if any_case else Level.EXACT
    for field, text in texts.items():
        mended = () if text.repaired is None else _mended(compiled, text, text.repaired)
        places = chain(((*span, False) for span in spans(compiled, text.plain)), ((*span, True) for span in mended))
        for start, end, repaired in places:
            if field != "body" or not text.is_silent(start, end):
                words = text.word_at(start), text.word_at(end - 1)
                yield Found(field, *text.original(start, end), *words, level, repaired)


def _mended(compiled: Compiled, text: Text, repaired: Text) -> Iterator[tuple[int, int]]:
    """Matches that are there only once the deliberate breaking of a word is undone, as places of ``text``."""
    breaks = repaired.breaks
    for span in spans(compiled, repaired.plain):
        start, end = repaired.original(*span)
        after = bisect_right(breaks, start, key=itemgetter(0))
        if after < len(breaks) and breaks[after][1] < end:
            yield text.position(start), text.position(end - 1) + 1
