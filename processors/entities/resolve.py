"""What a mention means: the longest name wins, blocking phrases silence, ambiguous names need support, dates decide.

The rules, in order:
1. A mention inside a longer name is not a mention (no Syria in «قوات سوريا الديمقراطية»).
2. A mention inside one of its blocking phrases is something else (عرين الأسد, the lion's den).
3. A strong name counts. An ambiguous one counts with support: one of the words or entities that it needs, in the same
   article; where it names none, another, strong name of the same entity.
4. A person speaks for a country while in office on the article's date, and as a former leader otherwise; without a
   usable date every holder counts, and the evidence says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from processors.entities.aliases import Alias, Forms
from processors.entities.entity_file import EntityEntry
from processors.model import Article, FieldName, Mention, Role
from processors.normalize.text import Text

UNKNOWN_PERIOD = "unknown"


@dataclass(frozen=True, slots=True)
class EntityMention:
    """A mention that was decided."""

    mention: Mention
    entity: str  # id of what is named
    of: str  # id of what that stands for: the country of a leader or a capital; else the same
    role: Role
    support: str = ""
    period: str = ""


class _Tie(Protocol):
    @property
    def of(self) -> str: ...

    @property
    def role(self) -> str: ...

    def role_on(self, day: date | None) -> Role: ...


@dataclass(frozen=True, slots=True)
class _Reading:
    """One alias that a mention may be."""

    mention: Mention
    alias: Alias


class Resolver:
    """Holds the rules for one gazetteer."""

    def __init__(self, forms: Forms, ties: Mapping[str, Sequence[_Tie]], by_key: Mapping[str, EntityEntry]) -> None:
        self._forms = forms
        self._ties = ties
        self._by_key = by_key

    def resolve(
        self, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> Sequence[EntityMention]:
        """Every mention that counts, in reading order; one may stand for several entities."""
        readings = self._unblocked(_longest(self._readings(mentions)), mentions)
        strong = {reading.alias.entity for reading in readings if reading.alias.strong}
        words = {mention.pattern: mention for mention in mentions}
        day = article.published_at.date() if article.published_at is not None else None
        decided: list[EntityMention] = []
        for reading in readings:
            support = "" if reading.alias.strong else self._support(reading, readings, strong, words, texts)
            if support is not None:
                decided += self._meanings(reading, support, day)
        return decided

    def _readings(self, mentions: Sequence[Mention]) -> list[_Reading]:
        return [
            _Reading(mention, alias) for mention in mentions for alias in self._forms.aliases.get(mention.pattern, ())
        ]

    def _unblocked(self, readings: list[_Reading], mentions: Sequence[Mention]) -> list[_Reading]:
        blocks = [mention for mention in mentions if mention.pattern in self._forms.blocks]
        if not blocks:
            return readings
        return [
            reading
            for reading in readings
            if not any(
                _inside(reading.mention, block) and reading.alias.surface in self._forms.blocks[block.pattern]
                for block in blocks
            )
        ]

    def _support(
        self,
        reading: _Reading,
        readings: Sequence[_Reading],
        strong: set[str],
        words: Mapping[int, Mention],
        texts: Mapping[FieldName, Text],
    ) -> str | None:
        """The words that support an ambiguous name; None where nothing does."""
        needs = reading.alias.needs
        if not needs:
            return _text_of(reading.alias.entity, readings, texts) if reading.alias.entity in strong else None
        if reading.alias.entity in strong:
            return _text_of(reading.alias.entity, readings, texts)
        for need in needs:
            if need.startswith("@"):
                entity = self._by_key[need[1:]].id
                if entity in strong:
                    return _text_of(entity, readings, texts)
            elif (found := words.get(self._forms.words[need])) is not None and not _inside(found, reading.mention):
                return _text(found, texts)
        return None

    def _meanings(self, reading: _Reading, support: str, day: date | None) -> Iterator[EntityMention]:
        mention, alias = reading.mention, reading.alias
        yield EntityMention(mention, alias.entity, alias.entity, alias.role, support)
        if alias.role is not Role.NAME:
            return
        told: set[tuple[str, Role]] = set()
        ties = self._ties.get(alias.entity, ())
        in_office = {tie.of for tie in ties if tie.role_on(day) is not Role.FORMER}
        for tie in ties:
            role = tie.role_on(day)
            if (tie.of, role) in told or (role is Role.FORMER and tie.of in in_office):
                continue
            told.add((tie.of, role))
            period = UNKNOWN_PERIOD if day is None and role is Role.LEADER else ""
            yield EntityMention(mention, alias.entity, tie.of, role, support, period)


def _longest(readings: list[_Reading]) -> list[_Reading]:
    """Without those inside a longer name; of one entity's forms at one place, the name before the demonym."""
    kept: list[_Reading] = []
    ordered = sorted(
        readings, key=lambda r: (r.mention.field, r.mention.start, -r.mention.end, r.alias.role != Role.NAME)
    )
    reach: dict[FieldName, Mention] = {}
    for reading in ordered:
        mention = reading.mention
        longest = reach.get(mention.field)
        same_place = longest is not None and (longest.start, longest.end) == (mention.start, mention.end)
        if longest is not None and not same_place and _inside(mention, longest):
            continue
        if longest is None or mention.end > longest.end:
            reach[mention.field] = mention
        if not any(
            other.alias.entity == reading.alias.entity
            and (other.mention.start, other.mention.end) == (mention.start, mention.end)
            and other.mention.field == mention.field
            for other in kept[-4:]
        ):
            kept.append(reading)
    return kept


def _inside(mention: Mention, other: Mention) -> bool:
    return mention.field == other.field and other.start <= mention.start and mention.end <= other.end


def _text_of(entity: str, readings: Sequence[_Reading], texts: Mapping[FieldName, Text]) -> str:
    found = next(r.mention for r in readings if r.alias.entity == entity and r.alias.strong)
    return _text(found, texts)


def _text(mention: Mention, texts: Mapping[FieldName, Text]) -> str:
    return texts[mention.field].raw[mention.start : mention.end]
