"""How far a found form is from the one that was asked for: the rungs of the match ladder."""

from processors.matchers.forms import Form
from processors.matchers.particles import Edge, has_apostrophe_particle
from processors.model import Level, Pattern
from processors.normalize.letters import COMPATIBLE
from processors.normalize.tanwin import has_tanwin
from processors.normalize.text import Text

Words = tuple[int, int]
"""The numbers of the first and the last word of a form in the text."""


def level_of(
    text: Text, form: Form, pattern: Pattern, span: tuple[int, int], words: Words, *, attached: bool, marked: bool
) -> Level | None:
    """The narrowest level at which ``form`` stands at ``span``; None if that is wider than the pattern allows.

    ``attached``: something is written onto it. ``marked``: there is tanwin somewhere in the text.
    """
    start, end = span
    if not attached and (text.folded[start].isascii() or text.folded[end - 1].isascii()):
        attached = has_apostrophe_particle(text.folded, start, end)
    as_written = _as_written(text, form, start, end, words)
    if form.exact and not as_written:
        return None
    level = Level.ATTACHED if attached else Level.EXACT if as_written else Level.FOLDED
    if level > pattern.level:
        return None
    if marked and _is_demonym(text, pattern, end):
        level = Level.INFLECTED
    return level if pattern.label is None else pattern.label


def _as_written(text: Text, form: Form, start: int, end: int, words: Words) -> bool:
    plain, written = text.plain, form.written
    if not written or _has_other_letters(text, start, end):
        return False
    if len(written) == 1:
        found = plain[start:end]
        wanted = written[0]
        if form.skip:
            return _restored(found, wanted) == wanted
        return found == wanted or (form.first_edge is Edge.OPEN and found.startswith(wanted))
    spans = text.words[words[0] : words[1] + 1]
    found_words = [plain[start : spans[0][1]].rstrip("."), *(plain[a:b].rstrip(".") for a, b in spans[1:])]
    if form.skip:
        found_words[0] = _restored(found_words[0], written[0])
    if form.slop == 0:
        *inner, last = zip(written, found_words, strict=True)
        return all(one == other for one, other in inner) and last[1].startswith(last[0])
    remaining = iter(found_words)
    return all(any(each == word for each in remaining) for word in written)


def _restored(found: str, wanted: str) -> str:
    """The word with what it loses behind ل: للقاهرة lacks the article's alef, للاذقية its ل too."""
    return ("ال" if wanted.startswith("الل") else "ا") + found[1:]


def _has_other_letters(text: Text, start: int, end: int) -> bool:
    """Whether a letter was received in another shape: a presentation form, a ligature, a full-width letter."""
    begin, finish = text.original(start, end)
    received = text.raw[begin:finish]
    if received == text.plain[start:end]:
        return False
    return any(character in COMPATIBLE and COMPATIBLE[character].strip().isalnum() for character in received)


def _is_demonym(text: Text, pattern: Pattern, end: int) -> bool:
    """سورياً is said of a person or a thing: tanwin stands on or before the final alef of a name."""
    if pattern.level < Level.ATTACHED or pattern.takes_suffixes or text.folded[end - 1] != "ا":
        return False
    begin = text.original(end - 1, end)[0]
    return has_tanwin(text.raw[max(0, begin - 2) : begin + 2])
