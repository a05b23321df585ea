"""What those are called who speak for a country, or fight for it: titles joined with its names and demonyms.

The titles are in ``offices.yaml``, so that a new one, or another language, is a line there and serves every country.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import product

from processors.entities.aliases import ARABIC, plain_name
from processors.entities.entity_file import Demonyms, EntityEntry, NameForm
from processors.yaml_document import load_yaml

OFFICES = ("officials", "forces")
"""The first word of the lists that every country has: ``list:officials-egypt``."""

_PLACEHOLDER = re.compile(r"{(\w*)}")

_TANWIN = "ا"
"""Ends the accusative of an indefinite demonym (وفدا مصريا), which files need not declare; never after ال."""

_CONSTRUCT = "ن"
"""Sound plurals lose it before a noun (سوريو الشتات), which no demonym after a title does."""

_BEHIND_TITLES = frozenset(("fr",))
"""Here a demonym follows its title and agrees with it; in English and Turkish one form stands before all titles."""

Terms = dict[str, list[str]]
"""Language → terms."""

Rows = Mapping[str, Sequence[str]]
"""Pattern → titles."""


_LOOKALIKES = "not"
"""The part of the file with phrases in which the terms mean something else, whatever the office."""


def office_terms(office: str, entry: EntityEntry, capitals: Iterable[EntityEntry]) -> tuple[Terms, Terms]:
    """Every term by language, and the phrases in which they do not count; each once, empty languages left out."""
    cities = tuple(capitals)
    return _terms(office, entry, cities), _terms(_LOOKALIKES, entry, cities)


def _terms(part: str, entry: EntityEntry, capitals: Sequence[EntityEntry]) -> Terms:
    spoken: Terms = {}
    for language, rows in _titles()[part].items():
        words = {
            "name": _short(_plain(entry.names.get(language, [])), language),
            "capital": [name for capital in capitals for name in _plain(capital.names.get(language, []))],
            **_demonyms(entry, language),
        }
        terms = [term for pattern, titles in rows.items() for term in _filled(pattern, titles, words, language)]
        if terms:
            spoken[language] = list(dict.fromkeys(terms))
    return spoken


@cache
def _titles() -> Mapping[str, Mapping[str, Rows]]:
    text = files(__package__).joinpath("offices.yaml").read_text(encoding="utf-8")
    titles: Mapping[str, Mapping[str, Rows]] = load_yaml("builtin:offices.yaml", text).data
    return titles


def _filled(pattern: str, titles: Sequence[str], words: Mapping[str, Sequence[str]], language: str) -> Iterator[str]:
    asked = _PLACEHOLDER.findall(pattern)
    definite = language == ARABIC and "ال{" in pattern
    choices = [titles if word == "" else _after_article(words[word]) if definite else words[word] for word in asked]
    for chosen in product(*choices):
        parts = iter(chosen)
        yield _PLACEHOLDER.sub(lambda _, parts=parts: next(parts), pattern)  # type: ignore[misc]


def _after_article(demonyms: Sequence[str]) -> Sequence[str]:
    """Without ال, which the pattern has, and without forms that are not said after it."""
    bare = [form.removeprefix("ال") for form in demonyms]
    return [form for form in bare if form.removesuffix(_TANWIN) not in bare or not form.endswith(_TANWIN)]


def _demonyms(entry: EntityEntry, language: str) -> Mapping[str, Sequence[str]]:
    declared = entry.demonyms.get(language, [])
    if isinstance(declared, Demonyms):
        masculine, feminine, plural = (_plain(getattr(declared, part)) for part in ("masculine", "feminine", "plurals"))
        if language == ARABIC:
            masculine = list(
                dict.fromkeys([*masculine, *(f"{form.removesuffix(_TANWIN)}{_TANWIN}" for form in masculine)])
            )
        plural = [form for form in plural if form + _CONSTRUCT not in plural]
        return {"masculine": masculine, "feminine": feminine, "plural": plural, "demonym": [*masculine, *feminine]}
    forms = _plain(declared)
    if language not in _BEHIND_TITLES:  # Mısırlıların and Egyptians are said of people, not before an office
        forms = [form for form in forms if not any(form != other and form.startswith(other) for other in forms)]
    return dict.fromkeys(("masculine", "feminine", "plural", "demonym"), forms)


def _short(names: Sequence[str], language: str) -> Sequence[str]:
    """In Arabic an ambassador is also one of جمهورية مصر العربية; elsewhere only the short name is said so."""
    if language == ARABIC:
        return names
    return [name for name in names if not any(name != other and other in name for other in names)]


def _plain(forms: Iterable[str | NameForm]) -> Sequence[str]:
    return list(dict.fromkeys(plain_name(form) for form in forms))
