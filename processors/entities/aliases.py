"""From entity entries to the patterns that are looked for, and what each one means."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from processors.entities.entity_file import Demonyms, EntityEntry, NameForm
from processors.model import Level, Pattern, Role
from processors.normalize.text import read_text

ARABIC = "ar"


@dataclass(frozen=True, slots=True)
class Alias:
    """One form of one entity."""

    entity: str
    role: Role  # NAME or DEMONYM
    surface: str
    strong: bool = True
    needs: tuple[str, ...] = ()


@dataclass(slots=True)
class Forms:
    """Patterns in a fixed order, and for each what it can mean."""

    patterns: list[Pattern] = field(default_factory=list)
    aliases: dict[int, list[Alias]] = field(default_factory=dict)  # pattern → what it may name
    blocks: dict[int, set[str]] = field(default_factory=dict)  # phrase → surfaces that mean something else in it
    words: dict[str, int] = field(default_factory=dict)  # supporting word → its pattern
    _numbers: dict[Pattern, int] = field(default_factory=dict)

    def number(self, pattern: Pattern) -> int:
        """The number of a pattern, the same for the same pattern."""
        if pattern not in self._numbers:
            self._numbers[pattern] = len(self.patterns)
            self.patterns.append(pattern)
        return self._numbers[pattern]


def collect_forms(entries: Iterable[EntityEntry]) -> Forms:
    """Every pattern of every entity."""
    forms = Forms()
    for entry in entries:
        for language, names in entry.names.items():
            for written in names:
                _add_name(forms, entry.id, language, NameForm(name=written) if isinstance(written, str) else written)
        for language, demonyms in entry.demonyms.items():
            for surface in _demonym_surfaces(demonyms):
                number = forms.number(_demonym(surface, language))
                forms.aliases.setdefault(number, []).append(Alias(entry.id, Role.DEMONYM, surface))
    return forms


def _add_name(forms: Forms, entity: str, language: str, form: NameForm) -> None:
    pattern = Pattern(
        form.name,
        definite=language == ARABIC and form.name.startswith("ال"),
        case_exact=form.case == "exact",
        not_words=frozenset(read_text(word, html=False).folded for word in form.not_words),
        lang=language,
    )
    alias = Alias(entity, Role.NAME, form.name, form.strong, tuple(form.needs))
    forms.aliases.setdefault(forms.number(pattern), []).append(alias)
    for phrase in form.blocked_by:
        number = forms.number(Pattern(phrase, takes_article=False, lang=language))
        forms.blocks.setdefault(number, set()).add(form.name)
    for word in form.needs:
        if not word.startswith("@"):
            forms.words[word] = forms.number(Pattern(word, definite=word.startswith("ال"), takes_suffixes=True))


def _demonym_surfaces(demonyms: list[str] | Demonyms) -> Iterator[str]:
    if isinstance(demonyms, Demonyms):
        for forms in (demonyms.masculine, demonyms.feminine, demonyms.plurals, demonyms.dual):
            yield from forms
    else:
        yield from demonyms


def _demonym(surface: str, language: str) -> Pattern:
    return Pattern(
        surface,
        level=Level.INFLECTED,
        label=Level.INFLECTED,
        takes_article=language == ARABIC,
        lang=language,
    )
