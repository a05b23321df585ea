"""What words were found to say, remembered: most words of a day's news have been seen before."""

from collections.abc import Callable
from typing import TypeVar

WORDS_REMEMBERED = 1 << 17
"""About 100 bytes each. A corpus of 60,000 articles has some 400,000 different words, nearly all of them rare."""

Value = TypeVar("Value")


class Remembered(dict[bytes, Value]):
    """Answers for every word; asks ``find`` for those that it does not remember, and forgets all when it is full."""

    def __init__(self, find: Callable[[bytes], Value]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: bytes) -> Value:
        found = self._find(word)
        if len(self) >= WORDS_REMEMBERED:
            self.clear()
        self[word] = found
        return found
