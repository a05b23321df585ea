"""Where a word was broken on purpose: حمـ.ـاس, حــ ـمــ ـاس, حـMـاس.

A break is a run of separators between two Arabic letters that touches a tatweel, or a single Latin letter or digit in
a letter's place. A bare dot between letters is a sentence break and joins nothing; neither do the tatweel of لـ"داعش",
the one of الـ25, nor a tatweel used as a dash. Only inside a word that is broken by a tatweel elsewhere does a bare
dot break it once more, and only beside a single letter, which is no word of its own: حـ.ـمـ.ـا.س.
"""

import re
from functools import lru_cache

from processors.normalize.letters import VOWEL_MARKS

ARABIC = "\u0621-\u063a\u0641-\u064a\u066e-\u06d3\u06d5"
"""The inside of a regular expression's ``[…]``: Arabic letters."""

_AFTER = rf"(?=[{ARABIC}])"
_DOTS = r".…،,*|·•"
_SEPARATOR = _DOTS + r"~^+_!'’:;؛/\\\-"

# Letter → what stands for it in the wild, by sound or by shape.
_STOOD_FOR = {
    "م": "Mm", "س": "SsCc", "ج": "GgJj", "ر": "Rr", "د": "Dd", "ت": "Tt", "ب": "BbPp", "ن": "Nn", "ل": "Ll",
    "ك": "Kk", "ف": "FfVv", "ق": "Qq8", "ز": "Zz", "و": "WwOoUu9", "ي": "YyIiEe", "ا": "Aa1", "ه": "Hh",
    "ء": "2", "ع": "3", "خ": "5", "ط": "6", "ح": "7",
}  # fmt: skip
STAND_INS = {stand_in: letter for letter, stand_ins in _STOOD_FOR.items() for stand_in in stand_ins}
"""Character → the letter that it may stand for."""

_STAND_IN = "[" + "".join(STAND_INS) + "]"

# The first character is consumed before the letter in front of it is looked at: a search that starts with a character
# class skips quickly over text that holds none of them.
BREAK = (
    rf"[ـ{_DOTS}{''.join(STAND_INS)}](?<=[{ARABIC}{VOWEL_MARKS}].)(?:"
    # tatweel on both sides, up to five separators or spaces between (a letter's stand-in too)
    rf"(?<=ـ)ـ*(?:[{_SEPARATOR} \u00a0]{{1,5}}|{_STAND_IN})ـ+(?:[{_DOTS}]ـ*)?{_AFTER}"
    # tatweel, dots, space, dots
    rf"|(?<=ـ)ـ*[{_DOTS}]{{1,2}} [{_DOTS}]{{1,2}}ـ*{_AFTER}"
    # two or three dots and a space behind a tatweel; not after a particle, which ends so before a name or a silence
    rf"|(?<=[{ARABIC}]{{2}}ـ)(?<!(?:ال|لل)ـ)ـ*[.…،,*]{{2,3}} {_AFTER}"
    # tatweel before the separators only; not after the lone ه of a Hijri year
    rf"|(?<=ـ)(?<![^{ARABIC}]هـ)(?<!^هـ)ـ*[{_DOTS}]{{1,3}}{_AFTER}"
    # tatweel after the separators only
    rf"|(?<=[{_DOTS}])[{_DOTS}]{{0,2}}ـ+{_AFTER}"
    # an asterisk or a bar beside a letter that has lost its dots
    rf"|(?<=[*|])(?:(?<=[ٮٯڡ].){_AFTER}|(?=[ٮٯڡ]))"
    # a stand-in alone between two letters
    rf"|(?<={_STAND_IN})ـ*{_AFTER}"
    rf")"
)
_BREAK = re.compile(BREAK)

BARE_DOT = rf"[{_DOTS}](?<=[{ARABIC}{VOWEL_MARKS}ـ].)[{_DOTS}]{{0,2}}{_AFTER}"
"""Separators that no tatweel touches: whether they break a word, ``breaks_word`` decides."""


def is_broken(source: str) -> bool:
    """Whether there is any break to undo."""
    return _BREAK.search(source) is not None


_LETTER_OR_MARK = re.compile(f"[{ARABIC}{VOWEL_MARKS}]")


def follows_letter(character: str) -> bool:
    """Whether a break may begin behind it, or end in front of it: an Arabic letter or one of its marks."""
    return _LETTER_OR_MARK.match(character) is not None


_NEAR = 24
"""Characters looked at on either side of a bare dot: a word and its breaks are not longer."""
_BEFORE_DOT = re.compile(rf"[{ARABIC}{VOWEL_MARKS}ـ{_DOTS}]*\Z")
_AFTER_DOT = re.compile(rf"[{ARABIC}{VOWEL_MARKS}ـ{_DOTS}]*")
_TOUCHED = re.compile(rf"ـ[{_DOTS}]|[{_DOTS}]ـ")
_PARTS = re.compile(rf"[{_DOTS}]+")
_NO_LETTER = re.compile(f"[^{ARABIC}]+")
# Titles and measures that stand before a name with a dot: د.هشام.
_ABBREVIATED = frozenset("دأامصتجقه")


def breaks_word(source: str, start: int, end: int) -> bool:
    """Whether the ``BARE_DOT`` at ``[start:end]`` breaks a word that is broken elsewhere."""
    return _breaks_word(source[max(0, start - _NEAR) : start], source[end : end + _NEAR])


@lru_cache(4096)
def _breaks_word(before: str, after: str) -> bool:
    ahead, behind = _BEFORE_DOT.search(before), _AFTER_DOT.match(after)
    before, after = ahead[0] if ahead else "", behind[0] if behind else ""
    if not (_TOUCHED.search(before) or _TOUCHED.search(after)):
        return False
    parts = [_NO_LETTER.sub("", part) for part in _PARTS.split(before)]
    if len(parts[-1]) == 1:
        return len(parts) > 1 or parts[-1] not in _ABBREVIATED
    first = _NO_LETTER.sub("", _PARTS.split(after, maxsplit=1)[0])
    return len(first) == 1 and first != "و"


def mend(token: str) -> str:
    """What a break reads as: nothing, or the letter that its stand-in replaces."""
    return STAND_INS.get(token.strip("ـ"), "")
