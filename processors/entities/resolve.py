"""What a mention means: the longest name wins, blocking phrases silence, ambiguous names need support, dates decide.

The rules, in order:
1. What the text itself rules out is no reading: vowel marks of another word, a quoted name without quotation marks.
2. A mention inside a longer name is not a mention (no Syria in «قوات سوريا الديمقراطية»).
3. A mention inside one of its blocking phrases (عرين الأسد) or beside a shield (جامعة القاهرة) is something else.
4. A strong name counts. An ambiguous one counts with support: a word that it needs beside it; one of the words or
   entities that it needs in the same article, unless a word in its paragraph says that it is something else; another,
   strong name of the same entity; or vowel marks that agree.
5. Of several persons with one family name, the one stands whom the article names in full, or else who holds an office.
6. A person speaks for a country while in office on the article's date, and as a former leader afterwards; without a
   usable date every holder counts, and the evidence says so.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

import msgspec

from processors.entities.aliases import Alias, Forms
from processors.entities.namesakes import likeliest
from processors.entities.neighbours import is_quoted, word_beside
from processors.entities.shields import Shields
from processors.entities.tie import Tie
from processors.entities.vowels import Agreement, compare, marks_of
from processors.model import Article, FieldName, Level, Mention, Role
from processors.normalize.text import Text

UNKNOWN_PERIOD = "unknown"


class EntityMention(msgspec.Struct, frozen=True, gc=False):
    """A mention that was decided."""

    mention: Mention
    entity: str  # id of what is named
    of: str  # id of what that stands for: the country of a leader or a capital; else the same
    role: Role
    support: str = ""
    period: str = ""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One alias that a mention may be."""

    mention: Mention
    alias: Alias
    marked: bool = False  # vowel marks in the text agree with the name's


