"""Cut a query into tokens, each with its place. Nothing is guessed: what fits no token is an error.

One regular expression, tried in order at each place. Plain words between spaces are nearly all of any query and come
first; the rules behind them are for everything that is written with signs.
"""

import re
from collections.abc import Callable
from enum import StrEnum

import msgspec

from processors.topics.query.mistakes import what_is_wrong_at
from processors.topics.query.text import QueryError

MOST_DIGITS = 6
"""No article has a million words."""


class Kind(StrEnum):
    """What a token is."""

    OPEN = "("
    CLOSE = ")"
    COMMA = ","
    OR = "OR"
    AND = "AND"
    NOT = "NOT"
    NEAR = "NEAR"  # and ONEAR, NOTNEAR: with a number
    SCOPE = "SENTENCE"  # and PARAGRAPH
    ATLEAST = "ATLEAST"
    COUNT = "COUNT"
    FIELD = "field:"
    ENTITY = "@entity"
    TOPIC = "topic:name"
    LIST = "list:name"
    PHRASE = "phrase"
    WORD = "word"
    RANGE = "[… TO …]"
    REGEX = "/regex/"
    SLOP = "~"
    WEIGHT = "^"
    END = "the end"


class Token(msgspec.Struct, frozen=True, gc=False):
    """One token: its text as written, where it begins and ends, and what it holds."""

    kind: Kind
    text: str
    at: int
    end: int
    value: str = ""
    number: float = 0
    exact: bool = False


_OPERATOR = r"(?![\w/:*])"
# A number ends here: neither the 1 of 1.5 nor that of 1e5 is one.
_WHOLE = r"(?![\w٫]|\.\d)"
# What a word may be made of: everything but white space and the signs that mean something.
_SIGNS = r"""\s()"«»“”„\[\]{}^~,،;؛?؟!=|:@<>\\"""
_IN_WORD = rf"(?:[^{_SIGNS}&]|&(?!&))"
_WORD = rf"(?![-–—−+'‘’/]){_IN_WORD}+(?:@{_IN_WORD}+)*"
_ADDRESS = r"""(?:https?://|www\.)[^\s()"«»“”]+"""

_RULES: dict[Kind, str] = {
    Kind.OPEN: r"\(",
    Kind.CLOSE: r"\)",
    Kind.COMMA: r"[,،]",
    Kind.PHRASE: r"""=?(?:"[^"]*"|«[^»]*»|“[^”]*”)""",
    Kind.OR: rf"OR{_OPERATOR}|\|\|?",
    Kind.AND: rf"AND(?!-NOT){_OPERATOR}|&&",
    Kind.NOT: rf"NOT{_OPERATOR}|-(?=[^\s-])",
    Kind.NEAR: rf"(?:O?NEAR|NOTNEAR)/\d+{_WHOLE}",
    Kind.SCOPE: rf"(?:SENTENCE|PARAGRAPH){_OPERATOR}",
    Kind.ATLEAST: r"ATLEAST/\d+(?=\s*\()",
    Kind.COUNT: r"COUNT/\d+(?=\s*\()",
    Kind.TOPIC: r"topic:[\w-]++(?!\.\w)",
    Kind.LIST: r"list:[\w-]++(?!\.\w)",
    Kind.ENTITY: r"@[\w-]+(?:\.[\w-]+)?",
    Kind.FIELD: r"[^\W\d]\w*:(?=[^\s/]|/[^/])",
    Kind.RANGE: r"\[[^\]\n]*\]",
    Kind.REGEX: r"/(?:\\.|[^/\\\n])+/\w*",
    Kind.SLOP: rf"~\d+{_WHOLE}",
    Kind.WEIGHT: rf"\^\d+(?:[.٫]\d+)?{_WHOLE}",
    Kind.WORD: rf"={_ADDRESS}|{_ADDRESS}|={_WORD}|{_WORD}",
}
_TOKEN = re.compile(
    r"(?P<plain>\w++)(?![^\s()])|"
    + "|".join(f"(?P<{kind.name}>{rule})" for kind, rule in _RULES.items())
    + r"|(?P<wrong>\S)"
)
_PLAIN_OPERATORS = {
    "OR": Kind.OR,
    "AND": Kind.AND,
    "NOT": Kind.NOT,
    "SENTENCE": Kind.SCOPE,
    "PARAGRAPH": Kind.SCOPE,
}
_KINDS = {kind.name: kind for kind in Kind}


def tokenize(query: str) -> list[Token]:
    """Every token, then ``END``. Raises ``QueryError``."""
    tokens: list[Token] = []
    for found in _TOKEN.finditer(query):
        written = found.group()
        name = found.lastgroup
        if name == "plain":
            kind = _PLAIN_OPERATORS.get(written, Kind.WORD)
            tokens.append(Token(kind, written, found.start(), found.end(), written))
        elif name == "wrong" or name is None:
            raise QueryError(found.start(), what_is_wrong_at(query, found.start()))
        else:
            tokens.append(_with_signs(_KINDS[name], written, found.start(), found.end()))
    end = len(query.rstrip())  # where the author would write on
    tokens.append(Token(Kind.END, "", end, end))
    return tokens


def _with_signs(kind: Kind, written: str, at: int, end: int) -> Token:
    """A token that is more than a plain word: what it holds is cut out of its signs."""
    exact = written[0] == "=" and kind in (Kind.PHRASE, Kind.WORD)
    value = written[1:] if exact else written
    number = 0.0
    if kind in _NUMBERED:
        value, digits = _NUMBERED[kind](written)
        if len(digits) > MOST_DIGITS:
            raise QueryError(at, f"a number of more than {MOST_DIGITS} digits: no article has a million words")
        number = float(digits.replace("٫", "."))
    elif kind in _VALUES:
        value = _VALUES[kind](value)
    return Token(kind, written, at, end, value, number, exact)


def _named(written: str) -> tuple[str, str]:
    name, _, digits = written.partition("/")
    return name, digits


_NUMBERED: dict[Kind, Callable[[str], tuple[str, str]]] = {
    Kind.NEAR: _named,
    Kind.ATLEAST: _named,
    Kind.COUNT: _named,
    Kind.SLOP: lambda written: ("", written[1:]),
    Kind.WEIGHT: lambda written: ("", written[1:]),
}
_VALUES: dict[Kind, Callable[[str], str]] = {
    Kind.PHRASE: lambda written: written[1:-1],
    Kind.RANGE: lambda written: written[1:-1],
    Kind.REGEX: lambda written: written[1 : written.rindex("/")],
    Kind.FIELD: lambda written: written[:-1],
    Kind.ENTITY: lambda written: written[1:],
    Kind.TOPIC: lambda written: written.partition(":")[2],
    Kind.LIST: lambda written: written.partition(":")[2],
}
