"""From entity entries to the patterns that are looked for, and what each one means."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from processors.entities.demonyms import PARTS, in_full
from processors.entities.entity_file import Demonyms, EntityEntry, NameForm
from processors.entities.inflect import ARABIC, MASCULINE, TURKISH
from processors.entities.vowels import Letters, has_marks, marks_of
from processors.model import Level, Pattern, Role
from processors.normalize.tanwin import with_tanwin
from processors.normalize.written import plain_of, words_of

SISTERS = frozenset({"fa", "ur", "ckb", "ps"})
"""Languages in Arabic letters, whose names are looked for as they are written."""

_GAP_MARK = "…"
"""Written in a blocking phrase for words that do not matter."""

_GAP_WORDS = 2
"""So many of them at the most, as in «قطر يبلغ نحو متر»."""


class Alias(msgspec.Struct, frozen=True, gc=False):
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
    aliases: dict[int, tuple[Alias, ...]] = field(default_factory=dict)  # pattern → what it may name
    blocks: dict[int, set[tuple[str, str]]] = field(default_factory=dict)  # phrase → (entity, folded) it rules out
    words: dict[str, int] = field(default_factory=dict)  # supporting word → its pattern
    _numbers: dict[Pattern, int] = field(default_factory=dict)

    def number(self, pattern: Pattern) -> int:
        """The number of a pattern, the same for the same pattern."""
        number = self._numbers.setdefault(pattern, len(self.patterns))
        if number == len(self.patterns):
            self.patterns.append(pattern)
        return number

    def close(self) -> None:
        """Once no pattern will be added: forget what only adding needs."""
        self._numbers = {}


def collect_forms(entries: Iterable[EntityEntry]) -> Forms:
    """Every pattern of every entity."""
    forms = Forms()
    for entry in entries:
        names = {language: [_read(written) for written in entry.names[language]] for language in entry.names}
        for language, own in names.items():
            for name in own:
                single = entry.kind == "person" and " " not in name.written
                _add(forms, entry.id, Role.NAME, language, name, _name_pattern(name, language), single=single)
        for language, demonyms in entry.demonyms.items():
            plain = frozenset(name.plain for name in names.get(language, ()))
            forms_told = [(_read(written), surname) for written, surname in _demonym_forms(demonyms, language, plain)]
            declared = {form.plain for form, _ in forms_told}
            for form, surname in forms_told:
                pattern = _demonym_pattern(form, language, declared)
                _add(forms, entry.id, Role.DEMONYM, language, form, pattern, surname=surname and language == ARABIC)
    forms.close()
    return forms


class _Read(NamedTuple):
    """A form as it was written and as it is compared."""

    form: NameForm  # its conditions; of a plain string the name stands beside them
    written: str
    plain: str
    folded: str


_NONE = frozenset[str]()
"""One for all: twenty thousand empty sets of their own would take 4 MB."""

_STRONG = NameForm(name="x")
"""What a plain string says of itself: nothing."""


def _read(written: str | NameForm) -> _Read:
    form, name = (_STRONG, written) if isinstance(written, str) else (written, written.name)
    plain, folded = plain_of(name), " ".join(words_of(name)[1])
    return _Read(form, name, plain, plain if plain == folded else folded)


def plain_name(written: str | NameForm) -> str:
    """A name as it is shown: without the marks that tell it from its namesakes."""
    return plain_of(written if isinstance(written, str) else written.name)


def _add(
    forms: Forms,
    entity: str,
    role: Role,
    language: str,
    read: _Read,
    pattern: Pattern,
    *,
    surname: bool = False,
    single: bool = False,
) -> None:
    form = read.form
    alias = Alias(
        entity,
        role,
        read.folded,
        form.strong,
        form.needs,
        form.unless,
        frozenset(_read(word).folded for word in form.beside) if form.beside else _NONE,
        form.quoted,
        surname,
        single,
        marks_of(read.written) if read.written is not read.plain and has_marks(read.written) else (),
    )
    number = forms.number(pattern)
    known = forms.aliases.get(number, ())
    if alias not in known:
        forms.aliases[number] = (*known, alias)
    for phrase in form.blocked_by:
        block = forms.number(_block_pattern(phrase, language, form.case == "exact"))
        # Whatever the language: «Washington Post» is no Washington in a French text either.
        forms.blocks.setdefault(block, set()).add((entity, read.folded))
    for word in (*form.needs, *form.unless):
        if not word.startswith("@") and word not in forms.words:
            forms.words[word] = forms.number(_support_pattern(word))


def _name_pattern(read: _Read, language: str) -> Pattern:
    form = read.form
    return Pattern(
        read.plain,
        # Folded, Persian ترکیه would be Arabic تركية, "Turkish"; as written, ک and ی tell them apart.
        level=Level.EXACT if language in SISTERS else Level.ATTACHED,
        definite=language == ARABIC and read.plain.startswith("ال"),
        takes_ka_fa=form.ka_fa,
        case_exact=form.case == "exact",
        not_words=_plain_words(form.not_words),
        lang=_matched_as(language),
    )


def _demonym_pattern(read: _Read, language: str, declared: Collection[str]) -> Pattern:
    """A demonym takes ال; one declared both with and without it has a meaning of its own for each."""
    form = read.form
    definite = language == ARABIC and read.plain.startswith("ال")
    return Pattern(
        read.plain,
        level=Level.INFLECTED,
        label=Level.INFLECTED,
        definite=definite,
        takes_article=language == ARABIC and not definite and "ال" + read.plain not in declared,
        takes_ka_fa=form.ka_fa,
        case_exact=form.case == "exact",
        not_words=_plain_words(form.not_words),
        lang=_matched_as(language),
    )


def _matched_as(language: str) -> str:
    """Turkish alone inflects names; told apart, London in English and in French would be two patterns."""
    return TURKISH if language == TURKISH else ARABIC


def _block_pattern(phrase: str, language: str, case_exact: bool) -> Pattern:
    surface = plain_of(phrase.replace(_GAP_MARK, " "))
    arabic = language == ARABIC
    return Pattern(
        surface,
        definite=arabic and surface.startswith("ال"),
        takes_article=arabic and not surface.startswith("ال"),
        takes_suffixes=arabic,
        case_exact=case_exact,
        slop=_GAP_WORDS if _GAP_MARK in phrase else 0,
        lang=_matched_as(language),
    )


def _support_pattern(word: str) -> Pattern:
    definite = word.startswith("ال")
    return Pattern(word, definite=definite, takes_article=not definite, takes_suffixes=True)


def _plain_words(words: Sequence[str]) -> frozenset[str]:
    """As a reader sees them: a final ى tells اليمنى (the right one) from اليمني, tanwin دوماً (always) from دوما."""
    return frozenset(map(with_tanwin, words)) if words else _NONE


def _demonym_forms(
    demonyms: Sequence[str | NameForm] | Demonyms, language: str, names: Collection[str]
) -> Iterator[tuple[str | NameForm, bool]]:
    """Every form, and whether it may be a family name."""
    if isinstance(demonyms, Demonyms):
        full = in_full(demonyms, language, names)
        for part in PARTS:
            yield from ((written, part == MASCULINE) for written in getattr(full, part))
    else:
        yield from ((written, False) for written in demonyms)
