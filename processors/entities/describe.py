"""What is known of an entity, in the order in which a person wants to read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from processors.entities.aliases import plain_name
from processors.entities.entity_file import Demonyms, EntityEntry, NameForm
from processors.entities.gazetteer import Gazetteer
from processors.entities.tie import CAPITAL, Tie

# The language of a name that is shown alone: the readers' first.
_DISPLAY_LANGUAGES = ("ar", "en", "fr", "tr")


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds an office of whom, and when; or which city speaks for it."""

    entity: str  # key
    name: str
    of: str  # key
    of_name: str
    role: str
    start: date | None
    end: date | None
    status: str
    side: str


@dataclass(frozen=True, slots=True)
class Description:
    """An entity for a page or a terminal."""

    id: str
    key: str
    kind: str
    name: str
    names: Mapping[str, Sequence[str]]  # by language, in the order of the file
    ambiguous: Mapping[str, Sequence[str]]  # those of them that count only with support
    demonyms: Mapping[str, Sequence[str]]
    capitals: Sequence[Holding]
    holders: Sequence[Holding]  # those whose beginning is not known, then the earliest first
    holds: Sequence[Holding]  # offices of its own
    part_of: Sequence[str]


def describe(gazetteer: Gazetteer, name: str) -> Description | None:
    """The entity with this key or id; None where there is none."""
    entry = gazetteer.find(name)
    if entry is None:
        return None
    speakers = [_holding(gazetteer, tie) for tie in gazetteer.ties_to(entry.id)]
    return Description(
        id=entry.id,
        key=entry.key,
        kind=entry.kind,
        name=display_name(entry),
        names={language: [plain_name(form) for form in forms] for language, forms in entry.names.items()},
        ambiguous=_ambiguous(entry),
        demonyms={language: _demonyms(forms) for language, forms in entry.demonyms.items()},
        capitals=[each for each in speakers if each.role == CAPITAL],
        holders=[each for each in speakers if each.role != CAPITAL],
        holds=[_holding(gazetteer, tie) for tie in gazetteer.ties_of(entry.id)],
        part_of=entry.part_of,
    )


def display_name(entry: EntityEntry) -> str:
    """The first name in Arabic, else in the first language that there is; the key where there is none."""
    for language in (*_DISPLAY_LANGUAGES, *entry.names):
        if forms := entry.names.get(language):
            return plain_name(forms[0])
    return entry.key


def _holding(gazetteer: Gazetteer, tie: Tie) -> Holding:
    entity, of = gazetteer.entities[tie.entity], gazetteer.entities[tie.of]
    return Holding(
        entity.key, display_name(entity), of.key, display_name(of), tie.role, tie.start, tie.end, tie.status, tie.side
    )


def _ambiguous(entry: EntityEntry) -> Mapping[str, Sequence[str]]:
    found = {
        language: [plain_name(form) for form in forms if isinstance(form, NameForm) and not form.strong]
        for language, forms in entry.names.items()
    }
    return {language: forms for language, forms in found.items() if forms}


def _demonyms(forms: Sequence[str | NameForm] | Demonyms) -> Sequence[str]:
    if isinstance(forms, Demonyms):
        return [plain_name(form) for part in Demonyms.model_fields for form in getattr(forms, part)]
    return [plain_name(form) for form in forms]
