"""The forms of a regular demonym, for those whose forms need not be written out: برازيلي, Brezilyalı.

Declared, never guessed: only what a file lists as ``regular`` is inflected, and only as grammar has it.
"""

from collections.abc import Collection, Mapping, Sequence

from processors.matchers.particles import ARTICLE

ARABIC = "ar"
TURKISH = "tr"

MASCULINE, FEMININE, PLURALS, DUAL = "masculine", "feminine", "plurals", "dual"

_BACK = frozenset("aıouAIOU")
_VOWELS = _BACK | frozenset("eiöüâîûEİÖÜ")

# What is added to the masculine singular. The accusative (وفدا برازيليا); the plurals, and those before a genitive.
_ARABIC_ENDINGS = {
    MASCULINE: ("", "ا"),
    FEMININE: ("ة",),
    PLURALS: ("ون", "ين", "و", "ي", "ات"),
    DUAL: ("ان", "تان", "تين"),
}
# Those of singulars, which may carry the article.
_BEHIND_ARTICLE = ("", "ة")


def regular_forms(demonym: str, language: str, names: Collection[str] = ()) -> Mapping[str, Sequence[str]]:
    """Every form by its part of ``demonyms``: masculine, feminine, plurals, dual; Turkish knows no gender.

    ``names`` are the names of the same entity: a form that is also one of them (تشيلي, ماليزيا) is a demonym with ال
    only, or not at all where ال cannot stand before it.
    """
    if language == TURKISH:
        return {MASCULINE: [demonym], PLURALS: [demonym + ending for ending in _turkish_endings(demonym)]}
    return {part: list(_arabic(demonym, endings, names)) for part, endings in _ARABIC_ENDINGS.items()}


def _arabic(nisba: str, endings: Sequence[str], names: Collection[str]) -> Sequence[str]:
    forms = []
    for ending in endings:
        form = nisba + ending
        if form not in names:
            forms.append(form)
        elif ending in _BEHIND_ARTICLE:
            forms.append(ARTICLE + form)
    return forms


def _turkish_endings(demonym: str) -> Sequence[str]:
    vowels = [letter for letter in demonym if letter in _VOWELS]
    if vowels and vowels[-1] in _BACK:
        return "lar", "ların", "lara", "ları", "lardan"
    return "ler", "lerin", "lere", "leri", "lerden"
