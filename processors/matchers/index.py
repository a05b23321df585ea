"""Every watched pattern, found by the words of a text: which may be in it, and where each really stands.

Words are looked up, not searched for, so that what a text costs hardly grows with the number of patterns. A word that
was looked up once is remembered, and most words of a day's news have been. As long as few patterns are watched, which
of them may be in a text is seen sooner in one pass over its letters (``Sieve``).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from typing import NamedTuple

from processors.matchers.alphabet import encode_raw
from processors.matchers.forms import forms
from processors.matchers.head import Head, head_of
from processors.matchers.lexicon import Lexicon
from processors.matchers.resolve import resolve
from processors.matchers.search import Lead, Search
from processors.matchers.sieve import MOST_NEEDLES, Sieve, needles_of
from processors.matchers.stems import Stems
from processors.model import FieldName, Mention, Pattern
from processors.normalize.code_page import encode_folded
from processors.normalize.text import Text

WORDS_REMEMBERED = 1 << 17
"""About 90 bytes each. A corpus of 60,000 articles has some 400,000 different words, nearly all of them rare."""

Groups = tuple[int, ...]


class Told(NamedTuple):
    """What a word tells of the text that it is in."""

    groups: Groups  # that are there because the word is
    phrases: tuple[tuple[bytes, tuple[bytes, ...], Groups], ...]  # (another word, letters there, groups that may be)


class _Memory:
    """Words that were looked up. Replaced as a whole, so that no reader sees one of its parts without the others."""

    def __init__(self) -> None:
        self.known: set[bytes] = set()
        self.telling: dict[bytes, Told] = {}  # words that tell of groups
        self.leading: dict[bytes, Sequence[Lead]] = {}  # words that forms are filed under


class PatternIndex:
    """Compiled patterns. A pattern's number is its position in the sequence given to ``compile_patterns``."""

    def __init__(
        self, patterns: Sequence[Pattern], groups: Sequence[Groups], *, most_needles: int = MOST_NEEDLES
    ) -> None:
        self._patterns = tuple(patterns)
        self._groups = groups
        self._stems: Stems[Head] = Stems()
        self._memory = _Memory()
        every = [form for number, pattern in enumerate(self._patterns) for form in forms(number, pattern)]
        self._forms = every
        uses = Counter(word for form in every for word in form.words)
        for form in every:
            self._stems.add(*head_of(form, uses))
        self._all_groups = frozenset(group for each in groups for group in each)
        screened = [(form, groups[form.pattern]) for form in every if groups[form.pattern]]
        few = sum(needles_of(form) for form, _ in screened) <= most_needles
        self._sieve = Sieve(screened) if few else None
        for particles in {form.before for form in every}:
            self._stems.allow_before(map(encode_folded, particles))

    def __len__(self) -> int:
        return len(self._patterns)

    def groups_in(self, raw: str, max_chars: int = 200_000) -> Set[int]:
        """The groups of which a pattern may be in the first characters of a field as received; a superset."""
        field = encode_raw(raw, max_chars)
        if field.doubtful:
            return self._all_groups
        first, *others = map(self._groups_in, field.readings)
        return first.union(*others) if others else first

    def _groups_in(self, letters: bytes) -> set[int]:
        if self._sieve is not None:
            return self._sieve.groups_in(letters)
        found: set[int] = set()
        words = letters.split()
        every = set(words)
        telling = self._recall(every).telling
        joined = b""
        for word in every & telling.keys():
            told = telling[word]
            found.update(told.groups)
            for beside, needed, groups in told.phrases:
                if beside and beside not in every:
                    continue
                joined = joined or b" ".join((b"", *words, b""))
                if needed[0] in joined and (len(needed) == 1 or all(part in joined for part in needed)):
                    found.update(groups)
        return found

    def search(self, texts: Mapping[FieldName, Text], *, particles: bool = True) -> Search:
        """Look for patterns in an article. ``particles=False`` is for languages that share letters with Arabic but not
        its particles: words match whole. Nothing is found in the silent parts of a body."""

        def readings(text: Text) -> list[Text]:
            mended = [] if text.repaired is None else [text.repaired]
            return [*mended, *resolve(text, lambda: self._lexicon)] if particles else mended

        return Search(self._patterns, self._leads, texts, readings, particles=particles)

    def find(self, text: Text, field: FieldName, *, particles: bool = True) -> list[Mention]:
        """Every occurrence of every pattern in one field, in order."""
        return self.search({field: text}, particles=particles).below(len(self._patterns))

    @cached_property
    def _lexicon(self) -> Lexicon:
        """Made when the first word is in doubt: in edited news there is hardly any."""
        return Lexicon(self._forms)

    def _leads(self, words: Set[bytes]) -> list[Sequence[Lead]]:
        leading = self._recall(words).leading
        return [leading[word] for word in words & leading.keys()]

    def _recall(self, words: Set[bytes]) -> _Memory:
        """The memory, with every one of these words in it."""
        memory = self._memory
        fresh = words - memory.known
        if fresh:
            if len(memory.known) + len(fresh) > WORDS_REMEMBERED:
                memory = _Memory()
                fresh = words
            for word in fresh:
                self._learn(word, memory)
            memory.known |= fresh  # last: what is known is complete
            self._memory = memory
        return memory

    def _learn(self, word: bytes, memory: _Memory) -> None:
        found = self._stems.look_up(word)
        if not found:
            return
        memory.leading[word] = tuple((head.form.pattern, word, start, head) for start, heads in found for head in heads)
        alone: set[int] = set()
        phrases: defaultdict[tuple[bytes, tuple[bytes, ...]], set[int]] = defaultdict(set)
        for _, heads in found:
            for head in heads:
                if groups := self._groups[head.form.pattern]:
                    (phrases[head.beside, head.needs] if head.needs else alone).update(groups)
        if alone or phrases:
            memory.telling[word] = Told(
                tuple(alone), tuple((*needed, tuple(groups)) for needed, groups in phrases.items())
            )


def compile_patterns(patterns: Sequence[Pattern], groups: Sequence[Groups] | None = None) -> PatternIndex:
    """Make one index of all ``patterns``. A pattern without letters or digits is never found.

    ``groups`` are those that each pattern belongs to, told by ``groups_in``; without them each is its own group.
    """
    return PatternIndex(patterns, [(number,) for number in range(len(patterns))] if groups is None else groups)
