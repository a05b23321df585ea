"""Which characters count as the same letter, and which count as nothing.

Two steps use these tables. *Reading* drops what a reader does not see as a letter (vowel marks, tatweel, invisible
characters) and undoes compatibility forms. *Folding* then makes letters that writers use for one another equal, one
character for one, so that positions stay valid.
"""

import codecs
import unicodedata
from collections.abc import Iterable

TATWEEL = "ـ"

# Arabic marks that never change which word is written. The ligatures FC5E–FC63, FCF2–FCF4 and FE70–FE7F are the same
# marks drawn over a space or a tatweel.
VOWEL_MARKS = (
    "\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u08d3-\u08e1\u08e3-\u08ff\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe72\ufe74-\ufe7f"
)
# Marks that may make another letter with the one before: e + acute, waw + hamza above.
COMPOSING_MARKS = "\u0300-\u036f\u0653-\u0655\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
# Soft hyphen, zero-width and direction characters, variation selectors, controls that are not white space.
INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
TANWIN = "\u064b\u064c\u064d"
# Marks of scripts whose words keep them (Hebrew, Indic, Thai, …), so that they do not split words.
KEPT_MARKS = "".join(
    chr(code)
    for low, high in ((0x0591, 0x05C7), (0x0900, 0x109F))
    for code in range(low, high + 1)
    if unicodedata.category(chr(code)) in ("Mn", "Mc")
)

# Compatibility characters that stand for no word: spelled out they would become words nobody wrote, and the
# blessings U+FDFA and U+FDFB would make text eighteen times as long.
_SYMBOLS = "™℠ﷺﷻ"


def _compatible(character: str) -> str:
    return " " if character in _SYMBOLS else unicodedata.normalize("NFKC", character)


# Every character that NFKC changes. CJK and Hangul, which it does not, are skipped to keep start-up short.
_COMPATIBILITY_BLOCKS = (
    (0x00A0, 0x02FF),
    (0x0370, 0x3400),
    (0xF900, 0xFFFD),
    (0x1D400, 0x1D800),
    (0x1EE00, 0x1EF00),
    (0x1F100, 0x1F270),
    (0x2F800, 0x2FA20),
)
COMPATIBLE = {
    character: replacement
    for low, high in _COMPATIBILITY_BLOCKS
    for character in map(chr, range(low, high))
    if (replacement := _compatible(character)) != character
}


def character_class(characters: Iterable[str]) -> str:
    """The inside of a regular expression's ``[…]`` that holds exactly ``characters``, as ranges."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(rf"\U{low:08x}-\U{high:08x}" for low, high in ranges)


# ؤ ئ ء are one letter, never و or ي; ة = ه and ى = ي. Persian, Urdu and Kurdish letters go to the Arabic ones that
# keyboards and writers use for them; پ چ ژ گ stay, they are other sounds.
_ARABIC = {
    "ا": "أإآٱٲٳٵ",
    "ء": "ؤئٶٸۓ",
    "ه": "ةۃەہۂھۀ",
    "ي": "ىیۍېێےٸ",
    "ك": "کڪګ",
    "و": "ۆۇۈۉۋ",
    "ن": "ں",
    "ر": "ڕ",
    "ل": "ڵ",
    "ف": "ڤ",
    "'": "’‘ʼ′`´",
    '"': "“”„",
}


def _folding() -> dict[str, str]:
    table = {}
    for code in (*range(0x41, 0x590), *range(0x1E00, 0x2000)):
        character = chr(code)
        lower = character.lower()[0]  # İ lowers to i and a dot above: the dot goes, as ı's absence does
        base = unicodedata.normalize("NFD", lower)[0]
        folded = base if base.isalpha() and base.isascii() else lower
        if folded != character:
            table[character] = folded
    table.update({"ı": "i", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l"})
    table.update({variant: letter for letter, variants in _ARABIC.items() for variant in variants})
    table.update({chr(start + digit): str(digit) for start in (0x0660, 0x06F0) for digit in range(10)})
    return table


FOLDED = _folding()
"""Character → the letter it is compared as. What is absent is compared as itself."""

_TRANSLATION = str.maketrans(FOLDED)


# Most Arabic and French news fits this code page: one byte a letter is ten times as fast. For names, a few letters
# each and thousands at every start, the codec's own layers would take longer than its work.
_PAGE = bytes(range(256)).decode("cp1256")
_TO_PAGE = codecs.charmap_build(_PAGE)
_FOLDED_PAGE = "".join(FOLDED.get(character, character) for character in _PAGE)


def fold(plain: str) -> str:
    """``plain`` with equal letters made equal, character for character: the length stays."""
    try:
        return codecs.charmap_decode(codecs.charmap_encode(plain, "strict", _TO_PAGE)[0], "strict", _FOLDED_PAGE)[0]
    except UnicodeEncodeError:
        return plain.translate(_TRANSLATION)
