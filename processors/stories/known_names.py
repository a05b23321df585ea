"""Which entities a headline or an opening names, cheaply and in any language, as light evidence of what it is about.

Only names that mean one thing by themselves are known here: nothing is weighed, and no article is read for support.
Topics are decided by ``processors/entities``, which does all that; two texts are compared by this. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence

from processors.remembered import Remembered
from processors.stories.telling_words import LONGEST
from processors.stories.words import words_of_each

MAX_WORDS = 6
"""Of a name: «the Organisation for the Prohibition of Chemical Weapons» is known by its short form."""

MIN_LETTERS = 3
"""Shorter names are found in other words once particles are taken off."""

_REMEMBERED = 1 << 14
"""Words that begin like a particle: most of a day's, 180 bytes each."""

_AND, _TO = ("و", "ف"), ("ب", "ل", "ك")
"""Particles written together with the next word: and, then; by, to, like."""

_PARTICLES = frozenset((*_AND, *_TO))


class KnownNames:
    """Names and the entity that each means. Made once for a set of entities; never changes."""

    def __init__(
        self, names: Iterable[tuple[str, str]], *, shortest: int = MIN_LETTERS, after: "KnownNames | None" = None
    ) -> None:
        """``names`` are (name, entity id). Of two entities with one name the first is meant: list countries first.

        Names of fewer letters than ``shortest`` are left out. Those of ``after`` come before ``names``.
        """
        self._entities: dict[str, str] = {} if after is None else after._entities.copy()
        # By first word, the most words of a name that begins so.
        self._longest: dict[str, int] = {} if after is None else after._longest.copy()
        listed = list(names)
        for words, (_, entity) in zip(words_of_each([name for name, _ in listed]), listed, strict=True):
            key = " ".join(words)
            if not words or len(words) > MAX_WORDS or len(key) < shortest:
                continue
            self._entities.setdefault(key, entity)
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))
        self._begins = Remembered(self._begins_behind, most=_REMEMBERED, longest=LONGEST)

    def __len__(self) -> int:
        return len(self._entities)

    def found(self, words: Sequence[str]) -> tuple[str, ...]:
        """Ids of the entities that ``words`` (of ``words_of``) name, in order, each once; the longest name wins."""
        return tuple(dict.fromkeys(entity for _, _, entity in self.places(words)))

    def places(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Each name in turn: where it begins, of how many words it is, and the entity."""
        behind, longest, begins = 0, self._longest, self._begins
        for place in [
            place for place, word in enumerate(words) if word in longest or (word[0] in _PARTICLES and begins[word])
        ]:
            if place < behind:
                continue
            length, entity = self._at(words, place)
            if entity:
                yield place, length, entity
                behind = place + length

    def _begins_behind(self, word: str) -> bool:
        """Whether ``_at`` should look closer: some part of the word behind its first letters begins a name."""
        longest, rest = self._longest, word[1:]
        return (
            rest in longest
            or rest[1:] in longest
            or (rest[:1] == "ل" and f"ا{rest}" in longest)
            or (rest[:2] == "لل" and f"ال{word[3:]}" in longest)
        )

    def _at(self, words: Sequence[str], place: int) -> tuple[int, str]:
        word, left = words[place], len(words) - place
        for first in _bare(word) if word[0] in _PARTICLES else (word,):
            for length in range(min(self._longest.get(first, 0), left), 0, -1):
                name = first if length == 1 else " ".join((first, *words[place + 1 : place + length]))
                if (entity := self._entities.get(name)) is not None:
                    return length, entity
        return 0, ""


NO_NAMES = KnownNames(())
"""Where nobody told of any."""


def _bare(word: str) -> Iterable[str]:
    """The word as written, then without the particles it may carry, fewest first."""
    yield word
    if len(word) <= MIN_LETTERS or not "ء" <= word[0] <= "ي":
        return
    rests = [word]
    if word[0] in _AND:
        yield (rest := word[1:])
        rests.append(rest)
    for rest in rests:
        if rest.startswith("لل"):
            yield "ال" + rest[2:]
        if rest[0] in _TO and len(rest) > MIN_LETTERS:
            yield rest[1:]
