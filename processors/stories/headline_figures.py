"""The numbers of a headline as values, however they are written: ``15``, ``١٥``, خمسة عشر, fifteen. Pure.

Dates, years, times, numbers that are part of a name (COVID-19, G20) and numbers of parts and days are no figures.
A figure is its value and, where a noun follows, what it counts: ``15 قتيلا``. Figures are compared by their value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from processors.model import Article
from processors.normalize.scripts import has_arabic
from processors.stories.words import FUNCTION_WORDS, plain, words_of
from processors.yaml_document import load_yaml

MAX_FIGURES = 6
"""More than headlines have, and a bound on an article's row."""

NOUN_CHARS = 14
"""Of what is counted: 28 bytes of Arabic at most."""

_CHARS = 200
"""Of a headline, as in ``denials``."""

_LONGEST = 15
"""Digits: longer ones are telephone numbers."""

_YEARS = range(1900, 2101)

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|\d{1,2}/\d{1,2}|\d{1,2}:\d\d(?::\d\d)?")
_TOKEN = re.compile(r"(\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)*)|[^\W\d_]+")
_GROUPS = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+")
_PARTICLES = frozenset(["و", "ف", "ب", "ل", "ك", "ال", "بال", "وال", "لل", "وب", "ول"])
_ANY_DIGIT = re.compile(r"\d")
_WITH = {"ar": ("", "و", "ف", "ب", "ل", "وب", "ول"), "en": ("",), "fr": ("",), "tr": ("",)}
"""Particles written together with a number word: and, then, by, for."""
_BEFORE = re.compile(r"([^\W\d_]+)$")


