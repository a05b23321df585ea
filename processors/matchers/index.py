"""Every watched pattern, found by the words of a text: which may be in it, and where each really stands.

Words are looked up, not searched for, so that what a text costs hardly grows with the number of patterns. A word that
was looked up once is remembered, and most words of a day's news have been. As long as few patterns are watched, which
of them may be in a text is seen sooner in one pass over its letters (``Sieve``).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import chain

from processors.matchers.alphabet import Encoded, encode_raw
from processors.matchers.forms import forms
from processors.matchers.head import Head, Heads
from processors.matchers.lexicon import Lexicon
from processors.matchers.look import Look, look_through
from processors.matchers.resolve import resolve
from processors.matchers.search import Lead, Search
from processors.matchers.sieve import MOST_NEEDLES, Sieve, needles_of
from processors.matchers.stems import Stems
from processors.matchers.stretches import spaced
from processors.model import MAX_TEXT_CHARS, FieldName, Mention, Pattern
from processors.normalize.code_page import encode_folded
from processors.normalize.text import Text
from processors.remembered import Remembered

_REMEMBERED, _LONGEST = 1 << 17, 64
"""Words, about 100 bytes each: a corpus of 60,000 articles has some 400,000 different words, nearly all of them rare.
And letters of one, twice as many as any real one has."""

Groups = tuple[int, ...]

_Phrases = tuple[tuple[bytes, tuple[bytes, ...], Groups], ...]
"""For each: another word, letters, and the groups that may be in a text that has them."""


class PatternIndex:
    """Compiled patterns. A pattern's number is its position in the sequence given to ``compile_patterns``."""

    def __init__(
        self,
        patterns: Sequence[Pattern],
        groups: Sequence[Groups],
        looked_for: Callable[[int], bool] = lambda _: True,
        *,
        most_needles: int = MOST_NEEDLES,
    ) -> None:
        self._patterns = tuple(patterns)
        stems: Stems[Head] = Stems()
        every = [
            form
            for number, pattern in enumerate(self._patterns)
            if looked_for(number)
            for form in forms(number, pattern)
        ]
        self._lexicon = Lexicon(every)  # now, not at the first word in doubt, when an article waits for it
        words = [form.words for form in every]
        heads = Heads(Counter(chain.from_iterable(words)))
        for form, its_words in zip(every, words, strict=True):
            stems.add(*heads.head_of(form, its_words))
        screened = [(form, groups[form.pattern]) for form in every if groups[form.pattern]]
        few = sum(needles_of(form) for form, _ in screened) <= most_needles
        self._sieve = Sieve(screened) if few else None
        for particles in {form.before for form in every}:
            stems.allow_before(map(encode_folded, particles))
        self._leads = Remembered(lambda word: _leads(stems, word), most=_REMEMBERED, longest=_LONGEST)
        # Of the words that are remembered, those that phrases are filed under.
        phrases: dict[bytes, _Phrases] = {}
        self._phrases = phrases
        self._telling = Remembered(
            lambda word: _groups(stems, groups, phrases, word), most=_REMEMBERED, longest=_LONGEST
        )

    def __len__(self) -> int:
        return len(self._patterns)

    @property
    def tells_places(self) -> bool:
        """Whether ``look`` knows where in most fields the groups may be."""
        return self._sieve is not None

    def look(self, field: Encoded) -> Look:
        """Which groups may be in a field, and where; a superset."""
        if self._sieve is not None and field.raw is not None:
            return look_through(self._sieve, field.raw)
        readings = field.readings
        if field.doubtful is not None:
            readings += tuple(each.letters for each in resolve(field.doubtful, lambda: self._lexicon))
        first, *others = map(self._groups_in, readings)
        return Look(first.union(*others) if others else first)

    def groups_in(self, raw: str, max_chars: int = MAX_TEXT_CHARS) -> Set[int]:
        """The groups of which a pattern may be in the first characters of a field as received; a superset."""
        return self.look(encode_raw(raw, max_chars)).groups

    def _groups_in(self, letters: bytes) -> set[int]:
        if self._sieve is not None:
            return self._sieve.groups_in(spaced(letters))
        words = letters.split()
        every = set(words)
        found = set[int]().union(*map(self._telling.__getitem__, every))
        joined = b""
        for word in every & self._phrases.keys():
            for beside, needed, groups in self._phrases[word]:
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

        return Search(self._patterns, self._leads.__getitem__, texts, readings, particles=particles)

    def find(self, text: Text, field: FieldName, *, particles: bool = True) -> list[Mention]:
        """Every occurrence of every pattern in one field, in order."""
        return self.search({field: text}, particles=particles).below(len(self._patterns))


def _leads(stems: Stems[Head], word: bytes) -> Sequence[Lead]:
    return tuple((head.form.pattern, word, start, head) for start, heads in stems.look_up(word) for head in heads)


def _groups(stems: Stems[Head], groups_of: Sequence[Groups], phrases: dict[bytes, _Phrases], word: bytes) -> Groups:
    """The groups that are in a text because the word is; what is there with other words goes to ``phrases``."""
    alone: set[int] = set()
    together: defaultdict[tuple[bytes, tuple[bytes, ...]], set[int]] = defaultdict(set)
    for _, heads in stems.look_up(word):
        for head in heads:
            if groups := groups_of[head.form.pattern]:
                (together[head.beside, head.needs] if head.needs else alone).update(groups)
    if together:
        phrases[word] = tuple((*needed, tuple(groups)) for needed, groups in together.items())
    return tuple(alone)


def compile_patterns(
    patterns: Sequence[Pattern],
    groups: Sequence[Groups] | None = None,
    looked_for: Callable[[int], bool] = lambda _: True,
) -> PatternIndex:
    """Make one index of all ``patterns``. A pattern without letters or digits is never found.

    ``groups`` are those that each pattern belongs to, told by ``groups_in``; without them each is its own group. Only
    patterns whose number is ``looked_for`` are ever found.
    """
    every = [(number,) for number in range(len(patterns))] if groups is None else groups
    return PatternIndex(patterns, every, looked_for)
