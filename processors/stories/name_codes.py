"""A name's consonants, alike in Arabic, Latin and Cyrillic letters: كيري, Kerry and Керри are all ``kr``. Pure.

Vowels are dropped, since Arabic writes few of them; letters that scripts render by one another are one class. So a
code is shared by many words and says something only together with others, and weighted by how rare it is.
"""

import re
from functools import lru_cache

from processors.stories.telling_words import LONGEST, is_arabic, without_article

MIN_CODE = 3
"""Classes of consonants: ``kr`` is every second word's."""

_ARABIC = str.maketrans(
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
_LATIN = str.maketrans(
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
_OTHER = re.compile("[^a-z]")


def code_of(word: str) -> str:
    """The code of a folded word, "" where too little is left of it to say anything."""
    return _code_of(word[:LONGEST])


@lru_cache(maxsize=1 << 15)
def _code_of(word: str) -> str:
    if is_arabic(word):
        code = without_article(word).translate(_ARABIC)  # a name may begin with ب or ل
    else:
        code = word.translate(_CYRILLIC)
        for cluster, sound in _CLUSTERS:
            code = code.replace(cluster, sound)
        code = code.translate(_LATIN)
    code = _TWICE.sub(r"\1", _OTHER.sub("", code))
    return code if len(code) >= MIN_CODE else ""
