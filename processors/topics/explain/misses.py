"""Why a part of a query does not hold for an article, in one sentence: what an editor asks of a topic that is silent.

Every sentence is found by asking the same article again under one condition less: in any field, in lines that are
passed over, without what a name needs, inside longer words, at any distance.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import combinations, islice, product

from processors.counted import counted
from processors.matchers.particles import ARTICLE
from processors.model import FieldName, Mention
from processors.normalize.written import comparable
from processors.topics.evaluate.evaluate import Evaluation
from processors.topics.evaluate.hits import Hit, apart, distinct, hit, words_between
from processors.topics.evaluate.reading import Reading
from processors.topics.evaluate.scopes import SENTENCE_WORDS
from processors.topics.explain.miss_wording import never_together, short, words_of
from processors.topics.names import NameRefusal
from processors.topics.places import LEAD_WORDS
from processors.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Count,
    EntityRef,
    ListRef,
    Near,
    Not,
    Phrase,
    Query,
    Range,
    Regex,
    Term,
    TopicRef,
    Within,
    children_of,
)
from processors.topics.variants import variants_of
from processors.topics.watchlist import Watchlist

MOST_LOOKED_INTO = 60
"""Parts of one query whose silence is looked into: a person reads a few of them, a flat OR has thousands."""

MOST_PAIRS_COMPARED = 400
"""Places of each of two operands whose distance is measured."""

MOST_SHOWN = 3
"""Words or reasons that one sentence names."""

_ABSENT = "is nowhere in the text"

Dropped = tuple[Callable[[str], Sequence[NameRefusal]], Callable[[Query], Sequence[Mention]]]
"""Of an entity the mentions that did not count, of a list the phrases that it leaves out."""


class Misses:
    """Answers for one topic and one article; ``evaluation`` is that of ``reading``."""

    def __init__(self, watchlist: Watchlist, topic: str, reading: Reading, evaluation: Evaluation) -> None:
        self._watchlist = watchlist
        self._topic = topic
        self._reading = reading
        self._evaluation = evaluation
        self._spoken: Reading | None = None
        self._looked_into = 0

    def why_not(self, query: Query, where: str) -> str:
        """Why ``query`` does not hold in the field ``where``; empty where its own parts say it."""
        if where not in TEXT_FIELDS:
            return self._value(where)
        if (made := children_of(query)) and made[0].source == query.source:
            return self._made(query, where)
        match query:
            case Term() | Phrase() | Regex() | EntityRef() | ListRef():
                return self._leaf(query, where)
            case Near():
                return self._near(query, where)
            case Within():
                return self._within(query, where)
            case Count():
                found = len(distinct(self._evaluation.places(query.child, where)))
                return f"{found} found, {query.count} are asked for" if found else ""
            case AtLeast():
                held = sum(self._evaluation.holds(child, where) is not None for child in query.children)
                return f"{held} of them hold, {query.count} are asked for"
            case Range():
                return self._range(query)
            case TopicRef():
                return f"the topic {query.name} does not match"
            case Not():
                return self._forbidden(query, where)
            case _:
                return ""

    def _value(self, field: str) -> str:
        held = getattr(self._reading.article, "url" if field == "domain" else field, "")
        shown = ", ".join(held) if isinstance(held, tuple) else str(held)
        return f"{field} is «{short(shown)}»" if shown else f"the article has no {field}"

    def _range(self, query: Range) -> str:
        if query.field == "words":
            return f"the article has {counted(self._reading.words(), 'word')}"
        published = self._reading.article.published_at
        return f"published {published.isoformat(' ', 'minutes')}" if published is not None else "no usable date"

    def _forbidden(self, query: Not, where: str) -> str:
        held = self._evaluation.holds(query.child, where) or []
        shown = dict.fromkeys(self._written(found.field, found.start, found.end) for _, found in held)
        words = ", ".join(f"«{word}»" for word in islice(shown, MOST_SHOWN))
        return f"must not be there and is: {words}" if words else "must not hold and does"

    def _leaf(self, leaf: Query, where: str) -> str:
        if (elsewhere := self._reading.hits(leaf, "text")) and where != "text":
            return self._elsewhere(elsewhere, where)
        if isinstance(leaf, Term | Phrase) and (absent := self._absent(leaf)):
            return absent
        self._looked_into += 1
        if self._looked_into > MOST_LOOKED_INTO:
            return _ABSENT
        if silent := self._silent(leaf):
            return silent
        if isinstance(leaf, EntityRef):
            return self._entity(leaf, where)
        if isinstance(leaf, ListRef):
            return self._list(leaf)
        return self._word(leaf) if isinstance(leaf, Term | Phrase) else _ABSENT

    def _made(self, query: Query, where: str) -> str:
        """Of what one word of the query stands for, as list:officials-egypt for many titles beside many names."""
        if held := self._evaluation.holds(query, "text"):
            return self._elsewhere([hit(*held[0])], where)
        return _ABSENT

    def _elsewhere(self, hits: Sequence[Hit], where: str) -> str:
        first = hits[0]
        shown = self._shown(first)
        if where == "lead":
            return f"{shown} comes only after the first {LEAD_WORDS} words (word {first.first_word + 1})"
        return f"{shown} is only in the {first.field}"

    def _silent(self, leaf: Query) -> str:
        """Whether it is only in lines that say nothing of the article itself."""
        if not any(text.silent for text in self._reading.texts.values()):
            return ""
        if self._spoken is None:
            texts = {field: text.spoken() for field, text in self._reading.texts.items()}
            self._spoken = self._watchlist.read(self._reading.article, texts=texts)
        heard = self._spoken.hits(leaf, "text")
        if not heard:
            return ""
        line = self._line(heard[0])
        begin = heard[0].start
        if heard[0].field == "body" and any(a <= begin < b for a, b in self._reading.texts["body"].repeated):
            return f"{self._shown(heard[0])} is only in a paragraph that this source repeats: «{line}»"
        return (
            f"{self._shown(heard[0])} is only in a line that gives no evidence (dateline, credit, read also): «{line}»"
        )

    def _entity(self, leaf: EntityRef, where: str) -> str:
        if leaf.role is not None:
            other = EntityRef(leaf.at, leaf.source, leaf.name, None)
            if hits := self._reading.hits(other, where):
                via = hits[0].parts[0][1].via.rpartition(".")[2]
                return f"is there as .{via} ({self._shown(hits[0])}), not as .{leaf.role}"
        return self._refused([leaf.name]) or _ABSENT

    def _list(self, leaf: ListRef) -> str:
        """A term in a phrase that the list leaves out, or an entity of the list that was not meant."""
        phrases = self._dropped[1](leaf)
        shown = dict.fromkeys(f"«{self._written(each.field, each.start, each.end)}»" for each in phrases)
        if shown:
            return f"is only in {', '.join(islice(shown, MOST_SHOWN))}, where its words mean something else"
        return self._refused(self._watchlist.entities_of(leaf)) or _ABSENT

    def _refused(self, entities: Sequence[str]) -> str:
        told = dict.fromkeys(
            f"«{self._written(each.mention.field, each.mention.start, each.mention.end)}» {each.reason}"
            for entity in entities
            for each in self._dropped[0](entity)
        )
        return "; ".join(islice(told, MOST_SHOWN))

    @cached_property
    def _dropped(self) -> Dropped:
        return self._watchlist.refusals(self._reading.article, self._reading.texts)

    def _absent(self, leaf: Term | Phrase) -> str:
        """What is told where the letters of one of its words are nowhere; empty where all are somewhere."""
        words = words_of(leaf)
        missing = [word for word in words if not any(word in text.folded for text in self._reading.texts.values())]
        if not missing:
            return ""
        absent = ", ".join(f"«{word}»" for word in missing[:MOST_SHOWN])
        return self._other_spelling(missing[0]) or (_ABSENT if len(words) == 1 else f"{absent} is not there")

    def _word(self, leaf: Term | Phrase) -> str:
        words = words_of(leaf)
        if len(words) > 1:
            return "its words are there, but not side by side in this order"
        accusative = {f"{particle}{words[0]}ا" for particle in ("", "و", "ف")}  # جراداً has an alef of its own
        if form := next((word for word in self._around(words[0]) if comparable(word) in accusative), ""):
            return f"the text has another form, «{form}»"
        found = ", ".join(f"«{word}»" for word in islice(dict.fromkeys(self._around(words[0])), MOST_SHOWN))
        if leaf.exact:
            return f"= asks for it as it is written; the text has {found}"
        return f"is there only inside other words: {found}"

    def _other_spelling(self, word: str) -> str:
        for other in variants_of(word):
            if any(comparable(other) in text.folded for text in self._reading.texts.values()):
                return f"the text has another spelling, «{other}»"
        if word.startswith(ARTICLE) and (found := next(self._around(word.removeprefix(ARTICLE)), "")):
            return f"the text has it without ال: «{found}»"
        stem = word.removesuffix("ه")
        if stem != word and len(stem) > 2 and (found := next(self._around(stem), "")):
            return f"the text has another form, «{found}»"
        return ""

    def _around(self, letters: str) -> Iterator[str]:
        """The words of the text that hold these letters."""
        for text in self._reading.texts.values():
            at = text.folded.find(letters)
            while at >= 0 and text.words:
                start, end = text.words[text.word_at(at)]
                if start <= at < end:
                    yield text.plain[start:end]
                at = text.folded.find(letters, max(at + 1, end))

    def _near(self, query: Near, where: str) -> str:
        lefts, rights = self._rows(query.left, where), self._rows(query.right, where)
        if query.kind == "NOTNEAR":
            near = lefts[0][0] if lefts and lefts[0] else None
            return f"{self._shown(near)} always has the other within {counted(query.distance, 'word')}" if near else ""
        if not all(lefts) or not all(rights):
            return ""
        for left, right in product(lefts, rights):
            if told := self._too_far(query, left, right):
                return told
        return "not all of them near at one place"

    def _too_far(self, query: Near, left: Sequence[Hit], right: Sequence[Hit]) -> str:
        pair = self._closest(left, right)
        if pair is None:
            return never_together(left, right)
        between, one, other = pair
        if between > query.distance:
            told = f"{counted(between, 'word')} between {self._shown(one)} and {self._shown(other)}"
            return f"{told}, at most {query.distance}"
        if query.kind == "ONEAR":
            return f"{self._shown(one)} stands after {self._shown(other)}: ONEAR asks for this order"
        return ""

    def _rows(self, query: Query, where: str) -> list[list[Hit]]:
        """The places of an operand; of each part of an AND, which must all be near."""
        parts = query.children if isinstance(query, And) else (query,)
        return [self._evaluation.places(part, where) for part in parts]

    def _within(self, query: Within, where: str) -> str:
        rows = [row for child in query.children for row in self._rows(child, where)]
        if not all(rows):
            return ""
        scope = query.kind.lower()
        for one_row, other_row in combinations(rows, 2):
            pair = self._closest(one_row, other_row)
            if pair is None:
                return never_together(one_row, other_row)
            between, one, other = pair
            if self._part(query, one) != self._part(query, other):
                told = f"{self._shown(one)} and {self._shown(other)} are {counted(between, 'word')} apart"
                return f"never in one {scope}: {told}"
            if query.kind == "SENTENCE" and between > SENTENCE_WORDS:
                told = f"{counted(between, 'word')} between {self._shown(one)} and {self._shown(other)}"
                return f"{told} in one sentence, at most {SENTENCE_WORDS}"
        return f"each two of them share a {scope}, never all"

    def _part(self, query: Within, hit: Hit) -> int | None:
        return self._reading.sentence(hit) if query.kind == "SENTENCE" else self._reading.paragraph(hit)

    def _closest(self, left: Sequence[Hit], right: Sequence[Hit]) -> tuple[int, Hit, Hit] | None:
        few = (left[:MOST_PAIRS_COMPARED], right[:MOST_PAIRS_COMPARED])
        pairs = (
            (words_between(one, other), one, other)
            for one, other in product(*few)
            if one.field == other.field and apart(one, other)
        )
        return min(pairs, key=lambda pair: pair[0], default=None)

    def _shown(self, hit: Hit) -> str:
        return f"«{self._written(hit.field, hit.start, hit.end)}»"

    def _written(self, field: FieldName, start: int, end: int) -> str:
        return short(self._reading.texts[field].raw[start:end])

    def _line(self, hit: Hit) -> str:
        text = self._reading.texts[hit.field]
        at = text.position(hit.start)
        begin, end = text.plain.rfind("\n", 0, at) + 1, text.plain.find("\n", at)
        return short(text.plain[begin : end if end >= 0 else len(text.plain)])
