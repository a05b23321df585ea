"""What is kept of a report to know another one of the same event by: the words, names and figures that tell it. Pure.

Of the headline and the beginning of the text. Keys are kept as 16-bit hashes, the weightiest first; weights fall by
the same ratio from the first to the last, which is as good as the true ones and spares their bytes. Between languages
only names, entities and figures can be common, between scripts only names' codes, entities and figures.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from struct import pack, unpack

import msgspec

from processors.stories.boilerplate import without_headline
from processors.stories.guessed_language import language_of
from processors.stories.known_names import KnownNames
from processors.stories.rarity import RARITIES, Rarity
from processors.stories.telling_words import is_arabic, with_figures
from processors.stories.word_forms import FORMS, WordForm, checksum
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

_WRITTEN = re.compile(r"[^\W\d_]+")
_DROPPED_BITS = 16
"""Of a key's checksum: the first half is its hash."""

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
    marks: tuple[int, ...]  # checksums of keys under which later reports may find this one
    asked: tuple[int, ...]  # and of keys under which it looks for earlier ones


class _Key(msgspec.Struct, frozen=True, gc=False):
    """A key in one opening. The lightest sorts last."""

    lightness: float  # minus the weight
    key: str
    checksum: int
    word: str
    step: int  # of rarity
    number: bool = False


_EARLY = tuple(-min(MOST, rarity) for rarity in RARITIES)
_LATE = tuple(lightness * LATER for lightness in _EARLY)
"""The lightness of a key by its step of rarity, where it stands among the first words, and where it stands later. What
stands more than once weighs more, but less than twice as much."""

_WEIGHTIEST_FIRST = attrgetter("lightness", "key")


def opening(
    title: str, report: str, rarity: Rarity, names: KnownNames, read: tuple[Sequence[str], Sequence[str]] | None = None
) -> Opening:
    """What the beginning of an article tells: of its plain headline and its plain text without boilerplate.

    Any text has one, if an empty one. ``read`` are the words of both, the text's without the headline that it begins
    with, where they are known.
    """
    words, capital = _read(title, report, read)
    forms = [FORMS[word] for word in words]
    telling, coded = _keys(words, forms, rarity), _codes(words, forms, capital, rarity)
    beside = [*(each for each in telling if each.number), *_entities(words, rarity, names)]
    kinds = (
        _weightiest(telling, MAX_KEYS),
        _weightiest([*(each for each in telling if each.word in capital), *beside], MAX_NAMES),
        _weightiest([*coded, *beside], MAX_CODES),
    )
    leading = [
        [each for each in kind.values() if RARITIES[each.step] >= rare] for kind, rare in zip(kinds, RARE, strict=True)
    ]
    return Opening(
        Evidence(rarity.number, language_of(words), *map(_packed, kinds)),
        terms=tuple({hash_: each.word for kind in reversed(kinds) for hash_, each in reversed(kind.items())}.items()),
        marks=_firsts(leading, MARKS),
        asked=_firsts(leading, ASKED),
    )


def _firsts(kinds: Iterable[Sequence[_Key]], numbers: Sequence[int]) -> tuple[int, ...]:
    firsts = (each for kind, number in zip(kinds, numbers, strict=True) for each in kind[:number])
    return tuple({each.key: each.checksum for each in firsts}.values())


def opening_keys(title: str, report: str, names: KnownNames) -> set[str]:
    """Every key of an article's beginning, for counting how many reports hold each."""
    words, capital = _read(title, report)
    keys = {f"@{entity}" for _, _, entity in names.places(words)}
    for word, form in zip(words, (FORMS[word] for word in words), strict=True):
        if form is not None:
            keys.add(form.key)
            if form.code and (is_arabic(word) or word in capital):
                keys.add(form.code)
    return keys


def _read(
    title: str, report: str, read: tuple[Sequence[str], Sequence[str]] | None = None
) -> tuple[Sequence[str], Set[str]]:
    """The words of a beginning, and those that are written with a capital."""
    head, body = with_figures(title[:OPENING_CHARS]), with_figures(report[:OPENING_CHARS])
    if read is None or (head, body) != (title, report):  # figures were joined, or it is longer
        first = words_of(head)
        read = first, without_headline(words_of(body), first)
    words = [*read[0], *read[1][:OPENING_WORDS]][:OPENING_WORDS]
    text = f"{head} {body} "
    if f"{text}a".islower():  # no capital in it, as in most Arabic texts: spares looking at every word
        return words, frozenset()
    return words, frozenset(words_of(" ".join(each for each in _WRITTEN.findall(text) if each[0].isupper())))


def _keys(words: Sequence[str], forms: Sequence[WordForm | None], rarity: Rarity) -> Sequence[_Key]:
    counts: dict[str, int] = {}
    firsts: list[tuple[int, WordForm]] = []
    for place, form in enumerate(forms):
        if form is None:
            continue
        if form.key in counts:
            counts[form.key] += 1
        else:
            counts[form.key] = 1
            firsts.append((place, form))
    found = []
    for place, form in firsts:
        step, count = rarity.step_of(form.checksum), counts[form.key]
        lightness = (_EARLY if place < FIRST_WORDS else _LATE)[step]
        if count > 1:
            lightness *= 1 + math.log(count)
        found.append(_Key(lightness, form.key, form.checksum, words[place], step, form.number))
    return found


def _codes(words: Sequence[str], forms: Sequence[WordForm | None], capital: Set[str], rarity: Rarity) -> Sequence[_Key]:
    found: dict[str, _Key] = {}
    for place, form in enumerate(forms):
        if form is None or not form.code or form.code in found:
            continue
        word = words[place]
        if word in capital or is_arabic(word):
            step = rarity.step_of(form.code_checksum)
            lightness = (_EARLY if place < FIRST_WORDS else _LATE)[step]
            found[form.code] = _Key(lightness, form.code, form.code_checksum, word, step)
    return list(found.values())


def _entities(words: Sequence[str], rarity: Rarity, names: KnownNames) -> Sequence[_Key]:
    found: dict[str, _Key] = {}
    for place, length, entity in names.places(words):
        if (key := f"@{entity}") not in found:
            step = rarity.step_of(checked := checksum(key))
            lightness = (_EARLY if place < FIRST_WORDS else _LATE)[step]
            found[key] = _Key(lightness, key, checked, " ".join(words[place : place + length]), step)
    return list(found.values())


def _weightiest(keys: Iterable[_Key], most: int) -> dict[int, _Key]:
    """So many by their hashes, in order of weight; of two keys with one hash the weightier."""
    distinct: dict[int, _Key] = {}
    for each in sorted(keys, key=_WEIGHTIEST_FIRST):
        distinct.setdefault(each.checksum >> _DROPPED_BITS, each)
        if len(distinct) == most:
            break
    return distinct


def _packed(keys: Mapping[int, _Key]) -> Keys:
    if not keys:
        return NO_KEYS
    weights = [-each.lightness for each in keys.values()]
    first, last = (min(255, 1 + round(weight * _SIXTEENTHS)) for weight in (weights[0], weights[-1]))
    return Keys(pack(f"<{len(keys)}H", *keys), first, last)


def _unpacked(hashes: bytes) -> tuple[int, ...]:
    return unpack(f"<{len(hashes) // 2}H", hashes)