@dataclass(frozen=True, slots=True)
class _Words:
    values: Mapping[str, int]  # Arabic ones with the particles that they may carry, too
    scales: Mapping[str, int]
    pairs: frozenset[str]
    months: frozenset[str]
    ordinal: frozenset[str]
    beginnings: frozenset[str] = frozenset()  # words without which a headline spells no figure


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, folded and as it was written, or a number."""

    text: str
    number: Decimal | None = None
    written: str = ""


_NONE = _Words({}, {}, frozenset(), frozenset(), frozenset())


def figures_of(article: Article) -> tuple[str, ...]:
    """The different figures of the headline, in order."""
    found: dict[str, str] = {}
    words = _words(article)
    if not _ANY_DIGIT.search(article.title[:_CHARS]) and words.beginnings.isdisjoint(words_of(article.title[:_CHARS])):
        return ()
    tokens = list(_tokens(article.title))
    place = 0
    while place < len(tokens):
        length, value = _at(tokens, place, words)
        if value is not None and not _dates(tokens, place, length, words):
            found.setdefault(value, _noun(tokens[place + length :]) if length else "")
        place += max(1, length)
    return tuple(f"{value} {noun}".rstrip() for value, noun in list(found.items())[:MAX_FIGURES])


def value_of(figure: str) -> str:
    """The value alone, by which two figures are compared."""
    return figure.partition(" ")[0]


def _words(article: Article) -> _Words:
    lang = article.lang.partition("-")[0].lower()
    if not lang and has_arabic(article.title[:_CHARS]):
        lang = "ar"
    return _tables().get(lang, _NONE)


def _tokens(title: str) -> Iterator[_Token]:
    text = _DATE.sub(" ", plain(title[:_CHARS]).translate(_DIGITS)).replace("ـ", "")
    for found in _TOKEN.finditer(text):
        if found[1] is None:
            yield from (_Token(word, written=found[0]) for word in words_of(found[0]))
        elif (number := _number(found[1])) is not None and not _in_a_name(text, found.start(), found.end()):
            yield _Token(found[1], number)


def _number(written: str) -> Decimal | None:
    """``1,500``, ``1.500`` and ``1 500`` are fifteen hundred; ``1.5`` is not."""
    if len(written) > _LONGEST:
        return None
    if _GROUPS.fullmatch(written):
        return Decimal(re.sub(r"\D", "", written))
    whole, _, rest = written.replace(",", ".").partition(".")
    return Decimal(f"{whole}.{rest.replace('.', '')}") if rest else Decimal(whole)


def _in_a_name(text: str, start: int, end: int) -> bool:
    """G20, F-16, 5G, 3rd; not ب15 or 15قتيلا, where only the space is missing."""
    before = text[max(0, start - 8) : start]
    if (attached := _BEFORE.search(before)) is not None and attached[1] not in _PARTICLES:
        return True
    if before[-1:] in ("-", "–") and before[-2:-1].isalpha():
        return True
    return text[end : end + 1].isalpha() and not has_arabic(text[end : end + 1])


def _at(tokens: Sequence[_Token], place: int, words: _Words) -> tuple[int, str | None]:
    """How many tokens make the figure that begins here, and its value."""
    length, value = 1, tokens[place].number
    if value is None and tokens[place].text in words.pairs:
        return 0, "2"  # the word is what is counted, too
    if value is None:
        length, value = _spelled(tokens, place, words)
    if value is None:
        return 1, None
    plain_year = value == value.to_integral() and int(value) in _YEARS and tokens[place].text.isdecimal()
    if place + length < len(tokens) and (scale := words.scales.get(tokens[place + length].text)):
        return length + 1, _shown(value * scale)
    return length, None if plain_year else _shown(value)


def _spelled(tokens: Sequence[_Token], place: int, words: _Words) -> tuple[int, Decimal | None]:
    """خمسة وعشرون, twenty-five: numbers of different length are one."""
    total, length, lengths = 0, 0, set[int]()
    while place + length < len(tokens):
        words_here = [token.text for token in tokens[place + length : place + length + 2]]
        both = words.values.get(" ".join(words_here))  # أحد عشر: neither word alone is a number of its own
        value = words.values.get(words_here[0]) if both is None else both
        if value is None or len(str(value)) in lengths:
            break
        lengths.add(len(str(value)))
        total, length = total + value, length + (1 if both is None else len(words_here))
    return (length, Decimal(total)) if length else (1, None)


def _dates(tokens: Sequence[_Token], place: int, length: int, words: _Words) -> bool:
    """A day of a month, or the number of a part."""
    before = tokens[place - 1].text if place else ""
    behind = tokens[place + length].text if place + length < len(tokens) else ""
    return before in words.months or behind in words.months or before in words.ordinal


def _noun(behind: Sequence[_Token]) -> str:
    if not behind or behind[0].number is not None or behind[0].text in FUNCTION_WORDS or len(behind[0].text) < 2:
        return ""
    return behind[0].written[:NOUN_CHARS]


def _shown(value: Decimal) -> str:
    return format(value.normalize(), "f")


@cache
def _tables() -> Mapping[str, _Words]:
    text = files("processors.stories").joinpath("number_words.yaml").read_text("utf-8")
    return {lang: _table(lang, part) for lang, part in load_yaml("number_words.yaml", text).data.items()}


def _table(lang: str, part: Mapping[str, Mapping[str, int]]) -> _Words:
    spelled = {" ".join(words_of(word)): value for word, value in part["values"].items()}
    values = {f"{particle}{word}": value for word, value in spelled.items() for particle in _WITH[lang]}
    pairs = _folded(part["pairs"])
    return _Words(
        values=values,
        scales={" ".join(words_of(word)): value for word, value in part["scales"].items()},
        pairs=pairs,
        months=_folded(part["months"]),
        ordinal=_folded(part["ordinal"]),
        beginnings=frozenset((*(value.partition(" ")[0] for value in values), *pairs)),
    )


def _folded(words: Mapping[str, int] | Sequence[str]) -> frozenset[str]:
    return frozenset(" ".join(words_of(str(word))) for word in words)
