"""A name's consonants, alike in Arabic, Latin and Cyrillic letters: كيري, Kerry and Керри are all ``kr``. Pure.

Vowels are dropped, since Arabic writes few of them; letters that scripts render by one another are one class. So a
code is shared by many words and says something only together with others, and weighted by how rare it is.
"""

import re
from collections.abc import Mapping
from string import ascii_lowercase

from processors.stories.telling_words import LONGEST, is_arabic, without_article

MIN_CODE = 3
"""Classes of consonants: ``kr`` is every second word's."""


class _Classes(dict[int, str | None]):
    """Each letter's class, for ``str.translate``; what has none is left out."""

    def __init__(self, classes: Mapping[str, str]) -> None:
        super().__init__({ord(letter): letter for letter in ascii_lowercase})
        self.update({ord(letter): written for letter, written in classes.items()})

    def __missing__(self, letter: int) -> None:
        return None


_ARABIC = _Classes(
    {
        **dict.fromkeys("بپ", "b"),
        **dict.fromkeys("تثدذضطظ", "t"),
        **dict.fromkeys("جچژغگ", "g"),
        **dict.fromkeys("خقك", "k"),
        "ر": "r",
        **dict.fromkeys("زسشص", "s"),
        **dict.fromkeys("فڤ", "f"),
        "ل": "l",
        "م": "m",
        "ن": "n",
        **dict.fromkeys("حعهويةاءى", ""),
    }
)
_LATIN = _Classes(
    {
        **dict.fromkeys("bp", "b"),
        **dict.fromkeys("td", "t"),
        **dict.fromkeys("gj", "g"),
        **dict.fromkeys("kqc", "k"),
        **dict.fromkeys("zs", "s"),
        **dict.fromkeys("fv", "f"),
        **dict.fromkeys("hwyaeiou", ""),
        "x": "ks",
    }
)
_CLUSTERS = (
    *(("sch", "s"), ("tch", "s"), ("ch", "s"), ("sh", "s"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("th", "t")),
    *(("dh", "t"), ("ck", "k"), ("dj", "g"), ("zh", "g")),
)
"""Sounds that Latin letters write in two or three; English, French and German use."""

_CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгдезийклмнопрстуфыэ" + "жхцчшщъьюя",
            (*"abvgdeziyklmnoprstufye", "zh", "kh", "ts", "ch", "sh", "sh", "", "", "yu", "ya"),
            strict=True,
        )
    )
)
_TWICE = re.compile(r"(.)\1+")


def code_of(word: str) -> str:
    """The code of a folded word, "" where too little is left of it to say anything."""
    word = word[:LONGEST]
    if is_arabic(word):
        code = without_article(word).translate(_ARABIC)  # a name may begin with ب or ل
    else:
        code = word if word.isascii() else word.translate(_CYRILLIC)
        for cluster, sound in _CLUSTERS:
            code = code.replace(cluster, sound)
        code = code.translate(_LATIN)
    if len(code) < MIN_CODE:
        return ""
    code = _TWICE.sub(r"\1", code)
    return code if len(code) >= MIN_CODE else ""
