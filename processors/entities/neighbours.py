"""The words around a mention, compared without particles: بالرئيس, للرئيس and والرئيس are all الرئيس."""

from collections.abc import Collection
from functools import lru_cache

from processors.matchers.particles import ARTICLE, PROCLITICS
from processors.model import Mention
from processors.normalize.text import Text

_PROCLITICS = tuple(sorted(PROCLITICS - {""}))
# Behind one of these another thing begins: what stands beyond it is no neighbour.
_PARTING = frozenset(".!?؟…\n\r،؛:,;|()[]")
_OPENING = frozenset("\"«“‘„‹'")
_CLOSING = frozenset("\"»”’‟›'“")

# «الرئيس اللبناني عون»: a title may have its adjective after it.
_REACH_BEFORE = 2
# No word of a file is longer; what is, is noise that a cache should not keep.
_LONGEST_WORD = 40
# Longest neighbour of several words that a file may name («university of»).
_LONGEST_PHRASE = 3


def word_beside(text: Text, mention: Mention, wanted: Collection[str]) -> str:
    """The first of ``wanted`` (folded) within two words before the mention or right after it, as written; else ''."""
    for start, end in (*spans_before(text, mention, _REACH_BEFORE), *_after(text, mention, 1)):
        if any(form in wanted for form in bare_words(text.folded[start:end])):
            return text.raw[slice(*text.original(start, end))]
    return ""


def phrase_before(text: Text, mention: Mention, wanted: Collection[str]) -> bool:
    """Whether one of the phrases ``wanted`` (folded) ends right before the mention.

    The first word of the phrase may carry particles.
    """
    words = _words(text, spans_before(text, mention, _LONGEST_PHRASE))
    for size in range(1, len(words) + 1):
        first, *rest = reversed(words[:size])
        if any(" ".join((form, *rest)) in wanted for form in bare_words(first)):
            return True
    return False


def phrase_after(text: Text, mention: Mention, wanted: Collection[str]) -> bool:
    """Whether one of the phrases ``wanted`` (folded) begins right after the mention."""
    words = _words(text, _after(text, mention, _LONGEST_PHRASE))
    return any(" ".join(words[:size]) in wanted for size in range(1, len(words) + 1))


def is_quoted(text: Text, mention: Mention) -> bool:
    """Whether the mention stands alone between quotation marks, with at most a space at each side (« الرياض »)."""
    start, end = mention.start, mention.end
    before, after = text.raw[max(0, start - 2) : start], text.raw[end : end + 2]
    return before.removesuffix(" ")[-1:] in _OPENING and after.removeprefix(" ")[:1] in _CLOSING


def is_enclosed(text: Text, start: int, end: int) -> bool:
    """Whether folded[start:end] stands alone between quotation marks."""
    return text.folded[max(0, start - 1) : start] in (*_OPENING,) and text.folded[end : end + 1] in (*_CLOSING,)


def _words(text: Text, spans: list[tuple[int, int]]) -> list[str]:
    return [text.folded[start:end] for start, end in spans]


def spans_before(text: Text, mention: Mention, most: int) -> list[tuple[int, int]]:
    """The spans of up to ``most`` words before the mention, the nearest first."""
    words, folded = text.words, text.folded
    found: list[tuple[int, int]] = []
    begin = text.position(mention.start)
    if mention.first_word < len(words):
        begin = min(begin, words[mention.first_word][0])
    for number in range(mention.first_word - 1, max(-1, mention.first_word - 1 - most), -1):
        start, end = words[number]
        if not _PARTING.isdisjoint(folded[end:begin]):
            break
        found.append((start, end))
        begin = start
    return found


def _after(text: Text, mention: Mention, most: int) -> list[tuple[int, int]]:
    """The spans of up to ``most`` words after the mention."""
    words, folded = text.words, text.folded
    found: list[tuple[int, int]] = []
    end = words[mention.last_word][1] if mention.last_word < len(words) else len(folded)
    for start, word_end in words[mention.last_word + 1 : mention.last_word + 1 + most]:
        if not _PARTING.isdisjoint(folded[end:start]):
            break
        found.append((start, word_end))
        end = word_end
    return found


# The words beside names repeat: a few thousand are most of a day's news.
@lru_cache(maxsize=4096)
def bare_words(word: str) -> tuple[str, ...]:
    """``word``, and what it is if it begins with particles."""
    forms = [word]
    if len(word) > _LONGEST_WORD:
        return (word,)
    for particles in _PROCLITICS:
        if word.startswith(particles) and len(word) > len(particles) + 1:
            rest = word[len(particles) :]
            forms.append(rest)
            if particles[-1] == "ل" and rest.startswith("ل"):
                forms += ["ا" + rest, ARTICLE + rest[1:]]
    return tuple(forms)
