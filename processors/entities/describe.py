"""An entity as it is told to people: its names and what each asks for, what it is to others, who holds its offices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from processors.entities.aliases import plain_name
from processors.entities.demonyms import PARTS, in_full
from processors.entities.entity_file import Demonyms, EntityEntry, NameForm
from processors.entities.gazetteer import Gazetteer
from processors.entities.tie import CAPITAL, Tie
from processors.model import Role

_CONDITIONS = {"needs": "needs", "unless": "unless", "beside": "beside", "blocked_by": "not", "not_words": "not_words"}
"""Attribute → the key in a file."""


def describe(gazetteer: Gazetteer, entry: EntityEntry, day: date | None) -> Mapping[str, Any]:
    """Everything known of the entity, in values that JSON has. With a day, only who held an office on it."""
    names = {language: [_form(form) for form in forms] for language, forms in entry.names.items()}
    ties = [tie for tie in gazetteer.ties_of(entry.id) if _holds(tie, day)]
    held_by = [tie for tie in gazetteer.ties_to(entry.id) if _holds(tie, day)]
    told = {
        "key": entry.key,
        "id": entry.id,
        "kind": entry.kind,
        "names": names,
        "demonyms": {language: _demonyms(entry, language) for language in entry.demonyms},
        "is": [{**_tie(tie), "of": gazetteer.entities[tie.of].key} for tie in ties],
        "has": [{**_tie(tie), "who": gazetteer.entities[tie.entity].key} for tie in held_by],
        "part_of": list(entry.part_of),
        "referred_to_by": [other.key for other in gazetteer.referring(entry.id)],
    }
    return {"on": day.isoformat(), **told} if day else told


def _holds(tie: Tie, day: date | None) -> bool:
    return tie.role == CAPITAL or day is None or tie.role_on(day) is Role.LEADER


def _tie(tie: Tie) -> dict[str, str]:
    parts = {
        "role": tie.role,
        "from": tie.start.isoformat() if tie.start else "",
        "to": tie.end.isoformat() if tie.end else "",
        "status": "" if tie.status == "official" else tie.status,
        "side": tie.side,
    }
    return {name: value for name, value in parts.items() if value}


def _form(written: str | NameForm) -> dict[str, Any]:
    if isinstance(written, str):
        return {"name": plain_name(written)}
    told: dict[str, Any] = {"name": plain_name(written)}
    if not written.strong:
        told["strong"] = False
    if written.case == "exact":
        told["case"] = "exact"
    if written.quoted:
        told["quoted"] = True
    return told | {key: list(value) for part, key in _CONDITIONS.items() if (value := getattr(written, part))}


def _demonyms(entry: EntityEntry, language: str) -> Sequence[dict[str, Any]]:
    demonyms = entry.demonyms[language]
    forms: Iterable[str | NameForm] = demonyms if not isinstance(demonyms, Demonyms) else ()
    if isinstance(demonyms, Demonyms):
        own = [plain_name(name) for name in entry.names.get(language, [])]
        full = in_full(demonyms, language, own)
        forms = [form for part in PARTS for form in getattr(full, part)]
    return [_form(form) for form in forms]
