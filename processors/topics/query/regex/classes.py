"""What ``\\w``, ``\\d``, ``\\s`` and the like mean in all scripts. RE2's own know ASCII alone.

Text that was read holds no control character but tab and line feed, so that the classes for "everything else" leave
them out: two of them mark the borders of words (see ``rewrite``).
"""

DIGIT = r"\p{Nd}"
WORD = r"\p{L}\p{M}\p{N}_"
SPACE = r"\t\p{Z}"

_NO_CONTROLS = r"\t\p{Cf}\p{Co}"
_SIGNS = r"\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{S}"
# Connecting punctuation without the low line, which counts as a part of words.
_CONNECTORS = r"\x{203F}\x{2040}\x{2054}\x{FE33}\x{FE34}\x{FE4D}-\x{FE4F}\x{FF3F}"

CLASSES = {
    "d": DIGIT,
    "w": WORD,
    "s": SPACE,
    "D": rf"\p{{L}}\p{{M}}\p{{Nl}}\p{{No}}\p{{P}}\p{{S}}\p{{Z}}{_NO_CONTROLS}",
    "W": rf"{_SIGNS}{_CONNECTORS}\p{{Z}}{_NO_CONTROLS}",
    "S": r"\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cf}\p{Co}",
}
"""The letter behind the backslash → the inside of a character class."""

NAMED = {
    "alpha": r"\p{L}",
    "alnum": r"\p{L}\p{N}",
    "digit": DIGIT,
    "word": WORD,
    "space": SPACE,
    "blank": SPACE,
    "upper": r"\p{Lu}",
    "lower": r"\p{Ll}",
    "punct": r"\p{P}\p{S}",
    "xdigit": "0-9A-Fa-f",
}
"""The name in ``[[:name:]]`` → the inside of a character class."""
