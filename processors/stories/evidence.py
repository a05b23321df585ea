"""What is kept of a report to know another one of the same event by: the words, names and figures that tell it. Pure.

Of the headline and the beginning of the text. Keys are kept as 16-bit hashes, the weightiest first; weights fall by
the same ratio from the first to the last, which is as good as the true ones and spares their bytes. Between languages
only names, entities and figures can be common, between scripts only names' codes, entities and figures.
"""

import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

import msgspec

from processors.stories.boilerplate import without_headline
from processors.stories.guessed_language import language_of
from processors.stories.known_names import KnownNames
from processors.stories.name_codes import MIN_CODE, code_of
from processors.stories.rarity import Rarity
from processors.stories.telling_words import is_arabic, is_number, key_of, telling, with_figures
from processors.stories.words import words_of

OPENING_WORDS = 200
"""Headline included: what a report says first. Behind it stand background and other stories."""

OPENING_CHARS = 4_000
"""More than so many words take, and a bound on what a text of one word costs."""

MAX_KEYS = 48
"""Twice as many are hardly better, half as many lose two points of F1."""

MAX_NAMES = 24
MAX_CODES = 16
"""More names and figures than most openings have."""

FIRST_WORDS = 30
"""The headline and the first sentence say the event."""

LATER = 0.6
"""The weight of what is said only later."""

MOST = 8.0
"""No key weighs more than one of a report in three thousand: rarer words are as much a writer's as the event's."""

RARE = (3.5, 5.0, 5.0)
"""Of words: one report in thirty; more frequent keys would lead to too many stories. Of names and codes, which are all
that two languages share: one in 150; Cairo and Damascus are in every report of a desk that watches them."""

MARKS = (4, 1, 1)
ASKED = (10, 4, 3)
"""Of words, of names, of codes: looked for are more than are kept, since two reports of one event differ in which weigh
most. Half as many again find a third of a point of B-cubed more; each kept mark costs a row of 60 bytes, each asked one
the store's time."""

_CAPITALISED = re.compile(r"[^\W\d_]+")
_SIXTEENTHS = 16  # weights are kept in sixteenths, at most 15.9: of a word in the first sentence that is said often


class Keys(msgspec.Struct, frozen=True, array_like=True):
    """Hashes of weighted keys, the weightiest first, and the first and the last weight."""

    hashes: bytes = b""
    first: int = 0
    last: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.hashes) // 2

    @property
    def weighed(self) -> "Weighed":
        """Each hash with its weight. Kept for the reports that are compared again and again."""
        return _weighed(self)


NO_KEYS = Keys()


@dataclass(frozen=True, slots=True)
class Weighed:
    """Keys ready to be compared: each hash with its weight, and the length of all weights as a vector."""

    weights: Mapping[int, float]
    length: float


@lru_cache(maxsize=8192)  # more than the reports that the candidates of one batch hold; some 3 kB each
def _weighed(keys: Keys) -> Weighed:
    hashes = _unpacked(keys.hashes)
    if len(hashes) < 2 or not keys.last:
        weights = dict.fromkeys(hashes, float(keys.first))
    else:
        fall = (keys.last / keys.first) ** (1 / (len(hashes) - 1))
        weights = {each: keys.first * fall**place for place, each in enumerate(hashes)}
    return Weighed(weights, math.sqrt(math.fsum(weight * weight for weight in weights.values())))


class Evidence(msgspec.Struct, frozen=True, array_like=True):
    """What a report's opening tells of its event."""

    table: int  # the number of the table that it was weighted by
    language: str
    words: Keys
    names: Keys  # words written with a capital, entities, figures
    codes: Keys  # names' codes, entities, figures


NONE = Evidence(0, "", NO_KEYS, NO_KEYS, NO_KEYS)


@dataclass(frozen=True, slots=True)
class Opening:
    """A report's evidence, and what is not kept of it."""

    evidence: Evidence
    terms: tuple[tuple[int, str], ...]  # each hash and the word behind it, to say why
    marks: tuple[str, ...]  # keys under which later reports may find this one
    asked: tuple[str, ...]  # and keys under which it looks for earlier ones


@dataclass(frozen=True, slots=True)
class _Key:
    """A key in one opening."""

    key: str
    word: str
    place: int
    count: int
    rarity: float

    @property
    def weight(self) -> float:
        return min(MOST, self.rarity) * (1.0 if self.place < FIRST_WORDS else LATER) * (1 + math.log(self.count))


