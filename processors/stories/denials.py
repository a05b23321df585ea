"""Whether a headline denies or retracts something, and whether an office does. Pure; the words are in ``denials.yaml``.

A denial is told from its look-alikes by the words around it: «لا ينفي» denies nothing, «نفى علمه» only says that
somebody does not know, «بعد أن نفت» tells again what was denied before. It is official where its subject is: the words
before the verb, or, where an Arabic headline begins with the verb, those behind it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from functools import cache
from importlib.resources import files
from itertools import product

from processors.model import Article
from processors.normalize.scripts import has_arabic
from processors.stories.known_names import KnownNames
from processors.stories.words import FUNCTION_WORDS, plain, words_of
from processors.yaml_document import load_yaml


class Wording(IntFlag):
    """What an article's words say of the news itself. Kept in rows: the numbers never change."""

    NONE = 0
    DENIAL = 1
    """Its headline denies something."""
    RETRACTION = 2
    """Its headline takes something back."""
    NOTE = 4
    """A line of its text says that it was corrected."""
    OFFICIAL = 8
    """What its headline denies is denied by an office."""


HEADLINE_CHARS = 200
"""Of a headline: the longest real ones. What is longer is a text in the wrong field."""

_SUBJECT, _BEHIND, _CLAUSE = 6, 3, 5
"""Words in which a denial's subject is looked for, before it and behind it, and a word that makes it an old one."""

_NOTE_CHARS, _NOTE_LINE = 600, 60
"""Notes of a correction stand at a text's two ends, and say so in the first words of a line."""

_SEPARATORS = re.compile(r"[:|;؛،,.…!؟?()\[\]{}«»\"“”„\n]|\s[-–—]+|[-–—]+\s|[–—]")
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)\s?[-–—]")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language."""

    wording: KnownNames  # phrase → denies, retracts; or none, for what only looks like it
    clauses: KnownNames
    officials: KnownNames
    private: frozenset[str]
    official: frozenset[str]
    marks: frozenset[str]
    notes: frozenset[str]


_NO_SPEAKERS = KnownNames(())


def wording_of(article: Article) -> Wording:
    """What the headline and the notes of an article say, whoever says it."""
    found = Wording.NONE
    segments = _segments(article.title)
    notes = list(_note_lines(article.body))
    for words in _languages(article):
        for _ in _denials(segments, words):
            found |= Wording.DENIAL
        if _first_word(article.title) in words.marks or any(_takes_back(segment, words) for segment in segments):
            found |= Wording.RETRACTION
        if any(_is_note(line, words) for line in notes):
            found |= Wording.NOTE
    return found


def denies_officially(article: Article, speakers: KnownNames = _NO_SPEAKERS) -> bool:
    """Whether the headline denies something, and an office, or one of ``speakers`` that it begins with, does."""
    segments = _segments(article.title)
    return any(
        _official(segments, at, place, length, words, speakers)
        for words in _languages(article)
        for at, place, length in _denials(segments, words)
    )


def _languages(article: Article) -> Sequence[_Words]:
    lang = article.lang.partition("-")[0].lower()
    if (words := _tables().get(lang)) is not None:
        return (words,)
    if has_arabic(article.title[:HEADLINE_CHARS]):
        return (_tables()["ar"],)
    return () if lang else [_tables()[known] for known in ("en", "fr", "tr")]


def _segments(headline: str) -> list[list[str]]:
    """The words of each part of a headline."""
    parts = _SEPARATORS.split(plain(headline[:HEADLINE_CHARS]))
    return [words for part in parts if (words := words_of(part))]


def _first_word(headline: str) -> str:
    """What stands before a dash at the very beginning: ``CORRECTION-Syria …``."""
    found = _FIRST_WORD.match(headline[:HEADLINE_CHARS])
    return " ".join(words_of(found[1])) if found else ""


def _denials(segments: Sequence[Sequence[str]], words: _Words) -> Iterator[tuple[int, int, int]]:
    """Where something is denied now: segment, word, number of words."""
    for at, segment in enumerate(segments):
        for place, length, kind in words.wording.places(segment):
            if kind == "denies" and not words.clauses.found(segment[max(0, place - _CLAUSE) : place]):
                yield at, place, length


