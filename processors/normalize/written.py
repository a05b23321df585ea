"""The words of a name, a term or a phrase as a file has it: read like a text, but nearly all need no reading at all."""

import re
from collections.abc import Sequence
from functools import lru_cache
from sys import intern

from processors.normalize.letters import fold
from processors.normalize.text import read_text

_AS_IT_IS = re.compile("[ء-غف-يA-Za-zÀ-ÖØ-öø-ÿĞğİıŞşŒœ -]+")
"""What reading leaves as it is: all but one name in a hundred. To read every one takes most of a second at a start."""


def plain_of(written: str) -> str:
    """``written`` as a reader sees it."""
    return written if _AS_IT_IS.fullmatch(written) else read_text(written, html=False).plain


def folded_of(written: str) -> str:
    """The same with equal letters made equal, sign for sign."""
    return fold(written) if _AS_IT_IS.fullmatch(written) else read_text(written, html=False).folded


def words_of(written: str) -> tuple[Sequence[str], Sequence[str]]:
    """Its words as a reader sees them, and folded."""
    if _AS_IT_IS.fullmatch(written):
        parted = written.replace("-", " ")
        # Names are made of the same words again and again: each is one string, however many names hold it.
        return [*map(intern, parted.split())], [*map(intern, fold(parted).split())]
    text = read_text(written, html=False)
    spans = text.words
    return [text.plain[start:end] for start, end in spans], [text.folded[start:end] for start, end in spans]


def folded_words(written: str) -> tuple[str, ...]:
    """Its words, folded: the form in which they are compared."""
    return tuple(words_of(written)[1])


@lru_cache(maxsize=65_536)  # every rule of the linter asks for the words of a desk anew
def comparable(written: str) -> str:
    """Its folded words as one text, one space between two."""
    return " ".join(folded_words(written))
