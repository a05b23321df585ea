"""What may be written onto a word in Arabic, at either edge, without making it another word."""

import re
from enum import StrEnum
from functools import cache

from processors.model import Level, Pattern

ARTICLE = "ال"
PROCLITICS = frozenset(("", "و", "ف", "ب", "ك", "ل", "وب", "وك", "ول", "فب", "فك", "فل"))
CONJUNCTIONS = frozenset(("", "و", "ف"))
_WITH_ARTICLE = frozenset(
    ("ال", "وال", "فال", "بال", "كال", "وبال", "وكال", "فبال", "فكال", "لل", "ولل", "فلل")
)  # fmt: skip
_FUTURE = frozenset(("س", "وس", "فس"))
ALL_PROCLITICS = tuple(sorted(PROCLITICS | _WITH_ARTICLE | _FUTURE, key=lambda particles: (len(particles), particles)))
"""Whatever may be written in front of some word."""

# Before a short name ك and ف make other words: كبري, كامل, فقطر.
_SHORT_NAME_LETTERS = 4

SUFFIXES = ("ه", "ها", "هم", "هن", "هما", "نا", "كم")

LAST_BEFORE = frozenset("وفبكلس")
"""Every letter that can stand right before a word with a particle."""

_APOSTROPHE = "'"
_ELISIONS = frozenset(("l", "d", "qu", "j", "n", "s", "c", "m", "t", "jusqu", "lorsqu", "puisqu"))


class Edge(StrEnum):
    """How a word may end. A text, which is compared and looked up faster: every word of a form has one."""

    WHOLE = "whole"  # as it is written
    SUFFIXED = "suffixed"  # as written, or with a pronoun suffix
    CHANGED = "changed"  # only with a suffix: its last letter changed before it (زيارة → زيارت…)
    OPEN = "open"  # in any way
    TURKISH = "turkish"  # a demonym in -li, and what Turkish grammar writes after it


_TURKISH = frozenset(("tr", ""))
# Suriyeli, Suriyelinin, Suriyeliler, Suriyelilere…: the cases of both numbers, and "is", "was", "with". Accents are
# folded here: ı is i, ü is u.
_CASES = ("", "yi", "ye", "de", "den", "nin", "yle", "ydi", "dir", "yu", "ya", "da", "dan", "nun", "yla", "ydu", "dur")
_PLURAL_CASES = ("", "i", "e", "de", "den", "in", "le", "a", "da", "dan", "la", "dir")
TURKISH_ENDINGS = frozenset(_CASES) | {plural + case for plural in ("ler", "lar") for case in _PLURAL_CASES}
# Of a name that nobody said is Turkish; shorter ones make English and French words (Mali, deli, poli).
_SHORTEST_TURKISH = 4
_VOWELS = re.compile("[aeiou]")


def proclitics(pattern: Pattern, folded: str) -> frozenset[str]:
    """What may be written in front of the pattern's first word, read as folded letters."""
    common = pattern.takes_article or pattern.takes_suffixes or pattern.takes_sa or pattern.takes_ka_fa
    short_name = len(folded) <= _SHORT_NAME_LETTERS and not common
    return _proclitics(pattern.level >= Level.ATTACHED, pattern.takes_article, pattern.takes_sa, short_name)


@cache
def _proclitics(attached: bool, takes_article: bool, takes_sa: bool, short_name: bool) -> frozenset[str]:
    """A handful of sets for thousands of patterns."""
    if not attached:
        return frozenset(("",))
    before = PROCLITICS
    if takes_article:
        before |= _WITH_ARTICLE
    if takes_sa:
        before |= _FUTURE
    if short_name:
        before = frozenset(particles for particles in before if not {"ك", "ف"} & set(particles))
    return before


def endings(pattern: Pattern, plain: str, folded: str) -> list[tuple[str, Edge]]:
    """The stems of the pattern's last word, and how each may end."""
    if pattern.prefix:
        return [(folded, Edge.OPEN)]
    if pattern.level >= Level.ATTACHED and (demonym := _turkish_demonym(pattern, folded)):
        return [(folded, Edge.WHOLE), (demonym, Edge.TURKISH)]
    if pattern.level < Level.ATTACHED or not pattern.takes_suffixes or folded[-1:].isascii():
        return [(folded, Edge.WHOLE)]
    if plain.endswith("ة"):
        return [(folded, Edge.WHOLE), (folded[:-1] + "ت", Edge.CHANGED)]
    if plain.endswith("ى"):
        return [(folded, Edge.WHOLE), (folded[:-1] + "ا", Edge.CHANGED)]
    return [(folded, Edge.SUFFIXED)]


def _turkish_demonym(pattern: Pattern, folded: str) -> str:
    """The name with -li as vowel harmony asks (Suriyeli, Ruslu); empty where it is no name that Turkish may inflect."""
    if pattern.lang not in _TURKISH or not (folded.isascii() and folded.isalpha()):
        return ""
    if not pattern.lang and len(folded) < _SHORTEST_TURKISH:
        return ""
    vowels = _VOWELS.findall(folded)
    return folded + ("lu" if vowels and vowels[-1] in "ou" else "li")


def has_apostrophe_particle(folded: str, start: int, end: int) -> bool:
    """Whether the Latin word ``[start:end]`` carries 's, French l' d' qu', or a Turkish suffix after its apostrophe."""
    if folded[end : end + 1] == _APOSTROPHE and folded[end + 1 : end + 2].isalpha():
        return True
    if start < 2 or folded[start - 1] != _APOSTROPHE:
        return False
    before = start - 1
    while before and start - before < 8 and folded[before - 1].isalpha():
        before -= 1
    return folded[before : start - 1] in _ELISIONS