def opening(title: str, report: str, rarity: Rarity, names: KnownNames) -> Opening:
    """What the beginning of an article tells: of its plain headline and its plain text without boilerplate.

    Any text has one, if an empty one.
    """
    words, capital = _read(title, report)
    telling_keys, entities = _keys(words, rarity), _entities(words, rarity, names)
    figures = [each for each in telling_keys if is_number(each.word)]
    named = [each for each in telling_keys if each.word in capital]
    coded = _codes(words, capital, rarity)
    kinds = (
        _weightiest(telling_keys)[:MAX_KEYS],
        _weightiest([*named, *figures, *entities])[:MAX_NAMES],
        _weightiest([*coded, *figures, *entities])[:MAX_CODES],
    )
    leading = [_leading(kind, rare) for kind, rare in zip(kinds, RARE, strict=True)]
    return Opening(
        Evidence(rarity.number, language_of(words), *map(_packed, kinds)),
        terms=tuple({_hash(each.key): each.word for kind in reversed(kinds) for each in reversed(kind)}.items()),
        marks=_firsts(leading, MARKS),
        asked=_firsts(leading, ASKED),
    )


def _leading(keys: Sequence[_Key], rare: float) -> Sequence[str]:
    """Those that few enough reports hold."""
    return [each.key for each in keys if each.rarity >= rare]


def _firsts(kinds: Iterable[Sequence[str]], numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for kind, number in zip(kinds, numbers, strict=True) for key in kind[:number]))


def opening_keys(title: str, report: str, names: KnownNames) -> set[str]:
    """Every key of an article's beginning, for counting how many reports hold each."""
    words, capital = _read(title, report)
    found = (_keys(words, None), _codes(words, capital, None), _entities(words, None, names))
    return {each.key for kind in found for each in kind}


def _read(title: str, report: str) -> tuple[Sequence[str], Set[str]]:
    """The words of a beginning, and those that are written with a capital."""
    title, body = with_figures(title[:OPENING_CHARS]), with_figures(report[:OPENING_CHARS])
    head = words_of(title)
    words = [*head, *without_headline(words_of(body), head)][:OPENING_WORDS]
    written = (each for each in _CAPITALISED.findall(f"{title} {body}") if each[0].isupper())
    return words, {word for each in written for word in words_of(each)}


def _keys(words: Sequence[str], rarity: Rarity | None) -> Sequence[_Key]:
    counts: dict[str, list[int]] = {}
    first: dict[str, str] = {}
    for place, word in telling(words):
        key = key_of(word)
        first.setdefault(key, word)
        counts.setdefault(key, [place, 0])[1] += 1
    return [_Key(key, first[key], place, count, _rarity(rarity, key)) for key, (place, count) in counts.items()]


def _codes(words: Sequence[str], capital: Set[str], rarity: Rarity | None) -> Sequence[_Key]:
    found: dict[str, _Key] = {}
    for place, word in telling(words):
        named = not is_number(word) and len(word) >= MIN_CODE and (is_arabic(word) or word in capital)
        if named and (code := code_of(word)) and (key := f"~{code}") not in found:
            found[key] = _Key(key, word, place, 1, _rarity(rarity, key))
    return list(found.values())


def _entities(words: Sequence[str], rarity: Rarity | None, names: KnownNames) -> Sequence[_Key]:
    found: dict[str, _Key] = {}
    for place, length, entity in names.places(words):
        if (key := f"@{entity}") not in found:
            found[key] = _Key(key, " ".join(words[place : place + length]), place, 1, _rarity(rarity, key))
    return list(found.values())


def _rarity(table: Rarity | None, key: str) -> float:
    return table.of(key) if table is not None else 0.0


def _weightiest(keys: Iterable[_Key]) -> list[_Key]:
    """In order of weight; of two keys with one hash the weightier."""
    distinct: dict[int, _Key] = {}
    for each in sorted(keys, key=lambda each: (-each.weight, each.key)):
        distinct.setdefault(_hash(each.key), each)
    return list(distinct.values())


def _hash(key: str) -> int:
    return zlib.crc32(key.encode("utf-8", "surrogatepass")) >> 16


def _packed(keys: Sequence[_Key]) -> Keys:
    if not keys:
        return NO_KEYS
    hashes = [_hash(each.key) for each in keys]
    first, last = (min(255, 1 + round(each.weight * _SIXTEENTHS)) for each in (keys[0], keys[-1]))
    return Keys(Struct(f"<{len(hashes)}H").pack(*hashes), first, last)


def _unpacked(hashes: bytes) -> tuple[int, ...]:
    return Struct(f"<{len(hashes) // 2}H").unpack(hashes)
