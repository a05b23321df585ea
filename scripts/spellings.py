"""Other ways to write one Arabic word: letters put for one another, marks and tatweels put between them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Spelling(NamedTuple):
    """A word written otherwise."""

    text: str
    found: bool  # whether it is still that word
    anywhere: bool  # whether the letter may stand anywhere


def spellings(rules: Iterable[tuple[str, str, str, bool]], word: str) -> Iterator[Spelling]:
    """``word`` with one kind of letter exchanged, for each rule that concerns it."""
    for written, other, where, found in rules:
        if where == "any" and written in word:
            yield Spelling(word.replace(written, other), found, anywhere=True)
        elif where == "start" and word.startswith(written):
            yield Spelling(other + word[len(written) :], found, anywhere=True)
        elif where == "end" and word.endswith(written):
            yield Spelling(word[: -len(written)] + other, found, anywhere=False)


def drawn(word: str, place: str, mark: str) -> str:
    """``word`` with ``mark`` behind its first letter, in its middle, behind its last letter, or behind every letter
    but the last."""
    at = {"start": 1, "middle": max(1, len(word) // 2), "end": len(word)}.get(place)
    if at is None:
        return mark.join(word)
    return word[:at] + mark + word[at:]
