"""A regular expression as RE2 is told it.

RE2 knows borders of words for ASCII only. So the text is given signs where words begin and end, ``\\b`` looks for such
a sign, and everything else steps over them. Three signs stand at each border: ``\\b`` may be asked for more than once
at one place, as in ``\\b(\\bfoo|bar)``.
"""

import re

from processors.normalize.letters import KEPT_MARKS, character_class
from processors.topics.regex.tree import Border, Choice, LineEdge, Part, Regexp, Repeated, Row, Single, every

BORDER, INSIDE = "\x01", "\x02"
_TIMES = 3
_AT_BORDER, _ELSEWHERE = BORDER * _TIMES, INSIDE * _TIMES
SIGNS = b"\x01\x02"

_WORD = re.compile(rf"[\w{character_class(KEPT_MARKS)}]+")
_NO_BORDER = re.compile(f"(?<!{BORDER})(?!{BORDER})")


def needs_signs(regexp: Regexp) -> tuple[bool, bool]:
    """Whether it asks for borders, and whether for places that are none."""
    borders = [node for node in every(regexp) if isinstance(node, Border)]
    return bool(borders), any(border.inside for border in borders)


def with_signs(plain: str, *, inside: bool) -> str:
    """The text with signs where words begin and end; ``inside``: with others everywhere else."""
    signed = _WORD.sub(rf"{_AT_BORDER}\g<0>{_AT_BORDER}", plain)
    return _NO_BORDER.sub(_ELSEWHERE, signed) if inside else signed


def rewritten(regexp: Regexp) -> str:
    """The expression for RE2, to be asked of text ``with_signs`` if it ``needs_signs``."""
    borders, inside = needs_signs(regexp)
    if not borders:
        return _told(regexp, "", "")
    return _told(regexp, f"[{BORDER}{INSIDE}]*" if inside else f"{BORDER}*", "" if inside else BORDER)


def _told(regexp: Regexp, skip: str, within_words: str) -> str:
    """``skip``: steps over signs; ``within_words``: not empty where none can stand between two letters."""
    match regexp:
        case Single():
            return skip + regexp.re2
        case Border():
            return INSIDE if regexp.inside else BORDER
        case LineEdge():
            return f"{skip}{regexp.sign}" if regexp.sign == "$" else regexp.sign
        case Part():
            flags = {None: "?:", True: "?i:", False: "?-i:"}[regexp.any_case]
            return f"({flags}{_told(regexp.child, skip, within_words)})"
        case Repeated():
            return f"(?:{_told(regexp.child, skip, within_words)}){regexp.written}"
        case Choice():
            return "|".join(_told(child, skip, within_words) for child in regexp.children)
        case Row():
            return _row(regexp, skip, within_words)


def _row(row: Row, skip: str, within_words: str) -> str:
    pieces: list[str] = []
    after_letter = False
    for child in row.children:
        letter = isinstance(child, Single) and bool(child.letter)
        # Between two letters no word begins: nothing to step over, and RE2 searches literals fast.
        if letter and after_letter and within_words:
            pieces.append(child.re2)  # type: ignore[union-attr]
        else:
            pieces.append(_told(child, skip, within_words))
        after_letter = letter
    return "".join(pieces)
