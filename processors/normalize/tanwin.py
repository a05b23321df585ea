"""Tanwin, the one vowel mark that can make another word of the same letters: سوريا is a country, سورياً is "Syrian".

It is written on the letter before the final alef or on the alef itself; both are the same word.
"""

import re

from processors.normalize.letters import TANWIN
from processors.normalize.reading import read

_MARKS = re.compile(f"[{TANWIN}]")
# What stands for the marks while everything else that is no letter is dropped: private characters, that reading keeps.
_KEPT = str.maketrans(TANWIN, "\ue000\ue001\ue002")
_BACK = str.maketrans("\ue000\ue001\ue002", TANWIN)
_BEFORE_ALEF = re.compile("([\ue000-\ue002])ا$")


def has_tanwin(written: str) -> bool:
    """Whether there is any."""
    return _MARKS.search(written) is not None


def with_tanwin(written: str) -> str:
    """A word as a reader sees it, but with its tanwin, always at the end: ``سوريـًا`` is ``سورياً``."""
    letters = read(written.translate(_KEPT), html=False)[0]
    return _BEFORE_ALEF.sub(r"ا\1", letters).translate(_BACK)
