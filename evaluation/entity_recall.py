"""How well countries and their capitals are found in sentences where people marked every name: recall and precision.

    python -m evaluation.entity_recall sentences.jsonl.gz countries.jsonl cities.tsv [--wrong]

*Sentences* are JSON lines with ``tokens`` and BIO ``tags`` (anything but ``O`` is some entity). *Listed names* are the
Arabic ``labels`` of the countries, and the ``arabic_aliases`` of the cities that a country's ``capital_en`` names.

- **Wanted** is each place where a listed name stands, the longest first: its words are tokens of the sentence, compared
  folded, the first one with or without و ف ب ك ل in front (لل for ل and ال), and the people marked them as one whole
  entity that is no person (a team is often called by its country), or as part of a place. ``NOT_LISTED`` are left out.
  *Marked at all* is the wider count beside it, which leaves nothing out: persons, parts of clubs, mistakes of the list.
- **Found** is each mention by name that the built-in entities give for the sentence, read as a title, of a country, of
  a capital, and of a place that the list calls one (Jerusalem, Hong Kong). Demonyms, leaders and everything else are
  not looked at: the people did not mark demonyms.
- A wanted place is recalled if a found mention shares a token with it. A found mention is right if one of its tokens is
  marked as any entity.

Nothing is copied from the data.
"""
# ruff: noqa: T201 - a program whose output is its purpose

import argparse
import gzip
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from processors.entities.aliases import plain_name
from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.entities.tie import CAPITAL
from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Article, Role
from processors.normalize.letters import fold
from processors.normalize.text import read_text
from processors.packs.builtin import packs

_PARTICLES = ("", "و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فك", "فل")
_OUTSIDE = "O"
_PLACE = "LOC"
_PERSON = "PERS"

NOT_LISTED = frozenset({"الجزيره"})
"""Aliases of the list that are mistakes in Arabic: الجزيرة is given for Algiers, and is a broadcaster and an island."""


class Sentence(msgspec.Struct):
    """A line of the corpus."""

    tokens: list[str]
    tags: list[str]


class Country(msgspec.Struct):
    """A line of the list of countries."""

    iso2: str
    labels: dict[str, list[str]] = {}
    capital_en: list[str] = []


class Place(NamedTuple):
    """Tokens ``[start:end]`` of a sentence, and the name that stands there."""

    start: int
    end: int
    name: str


class Finder:
    """Names of countries and capitals in single sentences, by the built-in entities."""

    def __init__(self, listed: Collection[tuple[str, ...]]) -> None:
        self._gazetteer = load_gazetteer([file for pack in packs() for file in pack.entities])
        self._index: PatternIndex = compile_patterns(self._gazetteer.patterns())
        self._wanted = _countries_and_capitals(self._gazetteer, listed)

    def places(self, tokens: Sequence[str]) -> list[Place]:
        """What is found, as tokens."""
        title = " ".join(tokens)
        text = read_text(title, html=False)
        decided = self._gazetteer.resolve(
            self._index.find(text, "title"), {"title": text}, Article(id="a", title=title)
        )
        found = {
            (each.mention.start, each.mention.end)
            for each in decided
            if each.entity in self._wanted and each.of == each.entity and each.role is Role.NAME
        }
        return [_as_tokens(tokens, start, end) for start, end in sorted(found)]


def main(arguments: Sequence[str]) -> int:
    """Measure, print one line a figure."""
    parser = argparse.ArgumentParser(description="recall and precision of countries and capitals on marked sentences")
    parser.add_argument("sentences", type=Path, help="JSON lines with tokens and tags, .jsonl or .jsonl.gz")
    parser.add_argument("countries", type=Path, help="JSON lines with iso2, labels and capital_en")
    parser.add_argument("cities", type=Path, help="a table with country, name and arabic_aliases")
    parser.add_argument("--wrong", action="store_true", help="list what is missed or wrong, by name")
    asked = parser.parse_args(arguments)
    absent = [str(path) for path in (asked.sentences, asked.countries, asked.cities) if not path.exists()]
    if absent:
        print(f"skipped: no such data: {', '.join(absent)}")
        return 0
    listed = read_listed(asked.countries, asked.cities)
    print(*measure(read_sentences(asked.sentences), listed, Finder(listed), show_wrong=asked.wrong), sep="\n")
    return 0


