"""One article, read for exact evaluation: where each leaf of a query is found. Nothing is looked up twice."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime

from processors.model import Article, FieldName, Mention, Role
from processors.normalize.text import Text
from processors.topics.hits import Found, Hit, hit
from processors.topics.names import NamedMention
from processors.topics.query import EntityRef, Query

LEAD_WORDS = 100
"""``lead:`` is the title and so many first words of the body."""


class Reading:
    """Everything found in one article."""

    def __init__(
        self,
        article: Article,
        texts: Mapping[FieldName, Text],
        mentions: Sequence[Mention],
        named: Sequence[NamedMention],
        patterns_of: Callable[[Query], Set[int]],
        entities_of: Callable[[Query], Sequence[EntityRef]],
        entity_id: Callable[[str], str],
        now: datetime,
    ) -> None:
        self.article = article
        self.texts = texts
        self.now = now
        self._patterns_of = patterns_of
        self._entities_of = entities_of
        self._entity_id = entity_id
        self._by_pattern: defaultdict[int, list[Mention]] = defaultdict(list)
        for mention in mentions:
            self._by_pattern[mention.pattern].append(mention)
        self._by_entity: defaultdict[str, list[NamedMention]] = defaultdict(list)
        for each in named:
            self._by_entity[each.of].append(each)
        self._hits: dict[Query, list[Hit]] = {}

    def hits(self, leaf: Query, where: str) -> list[Hit]:
        """The places of a term, phrase, list or entity in ``where`` (title, lead, body or text)."""
        held = self._hits.get(leaf)
        if held is None:
            held = self._hits[leaf] = self._look_up(leaf)
        if where == "text":
            return held
        if where == "lead":
            return [each for each in held if each.field == "title" or each.last_word < LEAD_WORDS]
        return [each for each in held if each.field == where]

    def _look_up(self, leaf: Query) -> list[Hit]:
        there = self._by_pattern.keys() & self._patterns_of(leaf)
        found = [_found(each) for pattern in there for each in self._by_pattern[pattern]]
        for entity in (leaf,) if isinstance(leaf, EntityRef) else self._entities_of(leaf):
            identity = self._entity_id(entity.name)
            named = self._by_entity.get(identity, ())
            found += [_found(each.mention, each) for each in named if _speaks_of(each, identity, entity.role)]
        places = {(each.field, each.start, each.end): each for each in found}
        ordered = sorted(places.values(), key=lambda each: (each.field != "title", each.start, each.end))
        return [hit(leaf.source, each) for each in ordered]

    def sentence(self, place: Hit) -> int:
        """The number of the sentence where a place begins; the title is one sentence whatever it contains."""
        return self._part(place, lambda text, position: text.sentence_of(position))

    def paragraph(self, place: Hit) -> int:
        """The number of the paragraph where a place begins."""
        return self._part(place, lambda text, position: text.paragraph_of(position))

    def _part(self, place: Hit, number: Callable[[Text, int], int]) -> int:
        if place.field == "title":
            return 0
        text = self.texts[place.field]
        return number(text, text.words[place.first_word][0])

    def words(self) -> int:
        """Words of title and body."""
        return sum(len(text.words) for text in self.texts.values())


def _speaks_of(named: NamedMention, identity: str, role: Role | None) -> bool:
    """Whether a mention counts for ``@identity`` or ``@identity.role``. A former leader counts only when asked for."""
    if role is not None:
        return named.role is role and named.of == identity
    return named.of == identity and named.role is not Role.FORMER


def _found(mention: Mention, named: NamedMention | None = None) -> Found:
    return Found(
        field=mention.field,
        start=mention.start,
        end=mention.end,
        first_word=mention.first_word,
        last_word=mention.last_word,
        level=mention.level,
        repaired=mention.repaired,
        entity=named.entity if named else "",
        via=f"{named.of}.{named.role}" if named else "",
        support=named.support if named else "",
        period=named.period if named else "",
    )
