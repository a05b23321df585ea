"""What a file says of demonyms, in full: with every form that it leaves to the rule."""

from collections.abc import Collection

from processors.entities.entity_file import Demonyms, NameForm
from processors.entities.inflect import DUAL, FEMININE, MASCULINE, PLURALS, regular_forms

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
    return demonyms.model_copy(update={"regular": (), **{part: tuple(forms) for part, forms in listed.items()}})


def _name(written: str | NameForm) -> str:
    return written if isinstance(written, str) else written.name


def _renamed(written: str | NameForm, name: str) -> str | NameForm:
    return name if isinstance(written, str) else written.model_copy(update={"name": name})
