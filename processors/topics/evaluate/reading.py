"""One article, read for exact evaluation: where each leaf of a query is found. Nothing is looked up twice."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from processors.model import Article, FieldName
from processors.normalize.text import Text
from processors.topics.evaluate.find_regex import find_regex
from processors.topics.evaluate.hits import Found, Hit, hit
from processors.topics.places import LEAD_WORDS
from processors.topics.query.tree import Near, Query, Regex, Said, Within, said
from processors.topics.sight import Sight

Joining = TypeVar("Joining", Near, Within)


class Reading:
    """Everything found in one article; ``find`` answers where a leaf is mentioned in a field, and perhaps elsewhere."""

    def __init__(
        self,
        article: Article,
        texts: Mapping[FieldName, Text],
        find: Callable[[Query, str], Iterable[Found]],
        now: datetime,
        sight: Sight,
    ) -> None:
        self.article = article
        self.texts = texts
        self.now = now
        self.sight = sight  # what cannot hold for this is not looked at
        self._find = find
        # By identity, for queries are long to compare. All that were asked are kept: a query made for one question
        # would leave its identity, and so its answer, to the next one.
        self._asked: list[Query] = []
        self._hits: dict[tuple[int, str], list[Hit]] = {}
        self._said: dict[tuple[str, Said, str], list[Hit]] = {}
        self._joined: dict[tuple[int, str], list[Hit]] = {}

    def hits(self, leaf: Query, where: str) -> list[Hit]:
        """The places of a term, phrase, list or entity in ``where`` (title, lead, body or text)."""
        key = id(leaf), where
        held = self._hits.get(key)
        if held is None:
            self._asked.append(leaf)
            held = self._hits[key] = self._looked_up(leaf, where)
        return held

    def joined(self, query: Joining, where: str, join: Callable[[Joining, str], list[Hit]]) -> list[Hit]:
        """What ``join`` makes of a proximity or scope in ``where``: made once, however many topics ask for it."""
        key = id(query), where
        if key not in self._joined:
            self._asked.append(query)
            self._joined[key] = join(query, where)
        return self._joined[key]

    def _looked_up(self, leaf: Query, where: str) -> list[Hit]:
        """The same words are asked for by many leaves."""
        key = leaf.source, said(leaf), where
        if key not in self._said:
            self._said[key] = [each for each in self._look_up(leaf, where) if _is_in(each, where)]
        return self._said[key]

    def _look_up(self, leaf: Query, where: str) -> list[Hit]:
        if isinstance(leaf, Regex):
            found: Iterable[Found] = find_regex(leaf.pattern, leaf.any_case, self.texts)
        else:
            found = self._find(leaf, where)
        places: dict[tuple[str, int, int], Found] = {}
        for each in found:  # in no order: where several forms of a leaf stand at one place, the narrowest is told
            place = each.field, each.start, each.end
            if place not in places or each.level <= places[place].level:
                places[place] = each
        ordered = sorted(places.values(), key=lambda each: (each.field != "title", each.start, each.end))
        return [hit(leaf.source, each) for each in ordered]

    def sentence(self, place: Hit) -> int | None:
        """The number of the sentence that a place is in; the title is one sentence whatever it contains."""
        return self._part(place, lambda text, position: text.sentence_of(position))

    def paragraph(self, place: Hit) -> int | None:
        """The number of the paragraph that a place is in; None where it goes on into the next."""
        return self._part(place, lambda text, position: text.paragraph_of(position))

    def _part(self, place: Hit, number: Callable[[Text, int], int]) -> int | None:
        text = self.texts[place.field]
        if place.field == "title" or not text.words:
            return 0
        part = number(text, text.words[place.first_word][0])
        if place.last_word == place.first_word:
            return part
        return part if number(text, text.words[place.last_word][0]) == part else None

    def words(self) -> int:
        """Words of title and body."""
        return sum(len(text.words) for text in self.texts.values())


def _is_in(place: Hit, where: str) -> bool:
    if where == "lead":
        return place.field == "title" or place.last_word < LEAD_WORDS
    return where in ("text", place.field)
