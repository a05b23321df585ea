"""Texts that must never be shown: passwords, tokens, addresses that hold one.

A receiver's answer may repeat what it was sent, and a library's error may quote an address: whatever is kept or printed
of them goes through ``redacted`` first.
"""

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

# Shorter ones stand in any sentence: to hide them would hide the sentence, and they protect nothing.
_LEAST_CHARS = 6

MASK = "***"
"""What stands where a secret stood."""


class SecretText:
    """A text that cannot be printed by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for whoever it is meant for."""
        return self._text

    def __repr__(self) -> str:
        return f"SecretText({MASK})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretText) and self._text == other._text

    def __hash__(self) -> int:
        # Not of the text: a hash may end up in a log.
        return hash(SecretText)

    def __reduce__(self) -> str:
        raise TypeError("a secret must not be pickled")


def redacted(text: str, secrets: Iterable[SecretText]) -> str:
    """``text`` with every secret in it, plain or percent-encoded, masked; a longer one before one inside it."""
    for form in _forms(secrets):
        text = text.replace(form, MASK)
    return text


def masked_start(text: str, secrets: Iterable[SecretText]) -> str:
    """The same of a text that was cut: what may be the beginning of a secret at its end is masked too."""
    forms = _forms(secrets)
    for form in forms:
        text = text.replace(form, MASK)
    for form in forms:
        longest = min(len(form) - 1, len(text))
        for length in range(longest, _LEAST_CHARS - 1, -1):
            if text.endswith(form[:length]):
                return text[:-length] + MASK
    return text


def _forms(secrets: Iterable[SecretText]) -> list[str]:
    """As secrets may be written, the longest first."""
    plain = {secret.reveal() for secret in secrets}
    forms = {form for each in plain for form in (each, quote(each, safe=""), quote(each)) if len(form) >= _LEAST_CHARS}
    return sorted(forms, key=len, reverse=True)


def secrets_of_url(url: str) -> tuple[SecretText, ...]:
    """What of a web address lets anyone who knows it send: all but its host, whole and in parts."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    pieces = [path, *(piece for piece in parts.path.split("/") if len(piece) >= 8), parts.query]
    pieces += [parts.username or "", parts.password or ""]
    return tuple(SecretText(piece) for piece in pieces if len(piece) >= _LEAST_CHARS)
