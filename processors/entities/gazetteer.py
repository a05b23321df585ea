"""Every entity that is known, compiled once: which patterns lead to it, and what it stood for on a day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from functools import cached_property
from itertools import islice

from processors.entities.aliases import Forms, collect_forms
from processors.entities.entity_file import EntityEntry, Shield
from processors.entities.entity_files import read_entity_files, references
from processors.entities.nearest_key import nearest_key
from processors.entities.refusals import Refusal, Refusals
from processors.entities.relevant import relevant_patterns
from processors.entities.resolve import EntityMention, Resolver
from processors.entities.search import NameIndex
from processors.entities.shields import Shields
from processors.entities.tie import CAPITAL, Tie
from processors.model import Article, FieldName, Mention, Pattern, Role
from processors.normalize.text import Text

MOST_REFUSALS = 20
"""Of one entity in one article: their reasons repeat."""


class Gazetteer:
    """Immutable; made by ``load_gazetteer``. What its names are looked for by is made when it is first asked for."""

    def __init__(self, entries: Sequence[EntityEntry], shields: Sequence[Shield] = ()) -> None:
        self.entities: Mapping[str, EntityEntry] = {entry.id: entry for entry in entries}
        """Every entity by its id, in the order of the files."""
        self._by_key = {entry.key: entry for entry in entries}
        self._shields = shields
        self._ties: defaultdict[str, list[Tie]] = defaultdict(list)
        for entry in entries:
            for each in entry.relations:
                of = self._by_key[each.of].id
                self._ties[entry.id].append(Tie(entry.id, of, each.role, each.start, each.end, each.status, each.side))

    @cached_property
    def _forms(self) -> Forms:
        return collect_forms(self.entities.values())

    @cached_property
    def _patterns_of(self) -> Mapping[tuple[str, Role | None], Sequence[int]]:
        found: defaultdict[tuple[str, Role | None], list[int]] = defaultdict(list)
        for number, aliases in self._forms.aliases.items():
            for alias in aliases:
                found[alias.entity, alias.role].append(number)
        return found

    @cached_property
    def _resolver(self) -> Resolver:
        countries = {entry.id for entry in self.entities.values() if entry.kind == "country"}
        capitals = {tie.entity for ties in self._ties.values() for tie in ties if tie.role == CAPITAL}
        ids = {key: entry.id for key, entry in self._by_key.items()}
        return Resolver(self._forms, self._ties, ids, Shields(self._shields, countries, capitals))

    def patterns(self) -> Sequence[Pattern]:
        """Every form to look for: names, demonyms, blocking phrases, supporting words."""
        return self._forms.patterns

    def find(self, name: str) -> EntityEntry | None:
        """The entity with this key or id."""
        return self._by_key.get(name) or self.entities.get(name)

    def nearest(self, name: str) -> str | None:
        """The key of what is called so in any language, or nearly so."""
        return nearest_key(name, self.entities.values())

    @cached_property
    def names(self) -> NameIndex:
        """What people may type for an entity; made when it is first asked for."""
        found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
        for aliases in self._forms.aliases.values():
            for alias in aliases:
                sure = alias.strong and alias.role is Role.NAME
                found[alias.folded][alias.entity] = found[alias.folded].get(alias.entity, False) or sure
        order = {entity: number for number, entity in enumerate(self.entities)}

        def surest_first(sure: Mapping[str, bool]) -> Sequence[str]:
            return sorted(sure, key=lambda entity: (not sure[entity], order[entity]))

        return NameIndex(self.entities, {name: surest_first(sure) for name, sure in found.items()})

    def strong_names(self) -> Iterable[tuple[str, str]]:
        """Every name and demonym that means one entity by itself, folded, with its id; those of countries first.

        Arabic demonyms come with ال too, which they usually carry.
        """
        strong = [
            (form, alias.entity)
            for aliases in self._forms.aliases.values()
            for alias in aliases
            if alias.strong and not (alias.quoted or alias.single)
            for form in (alias.folded, f"ال{alias.folded}")[: 1 + (alias.role is Role.DEMONYM)]
        ]
        return sorted(strong, key=lambda name: self.entities[name[1]].kind != "country")  # stable: else as in the files

    def referring(self, entity: str) -> Sequence[EntityEntry]:
        """Entities that are part of the one with this id, or whose names need it, in the order of the files."""
        key = self.entities[entity].key
        return [
            entry
            for entry in self.entities.values()
            if any(at[0] != "relations" and named == key for at, named in references(entry))
        ]

    def ties_of(self, entity: str) -> Sequence[Tie]:
        """What the entity with this id is to others, as its file lists it."""
        return self._ties.get(entity, ())

    def ties_to(self, entity: str) -> Sequence[Tie]:
        """Who speaks, or spoke, for the entity with this id, the earliest first; its capital before them."""
        ties = [tie for ties in self._ties.values() for tie in ties if tie.of == entity]
        return sorted(ties, key=lambda tie: (tie.role != CAPITAL, tie.start is not None, str(tie.start)))

    def countries(self) -> Collection[str]:
        """The keys of all countries."""
        return [entry.key for entry in self.entities.values() if entry.kind == "country"]

    def watch(self, name: str, role: Role | None) -> Collection[int]:
        """Numbers of the patterns that can lead to a mention of the entity, or to one through ``role``."""
        entry = self.find(name)
        if entry is None:
            return ()
        # With an ending (سورياً) a name is a demonym, which is seen only when its form in the text is looked at.
        leading = {Role.DEMONYM, Role.NAME} if role in (None, Role.DEMONYM) else {role}
        watched = {number for each in leading for number in self._patterns_of.get((entry.id, each), ())}
        for tie in self.ties_to(entry.id):
            through = {Role.CAPITAL} if tie.role == CAPITAL else {Role.LEADER, Role.FORMER}
            if role is None or role in through:
                watched.update(self._patterns_of.get((tie.entity, Role.NAME), ()))
        return watched

    def relevant(self, watched: Collection[int]) -> Set[int]:
        """Numbers of the patterns that decide about mentions of the ``watched`` ones, which are among them."""
        ids = {key: entry.id for key, entry in self._by_key.items()}
        return relevant_patterns(self._forms, ids, watched)

    def resolve(
        self, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> Sequence[EntityMention]:
        """Decide what each mention means; patterns are numbered as in ``patterns()``."""
        return self._resolver.resolve(mentions, texts, article)

    def refusals(
        self, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> Callable[[str], Sequence[Refusal]]:
        """Asked for a key or id: mentions of it, or of who stands for it, that did not count; ``MOST_REFUSALS``."""
        refusals = Refusals(self._resolver, mentions, texts, article)

        def of(name: str) -> Sequence[Refusal]:
            entry = self.find(name)
            return list(islice(refusals.of(entry.id), MOST_REFUSALS)) if entry is not None else ()

        return of


def load_gazetteer(files: Iterable[tuple[str, str]]) -> Gazetteer:
    """Read files, given as (path, text). Raises ``InvalidInput`` that lists every problem of every file."""
    held = read_entity_files(files)
    return Gazetteer(held.entries, held.shields)
