"""Entities found by what people type: a key, a number, a name in any language, its beginning, a misspelt one."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import IntEnum
from typing import NamedTuple

from processors.entities.entity_file import EntityEntry
from processors.matchers.particles import ARTICLE
from processors.normalize.written import comparable

_LETTERS_OFF = 2
"""A misspelt name has lost, won or exchanged a letter or two."""

_ALIKE = 0.7
"""Share of letters that two names have in common, in order: of a name of seven letters two may differ."""

_NEAR_HITS = 5
"""Names that are offered instead: what one reads at a glance."""


class Rank(IntEnum):
    """How a query met a name, the best first."""

    KEY = 0
    NAME = 1
    BEGINNING = 2
    WORD = 3  # a later word of the name begins so
    INSIDE = 4
    NEAR = 5


class Hit(NamedTuple):
    """An entity and the name by which it was found, folded."""

    entry: EntityEntry
    name: str
    rank: Rank


class NameIndex:
    """Every name and demonym, folded. ``names``: folded form → ids, those first that need no support."""

    def __init__(self, entities: Mapping[str, EntityEntry], names: Mapping[str, Sequence[str]]) -> None:
        self._entities = entities
        self._names = names
        self._keys = {entry.key: entry for entry in entities.values()}

    def named(self, query: str) -> Sequence[EntityEntry]:
        """Those whose key, number or whole name it is, with or without ال."""
        if entry := self._keys.get(query) or self._entities.get(query):
            return [entry]
        wanted = comparable(query)
        for form in (wanted, ARTICLE + wanted, wanted.removeprefix(ARTICLE)):
            if ids := self._names.get(form):
                return [self._entities[each] for each in ids]
        return []

    def search(self, query: str, limit: int) -> Sequence[Hit]:
        """At most ``limit``, the best first; where nothing holds the query, the nearest names."""
        wanted = comparable(query)
        if not wanted:
            return []
        best: dict[str, Hit] = {}
        for hit in self._hits(query.strip().lower(), wanted):
            known = best.get(hit.entry.id)
            if known is None or _order(hit) < _order(known):
                best[hit.entry.id] = hit
        return sorted(best.values() or self.near(query), key=_order)[:limit]

    def near(self, query: str) -> Sequence[Hit]:
        """Entities with a name that differs from the query in a letter or two."""
        wanted = comparable(query)
        known = [name for name in self._names if abs(len(name) - len(wanted)) <= _LETTERS_OFF]
        close = get_close_matches(wanted, known, n=_NEAR_HITS, cutoff=_ALIKE)
        hits = {each: name for name in reversed(close) for each in reversed(self._names[name])}
        return [Hit(self._entities[each], name, Rank.NEAR) for each, name in reversed(hits.items())]

    def _hits(self, typed: str, wanted: str) -> Iterator[Hit]:
        for entry in self._entities.values():
            if typed in (entry.key, entry.id.lower()):
                yield Hit(entry, entry.key, Rank.KEY)
            elif typed in entry.key:
                yield Hit(entry, entry.key, Rank.INSIDE)
        for name, ids in self._names.items():
            if wanted in name:
                rank = _rank(name, wanted)
                yield from (Hit(self._entities[each], name, rank) for each in ids)


def _rank(name: str, wanted: str) -> Rank:
    if wanted in (name, name.removeprefix(ARTICLE)):
        return Rank.NAME
    if name.removeprefix(ARTICLE).startswith(wanted) or name.startswith(wanted):
        return Rank.BEGINNING
    words = name.split()
    if any(word.removeprefix(ARTICLE).startswith(wanted.split()[0]) for word in words):
        return Rank.WORD
    return Rank.INSIDE


def _order(hit: Hit) -> tuple[int, int]:
    return hit.rank, len(hit.name)
