"""The words by which two reports of one event can be known: cut to what their forms have in common. Pure.

Two reports written apart share names, places, figures and a few nouns, in other forms each. A form is cut lightly and
by rule, never looked up: what two words have in common here is evidence among much other, never a match.
"""

import re

from processors.stories.words import FUNCTION_WORDS

LONGEST = 32
"""Letters of a word that are looked at: no real one is longer, and a made-up one must not fill memory."""

LATIN_LETTERS = 6
"""Of a word in Latin or Cyrillic letters: endings of English, French and Turkish come behind them."""

MIN_STEM = 3
"""Letters that stay of a word in Arabic letters: fewer are another word."""

MIN_BARE = 4
"""Where one letter only is taken off at the front, which may belong to the word."""

COMMON_WORDS = FUNCTION_WORDS | frozenset(
    """
    علي قال قالت وقال وقالت واضاف اضاف اليوم امس هو هي هم كان كانت يكون وكان وقد وفي ومن والتي والذي غير اكثر اي احد عام
    يوم حول نحو بينما حيث فيما كذلك وذلك عبر اذا له لها بها به منه منها فيه فيها عليه عليها انهم وان ولا وما
    have has had he they his her their who which not but about into than will would can could said says say new more
    one two also all over out up no if there what when how why you we our us i my
    les ses son sa leur leurs ne pas plus il elle ils elles on nous vous ce cette ces se ont avoir etre fait comme mais
    tout tous deux aussi entre contre sans sous dont
    bu su o ki ne gibi daha cok olan olarak oldu diye kadar sonra once her en mi ise icin gore
    der die das und den von zu mit sich auf ist im dem nicht ein eine als auch es werden aus er hat dass sie nach wird
    bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch
    el los las y del que un una por con no para es al lo como mas su sus fue ha
    gli di che e per non sono da della dei alla nel
    """.split()
)
"""Words that every report has, in the languages that most news is in. Of others the table of rarities knows it."""

NUMBER = re.compile(r"\d+(?:d\d+)?")
"""A figure as ``with_figures`` leaves it: a ``d`` for the decimal point."""

# Searches that begin with the sign, and then look behind it, are several times as fast as those that look behind first.
_THOUSANDS = re.compile(r"[,.٬\u00a0\u202f](?<=\d.)(?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"[.,٫](?<=\d.)(?=\d)")

_CHINESE = re.compile("[\u3040-\u9fff]")
_BESIDE_CHINESE = re.compile("(?<=[\u3040-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u3040-\u9fff])")
"""Where a figure or a name in Latin letters stands in a text that has no spaces."""

_WITH_ARTICLE = frozenset(("وال", "فال", "بال", "كال", "ولل", "فلل", "لل", "ال"))
"""The article, and what is written together with it: and, then, by, like, to the."""

_PARTICLES = frozenset(("وب", "ول", "وك", "فب", "فل", "و", "ف", "ب", "ل", "ك"))
_ENDINGS = frozenset("اتها اتهم ياته هما كما ات ون ين ان ها هم يه ته نا وا ه ي ا".split())
"""Plurals, duals, pronouns, the feminine and the demonym's ending, folded."""


def with_figures(text: str) -> str:
    """``text`` with its figures in one piece, ``8,124.5`` and ``8 124,5`` as one word, apart from Chinese."""
    joined = _DECIMAL.sub("d", _THOUSANDS.sub("", text))
    return _BESIDE_CHINESE.sub(" ", joined) if _CHINESE.search(joined) else joined


def is_number(word: str) -> bool:
    """Whether a folded word is a figure."""
    return word[0].isdecimal() and NUMBER.fullmatch(word) is not None


def is_arabic(word: str) -> bool:
    """Whether a folded word is in Arabic letters."""
    return "\u0600" <= word[0] <= "\u06ff"


def key_of(word: str) -> str:
    """What the forms of a telling word have in common. A figure's key begins with ``#``."""
    word = word[:LONGEST]
    if is_arabic(word):
        return stem(word)
    if is_number(word):
        return f"#{word}"
    if len(word) > LATIN_LETTERS:
        return word[:LATIN_LETTERS]
    return word[:-1] if len(word) > MIN_STEM and word.endswith("s") else word


def stem(word: str) -> str:
    """A word in Arabic letters without the particles at its front and one ending."""
    return _without_ending(_bare(word))


def without_article(word: str) -> str:
    """A word in Arabic letters without the article, and what is written together with that."""
    for length in (3, 2):
        if word[:length] in _WITH_ARTICLE:
            return word[length:] if len(word) - length >= MIN_STEM else word
    return word


def _bare(word: str) -> str:
    without = without_article(word)
    if without is not word:
        return without
    for length in (2, 1):
        if len(word) - length >= MIN_BARE and word[:length] in _PARTICLES:
            return word[length:]
    return word


def _without_ending(word: str) -> str:
    for length in (4, 3, 2, 1):  # the longest that it has
        if len(word) - length >= MIN_STEM and word[-length:] in _ENDINGS:
            return word[:-length]
    return word
