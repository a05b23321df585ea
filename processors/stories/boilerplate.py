"""What stands in an article's text without being its report: its own headline again, and lines to other stories."""

import re
from collections.abc import Sequence

MAX_TEASER_CHARS = 240
"""Longer lines that begin like a teaser are sentences of the report (``شاهد الملايين …``)."""

_LEADS = r"""
    (?:ا|أ|إ)قر(?:أ|ا|ئي|ؤوا)\s+(?:أيضا|ايضا|المزيد)|(?:إ|ا)قر[أا]\s*/?\s*ي\s+أيضا|قد\s+(?:يهمك|يعجبك)|شاهد|طالع\s+(?:أيضا|ايضا)
    |للمزيد|المزيد\s+(?:من|عن|حول|على)|(?:مواضيع|أخبار|مقالات|روابط)\s+(?:ذات\s+صلة|متعلقة|قد\s+تهمك)|ذات\s+صلة
    |تابعوا?\s+(?:أيضا|ايضا)|لمتابعة\s+(?:أخبار|آخر)|جميع\s+الحقوق\s+محفوظة
    |read\s+(?:also|more|next)|also\s+read|related(?:\s+(?:stories|articles|news))?\s*:|see\s+also|more\s+on\s+this|all\s+rights\s+reserved
    |lire\s+(?:aussi|également|la\s+suite)|à\s+lire|voir\s+aussi|sur\s+le\s+même\s+sujet
    |ayrıca\s+(?:oku|bak)|ilgili\s+haber|bunlar\s+da\s+ilginizi
"""
_TEASER = re.compile(rf"^[\W_]*(?:{_LEADS})", re.IGNORECASE | re.VERBOSE)
_MARKS = re.compile("[\u064b-\u0652\u0640]")


def report_lines(text: str) -> list[str]:
    """The lines of plain text without those that lead elsewhere."""
    return [line for line in text.split("\n") if line and not line.isspace() and not is_teaser(line)]


def is_teaser(line: str) -> bool:
    """Whether a line only points to another story or to the site."""
    if len(line) > MAX_TEASER_CHARS:
        return False
    return _TEASER.match(_MARKS.sub("", line)) is not None


def without_headline(body: Sequence[str], title: Sequence[str]) -> Sequence[str]:
    """The words of a body without the headline's, where it begins with them."""
    length = len(title)
    while length and list(body[:length]) == list(title):
        body = body[length:]
    return body
