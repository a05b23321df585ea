"""Of thousands of names, those that can matter to the ones that somebody watches.

To decide what a mention of a watched name means, one must see: the other names of its entity and whatever supports or
blocks them (``resolve``, rules 3 and 4); names that it may stand inside, since the longest wins (rule 2); and namesakes
that may be meant in its place (rule 5). Everything else may be in the text or not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from itertools import pairwise

from processors.entities.aliases import Alias, Forms
from processors.entities.neighbours import bare_words
from processors.matchers.particles import ARTICLE

TELLING_LETTERS = 4
"""Words that begin with as many equal letters may be one word inflected: rather too many names than one too few."""


def relevant_patterns(forms: Forms, ids: Mapping[str, str], watched: Collection[int]) -> Set[int]:
    """Numbers of the patterns that decide about mentions of ``watched`` ones, which are among them.

    ``ids`` are those of entities by their keys.
    """
    return _Relevant(forms, ids).of(watched)


class _Relevant:
    def __init__(self, forms: Forms, ids: Mapping[str, str]) -> None:
        self._forms = forms
        self._ids = ids
        self._patterns_of: defaultdict[str, list[tuple[int, Alias]]] = defaultdict(list)
        for number, aliases in forms.aliases.items():
            for alias in aliases:
                self._patterns_of[alias.entity].append((number, alias))
        self._blocks: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, blocked in forms.blocks.items():
            for what in blocked:
                self._blocks[what].append(number)
        self._relevant: set[int] = set()
        self._entities: set[str] = set()
        self._supporting: set[str] = set()
        self._beginnings: set[str] = set()  # how the relevant names may begin
        self._begun: set[int] = set()  # those that are in it
        self._telling: dict[str, Set[str]] = {}  # names share their words

    def of(self, watched: Collection[int]) -> Set[int]:
        for number in watched:
            self._relevant.add(number)
            for alias in self._forms.aliases.get(number, ()):
                self._add_entity(alias.entity)
        while namesakes := {alias.entity for alias in self._namesakes()} - self._entities:
            for entity in namesakes:
                self._add_entity(entity)
        for entity in self._supporting - self._entities:
            for number, alias in self._patterns_of[entity]:
                if alias.strong or alias.marks:
                    self._add(number, alias)
        return self._relevant | set(self._containing())

    def _add_entity(self, entity: str) -> None:
        """All its names, and what they need."""
        if entity in self._entities:
            return
        self._entities.add(entity)
        for number, alias in self._patterns_of[entity]:
            self._add(number, alias)
            for word in (*alias.needs, *alias.unless):
                if word.startswith("@"):
                    self._supporting.add(self._ids[word[1:]])
                else:
                    self._relevant.add(self._forms.words[word])

    def _add(self, number: int, alias: Alias) -> None:
        self._relevant.add(number)
        self._relevant.update(self._blocks[alias.entity, alias.folded])

    def _namesakes(self) -> Iterator[Alias]:
        """Names of one word that only one of several may be meant by, where a relevant one has the same word."""
        first = self._first()
        for aliases in self._forms.aliases.values():
            for alias in aliases:
                if (alias.single or alias.quoted) and not first.isdisjoint(self._may_begin(alias.folded)):
                    yield alias

    def _containing(self) -> Iterator[int]:
        """Names of several words, one of which a relevant name may begin with."""
        first = self._first()
        begins: dict[str, bool] = {}  # a relevant name may, with the word
        for number, aliases in self._forms.aliases.items():
            if " " in (folded := aliases[0].folded):
                for word in _joined(folded.split(" ")):
                    if word not in begins:
                        begins[word] = not first.isdisjoint(_telling(word))
                    if begins[word]:
                        yield number
                        break

    def _first(self) -> Set[str]:
        """How the names that are relevant by now may begin."""
        for number in self._relevant - self._begun:
            for alias in self._forms.aliases.get(number, ()):
                first, *others = alias.folded.split(" ", 2)
                self._beginnings |= self._may_begin(first)
                if others:
                    self._beginnings |= self._may_begin(first + others[0])
        self._begun |= self._relevant
        return self._beginnings

    def _may_begin(self, word: str) -> Set[str]:
        if word not in self._telling:
            self._telling[word] = _telling(word)
        return self._telling[word]


def _joined(words: Sequence[str]) -> Iterator[str]:
    """Each word, and each written in one with the next: عبد الله, عبدالله."""
    yield from words
    yield from (one + other for one, other in pairwise(words))


def _telling(word: str) -> set[str]:
    """How a word may begin, with and without what is written in front of it."""
    forms = {word, *bare_words(word)}
    forms |= {form.removeprefix(ARTICLE) for form in forms}
    return {form[:TELLING_LETTERS] for form in forms if form}
