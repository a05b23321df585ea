"""What a file says of demonyms, in full: with every form that it leaves to the rule."""

from collections.abc import Collection
from copy import copy
from typing import Any, TypeVar

from processors.entities.entity_file import Demonyms, NameForm
from processors.entities.inflect import DUAL, FEMININE, MASCULINE, PLURALS, regular_forms

Part = TypeVar("Part", Demonyms, NameForm)

REGULAR = "regular"
PARTS = (MASCULINE, FEMININE, PLURALS, DUAL)


def in_full(demonyms: Demonyms, language: str, names: Collection[str]) -> Demonyms:
    """The same without ``regular``: its forms stand in their parts, behind those that the file lists.

    ``names`` are the names of the same entity in this language, plain. A form with conditions of its own keeps them.
    """
    if not demonyms.regular:
        return demonyms
    listed: dict[str, list[str | NameForm]] = {part: list(getattr(demonyms, part)) for part in PARTS}
    told = {_name(written) for forms in listed.values() for written in forms}
    for written in demonyms.regular:
        for part, forms in regular_forms(_name(written), language, names).items():
            for form in forms:
                if form not in told:
                    told.add(form)
                    listed[part].append(_renamed(written, form))
    return _changed(demonyms, regular=(), **{part: tuple(forms) for part, forms in listed.items()})


def _name(written: str | NameForm) -> str:
    return written if isinstance(written, str) else written.name


def _renamed(written: str | NameForm, name: str) -> str | NameForm:
    return name if isinstance(written, str) else _changed(written, name=name)


def _changed(part: Part, **values: Any) -> Part:
    """A copy with other values, which were checked or made here: to check each again takes as long as reading it."""
    changed = copy(part)
    for name, value in values.items():
        object.__setattr__(changed, name, value)
    return changed
