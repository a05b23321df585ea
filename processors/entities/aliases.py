"""From entity entries to the patterns that are looked for, and what each one means."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from processors.entities.entity_file import Demonyms, EntityEntry, NameForm
from processors.entities.vowels import Letters, has_marks, marks_of
from processors.model import Level, Pattern, Role
from processors.normalize.tanwin import with_tanwin
from processors.normalize.text import read_text

ARABIC = "ar"

SISTERS = frozenset({"fa", "ur", "ckb", "ps"})
"""Languages in Arabic letters, whose names are looked for as they are written."""

# Written in a blocking phrase for words that do not matter; two, as in «قطر يبلغ نحو متر».
_GAP_MARK = "…"
_GAP_WORDS = 2


@dataclass(frozen=True, slots=True)
class Alias:
    """One form of one entity."""

    entity: str
    role: Role  # NAME or DEMONYM
    folded: str  # as it is compared
    strong: bool = True
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    beside: frozenset[str] = frozenset()  # folded
    quoted: bool = False
    surname: bool = False  # may be a family name: an Arabic masculine singular demonym
    single: bool = False  # a person's name of one word
    marks: Letters = ()  # empty where the form was written without any


@dataclass(slots=True)
class Forms:
    """Patterns in a fixed order, and for each what it can mean."""

    patterns: list[Pattern] = field(default_factory=list)
    aliases: dict[int, list[Alias]] = field(default_factory=dict)  # pattern → what it may name
    blocks: dict[int, set[tuple[str, str]]] = field(default_factory=dict)  # phrase → (entity, folded) it rules out
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
                form = _form(written)
                single = entry.kind == "person" and " " not in form.name
                _add(forms, entry.id, Role.NAME, language, form, _name_pattern(form, language), single=single)
        for language, demonyms in entry.demonyms.items():
            written_forms = list(_demonym_forms(demonyms))
            declared = {plain_name(written) for written, _ in written_forms}
            for written, surname in written_forms:
                form = _form(written)
                pattern = _demonym_pattern(form, language, declared)
                _add(forms, entry.id, Role.DEMONYM, language, form, pattern, surname=surname and language == ARABIC)
    return forms


def plain_name(written: str | NameForm) -> str:
    """A name as it is shown: without the marks that tell it from its namesakes."""
    return _read(_form(written).name)[0]


@lru_cache(64)  # asked for a few times in a row
def _read(name: str) -> tuple[str, str]:
    """A name as it is shown, and as it is compared."""
    text = read_text(name, html=False)
    return text.plain, " ".join(text.folded[start:end] for start, end in text.words)


def _form(written: str | NameForm) -> NameForm:
    return NameForm(name=written) if isinstance(written, str) else written


def _add(
    forms: Forms,
    entity: str,
    role: Role,
    language: str,
    form: NameForm,
    pattern: Pattern,
    *,
    surname: bool = False,
    single: bool = False,
) -> None:
    folded = _read(form.name)[1]
    alias = Alias(
        entity,
        role,
        folded,
        form.strong,
        form.needs,
        form.unless,
        frozenset(_read(word)[1] for word in form.beside),
        form.quoted,
        surname,
        single,
        marks_of(form.name) if has_marks(form.name) else (),
    )
    forms.aliases.setdefault(forms.number(pattern), []).append(alias)
    for phrase in form.blocked_by:
        number = forms.number(_block_pattern(phrase, language, form.case == "exact"))
        # Whatever the language: «Washington Post» is no Washington in a French text either.
        forms.blocks.setdefault(number, set()).add((entity, folded))
    for word in (*form.needs, *form.unless):
        if not word.startswith("@"):
            forms.words[word] = forms.number(_support_pattern(word))


def _name_pattern(form: NameForm, language: str) -> Pattern:
    surface = plain_name(form)
    return Pattern(
        surface,
        # Folded, Persian ترکیه would be Arabic تركية, "Turkish"; as written, ک and ی tell them apart.
        level=Level.EXACT if language in SISTERS else Level.ATTACHED,
        definite=language == ARABIC and surface.startswith("ال"),
        takes_ka_fa=form.ka_fa,
        case_exact=form.case == "exact",
        not_words=_plain_words(form.not_words),
        lang=language,
    )


def _demonym_pattern(form: NameForm, language: str, declared: Collection[str]) -> Pattern:
    """A demonym takes ال; one declared both with and without it has a meaning of its own for each."""
    surface = plain_name(form)
    definite = language == ARABIC and surface.startswith("ال")
    return Pattern(
        surface,
        level=Level.INFLECTED,
        label=Level.INFLECTED,
        definite=definite,
        takes_article=language == ARABIC and not definite and "ال" + surface not in declared,
        takes_ka_fa=form.ka_fa,
        case_exact=form.case == "exact",
        not_words=_plain_words(form.not_words),
        lang=language,
    )


def _block_pattern(phrase: str, language: str, case_exact: bool) -> Pattern:
    surface = plain_name(phrase.replace(_GAP_MARK, " "))
    arabic = language == ARABIC
    return Pattern(
        surface,
        definite=arabic and surface.startswith("ال"),
        takes_article=arabic and not surface.startswith("ال"),
        takes_suffixes=arabic,
        case_exact=case_exact,
        slop=_GAP_WORDS if _GAP_MARK in phrase else 0,
        lang=language,
    )


def _support_pattern(word: str) -> Pattern:
    definite = word.startswith("ال")
    return Pattern(word, definite=definite, takes_article=not definite, takes_suffixes=True)


def _plain_words(words: Iterable[str]) -> frozenset[str]:
    """As a reader sees them: a final ى tells اليمنى (the right one) from اليمني, tanwin دوماً (always) from دوما."""
    return frozenset(map(with_tanwin, words))


def _demonym_forms(demonyms: list[str | NameForm] | Demonyms) -> Iterator[tuple[str | NameForm, bool]]:
    if isinstance(demonyms, Demonyms):
        for written in demonyms.masculine:
            yield written, True
        for others in (demonyms.feminine, demonyms.plurals, demonyms.dual):
            for written in others:
                yield written, False
    else:
        for written in demonyms:
            yield written, False
