"""The written forms of a Latin word: case, accents, possessives, elision, Turkish endings."""

import unicodedata
from collections.abc import Iterator
from typing import Any

NONE = "none"
GROUP = "Latin"

_HIGH = {"a": "ı", "ı": "ı", "e": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}
_LOW = {"a": "a", "ı": "a", "e": "e", "i": "e", "o": "a", "u": "a", "ö": "e", "ü": "e"}
_VOICELESS = "fstkçşhp"


def latin_forms(rules: dict[str, Any], kind: str, word: str) -> Iterator[tuple[str, str, str, str]]:
    """(group, text, level, highlighted) of every form: all particles with the word as written, some with the others."""
    for text in dict.fromkeys((word, _upper(word, kind), _lower(word, kind), _bare(word), _bare(word).upper())):
        level = "exact" if text == word else "folded"
        for frame in rules["around"] if text == word else ("X", "«X»"):
            yield GROUP, frame.replace("X", text), level, text
        for form in _with_particles(rules, kind, text, all_of_them=text == word):
            yield GROUP, form, "attached", text
    for frame in rules["around_refused"]:
        yield GROUP, frame.replace("X", word.lower()), NONE, ""
    for ending in rules[f"{kind}_refused"]:
        yield GROUP, word + ending, NONE, ""
    if kind == "tr":
        for ending in rules["tr_people_refused"]:
            yield GROUP, word + _harmonised(word, "li") + ending, NONE, ""


def _with_particles(rules: dict[str, Any], kind: str, text: str, *, all_of_them: bool) -> Iterator[str]:
    for apostrophe in rules["apostrophes"]:
        if kind == "fr":
            yield from (particle + apostrophe + text for particle in rules["fr"])
        elif kind == "en":
            yield from (text + apostrophe + _as(text, particle, kind) for particle in rules["en"])
        else:
            endings = rules["tr_after_vowel" if _lower(text, "tr")[-1] in _HIGH else "tr_after_consonant"]
            for ending in endings if all_of_them else endings[:1]:
                yield text + apostrophe + _as(text, _harmonised(text, ending), kind)
        if not all_of_them:
            break
    if kind == "tr":
        for ending in rules["tr_people"] if all_of_them else rules["tr_people"][:3]:
            yield text + _as(text, _harmonised(text, ending), kind)


def _harmonised(word: str, ending: str) -> str:
    """A Turkish ending, given as after e, in the vowels and the d or t that the word asks for."""
    letters = _lower(word, "tr")
    last = next((letter for letter in reversed(letters) if letter in _HIGH), "e")
    told = ""
    for letter in ending:
        if letter in "ie":
            letter = last = (_HIGH if letter == "i" else _LOW)[last]  # each vowel asks the next
        told += letter
    return "t" + told[1:] if told.startswith("d") and letters[-1] in _VOICELESS else told


def _as(word: str, ending: str, kind: str) -> str:
    return _upper(ending, kind) if word.isupper() else ending


def _upper(word: str, kind: str) -> str:
    return (word.replace("i", "İ") if kind == "tr" else word).upper()


def _lower(word: str, kind: str) -> str:
    return (word.replace("I", "ı").replace("İ", "i") if kind == "tr" else word).lower()


def _bare(word: str) -> str:
    """Without accents, as where a keyboard has none."""
    decomposed = unicodedata.normalize("NFD", word.replace("ı", "i"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
