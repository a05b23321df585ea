"""The language of an article as its tag says, in one form: ``ara``, ``AR`` and ``ar-EG`` are Arabic. Pure."""

from collections.abc import Mapping

_LONGEST = 16
"""Of a tag's beginning; the language is its first two or three letters."""

_SHORT: Mapping[str, str] = {
    "ara": "ar", "eng": "en", "fra": "fr", "fre": "fr", "tur": "tr", "fas": "fa", "per": "fa", "heb": "he", "iw": "he",
    "spa": "es", "deu": "de", "ger": "de", "rus": "ru", "zho": "zh", "chi": "zh", "ita": "it", "por": "pt", "kur": "ku",
    "urd": "ur", "hye": "hy", "arm": "hy", "ell": "el", "gre": "el", "nld": "nl", "dut": "nl", "jpn": "ja", "kor": "ko",
}  # fmt: skip
"""Codes of three letters (ISO 639-2, both kinds) and old ones that feeds write for those of two."""

_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx", "xx"})
"""Codes that say that the language is unknown, or that there are several or none."""


def language_of(tag: str) -> str:
    """The language, "" where the tag names none."""
    code = tag[:_LONGEST].replace("_", "-").partition("-")[0].strip().lower()
    if not (code.isascii() and code.isalpha() and 2 <= len(code) <= 3) or code in _NO_LANGUAGE:
        return ""
    return _SHORT.get(code, code)
