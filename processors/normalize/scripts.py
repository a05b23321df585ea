"""In which letters a text is written, as far as the languages of the desk differ in them."""

import re

_ARABIC = re.compile(r"[\u0621-\u064a\u066e-\u06d3]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")

SCRIPTS = {"Arabic": _ARABIC, "Latin": _LATIN}
"""Name → one letter of it."""


def scripts_of(text: str) -> set[str]:
    """``Arabic`` and ``Latin``, where ``text`` has letters of them."""
    return {name for name, letter in SCRIPTS.items() if letter.search(text)}


def has_arabic(text: str) -> bool:
    """Whether ``text`` has an Arabic letter."""
    return _ARABIC.search(text) is not None
