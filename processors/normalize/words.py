"""Words and sentences, as positions in folded text.

A word is a run of letters, marks and digits. Initials (أ.ف.ب), decimals, addresses and @handles are one word; hyphen,
apostrophe, slash, underscore and # separate. ``. … ! ? ؟`` and line breaks end a sentence, ``؛ ، :`` do not; a dot
inside a word or after د. ends none.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from processors.normalize.letters import KEPT_MARKS, character_class

_RUN = rf"[^\W_]++(?:[{character_class(KEPT_MARKS)}]++[^\W_]*+)*+"
# Last labels of addresses seen in news. Those that are also words of a sentence (it, is, at, me, so) are left out:
# 1,500 full stops of the measured corpus have no space behind them.
_LAST_LABEL = (
    "com|net|org|info|gov|edu|mil|news|tv|int|ae|sa|eg|sy|lb|jo|iq|ir|il|ps|ma|tn|dz|ly|sd|ye|om|qa|kw|bh|tr|"
    "uk|fr|de|ru|cn|eu|ch|es|nl|pl|co|io|app|online|site"
)
# Every repetition is bounded or possessive, so that no text makes a search go back over itself.
_WORD = re.compile(
    rf"{_RUN}(?![.@:,٫٬])"
    r"|(?:https?://|www\.)[^\s<>\"'«»]{2,}(?<![.,،؛:;!?؟)\]])"
    r"|[^\W_][\w.+-]{0,63}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,8}+"
    rf"|[a-z0-9](?:[a-z0-9-]{{0,62}}+\.){{1,8}}(?:{_LAST_LABEL})\b(?:/[^\s<>\"'«»]*+)?"
    r"|\d++(?:[.,٫٬]\d++){1,9}+[^\W_]*+"
    r"|[^\W\d_](?:\.[^\W\d_]){1,15}+(?![^\W_])\.?"
    r"|[^\W\d_]{1,2}+(?:\.[^\W\d_]{1,2}+){2,15}+(?![^\W_])\.?"
    r"|@\w++"
    rf"|{_RUN}"
)

# What may stand inside a word.
_GLUE = re.compile(r"[.,٫٬@:](?:(?=[^\W_])|(?<=:)(?=//))")
_SPACE = re.compile(r"\s")

LINE_BREAKS = r"\n\r\x0b\x0c\x85\u2028\u2029"
"""The inside of a regular expression's ``[…]``."""

_STOP = re.compile(rf"[.!?؟…{LINE_BREAKS}]++")
_LINE_BREAK = re.compile(f"[{LINE_BREAKS}]")
# Titles and abbreviations whose dot ends no sentence.
_ABBREVIATION = re.compile(
    r"(?<![^\W_])(?:د|أ|ا|م|ص|ت|ج|ق|هـ|dr|mr|mrs|ms|prof|st|sen|rep|gen|col|lt|sgt|gov|no|vs|jr|sr|inc|m|mm|mme|sn)$"
)


class Sentence(NamedTuple):
    """Where a sentence is, and in which paragraph."""

    start: int
    end: int
    paragraph: int


def find_words(folded: str, letters: bytes) -> list[tuple[int, int]]:
    """The spans of all words, in order. ``letters`` is ``folded`` as one byte a character."""
    words: list[tuple[int, int]] = []
    at = 0
    for glue in _GLUE.finditer(folded):
        if glue.start() < at:
            continue
        # Only here can signs hold a word together: this stretch without white space is read sign by sign.
        start = _stretch_start(folded, glue.start(), at)
        space = _SPACE.search(folded, glue.end())
        end = space.start() if space else len(folded)
        _split(letters, at, start, words)
        words += [match.span() for match in _WORD.finditer(folded, start, end)]
        at = end
    _split(letters, at, len(folded), words)
    return words


def _stretch_start(folded: str, position: int, at: int) -> int:
    while position > at and not folded[position - 1].isspace():
        position -= 1
    return position


def _split(letters: bytes, start: int, end: int, words: list[tuple[int, int]]) -> None:
    for word in letters[start:end].split(b" "):
        if word:
            words.append((start, start + len(word)))
        start += len(word) + 1


def find_sentences(folded: str, words: Sequence[tuple[int, int]]) -> list[Sentence]:
    """The sentences that hold anything but white space, in order."""
    sentences: list[Sentence] = []
    starts = [start for start, _ in words]
    begin = paragraph = 0
    for stop in _STOP.finditer(folded):
        start, end = stop.span()
        breaks = _LINE_BREAK.search(folded, start, end) is not None
        if not breaks and _continues(folded, start, end, words, starts):
            continue
        if folded[begin:end].strip():
            sentences.append(Sentence(begin, end, paragraph))
        begin = end
        if breaks and sentences and sentences[-1].paragraph == paragraph:
            paragraph += 1
    if folded[begin:].strip():
        sentences.append(Sentence(begin, len(folded), paragraph))
    return sentences


def _continues(folded: str, start: int, end: int, words: Sequence[tuple[int, int]], starts: list[int]) -> bool:
    """Whether the stop at ``[start:end]`` belongs to a word or an abbreviation."""
    word = bisect_right(starts, start) - 1
    if word >= 0 and words[word][1] > start:
        return words[word][1] >= end  # أ.ف.ب keeps one dot; a second, or another stop behind it, ends the sentence
    abbreviated = folded[start] == "." and end - start == 1 and end < len(folded)
    return abbreviated and _ABBREVIATION.search(folded[max(0, start - 6) : start]) is not None