def _takes_back(segment: Sequence[str], words: _Words) -> bool:
    alone = " ".join(word for word in segment if not word.isdecimal())
    return alone in words.marks or "retracts" in words.wording.found(segment)


def _official(
    segments: Sequence[Sequence[str]], at: int, place: int, length: int, words: _Words, speakers: KnownNames
) -> bool:
    segment = segments[at]
    behind = segment[place + length :]
    if not words.official.isdisjoint((*segment[max(0, place - 1) : place], *behind[:2])):
        return True
    before = _telling(segment[:place])
    if _speaks(before[-_SUBJECT:], words, speakers) or _joined(before, speakers):
        return True
    others = list(segments[max(0, at - 1) : at])  # "Ministry: no truth to …"
    if before:  # what stands before a colon is then as often where it happened: «العراق: فرنسية تنفي»
        return any(_speaks(_telling(other)[:_SUBJECT], words, _NO_SPEAKERS) for other in others)
    others += segments[at + 1 :]
    if words is _tables()["ar"]:  # the verb comes first, and its subject right behind it
        others.append(behind[:_BEHIND])
    return any(_speaks(_telling(other)[:_SUBJECT], words, speakers) for other in others)


def _joined(before: Sequence[str], speakers: KnownNames) -> bool:
    """«… وإسرائيل تنفي»: the name joined by "and" right before the verb begins a clause of its own."""
    return bool(before) and before[-1].startswith("و") and bool(speakers.found(before[-1:]))


def _telling(words: Sequence[str]) -> Sequence[str]:
    """Without what a news flash begins with."""
    first = next((place for place, word in enumerate(words) if word not in FUNCTION_WORDS), len(words))
    return words[first:]


def _speaks(subject: Sequence[str], words: _Words, speakers: KnownNames) -> bool:
    """Whether it is an office, or begins with the name of a speaker."""
    if not words.private.isdisjoint(subject):
        return False
    return bool(words.officials.found(subject)) or any(place == 0 for place, _, _ in speakers.places(subject))


def _note_lines(body: str) -> Iterator[str]:
    parts = (body,) if len(body) <= 2 * _NOTE_CHARS else (body[:_NOTE_CHARS], body[-_NOTE_CHARS:])
    for part in parts:
        yield from (line for line in plain(part).split("\n") if line.strip())


def _is_note(line: str, words: _Words) -> bool:
    name, colon, _ = line[:_NOTE_LINE].partition(":")
    if colon and " ".join(words_of(name)) in words.notes:
        return True
    begin = words_of(line[:_NOTE_LINE])
    return any(" ".join(begin[:length]) in words.notes for length in range(3, 7))  # shorter ones need the colon


@cache
def _tables() -> Mapping[str, _Words]:
    text = files("processors.stories").joinpath("denials.yaml").read_text("utf-8")
    return {lang: _table(lang, part) for lang, part in load_yaml("denials.yaml", text).data.items()}


def _table(lang: str, part: Mapping[str, Sequence[str]]) -> _Words:
    denies = part["denies"]
    none = [
        *(f"{before} {verb}" for before, verb in product(part["not_before"], denies)),
        *(f"{verb} {after}" for verb, after in product(denies, part["not_after"])),
    ]
    return _Words(
        wording=KnownNames(
            [
                *((phrase, "none") for phrase in none),
                *((phrase, "denies") for phrase in denies),
                *((phrase, "retracts") for phrase in part["retracts"]),
            ],
        ),
        clauses=KnownNames((phrase, lang) for phrase in part["clauses"]),
        officials=KnownNames((name, lang) for name in part["officials"]),
        private=_folded(part["private"]),
        official=_folded(part["official"]),
        marks=_folded(part["marks"]),
        notes=_folded(part["notes"]),
    )


def _folded(phrases: Sequence[str]) -> frozenset[str]:
    return frozenset(" ".join(words_of(phrase)) for phrase in phrases)
