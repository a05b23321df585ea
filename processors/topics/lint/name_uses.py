"""Whose name a word is: what the linter asks of the gazetteer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from processors.entities.entity_file import Demonyms, EntityEntry, NameForm
from processors.normalize.written import comparable
from processors.topics.lint.transliteration import Transliterations


@dataclass(frozen=True, slots=True)
class NameUse:
    """One entity that a form names.

    ``strong``: without support from the article; ``sure``: and whatever stands around it.
    """

    key: str
    kind: str
    strong: bool
    sure: bool
    demonym: bool
    language: str


class NameUses:
    """Made of the entries of the gazetteer."""

    def __init__(self, entries: Iterable[EntityEntry]) -> None:
        self._uses: defaultdict[str, list[NameUse]] = defaultdict(list)
        self._by_ear: Transliterations | None = None  # seldom asked for
        self.ids: dict[str, str] = {}
        """Key or id → id."""
        for entry in entries:
            self.ids[entry.key] = self.ids[entry.id] = entry.id
            for written, demonym, language in _forms(entry):
                form = written if isinstance(written, NameForm) else NameForm(name=written)
                sure = form.strong and not form.blocked_by and not form.quoted
                self._uses[comparable(form.name)].append(
                    NameUse(entry.key, entry.kind, form.strong, sure, demonym, language)
                )

    def uses(self, written: str) -> Sequence[NameUse]:
        """Whom ``written`` names as it stands, in any language."""
        return self._uses.get(comparable(written), ())

    def by_ear(self, spelling: str) -> Sequence[str]:
        """Keys of the countries and cities whose Arabic names are spelled so in Latin letters."""
        if self._by_ear is None:
            places = [
                (form, use.key)
                for form, uses in self._uses.items()
                for use in uses
                if use.strong and not use.demonym and use.language == "ar" and use.kind in ("country", "city")
            ]
            self._by_ear = Transliterations(places)
        return self._by_ear.read(spelling)


def _forms(entry: EntityEntry) -> Iterator[tuple[str | NameForm, bool, str]]:
    for language, names in entry.names.items():
        for written in names:
            yield written, False, language
    for language, demonyms in entry.demonyms.items():
        parts: Sequence[Sequence[str | NameForm]]
        if isinstance(demonyms, Demonyms):
            parts = [demonyms.masculine, demonyms.feminine, demonyms.plurals, demonyms.dual]
        else:
            parts = [demonyms]
        for part in parts:
            for written in part:
                yield written, True, language
