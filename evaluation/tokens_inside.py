"""Whether one sequence of tokens is in another one, in order and side by side: how a search engine finds a phrase."""

import html
import re
from collections.abc import Sequence

LANGUAGES = {"en": "en", "exact case": "en", "fr": "fr", "tr": "tr"}
"""The language of each kind of word; all the others are Arabic."""

_TAG = re.compile(r"<[^>]*>")


def is_inside(word: Sequence[str], text: Sequence[str]) -> bool:
    """False also for a word of which nothing is left (a stop word)."""
    length = len(word)
    return length > 0 and any(text[at : at + length] == word for at in range(len(text) - length + 1))


def without_markup(text: str) -> str:
    """``text`` as a careful user of a plain-text tool would give it: tags out, entities resolved."""
    return html.unescape(_TAG.sub(" ", text))
