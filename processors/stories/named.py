"""Whom and what an article names that may be news to a story: countries, and the entities that act. Pure.

Key entities are persons, bodies, parties and armed groups. A place stands for its country: a headline that says Cairo
in a story about Egypt says nothing new. An agency or a paper is who tells, not what is told. Who holds an office
brings the office's country along in silence: after the president, his country is no news.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from processors.entities.aliases import plain_name
from processors.entities.entity_file import EntityEntry
from processors.entities.gazetteer import Gazetteer
from processors.model import Article
from processors.stories.denials import denies_officially
from processors.stories.known_names import KnownNames
from processors.stories.words import plain, words_of

HEADLINE_WORDS, OPENING_WORDS = 30, 200
"""A headline, however long its field is; and what most read of an article, beyond which it tells the background."""

_CHARS = 2_000
"""In which so many words are found, whatever the text."""

ACTORS = frozenset({"person", "organisation", "party", "armed_group"})
_PLACES = frozenset({"city", "place"})
COUNTRY = "country"

_SURNAME = "?"
"""Before the id of a person who is named by one word."""


@dataclass(frozen=True, slots=True)
class Facets:
    """Ids of countries and key entities in a headline, those that only the opening has, and an office's denial."""

    headline: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    official_denial: bool = False


class Named:
    """What names mean to stories. Made once for all entities; never changes."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        entries = gazetteer.entities
        self.names = KnownNames(gazetteer.strong_names())  # that mean one entity by themselves
        surnames, self._first_names = _surnames(entries.values())
        self._names = KnownNames(surnames, after=self.names)
        keys = {entry.key: entry for entry in entries.values()}
        self._speakers = KnownNames(_speaking(entries.values(), keys))
        self._countries: Mapping[str, tuple[str, ...]] = {
            entry.id: tuple(dict.fromkeys(_countries(entry, keys))) for entry in entries.values()
        }
        self._kinds: Mapping[str, str] = {entry.id: entry.kind for entry in entries.values()}

    def is_country(self, entity: str) -> bool:
        """Whether an id is a country's."""
        return self._kinds.get(entity) == COUNTRY

    def facets(self, article: Article) -> Facets:
        """What an article names. One without a title has its first line as headline."""
        title = plain(article.title[:_CHARS])
        body = plain(article.body[:_CHARS])
        if not title.strip():
            title, _, body = body.strip().partition("\n")
        headline, aside = self._found(title, HEADLINE_WORDS)
        opening = (*aside, *(each for part in self._found(body, OPENING_WORDS) for each in part))
        return Facets(
            headline,
            tuple(dict.fromkeys(each for each in opening if each not in headline)),
            denies_officially(article, self._speakers),
        )

    def _found(self, text: str, most_words: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a text names, and the countries that come along with it."""
        named: dict[str, None] = {}
        aside: dict[str, None] = {}
        words = words_of(text)[:most_words]
        for place, _, entity in self._names.places(words):
            if entity.startswith(_SURNAME):
                entity = entity.removeprefix(_SURNAME)
                if not entity or (place and words[place - 1] in self._first_names):
                    continue
            kind = self._kinds[entity]
            if kind in ACTORS:
                named[entity] = None
                aside |= dict.fromkeys(self._countries[entity])
            elif kind == COUNTRY:
                named[entity] = None
            elif kind in _PLACES:
                named |= dict.fromkeys(self._countries[entity])
        return tuple(named), tuple(each for each in aside if each not in named)


def _surnames(entries: Iterable[EntityEntry]) -> tuple[list[tuple[str, str]], frozenset[str]]:
    """Persons' names of one word, and the phrases in which each is somebody else's; first names, folded, behind which
    it is, too: أردوغان, not أمينة أردوغان."""
    surnames: list[tuple[str, str]] = []
    first_names: set[str] = set()
    for entry in entries:
        if entry.kind != "person":
            continue
        for written in (each for names in entry.names.values() for each in names):
            name = plain_name(written)
            if " " in name:
                first_names.update(words_of(name)[:1])
            elif isinstance(written, str) or (written.strong and written.case == "any"):
                blocked = () if isinstance(written, str) else written.blocked_by
                surnames.append((name, _SURNAME + entry.id))
                surnames += [(phrase, _SURNAME) for phrase in blocked if "…" not in phrase]
    return surnames, frozenset(first_names)


def _countries(entry: EntityEntry, keys: Mapping[str, EntityEntry], depth: int = 0) -> Iterator[str]:
    """The countries that a place lies in, or that a person speaks for."""
    of = [*entry.part_of, *(relation.of for relation in entry.relations)]
    for key in of:
        if (whole := keys.get(key)) is None:
            continue
        if whole.kind == COUNTRY:
            yield whole.id
        elif depth < 3:  # a quarter of a city of a province of a country
            yield from _countries(whole, keys, depth + 1)


def _speaking(entries: Iterable[EntityEntry], keys: Mapping[str, EntityEntry]) -> Iterator[tuple[str, str]]:
    """Who speaks officially where a headline begins with the name: states, by their capitals too, office-holders, and
    bodies. Names that mean other things elsewhere are clear in that place (القاهرة تنفي)."""
    for entry in entries:
        holds_office = entry.kind == "person" and bool(entry.relations)
        capital = any(relation.role == "capital" for relation in entry.relations)
        if entry.kind == COUNTRY or capital or holds_office or entry.kind in ACTORS - {"person"}:
            for names in entry.names.values():
                yield from ((plain_name(name), entry.id) for name in names)
