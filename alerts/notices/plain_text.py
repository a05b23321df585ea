"""Text that is safe to show: valid Unicode, no control characters, nothing that turns the reading direction.

Deliberately kept: vowel marks, and the joiners that Persian and emoji need.
"""

import re

# Embeddings, overrides and isolates could reorder the text around them; marks are invisible and never needed by it.
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Controls, line and paragraph separators, tags, the byte order mark, interlinear annotation, fillers.
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_INVISIBLE = "\xad\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"

DROPPED = re.compile(f"[{_DIRECTION}{_INVISIBLE}]")
"""Characters that show nothing and are left out."""

SPACING = re.compile(rf"[\s{_CONTROL}]+")
"""What becomes one space."""

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character: cannot be sent at all."""

UNSHOWN = rf"{_DIRECTION}{_INVISIBLE}\s{_CONTROL}\ud800-\udfff"
"""All of them, as the inside of a character class."""

_CHANGED = re.compile(rf"[^\S ]|[{_DIRECTION}{_INVISIBLE}{_CONTROL}\ud800-\udfff]|  |\A | \Z")
"""Where there is none of these, cleaning changes nothing but the length."""

_ISOLATE, _POP = "\u2068", "\u2069"
_MARK = re.compile(r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d\ufe00-\ufe0f]")


def clean(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters that can be shown anywhere; cut with an ellipsis."""
    if len(text) <= limit and not _CHANGED.search(text):
        return text
    # A title of a megabyte must not cost more than its first part: 4 covers runs of spaces and dropped characters.
    whole = len(text) <= 4 * limit
    line = SPACING.sub(" ", DROPPED.sub("", SURROGATE.sub("\ufffd", text[: 4 * limit]))).strip()
    return shorten(line, limit) if whole or len(line) > limit else shorten(line + "…", limit)


def shorten(line: str, limit: int) -> str:
    """At most ``limit`` characters, not cut between a letter and its marks."""
    if len(line) <= limit:
        return line
    if limit <= 0:
        return ""
    end = limit - 1
    while end > 0 and _MARK.match(line[end]):
        end -= 1
    return line[:end].rstrip() + "…"


def isolate(text: str) -> str:
    """``text`` as a run of its own, so that an Arabic headline in a Latin line, or the reverse, keeps its order."""
    return f"{_ISOLATE}{text}{_POP}"
