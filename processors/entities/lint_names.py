"""Names that mean more than their entity: another one's, an everyday word, a letter or two."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from processors.entities.aliases import SISTERS
from processors.entities.entity_file import EntityEntry, NameForm
from processors.entities.entity_files import EntityFiles, written_forms
from processors.entities.lint_rules import ORDINARY_WORD, SHARED_NAME, SHORT_NAME, Finding, entries_of
from processors.entities.vowels import marks_of
from processors.normalize.written import comparable
from processors.yaml_document import load_yaml
from processors.yaml_places import Path

_SHORTEST = 3
"""Letters: two of Arabic are a word or an ending nearly always, two of Latin an abbreviation of many things."""

_SHOWN = 3
"""Others who share a name: enough to see that it is shared."""


class _Name(NamedTuple):
    entry: EntityEntry
    at: Path
    form: NameForm
    folded: str


def lint_names(read: EntityFiles, own: Sequence[str]) -> Iterator[Finding]:
    """Strong names of the files ``own`` that should ask for support, or for more letters."""
    everywhere = _strong_names(read)
    for entry in entries_of(read, own):
        for name in _names(entry):
            # Vowel marks tell a name from its namesakes: عُمَان from عَمَّان.
            if not _counts_alone(name) or any(marks_of(name.form.name)):
                continue
            if shared := [other for other in everywhere[name.folded] if other != entry.key]:
                keys = ", ".join(f"`{key}`" for key in shared[:_SHOWN])
                told = f"`{name.form.name}` is also a name of {keys}: {_remedy(name)}"
                yield SHARED_NAME.found(read, entry, name.at, told)
            if name.form.blocked_by:
                continue  # somebody thought of its other meanings
            if len(name.folded) < _SHORTEST:
                told = (
                    f"`{name.form.name}` has {len(name.folded)} letters and will be found in much else: {_remedy(name)}"
                )
                yield SHORT_NAME.found(read, entry, name.at, told)
            elif name.folded in _ordinary():
                told = f"`{name.form.name}` is an everyday word of news: {_remedy(name)}"
                yield ORDINARY_WORD.found(read, entry, name.at, told)


def _strong_names(read: EntityFiles) -> Mapping[str, Sequence[str]]:
    """Folded → the keys of those who have it without conditions."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for entry in read.entries:
        for name in _names(entry):
            if _counts_alone(name):
                found[name.folded][entry.key] = None
    return {name: list(keys) for name, keys in found.items()}


def _names(entry: EntityEntry) -> Iterator[_Name]:
    for at, written in written_forms(entry):
        if at[1] in SISTERS:
            continue  # written in the letters of another language, and found only as they are
        form = NameForm(name=written) if isinstance(written, str) else written
        yield _Name(entry, at, form, comparable(form.name))


def _counts_alone(name: _Name) -> bool:
    """Whether it counts wherever it stands."""
    return name.form.strong and not name.form.quoted and name.form.case != "exact"


def _remedy(name: _Name) -> str:
    latin = name.folded[:1].isascii()
    case = ", or `case: exact` if only capitals are meant" if latin else ""
    return f"write {{name: {name.form.name}, strong: no, needs: […]}}{case}, or leave it out and give a longer name"


@cache
def _ordinary() -> frozenset[str]:
    text = files(__package__).joinpath("ordinary_words.yaml").read_text(encoding="utf-8")
    words: Mapping[str, str] = load_yaml("builtin:ordinary_words.yaml", text).data
    return frozenset(word for each in words.values() for word in each.split())
