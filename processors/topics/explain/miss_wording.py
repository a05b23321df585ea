"""How the reasons of a silent topic are worded: pieces of text, cut to what one line holds."""

from collections.abc import Sequence

from processors.normalize.written import comparable
from processors.topics.evaluate.hits import Hit
from processors.topics.query.tree import Phrase, Term

LONGEST_SHOWN = 60
"""Characters of a line of the article that a reason quotes."""


def never_together(one: Sequence[Hit], other: Sequence[Hit]) -> str:
    """Why no place of the one can stand beside a place of the other."""
    if {hit.field for hit in one}.isdisjoint(hit.field for hit in other):
        return "one is in the title, the other in the body"
    return "both are the same words"


def words_of(leaf: Term | Phrase) -> Sequence[str]:
    """The words of a leaf, as they are compared."""
    return comparable(leaf.word if isinstance(leaf, Term) else leaf.text).split(" ")


def short(text: str) -> str:
    """One line of it."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