def measure(
    sentences: Iterable[Sentence], listed: Mapping[tuple[str, ...], str], finder: Finder, *, show_wrong: bool
) -> list[str]:
    """The lines of the report."""
    wanted = found = recalled = right = marked_at_all = recalled_at_all = 0
    missed: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for sentence in sentences:
        mentions = finder.places(sentence.tokens)
        found += len(mentions)
        for place in listed_places(sentence, listed):
            hit = any(one.start < place.end and place.start < one.end for one in mentions)
            marked_at_all += 1
            recalled_at_all += hit
            if _is_wanted(sentence.tags, place):
                wanted += 1
                recalled += hit
                missed.update([] if hit else [place.name])
        for one in mentions:
            marked = any(tag != _OUTSIDE for tag in sentence.tags[one.start : one.end])
            right += marked
            false.update([] if marked else [" ".join(sentence.tokens[max(0, one.start - 1) : one.end + 1])])
    lines = [
        f"wanted {wanted}  recalled {recalled}  recall {_share(recalled, wanted)}",
        f"found {found}  right {right}  precision {_share(right, found)}",
        f"marked at all {marked_at_all}  recalled {recalled_at_all}  recall {_share(recalled_at_all, marked_at_all)}",
    ]
    if show_wrong:
        lines += [f"missed\t{count}\t{name}" for name, count in missed.most_common()]
        lines += [f"wrong\t{count}\t{name}" for name, count in false.most_common()]
    return lines


def _share(part: int, whole: int) -> str:
    return f"{part / max(1, whole):.3f}"


def wanted_places(sentence: Sentence, listed: Mapping[tuple[str, ...], str]) -> list[Place]:
    """Where listed names stand that are a country or a capital by the people's marks."""
    return [place for place in listed_places(sentence, listed) if _is_wanted(sentence.tags, place)]


def listed_places(sentence: Sentence, listed: Mapping[tuple[str, ...], str]) -> list[Place]:
    """Where listed names stand that the people marked at all."""
    longest = max(map(len, listed), default=0)
    folded = [fold(read_text(token, html=False).plain) for token in sentence.tokens]
    places = []
    at = 0
    while at < len(folded):
        for length in range(min(longest, len(folded) - at), 0, -1):
            name = _listed_at(folded[at : at + length], listed)
            if name and _OUTSIDE not in sentence.tags[at : at + length]:
                places.append(Place(at, at + length, name))
                at += length - 1
                break
        at += 1
    return places


def _listed_at(words: Sequence[str], listed: Mapping[tuple[str, ...], str]) -> str:
    for particles in _PARTICLES:
        if not words[0].startswith(particles):
            continue
        bare = words[0].removeprefix(particles)
        for first in (bare, "ال" + bare[1:]) if particles.endswith("ل") and bare.startswith("ل") else (bare,):
            if name := listed.get((first, *words[1:])):
                return name
    return ""


def _is_wanted(tags: Sequence[str], place: Place) -> bool:
    """Whether the tokens are one whole entity that is no person, or inside one that is a place."""
    if place.name in NOT_LISTED:
        return False
    first, *others = tags[place.start : place.end]
    inside = all(tag.endswith(_PLACE) for tag in (first, *others))
    whole = first.startswith("B") and not first.endswith(_PERSON) and all(tag.startswith("I") for tag in others)
    return inside or (whole and not "".join(tags[place.end : place.end + 1]).startswith("I"))


def read_sentences(path: Path) -> Iterator[Sentence]:
    """Every sentence of the corpus."""
    decoder = msgspec.json.Decoder(Sentence)
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        yield from map(decoder.decode, lines)


def read_listed(countries: Path, cities: Path) -> dict[tuple[str, ...], str]:
    """The folded words of each listed name → the name."""
    decoder = msgspec.json.Decoder(Country)
    with countries.open("rb") as lines:
        held = [decoder.decode(line) for line in lines]
    capitals = {(country.iso2, capital) for country in held for capital in country.capital_en}
    names = [name for country in held for name in country.labels.get("ar", [])]
    with cities.open(encoding="utf-8") as rows:
        head = next(rows).rstrip("\n").split("\t")
        for row in rows:
            city = dict(zip(head, row.rstrip("\n").split("\t"), strict=False))
            if (city["country"], city["name"]) in capitals:
                names += city["arabic_aliases"].split("|")
    listed = {_words(name): name for name in names}
    listed.pop((), None)
    return listed


def _countries_and_capitals(gazetteer: Gazetteer, listed: Collection[tuple[str, ...]]) -> frozenset[str]:
    countries = {id_ for id_, entry in gazetteer.entities.items() if entry.kind == "country"}
    capitals = {tie.entity for country in countries for tie in gazetteer.ties_to(country) if tie.role == CAPITAL}
    cities = {
        id_
        for id_, entry in gazetteer.entities.items()
        if entry.kind in ("city", "place")
        and any(_words(plain_name(name)) in listed for name in entry.names.get("ar", []))
    }
    return frozenset(countries | capitals | cities)


def _words(name: str) -> tuple[str, ...]:
    """Its words, folded."""
    return tuple(fold(read_text(name, html=False).plain).split())


def _as_tokens(tokens: Sequence[str], start: int, end: int) -> Place:
    first = last = position = 0
    for number, token in enumerate(tokens):
        if position <= start:
            first = number
        if position < end:
            last = number
        position += len(token) + 1
    return Place(first, last + 1, " ".join(tokens[first : last + 1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
