"""From the leaves of queries (words, phrases, lists, entities) to patterns, each looked for once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from processors.errors import Problem
from processors.model import Level, Pattern, Role
from processors.normalize.text import read_text
from processors.topics.check import walk
from processors.topics.names import Names
from processors.topics.query import TEXT_FIELDS, EntityRef, InField, ListRef, Phrase, Query, Term, TopicRef
from processors.topics.requirement import group_bit
from processors.topics.topic import TermList, Topic


class Leaves:
    """Collects patterns; the gazetteer's come first, in its own numbering."""

    def __init__(self, lists: Mapping[str, TermList], names: Names) -> None:
        self._lists = lists
        self._names = names
        self.patterns: list[Pattern] = list(names.patterns())
        self._numbers: dict[Pattern, int] = {}
        self._name_forms = {read_text(pattern.surface, html=False).folded for pattern in self.patterns}
        self._of: dict[Query, frozenset[int]] = {}
        self._blocks: dict[str, frozenset[int]] = {}
        self._asked_by: dict[str, set[int]] = {}
        self._refers_to: defaultdict[str, set[str]] = defaultdict(set)
        self._closed: dict[str, frozenset[int]] = {}
        self._watched: dict[Query, frozenset[int]] = {}
        self._bits: dict[frozenset[int], int] = {}
        self._entities = {name: _entities_in(held) for name, held in lists.items()}
        self.problems = [problem for each in lists.values() for problem in self._list_problems(each)]

    def add(self, topic: Topic) -> None:
        """Make the patterns of everything that a topic looks for in text."""
        asked: set[int] = set()
        for query in (topic.match, topic.exclude):
            if query is not None:
                self._add(query)
                asked.update(number for node in walk(query) for number in self._of.get(node, frozenset()))
                asked.update(number for node in walk(query) for number in self.blocks_of(node))
                self._refers_to[topic.name] |= {node.name for node in walk(query) if isinstance(node, TopicRef)}
        self._asked_by[topic.name] = asked

    def asked_by(self, topic: str) -> frozenset[int]:
        """Numbers of the patterns that a topic asks for, itself and through the topics that it refers to."""
        if topic not in self._closed:
            inner = (self.asked_by(other) for other in self._refers_to[topic])
            self._closed[topic] = frozenset(self._asked_by[topic]).union(*inner)
        return self._closed[topic]

    def _add(self, query: Query) -> None:
        values: set[int] = set()
        for node in walk(query):
            if isinstance(node, InField) and node.field not in TEXT_FIELDS:
                values |= {id(inner) for inner in walk(node.child)}
            elif id(node) not in values and isinstance(node, Term | Phrase | ListRef | EntityRef):
                self._of[node] = frozenset(self._make(node))

    def patterns_of(self, leaf: Query) -> frozenset[int]:
        """Pattern numbers of a term, phrase or list (an entity's mentions come decided)."""
        return self._of.get(leaf, frozenset())

    def blocks_of(self, leaf: Query) -> frozenset[int]:
        """Pattern numbers of the phrases in which the terms of a list do not count."""
        return self._blocks.get(leaf.name, frozenset()) if isinstance(leaf, ListRef) else frozenset()

    def watched(self, leaf: Query) -> frozenset[int]:
        """Patterns one of which must be in the text for the leaf to be there; for an entity all that may lead to it."""
        if leaf not in self._watched:
            self._watched[leaf] = frozenset(self._watch(leaf))
        return self._watched[leaf]

    def bit_of(self, leaf: Query) -> int:
        """The bit of a leaf's group of patterns, for screening."""
        return self._bits.setdefault(self.watched(leaf), group_bit(len(self._bits)))

    def groups(self) -> Sequence[int]:
        """For each pattern the groups that it belongs to, as bits; 0 where no topic needs it to be there."""
        groups = [0] * len(self.patterns)
        for watched, bit in self._bits.items():
            for number in watched:
                groups[number] |= bit
        return groups

    def _watch(self, leaf: Query) -> set[int]:
        if isinstance(leaf, EntityRef):
            return set(self._names.watch(leaf.name, leaf.role))
        inner = (self._watch(entity) for entity in self.entities_of(leaf))
        return set(self._of.get(leaf, ())).union(*inner)

    def _make(self, leaf: Query) -> list[int]:
        match leaf:
            case Term():
                return [self._number(self._term(leaf.word, exact=leaf.exact, prefix=leaf.prefix))]
            case Phrase():
                level = Level.EXACT if leaf.exact else Level.ATTACHED
                definite = leaf.text.startswith("ال")
                return [
                    self._number(Pattern(leaf.text, level, definite=definite, case_exact=leaf.exact, slop=leaf.slop))
                ]
            case ListRef():
                return self._list(self._lists[leaf.name])
            case _:
                return []

    def _list(self, held: TermList) -> list[int]:
        numbers = []
        self._blocks[held.name] = frozenset(
            self._number(_block_pattern(phrase, language))
            for language, phrases in held.file.blocked_by.items()
            for phrase in phrases
        )
        for language, words in held.file.terms.items():
            numbers += [self._number(self._term(word, lang=language)) for word in words]
        for language, words in held.file.verbs.items():
            numbers += [
                self._number(Pattern(word, takes_sa=True, takes_suffixes=True, lang=language)) for word in words
            ]
        return numbers

    def entities_of(self, leaf: Query) -> Sequence[EntityRef]:
        """The entities that a list holds: decided like those that a query names itself."""
        return self._entities.get(leaf.name, ()) if isinstance(leaf, ListRef) else ()

    def _term(self, word: str, *, exact: bool = False, prefix: bool = False, lang: str = "") -> Pattern:
        """A word takes ال and suffixes, unless it is somebody's name: names take neither."""
        if exact:
            return Pattern(word, Level.EXACT, case_exact=True, prefix=prefix, lang=lang)
        folded = read_text(word, html=False).folded
        common = folded not in self._name_forms and " " not in folded.strip()
        return Pattern(
            word,
            definite=word.startswith("ال"),
            takes_article=common,  # الالتزام too: not every ال is the article
            takes_suffixes=common,
            takes_ka_fa=True,  # who writes مصر as a plain word means كمصر too; names that must not are entities
            prefix=prefix,
            lang=lang,
        )

    def _number(self, pattern: Pattern) -> int:
        if pattern not in self._numbers:
            self._numbers[pattern] = len(self.patterns)
            self.patterns.append(pattern)
        return self._numbers[pattern]

    def _list_problems(self, held: TermList) -> list[Problem]:
        problems = []
        for part, words_of in (("terms", held.file.terms), ("verbs", held.file.verbs), ("not", held.file.blocked_by)):
            for language, words in words_of.items():
                for number, word in enumerate(words):
                    if not any(character.isalnum() for character in word):
                        path = ("lists", held.name, part, language, number)
                        problems.append(held.document.problem(path, "holds no letter and no digit"))
        for number, name in enumerate(held.file.entities):
            key = name.removeprefix("@").partition(".")[0]
            if self._names.find(key) is None:
                close = self._names.nearest(key)
                hint = f", did you mean `@{close}`?" if close else ""
                problems.append(
                    held.document.problem(("lists", held.name, "entities", number), f"unknown entity `{name}`{hint}")
                )
        return problems


def _block_pattern(phrase: str, language: str) -> Pattern:
    """As widely as a term is found: what is wrong for «موقف السيارات» is wrong for «بموقف السيارات»."""
    definite = phrase.startswith("ال")
    return Pattern(
        phrase,
        definite=definite,
        takes_article=not definite,
        takes_suffixes=True,
        takes_ka_fa=True,
        lang=language,
    )


def _entities_in(held: TermList) -> tuple[EntityRef, ...]:
    found = []
    for written in held.file.entities:
        name, _, role = written.removeprefix("@").partition(".")
        found.append(EntityRef(0, f"list:{held.name}", name, Role(role) if role in tuple(Role) else None))
    return tuple(found)
