"""Why a name that is in the text was not counted as a mention of an entity: what an author asks when a topic is silent.

Goes through the same steps as ``Resolver.resolve`` and tells at which of them each reading was dropped.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from processors.entities.aliases import Alias
from processors.entities.resolve import Reading, Resolver, Support, is_inside, only_longest
from processors.model import Article, FieldName, Mention, Role
from processors.normalize.text import Text

MOST_NEEDS = 4
"""Supporting words that are named: enough to see what kind of word is missing."""


class Refusal(NamedTuple):
    """One mention that did not count, and why, in a sentence."""

    mention: Mention
    reason: str


class Refusals:
    """What the resolver dropped in one article."""

    def __init__(
        self, resolver: Resolver, mentions: Sequence[Mention], texts: Mapping[FieldName, Text], article: Article
    ) -> None:
        self._resolver = resolver
        self._mentions = mentions
        self._texts = texts
        self._day = article.published_at.date() if article.published_at is not None else None
        every = [reading for mention in mentions for reading in resolver.readings(mention, texts)]
        self._readings = {(reading.mention, reading.alias): reading for reading in every}
        self._kept = only_longest(every)
        self._kept_ids = set(map(id, self._kept))
        self._blocked = resolver.blocked_words(mentions)
        left = [each for each in self._kept if not self._is_blocked(each) and not self._shielded(each)]
        self._support = Support(resolver.forms, resolver.ids, left, mentions, texts)
        decided = resolver.resolve(mentions, texts, article)
        self._decided = {(each.mention.field, each.mention.start, each.mention.end, each.entity) for each in decided}

    def of(self, entity: str) -> Iterator[Refusal]:
        """The mentions of the entity with this id, or of who stands for it, that did not count."""
        for mention in self._mentions:
            for alias in self._resolver.forms.aliases.get(mention.pattern, ()):
                if self._leads_to(alias, entity) and (reason := self._reason(mention, alias, entity)):
                    yield Refusal(mention, reason)

    def _leads_to(self, alias: Alias, entity: str) -> bool:
        return alias.entity == entity or any(tie.of == entity for tie in self._resolver.ties.get(alias.entity, ()))

    def _reason(self, mention: Mention, alias: Alias, entity: str) -> str:
        reading = self._readings.get((mention, alias))
        if reading is None:
            if alias.quoted:
                return "is this name only inside quotation marks"
            return "has vowel marks that make it another word"
        if id(reading) not in self._kept_ids:
            around = next((each.mention for each in self._kept if is_inside(mention, each.mention)), mention)
            return f"is part of a longer name, «{self._shown(around)}»"
        if (block := self._block(reading)) is not None:
            return f"means something else in «{self._shown(block)}»"
        if self._shielded(reading):
            return f"is part of another name in «{self._around(mention)}»"
        if self._support.of(reading) is None:
            if alias.unless and self._support.speaks_of_another(alias, mention):
                return f"means something else beside one of {_some(alias.unless)}"
            return _needs(alias)
        if (mention.field, mention.start, mention.end, alias.entity) not in self._decided:
            return "more likely means another person of that name here"
        return self._wrong_time(alias, entity) if alias.entity != entity else ""

    def _is_blocked(self, reading: Reading) -> bool:
        return self._resolver.is_blocked(reading, self._blocked)

    def _block(self, reading: Reading) -> Mention | None:
        """The phrase around a reading in which it is something else."""
        mention = reading.mention
        for block in self._blocked.get((mention.field, mention.first_word), ()):
            if self._resolver.is_blocked(reading, {(mention.field, mention.first_word): [block]}):
                return block
        return None

    def _shielded(self, reading: Reading) -> bool:
        return self._resolver.shields.covers(reading.mention, reading.alias, self._texts[reading.mention.field])

    def _wrong_time(self, alias: Alias, entity: str) -> str:
        ties = [tie for tie in self._resolver.ties.get(alias.entity, ()) if tie.of == entity]
        if any(tie.role_on(self._day) is Role.LEADER for tie in ties):
            return ""
        periods = ", ".join(f"{_day(tie.start, 'ever')} to {_day(tie.end, 'now')}" for tie in ties)
        if not any(tie.role_on(self._day) is Role.FORMER for tie in ties):
            return f"is not yet in office on {self._day} ({periods})"
        return f"is no longer in office on {self._day} ({periods}): `.former` asks for those"

    def _shown(self, mention: Mention) -> str:
        return " ".join(self._texts[mention.field].raw[mention.start : mention.end].split())

    def _around(self, mention: Mention) -> str:
        text = self._texts[mention.field]
        first, last = max(0, mention.first_word - 1), min(len(text.words) - 1, mention.last_word + 1)
        return " ".join(text.plain[text.words[first][0] : text.words[last][1]].split())


def _needs(alias: Alias) -> str:
    wanted = []
    if alias.beside:
        wanted.append(f"beside it one of {_some(sorted(alias.beside))}")
    if alias.needs:
        wanted.append(f"in the article one of {_some(list(alias.needs))}")
    needed = " and ".join(wanted) or "the full name somewhere in the article"
    return f"also means other things, and nothing supports it: it needs {needed}"


def _some(words: Sequence[str]) -> str:
    shown = ", ".join(words[:MOST_NEEDS])
    return shown if len(words) <= MOST_NEEDS else f"{shown} (or {len(words) - MOST_NEEDS} more)"


def _day(day: date | None, otherwise: str) -> str:
    return str(day) if day is not None else otherwise
