"""Snowball's stemmers, for comparison: what they make of words and texts."""

import re
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from evaluation.surface_table import Row
from evaluation.tokens_inside import LANGUAGES, is_inside, without_markup

_STEMMERS = {"ar": "arabic", "en": "english", "fr": "french", "tr": "turkish"}
# Vowel marks and tatweel stay in the word: the Arabic stemmer drops them itself.
_WORD = re.compile(r"[\w\u0610-\u061a\u064b-\u065f\u0670]+")


def snowball_found(rows: Sequence[Row]) -> Sequence[bool] | str:
    """Whether each word's stems are among those of its text, side by side; or what is missing here."""
    try:
        snowball = import_module("snowballstemmer")
    except ImportError:
        return "the package snowballstemmer is not here: make compare"
    stemmers = {language: snowball.stemmer(name) for language, name in _STEMMERS.items()}

    @cache
    def stems(language: str, text: str) -> list[str]:
        stemmer: Any = stemmers[language]
        words = _WORD.findall(without_markup(text).lower())
        return [str(stem) for stem in stemmer.stemWords(words)]

    languages = [LANGUAGES.get(row.kind, "ar") for row in rows]
    return [
        is_inside(stems(language, row.word), stems(language, row.text))
        for row, language in zip(rows, languages, strict=True)
    ]
