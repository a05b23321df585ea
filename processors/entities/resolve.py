"""What a mention means: the longest name wins, blocking phrases silence, ambiguous names need support, dates decide.

The rules, in order:
1. What the text itself rules out is no reading: vowel marks of another word, a quoted name without quotation marks.
2. A mention inside a longer name is not a mention (no Syria in «قوات سوريا الديمقراطية»).
3. A mention inside one of its blocking phrases (عرين الأسد) or beside a shield (جامعة القاهرة) is something else.
4. A strong name counts. An ambiguous one counts with support: a word that it needs beside it; one of the words or
   entities that it needs in the same article, or another, strong name of the same entity; or vowel marks that agree.
5. A person speaks for a country while in office on the article's date, and as a former leader afterwards; without a
   usable date every holder counts, and the evidence says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from processors.entities.aliases import Alias, Forms
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


class _Reading(msgspec.Struct, frozen=True, gc=False):
    """One alias that a mention may be."""

    mention: Mention
    alias: Alias
    marked: bool = False  # vowel marks in the text agree with the name's


class Resolver:
    """Holds the rules for one gazetteer."""

    def __init__(
        self, forms: Forms, ties: Mapping[str, Sequence[Tie]], ids: Mapping[str, str], shields: Shields
    ) -> None:
        self._forms = forms
        self._ties = ties
        self._ids = ids
        self._shields = shields

    def resolve(
        self, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> Sequence[EntityMention]:
        """Every mention that counts, in reading order; one may stand for several entities."""
        readings = _longest([reading for mention in mentions for reading in self._readings(mention, texts)])
        blocked = self._blocked_words(mentions)
        readings = [
            reading
            for reading in readings
            if not self._is_blocked(reading, blocked)
            and not self._shields.covers(reading.mention, reading.alias, texts[reading.mention.field])
        ]
        support = _Support(self._forms, self._ids, readings, mentions, texts)
        day = article.published_at.date() if article.published_at is not None else None
        decided: list[EntityMention] = []
        told: set[tuple[FieldName, int, int, str]] = set()
        for reading in readings:
            mention = reading.mention
            place = mention.field, mention.start, mention.end, reading.alias.entity
            if place not in told and (found := support.of(reading)) is not None:
                told.add(place)
                decided += self._meanings(reading, found, day)
        return decided

    def _readings(self, mention: Mention, texts: Mapping[FieldName, Text]) -> Iterator[_Reading]:
        text = texts[mention.field]
        for alias in self._forms.aliases.get(mention.pattern, ()):
            if alias.quoted and not is_quoted(text, mention):
                continue
            marked = False
            if alias.marks:
                agreement = compare(alias.marks, marks_of(text.raw[mention.start : mention.end]))
                if agreement is Agreement.CONTRADICTS:
                    continue
                marked = agreement is Agreement.AGREES
            yield _Reading(mention, alias, marked)

    def _blocked_words(self, mentions: Sequence[Mention]) -> Mapping[tuple[FieldName, int], Sequence[Mention]]:
        """Word → the blocking phrases that it is in."""
        blocked: defaultdict[tuple[FieldName, int], list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.pattern in self._forms.blocks:
                for word in range(mention.first_word, mention.last_word + 1):
                    blocked[mention.field, word].append(mention)
        return blocked

    def _is_blocked(self, reading: _Reading, blocked: Mapping[tuple[FieldName, int], Sequence[Mention]]) -> bool:
        mention, alias = reading.mention, reading.alias
        return any(
            block.last_word >= mention.last_word and (alias.entity, alias.folded) in self._forms.blocks[block.pattern]
            for block in blocked.get((mention.field, mention.first_word), ())
        )

    def _meanings(self, reading: _Reading, support: str, day: date | None) -> Iterator[EntityMention]:
        mention, alias = reading.mention, reading.alias
        # Tanwin makes a demonym of a country's name: سورياً is "Syrian", in the accusative.
        own = Role.DEMONYM if mention.level is Level.INFLECTED else alias.role
        yield EntityMention(mention, alias.entity, alias.entity, own, support)
        if own is not Role.NAME:
            return
        roles: dict[str, Role] = {}
        for tie in self._ties.get(alias.entity, ()):
            role = tie.role_on(day)
            # Whoever holds one office and held another before speaks as the holder.
            if role is not None and roles.get(tie.of, Role.FORMER) is Role.FORMER:
                roles[tie.of] = role
        for of, role in roles.items():
            period = UNKNOWN_PERIOD if day is None and role is Role.LEADER else ""
            yield EntityMention(mention, alias.entity, of, role, support, period)


class _Support:
    """What in one article supports ambiguous names."""

    def __init__(
        self,
        forms: Forms,
        ids: Mapping[str, str],
        readings: Sequence[_Reading],
        mentions: Sequence[Mention],
        texts: Mapping[FieldName, Text],
    ) -> None:
        self._forms = forms
        self._ids = ids
        self._texts = texts
        self._strong: dict[str, Mention] = {}
        for reading in readings:
            if reading.alias.strong or reading.marked:
                self._strong.setdefault(reading.alias.entity, reading.mention)
        supporting = set(forms.words.values())
        self._words: defaultdict[int, list[Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.pattern in supporting:
                self._words[mention.pattern].append(mention)

    def of(self, reading: _Reading) -> str | None:
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
        if (strong := self._strong.get(alias.entity)) is not None:
            return self._text(strong)
        for need in alias.needs:
            if (found := self._find(need, mention)) is not None:
                return self._text(found)
        return None

    def _find(self, need: str, mention: Mention) -> Mention | None:
        if need.startswith("@"):
            return self._strong.get(self._ids[need[1:]])
        candidates = self._words.get(self._forms.words[need], ())
        return next((found for found in candidates if not _inside(found, mention)), None)

    def _text(self, mention: Mention) -> str:
        return self._texts[mention.field].raw[mention.start : mention.end]


def _longest(readings: list[_Reading]) -> list[_Reading]:
    """In reading order, without those inside a longer name; at one place a quoted name is the only one.

    At one place the surest reading of an entity comes first, and a name before a demonym.
    """
    kept: list[_Reading] = []
    longest: _Reading | None = None
    for reading in sorted(readings, key=_order):
        mention = reading.mention
        if longest is not None and _inside(mention, longest.mention):
            same_place = mention.start == longest.mention.start and mention.end == longest.mention.end
            if not same_place or longest.alias.quoted:
                continue
        kept.append(reading)
        if longest is None or mention.field != longest.mention.field or mention.end > longest.mention.end:
            longest = reading
    return kept


def _order(reading: _Reading) -> tuple[bool, int, int, bool, bool, bool]:
    mention, alias = reading.mention, reading.alias
    return (
        mention.field != "title",
        mention.start,
        -mention.end,
        not alias.quoted,
        alias.role is not Role.NAME,
        not (alias.strong or reading.marked),
    )


def _inside(mention: Mention, other: Mention) -> bool:
    return mention.field == other.field and other.start <= mention.start and mention.end <= other.end
