"""Arabic demonyms of which some forms were forgotten: the dual, the feminine plural, the accusative."""

from collections.abc import Iterator, Sequence

from processors.entities.aliases import plain_name
from processors.entities.demonyms import PARTS
from processors.entities.entity_file import Demonyms, EntityEntry, NameForm
from processors.entities.entity_files import EntityFiles
from processors.entities.inflect import ARABIC, regular_forms
from processors.entities.lint_rules import DEMONYM_FORMS, NO_DEMONYM, Finding, entries_of
from processors.matchers.particles import ARTICLE

# Forms told of one demonym; with the remedy they fill a line.
_SHOWN = 4
_NISBA = "ي"
_SOUND = ("ون", "ين")
_CONSTRUCT = ("و", "ي")


def lint_demonyms(read: EntityFiles, own: Sequence[str]) -> Iterator[Finding]:
    """Demonyms of the files ``own`` that lack what the rule would give, and countries that have none."""
    for entry in entries_of(read, own):
        declared = entry.demonyms.get(ARABIC)
        if declared is None:
            if entry.kind == "country" and ARABIC in entry.names:
                told = "no Arabic demonyms: half of what is written of a country names it so; add `demonyms: {ar: …}`"
                yield NO_DEMONYM.found(read, entry, ("kind",), told)
            continue
        listed = _listed(declared)
        for nisba in (form for form in listed if form.endswith(_NISBA) and " " not in form):
            if missing := _missing(entry, nisba, listed):
                shown = " ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
                told = f"`{nisba}` lacks {shown}: write `ar: {{regular: [{nisba}]}}`, which has every form"
                yield DEMONYM_FORMS.found(read, entry, ("demonyms", ARABIC), told)


def _listed(declared: Sequence[str | NameForm] | Demonyms) -> Sequence[str]:
    """Plain forms; those of a regular one, and those that are only told with ال, want no others beside them."""
    forms = [form for part in PARTS for form in getattr(declared, part)] if isinstance(declared, Demonyms) else declared
    return list(dict.fromkeys(map(plain_name, forms)))


def _missing(entry: EntityEntry, nisba: str, listed: Sequence[str]) -> Sequence[str]:
    """What the rule gives beside ``nisba`` and the file does not list."""
    stem = nisba.removesuffix(_NISBA)
    if stem in listed or nisba.startswith(ARTICLE):
        return []  # a plural before a genitive (سوريي), or a form with a meaning of its own
    names = [plain_name(name) for name in entry.names.get(ARABIC, [])]
    ruled = regular_forms(nisba, ARABIC, names)
    # Before a genitive plurals are rare; where there is a broken plural (أتراك) nobody says the sound one.
    sound = {nisba + ending for ending in _SOUND}
    broken = any(not form.startswith(stem) for form in _plurals(entry))
    wanted = [form for part in PARTS for form in ruled[part] if form not in {nisba + ending for ending in _CONSTRUCT}]
    missed = [form for form in wanted if not {form, form.removeprefix(ARTICLE)} & set(listed)]
    return [form for form in missed if not (broken and form in sound)]


def _plurals(entry: EntityEntry) -> Sequence[str]:
    declared = entry.demonyms[ARABIC]
    return list(map(plain_name, declared.plurals)) if isinstance(declared, Demonyms) else []
