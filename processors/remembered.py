"""What words were found to say, remembered: most words of a day's news have been seen before."""

from collections.abc import Callable
from typing import TypeVar

Word = TypeVar("Word", bytes, str)
Value = TypeVar("Value")


class Remembered(dict[Word, Value]):
    """Answers for every word, and asks ``find`` for those that it does not remember.

    Holds ``most`` at most: when half as many have come, those that are not asked for before as many again have come are
    forgotten. Words of more than ``longest`` letters are not remembered: no real one is so long, and made-up ones must
    not fill memory.
    """

    def __init__(self, find: Callable[[Word], Value], *, most: int, longest: int) -> None:
        super().__init__()
        self._find: Callable[[Word], Value] = find
        self._half = most // 2
        self._longest = longest
        self._before: dict[Word, Value] = {}

    @property
    def held(self) -> int:
        """How many words are remembered; some of them twice, in both halves."""
        return len(self) + len(self._before)

    def __missing__(self, word: Word) -> Value:
        if word in self._before:
            found = self._before[word]
        else:
            found = self._find(word)
            if len(word) > self._longest:
                return found
        if len(self) >= self._half:
            self._before = dict(self)
            self.clear()
        self[word] = found
        return found
