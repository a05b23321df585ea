"""From the leaves of queries (words, phrases, lists, entities) to patterns, each looked for once.

A leaf is known by what it says, not by where it stands: a hundred thousand topics share some ten thousand words.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from processors.model import Level, Pattern, Role
from processors.normalize.written import folded_of
from processors.topics.names import Names
from processors.topics.query.regex.compiled import compile_regex
from processors.topics.query.tree import (
    EntityRef,
    Leaf,
    ListRef,
    Phrase,
    Query,
    Regex,
    Said,
    Term,
    said,
)
from processors.topics.query.walk import leaves_in_text
from processors.topics.topic import TermList, Topic


class Looked(NamedTuple):
    """What a leaf is looked for by."""

    group: int | None
    patterns: frozenset[int]  # of words and phrases: an entity's mentions come decided
    watched: frozenset[int]  # one of these must be in the text for the leaf to be there


class Leaves:
    """Collects patterns; the gazetteer's come first, in its own numbering."""

    def __init__(self, lists: Mapping[str, TermList], names: Names) -> None:
        self._lists = lists
        self._names = names
        self.patterns: list[Pattern] = list(names.patterns())
        self._numbers: dict[Pattern, int] = {}
        # Words that only support a name (ميناء, رئيس) are common words, and stay so where a query asks for them.
        names_only = (pattern for pattern in self.patterns if not pattern.takes_suffixes)
        self._name_forms = {folded_of(pattern.surface) for pattern in names_only}
        self._looked: dict[Said, Looked] = {}
        self._groups: dict[frozenset[int], int] = {}
        self._literals: dict[int, Sequence[str]] = {}  # by group
        self._blocks: dict[str, frozenset[int]] = {}
        self._entities = {name: _entities_in(held) for name, held in lists.items()}

    def add(self, topic: Topic) -> None:
        """Make the patterns of everything that a topic looks for in text."""
        for query in (topic.match, topic.exclude):
            if query is not None:
                for leaf in leaves_in_text(query):
                    self._look_for(leaf)

    def patterns_of(self, leaf: Query) -> frozenset[int]:
        """Pattern numbers of a term, phrase or list (an entity's mentions come decided)."""
        looked = self._looked.get(said(leaf))
        return looked.patterns if looked is not None else frozenset()

    def blocks_of(self, leaf: Query) -> frozenset[int]:
        """Pattern numbers of the phrases in which the terms of a list do not count."""
        return self._blocks.get(leaf.name, frozenset()) if isinstance(leaf, ListRef) else frozenset()

    def watched(self, leaf: Query) -> frozenset[int]:
        """Patterns one of which must be in the text for the leaf to be there; for an entity all that may lead to it."""
        looked = self._looked.get(said(leaf))
        return looked.watched if looked is not None else frozenset()

    def watched_below(self, number: int) -> Set[int]:
        """All watched patterns numbered below ``number``."""
        every = set[int]().union(*{looked.watched for looked in self._looked.values()})
        return {each for each in every if each < number}

    def group_of(self, leaf: Leaf) -> int | None:
        """The number of a leaf's group of patterns, for screening; None for an expression that may match anything."""
        return self._looked[said(leaf)].group

    def literals(self, needed: Set[int]) -> Iterator[tuple[str, int]]:
        """Letters of which one run must be where an expression matches, each with its group, of the ``needed`` ones."""
        for group, literals in self._literals.items():
            if group in needed:
                yield from ((literal, group) for literal in literals)

    def groups(self, needed: Set[int]) -> Sequence[tuple[int, ...]]:
        """For each pattern those groups that it belongs to, of the ``needed`` ones."""
        groups: list[tuple[int, ...]] = [()] * len(self.patterns)
        for watched, group in self._groups.items():
            if group in needed:
                for number in watched:
                    groups[number] += (group,)
        return groups

    def _look_for(self, leaf: Leaf) -> None:
        key = said(leaf)
        if key not in self._looked and isinstance(leaf, Regex):
            self._looked[key] = Looked(self._group_of_regex(leaf), frozenset(), frozenset())
        elif key not in self._looked:
            patterns = frozenset(self._make(leaf))
            more = self._watch(leaf)
            watched = patterns | more if more else patterns
            group = self._groups.setdefault(watched, self._new_group())
            self._looked[key] = Looked(group, patterns, watched)

    def _group_of_regex(self, leaf: Regex) -> int | None:
        literals = compile_regex(leaf.pattern, leaf.any_case).literals
        if not literals:
            return None
        group = self._new_group()
        self._literals[group] = literals
        return group

    def _new_group(self) -> int:
        return len(self._groups) + len(self._literals)

    def _watch(self, leaf: Query) -> set[int]:
        if isinstance(leaf, EntityRef):
            return set(self._names.watch(leaf.name, leaf.role))
        return set[int]().union(*(self._watch(entity) for entity in self.entities_of(leaf)))

    def _make(self, leaf: Query) -> list[int]:
        match leaf:
            case Term():
                return [self._number(self._term(leaf.word, exact=leaf.exact, prefix=leaf.prefix))]
            case Phrase():
                level = Level.EXACT if leaf.exact else Level.ATTACHED
                definite = leaf.text.startswith("ال")
                pattern = Pattern(
                    leaf.text,
                    level,
                    definite=definite,
                    takes_ka_fa=True,
                    case_exact=leaf.exact,
                    in_sentence=True,
                    slop=leaf.slop,
                )
                return [self._number(pattern)]
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
        for language, words in held.file.bare.items():
            numbers += [self._number(Pattern(word, takes_ka_fa=True, lang=language)) for word in words]
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
        folded = folded_of(word)
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
