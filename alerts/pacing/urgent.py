"""Whether a headline says of itself that it is urgent. Pure."""

import re
import unicodedata

_LOOKED_AT = 60
"""Characters of a headline: the word comes first or not at all."""

_SIGNS = r"[\W_]*"
# Urgent; urgent news; urgent and important. Then the English, French and Turkish for it.
_ARABIC = r"(?:خبر\s+)?عاجل(?:\s+وهام)?"
_LATIN = r"breaking(?:\s+news)?|urgent|son dakika"
_BEGINS = re.compile(rf"{_SIGNS}(?:{_ARABIC}|{_LATIN})(?!\w)", re.IGNORECASE)
_SECTION = re.compile(
    rf"{_SIGNS}(?:{_ARABIC}|(?:أخبار|اخبار|الأخبار|الاخبار)\s+(?:عاجلة|العاجلة)|{_LATIN}){_SIGNS}", re.IGNORECASE
)


def says_urgent(title: str, section: str) -> bool:
    """``عاجل | …``, ``#عاجـل: …``, ``BREAKING: …``, or a section of that name."""
    return _BEGINS.match(_plain(title)) is not None or _SECTION.fullmatch(_plain(section)) is not None


def _plain(text: str) -> str:
    """Without vowel marks, the stroke that lengthens words (U+0640) and what is invisible; the Turkish İ is I."""
    start = unicodedata.normalize("NFKC", text[:_LOOKED_AT].replace("\u0130", "I"))
    kept = "".join(each for each in start if each != "\u0640" and unicodedata.category(each) not in ("Mn", "Cf"))
    return " ".join(kept.split())
