"""The rules that entities are looked at with, and what one of them says of a place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from processors.entities.entity_file import EntityEntry
from processors.entities.entity_files import EntityFiles
from processors.errors import Problem
from processors.yaml_places import Path


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for."""

    code: str
    title: str  # what is wrong, in a few words

    def found(self, read: EntityFiles, entry: EntityEntry, at: Path, message: str) -> "Finding":
        """A finding at one part of an entry."""
        return Finding(self.code, entry.key, read.problem(entry, at, message))


@dataclass(frozen=True, slots=True)
class Finding:
    """What is told to the author."""

    code: str
    entity: str  # its key
    problem: Problem

    def __str__(self) -> str:
        place = str(Problem(self.problem.path, self.problem.line, self.problem.column, "")).removesuffix(": ")
        return f"{place}: {self.code}: {self.problem.message}"


# ``rasid lint`` has codes of its own (RSD…): no code stands for two rules.
SHARED_NAME = Rule("ENT101", "a name that two entities have, and nothing tells them apart")
ORDINARY_WORD = Rule("ENT102", "a name that is an everyday word")
SHORT_NAME = Rule("ENT103", "a name of a letter or two")
DEMONYM_FORMS = Rule("ENT201", "an Arabic demonym that lacks forms")
NO_DEMONYM = Rule("ENT202", "a country without an Arabic demonym")
TWO_HOLDERS = Rule("ENT301", "two holders of one office at one time")

RULES: Sequence[Rule] = (SHARED_NAME, ORDINARY_WORD, SHORT_NAME, DEMONYM_FORMS, NO_DEMONYM, TWO_HOLDERS)


def entries_of(read: EntityFiles, own: Sequence[str]) -> Iterator[EntityEntry]:
    """The entries that stand in the files ``own``."""
    paths = frozenset(own)
    return (entry for entry in read.entries if read.places[entry.key][0].path in paths)