class Resolver:
    """Holds the rules for one gazetteer."""

    def __init__(
        self, forms: Forms, ties: Mapping[str, Sequence[Tie]], ids: Mapping[str, str], shields: Shields
    ) -> None:
        self.forms = forms
        self.ties = ties
        self.ids = ids
        self.shields = shields

    def resolve(
        self, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> Sequence[EntityMention]:
        """Every mention that counts, in reading order; one may stand for several entities."""
        readings = only_longest([reading for mention in mentions for reading in self.readings(mention, texts)])
        blocked = self.blocked_words(mentions)
        readings = [
            reading
            for reading in readings
            if not self.is_blocked(reading, blocked)
            and not self.shields.covers(reading.mention, reading.alias, texts[reading.mention.field])
        ]
        support = Support(self.forms, self.ids, readings, mentions, texts)
        day = article.published_at.date() if article.published_at is not None else None
        decided: list[EntityMention] = []
        for _, same in groupby(readings, key=_place):
            found: dict[str, tuple[Reading, str]] = {}
            for reading in same:
                entity = reading.alias.entity
                if entity not in found and (text := support.of(reading)) is not None:
                    found[entity] = reading, text
            persons = {entity for entity, (reading, _) in found.items() if reading.alias.single}
            meant = likeliest(persons, support.in_full, self.ties, day)
            for entity, (reading, text) in found.items():
                if entity in meant or entity not in persons:
                    decided += self._meanings(reading, text, day)
        return decided

    def readings(self, mention: Mention, texts: Mapping[FieldName, Text]) -> Iterator[Reading]:
        """What a mention may be, as far as its own letters and marks tell."""
        text = texts[mention.field]
        for alias in self.forms.aliases.get(mention.pattern, ()):
            if alias.quoted and not is_quoted(text, mention):
                continue
            marked = False
            if alias.marks:
                agreement = compare(alias.marks, marks_of(text.raw[mention.start : mention.end]))
                if agreement is Agreement.CONTRADICTS:
                    continue
                marked = agreement is Agreement.AGREES
            yield Reading(mention, alias, marked)

    def blocked_words(self, mentions: Sequence[Mention]) -> Mapping[tuple[FieldName, int], Sequence[Mention]]:
        """Word → the blocking phrases that it is in."""
        blocked: defaultdict[tuple[FieldName, int], list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.pattern in self.forms.blocks:
                for word in range(mention.first_word, mention.last_word + 1):
                    blocked[mention.field, word].append(mention)
        return blocked

    def is_blocked(self, reading: Reading, blocked: Mapping[tuple[FieldName, int], Sequence[Mention]]) -> bool:
        """Whether one of the blocking phrases around it makes it something else."""
        mention, alias = reading.mention, reading.alias
        return any(
            block.last_word >= mention.last_word and (alias.entity, alias.folded) in self.forms.blocks[block.pattern]
            for block in blocked.get((mention.field, mention.first_word), ())
        )

    def _meanings(self, reading: Reading, support: str, day: date | None) -> Iterator[EntityMention]:
        mention, alias = reading.mention, reading.alias
        # Tanwin makes a demonym of a country's name: سورياً is "Syrian", in the accusative.
        own = Role.DEMONYM if mention.level is Level.INFLECTED else alias.role
        yield EntityMention(mention, alias.entity, alias.entity, own, support)
        if own is not Role.NAME:
            return
        roles: dict[str, Role] = {}
        for tie in self.ties.get(alias.entity, ()):
            role = tie.role_on(day)
            # Whoever holds one office and held another before speaks as the holder.
            if role is not None and roles.get(tie.of, Role.FORMER) is Role.FORMER:
                roles[tie.of] = role
        for of, role in roles.items():
            period = UNKNOWN_PERIOD if day is None and role is Role.LEADER else ""
            yield EntityMention(mention, alias.entity, of, role, support, period)


class Support:
    """What in one article supports ambiguous names."""

    def __init__(
        self,
        forms: Forms,
        ids: Mapping[str, str],
        readings: Sequence[Reading],
        mentions: Sequence[Mention],
        texts: Mapping[FieldName, Text],
    ) -> None:
        self._forms = forms
        self._ids = ids
        self._texts = texts
        self.in_full: dict[str, Mention] = {}
        """Entity → where a strong name of it stands first."""
        self._strong: defaultdict[str, list[Mention]] = defaultdict(list)
        self._places: dict[str, Collection[tuple[FieldName, int]]] = {}
        for reading in readings:
            if reading.alias.strong or reading.marked:
                self.in_full.setdefault(reading.alias.entity, reading.mention)
                self._strong[reading.alias.entity].append(reading.mention)
        supporting = set(forms.words.values())
        self._words: defaultdict[int, list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.pattern in supporting:
                self._words[mention.pattern].append(mention)

    def of(self, reading: Reading) -> str | None:
        """The words that support the reading, empty where it needs none; None where nothing supports it."""
        alias, mention = reading.alias, reading.mention
        if alias.strong:
            return ""
        if reading.marked:
            return self._text(mention)
        beside = ""
        if alias.beside:
            beside = word_beside(self._texts[mention.field], mention, alias.beside)
            if not beside or not alias.needs:
                return beside or None
        if (strong := self.in_full.get(alias.entity)) is not None:
            return self._text(strong)
        if alias.unless and self.speaks_of_another(alias, mention):
            return None
        for need in alias.needs:
            if (found := self._find(need, mention)) is not None:
                return self._text(found)
        return None

    def speaks_of_another(self, alias: Alias, mention: Mention) -> bool:
        """Whether the paragraph of the mention has a word that says it is something else."""
        place = mention.field, self._texts[mention.field].paragraph_of(self._position(mention))
        return any(place in self._paragraphs(word) for word in alias.unless)

    def _paragraphs(self, word: str) -> Collection[tuple[FieldName, int]]:
        """Where a word, or a strong name of ``@key``, stands."""
        if word not in self._places:
            if word.startswith("@"):
                found = self._strong.get(self._ids[word[1:]], ())
            else:
                found = self._words.get(self._forms.words[word], ())
            self._places[word] = {
                (each.field, self._texts[each.field].paragraph_of(self._position(each))) for each in found
            }
        return self._places[word]

    def _position(self, mention: Mention) -> int:
        return self._texts[mention.field].position(mention.start)

    def _find(self, need: str, mention: Mention) -> Mention | None:
        if need.startswith("@"):
            return self.in_full.get(self._ids[need[1:]])
        candidates = self._words.get(self._forms.words[need], ())
        return next((found for found in candidates if not is_inside(found, mention)), None)

    def _text(self, mention: Mention) -> str:
        return self._texts[mention.field].raw[mention.start : mention.end]


def only_longest(readings: list[Reading]) -> list[Reading]:
    """In reading order, without those inside a longer name; at one place a quoted name is the only one.

    At one place the surest reading of an entity comes first, and a name before a demonym.
    """
    kept: list[Reading] = []
    longest: Reading | None = None
    for reading in sorted(readings, key=_order):
        mention = reading.mention
        if longest is not None and is_inside(mention, longest.mention):
            same_place = mention.start == longest.mention.start and mention.end == longest.mention.end
            if not same_place or (longest.alias.quoted and not reading.alias.quoted):
                continue
        kept.append(reading)
        if longest is None or mention.field != longest.mention.field or mention.end > longest.mention.end:
            longest = reading
    return kept


def _place(reading: Reading) -> tuple[FieldName, int, int]:
    return reading.mention.field, reading.mention.start, reading.mention.end


def _order(reading: Reading) -> tuple[bool, int, int, bool, bool, bool]:
    mention, alias = reading.mention, reading.alias
    return (
        mention.field != "title",
        mention.start,
        -mention.end,
        not alias.quoted,
        alias.role is not Role.NAME,
        not (alias.strong or reading.marked),
    )


def is_inside(mention: Mention, other: Mention) -> bool:
    """Whether ``mention`` is in ``other``, or the same place."""
    return mention.field == other.field and other.start <= mention.start and mention.end <= other.end
