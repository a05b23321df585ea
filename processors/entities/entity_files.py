"""Files of entities read together: what they hold, where each entry stands, and whether they know one another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from processors.entities.demonyms import PARTS, REGULAR
from processors.entities.entity_file import Demonyms, EntitiesFile, EntityEntry, NameForm, Shield
from processors.errors import InvalidInput, Problem
from processors.yaml_document import YamlDocument, load_yaml, nearest, validate
from processors.yaml_places import Path

_SIGNS = ("*", "=", " /", "[/", '"/', "'/")
"""What begins, or is in, a query that was written for a name."""


@dataclass(frozen=True, slots=True)
class EntityFiles:
    """Every entry and shield, in the order of the files."""

    entries: Sequence[EntityEntry]
    shields: Sequence[Shield]
    places: Mapping[str, tuple[YamlDocument, int]]  # key and id → its file, and its number there

    def problem(self, entry: EntityEntry, at: Path, message: str) -> Problem:
        """A problem with the part ``at`` of an entry."""
        document, number = self.places[entry.key]
        return document.problem(("entities", number, *at), message)


def read_entity_files(files: Iterable[tuple[str, str]]) -> EntityFiles:
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
        if any(sign in text for sign in _SIGNS):  # else none need be looked at: packs hold tens of thousands
            problems += _queries_as_names(document, held)
    read = EntityFiles(entries, shields, places)
    keys = {entry.key for entry in entries}
    for entry in entries:
        for at, key in references(entry):
            if key not in keys:
                problems.append(read.problem(entry, at, f"unknown entity `{key}`{nearest(key, keys)}"))
    if problems:
        raise InvalidInput(problems)
    return read


def references(entry: EntityEntry) -> Iterator[tuple[Path, str]]:
    """Every key that an entry names, and where."""
    for number, relation in enumerate(entry.relations):
        yield ("relations", number, "of"), relation.of
    for number, whole in enumerate(entry.part_of):
        yield ("part_of", number), whole
    for at, form in written_forms(entry):
        if isinstance(form, NameForm):
            for part, words in (("needs", form.needs), ("unless", form.unless)):
                for number, word in enumerate(words):
                    if word.startswith("@"):
                        yield (*at, part, number), word[1:]


def written_forms(entry: EntityEntry) -> Iterator[tuple[Path, str | NameForm]]:
    """Every name and demonym as it is written, and where it stands."""
    lists: list[tuple[Path, Sequence[str | NameForm]]] = [
        (("names", language), names) for language, names in entry.names.items()
    ]
    for language, demonyms in entry.demonyms.items():
        if isinstance(demonyms, Demonyms):
            lists += [(("demonyms", language, part), getattr(demonyms, part)) for part in (REGULAR, *PARTS)]
        else:
            lists.append((("demonyms", language), demonyms))
    for at, written in lists:
        for number, form in enumerate(written):
            yield (*at, number), form


def _queries_as_names(document: YamlDocument, held: EntitiesFile) -> Iterator[Problem]:
    """Whoever writes the signs of a query into a name waits for what is never found."""
    for number, entry in enumerate(held.entities):
        for language, forms in entry.names.items():
            for place, form in enumerate(forms):
                name = form if isinstance(form, str) else form.name
                if "*" in name or name.startswith("=") or (len(name) > 1 and name[0] == name[-1] == "/"):
                    told = f"`{name}` is looked for letter by letter: *, = and /…/ mean something in queries only"
                    yield document.problem(("entities", number, "names", language, place), told)
