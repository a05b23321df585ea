"""Articles of which each is another story."""

from typing import Any

from tests.daemon.build import a_line

_LETTERS = str.maketrans("0123456789", "abcdefghij")


def own_words(number: int) -> str:
    """Sixty words that no other number has."""
    return " ".join(f"{number:03}k{step:02}".translate(_LETTERS) for step in range(60))


def a_harbour(number: int, **article: Any) -> bytes:
    """An English article about a harbour."""
    values = {"id": f"harbour-{number}", "title": f"The harbour of town {number}", "lang": "en"}
    return a_line(**(values | {"body": own_words(number)} | article))
