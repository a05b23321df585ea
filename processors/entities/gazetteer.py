"""Every entity that is known, compiled once: which patterns lead to it, and what it stood for on a day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from processors.entities.aliases import Forms, collect_forms
from processors.entities.entity_file import EntitiesFile, EntityEntry
from processors.entities.resolve import EntityMention, Resolver
from processors.errors import InvalidInput, Problem
from processors.model import Article, FieldName, Mention, Pattern, Role
from processors.normalize.text import Text
from processors.yaml_document import YamlDocument, load_yaml, nearest, validate


@dataclass(frozen=True, slots=True)
class Tie:
    """What an entity is to another: capital or office-holder, and when."""

    entity: str
    of: str
    role: str  # as written in the file: president, capital …
    start: date | None
    end: date | None
    status: str

    def role_on(self, day: date | None) -> Role:
        """Through what a mention speaks of the other: a holder before or after the period is a former one."""
        if self.role == "capital":
            return Role.CAPITAL
        if day is None or ((self.start is None or self.start <= day) and (self.end is None or day <= self.end)):
            return Role.LEADER
        return Role.FORMER


class Gazetteer:
    """Immutable; made by ``load_gazetteer``."""

    def __init__(self, entries: Sequence[EntityEntry]) -> None:
        self.entities: Mapping[str, EntityEntry] = {entry.id: entry for entry in entries}
        self._by_key = {entry.key: entry for entry in entries}
        self._forms: Forms = collect_forms(entries)
        self._ties: dict[str, list[Tie]] = {}
        for entry in entries:
            for relation in entry.relations:
                of = self._by_key[relation.of].id
                tie = Tie(entry.id, of, relation.role, relation.start, relation.end, relation.status)
                self._ties.setdefault(entry.id, []).append(tie)
        self._resolver = Resolver(self._forms, self._ties, self._by_key)

    def patterns(self) -> Sequence[Pattern]:
        """Every form to look for: names, demonyms, blocking phrases, supporting words."""
        return self._forms.patterns

    def find(self, name: str) -> EntityEntry | None:
        """The entity with this key or id."""
        return self._by_key.get(name) or self.entities.get(name)

    def nearest(self, name: str) -> str | None:
        """The closest known key."""
        close = get_close_matches(name, self._by_key, n=1, cutoff=0.6)
        return close[0] if close else None

    def watch(self, name: str, role: Role | None) -> Collection[int]:
        """Numbers of the patterns that can lead to a mention of the entity, or to one through ``role``."""
        entry = self.find(name)
        if entry is None:
            return ()
        through = {tie.entity: tie for ties in self._ties.values() for tie in ties if tie.of == entry.id}
        watched = set()
        for number, aliases in self._forms.aliases.items():
            for alias in aliases:
                own = alias.entity == entry.id and role in (None, alias.role)
                tied = alias.entity in through and (role is None or role not in (Role.NAME, Role.DEMONYM))
                if own or (tied and alias.role is Role.NAME):
                    watched.add(number)
        return watched

    def resolve(
        self, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> Sequence[EntityMention]:
        """Decide what each mention means; patterns are numbered as in ``patterns()``."""
        return self._resolver.resolve(mentions, texts, article)


def load_gazetteer(files: Iterable[tuple[str, str]]) -> Gazetteer:
    """Read files, given as (path, text). Raises ``InvalidInput`` that lists every problem of every file."""
    entries: list[EntityEntry] = []
    places: dict[str, tuple[YamlDocument, int]] = {}
    problems: list[Problem] = []
    for path, text in files:
        try:
            document = load_yaml(path, text)
            held = validate(document, EntitiesFile)
        except InvalidInput as error:
            problems += error.problems
            continue
        for number, entry in enumerate(held.entities):
            for part in ("id", "key"):
                value = getattr(entry, part)
                if value in places:
                    first = places[value][0].path
                    told = f"{part} `{value}` is also in {first}: one entity has one entry"
                    problems.append(document.problem(("entities", number, part), told))
                places[value] = document, number
            entries.append(entry)
    keys = {entry.key for entry in entries}
    for entry in entries:
        problems += _unknown_references(entry, keys, *places[entry.key])
    if problems:
        raise InvalidInput(problems)
    return Gazetteer(entries)


def _unknown_references(entry: EntityEntry, keys: set[str], document: YamlDocument, number: int) -> list[Problem]:
    references: list[tuple[tuple[str | int, ...], str]] = []
    for position, relation in enumerate(entry.relations):
        references.append((("relations", position, "of"), relation.of))
    for position, whole in enumerate(entry.part_of):
        references.append((("part_of", position), whole))
    for language, names in entry.names.items():
        for position, form in enumerate(names):
            if not isinstance(form, str):
                for place, word in enumerate(form.needs):
                    if word.startswith("@"):
                        references.append((("names", language, position, "needs", place), word[1:]))
    return [
        document.problem(("entities", number, *path), f"unknown entity `{key}`{nearest(key, keys)}")
        for path, key in references
        if key not in keys
    ]
