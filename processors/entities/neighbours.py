"""The words around a mention, compared without particles: بالرئيس, للرئيس and والرئيس are all الرئيس."""

from collections.abc import Collection
from functools import lru_cache

from processors.model import Mention
from processors.normalize.text import Text, read_text

_PROCLITICS = ("و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فك", "فل")
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


def folded_words(phrase: str) -> tuple[str, ...]:
    """The words of ``phrase`` in the form in which they are compared."""
    text = read_text(phrase, html=False)
    return tuple(text.folded[start:end] for start, end in text.words)


def word_beside(text: Text, mention: Mention, wanted: Collection[str]) -> str:
    """The first word of ``wanted`` (folded) within two words before the mention, or right after it; else nothing."""
    around = [*_before(text, mention, _REACH_BEFORE), *_after(text, mention, 1)]
    return next((word for word in around if any(form in wanted for form in _bare(word))), "")


def phrase_before(text: Text, mention: Mention, wanted: Collection[str]) -> bool:
    """Whether one of the phrases ``wanted`` (folded) ends right before the mention.

    The first word of the phrase may carry particles.
    """
    words = _before(text, mention, _LONGEST_PHRASE)
    for size in range(1, len(words) + 1):
        first, *rest = reversed(words[:size])
        if any(" ".join((form, *rest)) in wanted for form in _bare(first)):
            return True
    return False


def phrase_after(text: Text, mention: Mention, wanted: Collection[str]) -> bool:
    """Whether one of the phrases ``wanted`` (folded) begins right after the mention."""
    words = _after(text, mention, _LONGEST_PHRASE)
    return any(" ".join(words[:size]) in wanted for size in range(1, len(words) + 1))


def is_quoted(text: Text, mention: Mention) -> bool:
    """Whether the mention stands alone between quotation marks."""
    raw, end = text.raw, mention.end
    return raw[mention.start - 1 : mention.start] in _OPENING and raw[end : end + 1] in _CLOSING


def _before(text: Text, mention: Mention, most: int) -> list[str]:
    """Up to ``most`` words before the mention, the nearest first."""
    words, folded = text.words, text.folded
    found: list[str] = []
    begin = text.position(mention.start)
    if mention.first_word < len(words):
        begin = min(begin, words[mention.first_word][0])
    for number in range(mention.first_word - 1, max(-1, mention.first_word - 1 - most), -1):
        start, end = words[number]
        if not _PARTING.isdisjoint(folded[end:begin]):
            break
        found.append(folded[start:end])
        begin = start
    return found


def _after(text: Text, mention: Mention, most: int) -> list[str]:
    """Up to ``most`` words after the mention."""
    words, folded = text.words, text.folded
    found: list[str] = []
    end = words[mention.last_word][1] if mention.last_word < len(words) else len(folded)
    for start, word_end in words[mention.last_word + 1 : mention.last_word + 1 + most]:
        if not _PARTING.isdisjoint(folded[end:start]):
            break
        found.append(folded[start:word_end])
        end = word_end
    return found


# The words beside names repeat: a few thousand are most of a day's news.
@lru_cache(maxsize=4096)
def _bare(word: str) -> tuple[str, ...]:
    """``word``, and what it is if it begins with particles."""
    forms = [word]
    if len(word) > _LONGEST_WORD:
        return (word,)
    for particles in _PROCLITICS:
        if word.startswith(particles) and len(word) > len(particles) + 1:
            rest = word[len(particles) :]
            forms.append(rest)
            if particles[-1] == "ل" and rest.startswith("ل"):
                forms += ["ا" + rest, "ال" + rest[1:]]
    return tuple(forms)
