"""Cut a query into tokens, each with its place. Nothing is guessed: what fits no token is an error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

BIDI_CONTROLS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Invisible direction marks that copy and paste brings along; they mean nothing in a query."""


MOST_DIGITS = 6
"""No article has a million words."""


class QueryError(Exception):
    """A query that must not be used. ``at`` is the offset of the trouble in the query as written."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message


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


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its text as written, what it holds, and where it begins and ends."""

    kind: Kind
    text: str
    at: int
    end: int
    value: str = ""
    number: float = 0
    exact: bool = False


_OPERATOR = r"(?![\w/:*])"
_RULES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.OPEN, re.compile(r"\(")),
    (Kind.CLOSE, re.compile(r"\)")),
    (Kind.COMMA, re.compile(r"[,،]")),
    (Kind.OR, re.compile(rf"OR{_OPERATOR}|\|\|?")),
    (Kind.AND, re.compile(rf"AND{_OPERATOR}|&&")),
    (Kind.NOT, re.compile(rf"NOT{_OPERATOR}|-(?=[^\s-])")),
    (Kind.NEAR, re.compile(r"(?P<value>O?NEAR|NOTNEAR)/(?P<number>\d+)(?!\w)")),
    (Kind.SCOPE, re.compile(rf"(?P<value>SENTENCE|PARAGRAPH){_OPERATOR}")),
    (Kind.ATLEAST, re.compile(r"ATLEAST/(?P<number>\d+)(?=\s*\()")),
    (Kind.COUNT, re.compile(r"COUNT/(?P<number>\d+)(?=\s*\()")),
    (Kind.TOPIC, re.compile(r"topic:(?P<value>[\w-]+)")),
    (Kind.LIST, re.compile(r"list:(?P<value>[\w-]+)")),
    (Kind.ENTITY, re.compile(r"@(?P<value>[\w-]+(?:\.[\w-]+)?)")),
    (Kind.FIELD, re.compile(r"(?P<value>[A-Za-z_]+):(?=[^\s/]|/[^/])")),
    (Kind.PHRASE, re.compile(r'(?P<exact>=?)(?:"(?P<a>[^"]*)"|«(?P<b>[^»]*)»|“(?P<c>[^”]*)”)')),
    (Kind.RANGE, re.compile(r"\[(?P<value>[^\]\n]*)\]")),
    (Kind.REGEX, re.compile(r"/(?P<value>(?:\\.|[^/\\\n])+)/i?")),
    (Kind.SLOP, re.compile(r"~(?P<number>\d+)")),
    (Kind.WEIGHT, re.compile(r"\^(?P<number>\d+(?:\.\d+)?)")),
    (Kind.WORD, re.compile(r'(?P<exact>=?)(?P<value>[^\s()"«»“”\[\]^~,،=|:@]+(?:[:@.][^\s()"«»“”\[\]^~,،=|:@]+)*)')),
)

_HINTS = {
    '"': 'a phrase that is not closed: its second " is missing',
    "«": "a phrase that is not closed: » is missing",
    "“": "a phrase that is not closed: ” is missing",
    "[": "a range that is not closed: write [2026-01-01 TO 2026-01-31]",
    "^": "a weight is a number: ^2",
    "~": 'a distance is a number after a phrase: "…"~3',
    "@": "an entity needs its name: @syria or @Q858",
    "=": "= needs the word or phrase that it keeps exact, without a space",
    ":": "a field needs its name before the colon and its value right after: title:سوريا",
}


def strip_bidi(query: str) -> tuple[str, list[int]]:
    """The query without direction marks, and for each character left its place in the query as written."""
    kept = [(character, place) for place, character in enumerate(query) if character not in BIDI_CONTROLS]
    return "".join(character for character, _ in kept), [*(place for _, place in kept), len(query)]


def tokenize(query: str) -> Iterator[Token]:
    """Every token, then ``END``. Raises ``QueryError``."""
    position = 0
    while True:
        while position < len(query) and query[position].isspace():
            position += 1
        if position == len(query):
            yield Token(Kind.END, "", position, position)
            return
        token = _token_at(query, position)
        yield token
        position = token.end


def _token_at(query: str, position: int) -> Token:
    for kind, rule in _RULES:
        found = rule.match(query, position)
        if found is None:
            continue
        groups = found.groupdict()
        value = groups.get("value") or groups.get("a") or groups.get("b") or groups.get("c") or ""
        digits = groups.get("number") or "0"
        if len(digits) > MOST_DIGITS:
            raise QueryError(position, f"a number of more than {MOST_DIGITS} digits")
        number = float(digits)
        exact = bool(groups.get("exact"))
        return Token(kind, found.group(), position, found.end(), value, number, exact)
    character = query[position]
    raise QueryError(position, _HINTS.get(character, f"`{character}` has no meaning here"))
