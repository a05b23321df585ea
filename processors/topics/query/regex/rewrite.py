"""A regular expression as RE2 is told it.

RE2 knows borders of words for ASCII only. So the text is given signs where words begin and end, ``\\b`` looks for such
a sign, and everything else steps over them. Where lines begin and end is then told by signs too. Of each kind three
stand at one place, in turns: an expression may ask a place three times, in any order, as ``\\b(^a|\\bb)`` does.
"""

import re
from typing import NamedTuple

from processors.normalize.letters import KEPT_MARKS, character_class
from processors.topics.query.regex.tree import Border, Choice, LineEdge, Part, Regexp, Repeated, Row, Single, every

_BORDER, _INSIDE, _START, _END = "\x01", "\x02", "\x03", "\x04"
SIGNS = b"\x01\x02\x03\x04"
NOT_OF_TEXT = "\\n\x01-\x04"
"""Inside of a class: what no character of an expression may match."""

_SKIPPED = "[\x01-\x04]*?"  # as few as can be: the next match may begin at the same border
_TIMES = 3
"""Signs at one place: see above."""

_WORD = re.compile(rf"[\w{character_class(KEPT_MARKS)}]+")
_NO_BORDER = re.compile(f"(?<!{_BORDER})(?!{_BORDER})")
_LINE_START = re.compile(f"^[{_BORDER}{_INSIDE}]*", re.MULTILINE)
_LINE_END = re.compile(f"[{_BORDER}{_INSIDE}]*$", re.MULTILINE)


class Signs(NamedTuple):
    """Which signs an expression asks for."""

    borders: bool
    inside: bool  # also places that are no border
    edges: bool  # also where lines begin and end


def signs_of(regexp: Regexp) -> Signs:
    """Without a border none are needed."""
    nodes = list(every(regexp))
    borders = [node for node in nodes if isinstance(node, Border)]
    edges = bool(borders) and any(isinstance(node, LineEdge) for node in nodes)
    return Signs(bool(borders), any(border.inside for border in borders), edges)


def with_signs(plain: str, signs: Signs) -> str:
    """The text with those signs."""
    if not signs.borders:
        return plain
    signed = _WORD.sub(rf"{_BORDER * _TIMES}\g<0>{_BORDER * _TIMES}", plain)
    if signs.inside:
        signed = _NO_BORDER.sub(_INSIDE * _TIMES, signed)
    if signs.edges:
        signed = _LINE_START.sub(lambda found: (found[0][:1] + _START) * _TIMES, signed)
        signed = _LINE_END.sub(lambda found: (found[0][:1] + _END) * _TIMES, signed)
    return signed


def rewritten(regexp: Regexp, signs: Signs) -> str:
    """The expression for RE2, to be asked of text ``with_signs``."""
    return _Telling(signs).told(regexp)


class _Telling:
    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self._skipped = _SKIPPED if signs.borders else ""

    def told(self, regexp: Regexp) -> str:
        match regexp:
            case Single():
                return self._skipped + regexp.re2
            case Border():
                return self._skipped + (_INSIDE if regexp.inside else _BORDER)
            case LineEdge() if self._signs.borders:
                return self._skipped + (_START if regexp.sign == "^" else _END)
            case LineEdge():
                return regexp.sign
            case Part():
                flags = {None: "?:", True: "?i:", False: "?-i:"}[regexp.any_case]
                return f"({flags}{self.told(regexp.child)})"
            case Repeated():
                return f"(?:{self.told(regexp.child)}){regexp.written}"
            case Choice():
                return "|".join(map(self.told, regexp.children))
            case Row():
                return self._row(regexp)

    def _row(self, row: Row) -> str:
        pieces: list[str] = []
        after_letter = False
        for child in row.children:
            # Between two letters no word begins: nothing to step over, and RE2 searches literals fast.
            if isinstance(child, Single) and child.letter and after_letter and not self._signs.inside:
                pieces.append(child.re2)
            else:
                pieces.append(self.told(child))
            after_letter = isinstance(child, Single) and bool(child.letter)
        return "".join(pieces)
