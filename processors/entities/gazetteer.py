"""Every entity that is known, compiled once: which patterns lead to it, and what it stood for on a day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from processors.entities.aliases import collect_forms
from processors.entities.entity_file import Demonyms, EntitiesFile, EntityEntry, NameForm, Shield
from processors.entities.nearest_key import nearest_key
from processors.entities.refusals import Refusal, Refusals
from processors.entities.resolve import EntityMention, Resolver
from processors.entities.shields import Shields
from processors.entities.tie import CAPITAL, Tie
from processors.errors import InvalidInput, Problem
from processors.model import Article, FieldName, Mention, Pattern, Role
from processors.normalize.text import Text
from processors.yaml_document import YamlDocument, load_yaml, nearest, validate
from processors.yaml_places import Path

MOST_REFUSALS = 20
"""Of one entity in one article: their reasons repeat."""


class Gazetteer:
    """Immutable; made by ``load_gazetteer``."""

    def __init__(self, entries: Sequence[EntityEntry], shields: Sequence[Shield] = ()) -> None:
        self.entities: Mapping[str, EntityEntry] = {entry.id: entry for entry in entries}
        """Every entity by its id, in the order of the files."""
        self._by_key = {entry.key: entry for entry in entries}
        self._forms = collect_forms(entries)
        self._ties: defaultdict[str, list[Tie]] = defaultdict(list)
        for entry in entries:
            for each in entry.relations:
                of = self._by_key[each.of].id
                self._ties[entry.id].append(Tie(entry.id, of, each.role, each.start, each.end, each.status, each.side))
        self._patterns_of: defaultdict[str, dict[int, set[Role]]] = defaultdict(dict)
        for number, aliases in self._forms.aliases.items():
            for alias in aliases:
                self._patterns_of[alias.entity].setdefault(number, set()).add(alias.role)
        countries = {entry.id for entry in entries if entry.kind == "country"}
        capitals = {tie.entity for ties in self._ties.values() for tie in ties if tie.role == CAPITAL}
        ids = {key: entry.id for key, entry in self._by_key.items()}
        self._resolver = Resolver(self._forms, self._ties, ids, Shields(shields, countries, capitals))

    def patterns(self) -> Sequence[Pattern]:
        """Every form to look for: names, demonyms, blocking phrases, supporting words."""
        return self._forms.patterns

    def find(self, name: str) -> EntityEntry | None:
        """The entity with this key or id."""
        return self._by_key.get(name) or self.entities.get(name)

    def nearest(self, name: str) -> str | None:
        """The key of what is called so in any language, or nearly so."""
        return nearest_key(name, self.entities.values())

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
        leading = {Role.DEMONYM, Role.NAME} if role is Role.DEMONYM else {role}
        watched = {number for number, roles in self._patterns_of[entry.id].items() if role is None or leading & roles}
        for tie in self.ties_to(entry.id):
            through = {Role.CAPITAL} if tie.role == CAPITAL else {Role.LEADER, Role.FORMER}
            if role is None or role in through:
                watched |= {number for number, roles in self._patterns_of[tie.entity].items() if Role.NAME in roles}
        return watched

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
    entries: list[EntityEntry] = []
    shields: list[Shield] = []
    places: dict[str, tuple[YamlDocument, int]] = {}
    problems: list[Problem] = []
    for path, text in files:
        try:
            document = load_yaml(path, text)
            held = validate(document, EntitiesFile)
        except InvalidInput as error:
            problems += error.problems
            continue
        shields += held.shields
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
        document, number = places[entry.key]
        for at, key in _references(entry):
            if key not in keys:
                message = f"unknown entity `{key}`{nearest(key, keys)}"
                problems.append(document.problem(("entities", number, *at), message))
    if problems:
        raise InvalidInput(problems)
    return Gazetteer(entries, shields)


def _references(entry: EntityEntry) -> Iterator[tuple[Path, str]]:
    """Every key that an entry names, and where."""
    for number, relation in enumerate(entry.relations):
        yield ("relations", number, "of"), relation.of
    for number, whole in enumerate(entry.part_of):
        yield ("part_of", number), whole
    for at, form in _forms(entry):
        for part, words in (("needs", form.needs), ("unless", form.unless)):
            for number, word in enumerate(words):
                if word.startswith("@"):
                    yield (*at, part, number), word[1:]


def _forms(entry: EntityEntry) -> Iterator[tuple[Path, NameForm]]:
    """Every form with conditions, and where it stands."""
    lists: list[tuple[Path, Sequence[str | NameForm]]] = [
        (("names", lang), names) for lang, names in entry.names.items()
    ]
    for lang, demonyms in entry.demonyms.items():
        if isinstance(demonyms, Demonyms):
            lists += [(("demonyms", lang, part), getattr(demonyms, part)) for part in Demonyms.model_fields]
        else:
            lists.append((("demonyms", lang), demonyms))
    for at, written in lists:
        for number, form in enumerate(written):
            if isinstance(form, NameForm):
                yield (*at, number), form
