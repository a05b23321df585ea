"""Arabic names in Latin letters as people spell them by ear: Suriya, Masr, Dimashq, Ghazza.

Two steps: consonants that leave no doubt find the few names that a spelling can be, then every letter is compared.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from processors.matchers.particles import ARTICLE

FEWEST_LETTERS = 4
"""Of a Latin spelling: shorter ones fit too many names."""

_ARTICLE = re.compile(r"^(?:al|el|ad|an|ar|as|ash|at|az)[- ]", re.IGNORECASE)

# Each Arabic letter, and how it is spelled by ear.
_LETTERS: Mapping[str, str] = {
    "ا": "aa?",
    "ب": "bb?",
    "ت": "tt?",
    "ث": "th|t|s",
    "ج": "jj?|g|dj|ch",
    "ح": "hh?",
    "خ": "kh|x",
    "د": "dd?",
    "ذ": "dh|z|d",
    "ر": "rr?",
    "ز": "zz?",
    "س": "ss?",
    "ش": "sh|ch",
    "ص": "ss?",
    "ض": "dd?|dh",
    "ط": "tt?",
    "ظ": "z|dh",
    "ع": "'|3|a",
    "غ": "gh|g",
    "ف": "ff?",
    "ق": "q|k|g",
    "ك": "kk?",
    "ل": "ll?",
    "م": "mm?",
    "ن": "nn?",
    "ه": "h",
    "و": "ou|oo|w|u|aw",
    "ي": "iy|y|i|ee|ei|ay|ai",
    "ء": "'?",
    "پ": "p",
    "چ": "ch",
    "گ": "g",
}
_SHORT_VOWEL = "[aeiou]?"
_ENDING = "(?:aa?h?|eh?|at)"
_LONG_VOWELS = "اوي"

_SKELETON = str.maketrans("قكجغسصضظذثخپ", "ككججسسددددكب")
_LATIN_SKELETON = (
    ("sh", "ش"), ("ch", "ش"), ("kh", "ك"), ("gh", "ج"), ("th", "د"), ("dh", "د"), ("dj", "ج"), ("b", "ب"), ("p", "ب"),
    ("t", "ت"), ("j", "ج"), ("g", "ج"), ("d", "د"), ("r", "ر"), ("z", "ز"), ("s", "س"), ("c", "ك"), ("q", "ك"),
    ("k", "ك"), ("x", "ك"), ("f", "ف"), ("v", "ف"), ("l", "ل"), ("m", "م"), ("n", "ن"),
)  # fmt: skip
_SAME_AS_T = str.maketrans("طت", "تت")


class Transliterations:
    """Made of Arabic names, folded, each with what it stands for."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._by_skeleton: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, key in names:
            bare = name.removeprefix(ARTICLE)
            if " " not in name and len(bare) >= 3 and all(letter in _LETTERS for letter in bare):
                self._by_skeleton[_arabic_skeleton(bare)].append((bare, key))

    def read(self, spelling: str) -> Sequence[str]:
        """What the Latin ``spelling`` can stand for."""
        bare = _ARTICLE.sub("", _plain(spelling))
        if len(bare) < FEWEST_LETTERS or not re.fullmatch(r"[a-z'3]+", bare):
            return ()
        found = self._by_skeleton.get(_latin_skeleton(bare), ())
        return sorted({key for name, key in found if _sound(name).fullmatch(bare)})


def _plain(spelling: str) -> str:
    letters = unicodedata.normalize("NFD", spelling.lower().replace("’", "'").replace("ʿ", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _arabic_skeleton(name: str) -> str:
    return _merged(name.translate(_SKELETON).translate(_SAME_AS_T), "ابتجدرزسشفكلمن")


def _latin_skeleton(spelling: str) -> str:
    return _merged("".join(_latin_consonants(spelling)), "بتجدرزسشفكلمن")


def _latin_consonants(spelling: str) -> Iterator[str]:
    at = 0
    while at < len(spelling):
        for latin, arabic in _LATIN_SKELETON:
            if spelling.startswith(latin, at):
                yield arabic
                at += len(latin)
                break
        else:
            at += 1


def _merged(letters: str, kept: str) -> str:
    """Only the letters ``kept``, none twice in a row; the alef is a vowel."""
    strong = [letter for letter in letters if letter in kept and letter != "ا"]
    return "".join(letter for number, letter in enumerate(strong) if number == 0 or letter != strong[number - 1])


@lru_cache(maxsize=1024)
def _sound(name: str) -> re.Pattern[str]:
    """Every way to spell a name by ear."""
    ends = name[-1] in "هةا"
    letters = name[:-1] if ends else name
    pattern = ""
    for number, letter in enumerate(letters):
        if number and letter not in _LONG_VOWELS and letters[number - 1] not in _LONG_VOWELS:
            pattern += _SHORT_VOWEL
        pattern += "y" if letter == "ي" and not number else f"(?:{_LETTERS[letter]})"
    return re.compile(pattern + (_ENDING if ends else ""))
