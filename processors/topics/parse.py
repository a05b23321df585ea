"""Query text → ``Query``. Loosest to tightest: OR, AND (also implied), NOT, proximity and scope, weight and field."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from processors.model import Role
from processors.topics.query import (
    FIELDS,
    RANGE_FIELDS,
    TEXT_FIELDS,
    And,
    AtLeast,
    Count,
    EntityRef,
    InField,
    ListRef,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Term,
    TopicRef,
    Weighted,
    Within,
)
from processors.topics.ranges import parse_range
from processors.topics.tokens import Kind, QueryError, Token, strip_bidi, tokenize
from processors.yaml_document import nearest

DEEPEST = 100
"""Parentheses inside one another: far beyond what a person can read, far below the interpreter's stack."""

FEWEST_LETTERS_BEFORE_STAR = 3
ROLES = tuple(role.value for role in Role)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that works but is probably not meant."""

    at: int
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query and what its author should look at."""

    query: Query
    warnings: tuple[Remark, ...] = ()


def parse_query(text: str) -> Parsed:
    """Parse ``text``. Raises ``QueryError`` with the offset of the trouble in ``text``."""
    clean, places = strip_bidi(text)
    parser = _Parser(clean)
    try:
        query = parser.parse()
    except QueryError as error:
        raise QueryError(places[min(error.at, len(places) - 1)], error.message) from None
    warnings = [Remark(places[warning.at], warning.message) for warning in parser.warnings]
    if len(clean) != len(text):
        warnings.insert(0, Remark(0, "invisible direction marks were left out"))
    return Parsed(query, tuple(warnings))


@dataclass(slots=True)
class _Parser:
    text: str
    tokens: Sequence[Token] = ()
    next: int = 0
    depth: int = 0
    warnings: list[Remark] = field(default_factory=list)

    def parse(self) -> Query:
        self.tokens = list(tokenize(self.text))
        if self.ended():
            raise QueryError(0, "the query is empty: write at least one word")
        query = self.any_of()
        if not self.ended():
            raise QueryError(self.peek.at, f"`{self.peek.text}` is not expected here{_hint_after(self.peek)}")
        return query

    @property
    def peek(self) -> Token:
        return self.tokens[self.next]

    def ended(self) -> bool:
        return self.peek.kind is Kind.END

    def take(self) -> Token:
        token = self.tokens[self.next]
        self.next += 1
        return token

    def source(self, start: int) -> str:
        return " ".join(self.text[start : self.tokens[self.next - 1].end].split())

    def any_of(self) -> Query:
        start, children = self.peek.at, [self.all_of()]
        while self.peek.kind is Kind.OR:
            self.take()
            children.append(self.all_of())
        return children[0] if len(children) == 1 else Or(start, self.source(start), tuple(children))

    def all_of(self) -> Query:
        start, children, implied = self.peek.at, [self.negation()], False
        while True:
            if self.peek.kind is Kind.AND:
                self.take()
            elif self.peek.kind in _STARTS:
                if not implied:
                    self.warnings.append(Remark(self.peek.at, "two words side by side mean AND: write AND or OR"))
                implied = True
            else:
                break
            children.append(self.negation())
        return children[0] if len(children) == 1 else And(start, self.source(start), tuple(children))

    def negation(self) -> Query:
        start, negations = self.peek.at, 0
        while self.peek.kind is Kind.NOT:
            self.take()
            negations += 1
        child = self.proximity()
        return Not(start, self.source(start), child) if negations % 2 else child

    def proximity(self) -> Query:
        start, left, operators = self.peek.at, self.weighted(), 0
        while self.peek.kind in (Kind.NEAR, Kind.SCOPE):
            operator = self.take()
            if (operators := operators + 1) > DEEPEST:
                raise QueryError(operator.at, f"more than {DEEPEST} of NEAR and SENTENCE in a row")
            right = self.weighted()
            if operator.kind is Kind.NEAR:
                kind, distance = operator.value, int(operator.number)
                left = Near(start, self.source(start), kind, distance, left, right)  # type: ignore[arg-type]
            else:
                same = isinstance(left, Within) and left.kind == operator.value
                children = (*left.children, right) if same and isinstance(left, Within) else (left, right)
                left = Within(start, self.source(start), operator.value, children)  # type: ignore[arg-type]
        return left

    def weighted(self) -> Query:
        start, child = self.peek.at, self.unit()
        while self.peek.kind is Kind.WEIGHT:
            token = self.take()
            if isinstance(child, Weighted):
                raise QueryError(token.at, "a clause has one weight")
            child = Weighted(start, self.source(start), token.number, child)
        return child

    def unit(self) -> Query:
        token = self.take()
        if (reader := _UNITS.get(token.kind)) is None:
            expected = "a word, a phrase, an @entity, a list: or ( was expected"
            if token.kind is Kind.END:
                raise QueryError(token.at, f"the query ends too early: {expected}")
            raise QueryError(token.at, f"`{token.text}` is not expected here: {expected}")
        self.depth += 1
        if self.depth > DEEPEST + 1:
            raise QueryError(token.at, f"more than {DEEPEST} parentheses or fields inside one another")
        query = reader(self, token)
        self.depth -= 1
        return query

    def group(self, opened: Token) -> Query:
        query = self.any_of()
        self.close(opened)
        return query

    def close(self, opened: Token) -> None:
        if self.peek.kind is not Kind.CLOSE:
            if self.ended():
                raise QueryError(opened.at, "this ( is never closed: ) is missing")
            raise QueryError(self.peek.at, f"`{self.peek.text}` is not expected here: ) was expected")
        self.take()

    def several(self) -> tuple[Query, ...]:
        opened, children = self.take(), [self.any_of()]
        while self.peek.kind is Kind.COMMA:
            self.take()
            children.append(self.any_of())
        self.close(opened)
        return tuple(children)

    def in_field(self, token: Token) -> Query:
        if token.value not in FIELDS:
            raise QueryError(
                token.at, f"unknown field `{token.value}:`{nearest(token.value, FIELDS) or _known_fields()}"
            )
        if token.value in RANGE_FIELDS:
            span = self.take()
            if span.kind is not Kind.RANGE:
                raise QueryError(
                    span.at, f"`{token.value}:` takes a range: {token.value}:{_RANGE_EXAMPLE[token.value]}"
                )
            return parse_range(token.at, self.source(token.at), token.value, span.value, span.at + 1)
        child = self.unit()
        if token.value not in TEXT_FIELDS:
            _check_values(token.value, child)
        return InField(token.at, self.source(token.at), token.value, child)

    def at_least(self, token: Token) -> Query:
        children, count = self.several(), int(token.number)
        if not 1 <= count <= len(children):
            raise QueryError(
                token.at, f"ATLEAST/{count} of {len(children)}: the number must be from 1 to {len(children)}"
            )
        return AtLeast(token.at, self.source(token.at), count, children)

    def count(self, token: Token) -> Query:
        children, count = self.several(), int(token.number)
        if len(children) != 1:
            raise QueryError(token.at, "COUNT/n counts mentions of one thing: join several with OR, not with commas")
        if count < 1:
            raise QueryError(token.at, "COUNT/0 always holds: write at least COUNT/1")
        return Count(token.at, self.source(token.at), count, children[0])

    def word(self, token: Token) -> Query:
        word = token.value
        if word in _LOWER_OPERATORS or word == "و":
            meant = "AND" if word == "و" else word.upper()
            self.warnings.append(Remark(token.at, f"`{word}` is searched for as a word: write {meant} to combine"))
        if needs := _NEEDS_A_NUMBER.fullmatch(word):
            raise QueryError(token.at, f"`{word}`: {needs.group(1)} needs its number, as in {needs.group(1)}/3")
        stem = word.rstrip("*")
        if "*" in stem or word.count("*") > 1:
            raise QueryError(token.at, f"`{word}`: only one * is allowed, at the end (attached particles need none)")
        if stem != word and len(stem) < FEWEST_LETTERS_BEFORE_STAR:
            raise QueryError(token.at, f"`{word}`: at least {FEWEST_LETTERS_BEFORE_STAR} letters must stand before *")
        if not any(character.isalnum() for character in stem):
            raise QueryError(token.at, f"`{word}` holds no letter and no digit")
        return Term(token.at, token.text, stem, token.exact, stem != word)

    def phrase(self, token: Token) -> Query:
        if not any(character.isalnum() for character in token.value):
            raise QueryError(token.at, "this phrase holds no word")
        slop = int(self.take().number) if self.peek.kind is Kind.SLOP else 0
        return Phrase(token.at, self.source(token.at), token.value, token.exact, slop)

    def entity(self, token: Token) -> Query:
        name, _, role = token.value.partition(".")
        if role and role not in ROLES:
            raise QueryError(token.at, f"`.{role}` is no role{nearest(role, ROLES) or _known_roles()}")
        return EntityRef(token.at, token.text, name, Role(role) if role else None)

    def regex(self, token: Token) -> Query:
        raise QueryError(token.at, "regular expressions are not read yet: write the forms with OR, or a word with *")


def _check_values(field_name: str, query: Query) -> None:
    """A field that holds one value is compared with words and phrases, joined by OR."""
    match query:
        case Or():
            for child in query.children:
                _check_values(field_name, child)
        case Term() | Phrase():
            return
        case _:
            raise QueryError(query.at, f"`{field_name}:` takes a word, a phrase, or several in ( … OR … )")


def _hint_after(token: Token) -> str:
    if token.kind is Kind.CLOSE:
        return ": no ( is open"
    if token.kind is Kind.SLOP:
        return ': ~n follows a phrase, as in "…"~3'
    if token.kind is Kind.COMMA:
        return ": commas separate the parts of ATLEAST/n( … )"
    return ""


def _known_fields() -> str:
    return f"; the fields are {', '.join(f'`{name}:`' for name in FIELDS)}"


def _known_roles() -> str:
    return f"; the roles are {', '.join(f'.{role}' for role in ROLES)}"


_RANGE_EXAMPLE = {"published": "[2026-01-01 TO 2026-01-31]", "words": "[200 TO *]"}
_NEEDS_A_NUMBER = re.compile(r"(O?NEAR|NOTNEAR|ATLEAST|COUNT)(/.*)?")
_LOWER_OPERATORS = frozenset({"and", "or", "not"})

_UNITS: dict[Kind, Callable[[_Parser, Token], Query]] = {
    Kind.OPEN: _Parser.group,
    Kind.FIELD: _Parser.in_field,
    Kind.ATLEAST: _Parser.at_least,
    Kind.COUNT: _Parser.count,
    Kind.WORD: _Parser.word,
    Kind.PHRASE: _Parser.phrase,
    Kind.ENTITY: _Parser.entity,
    Kind.REGEX: _Parser.regex,
    Kind.LIST: lambda _, token: ListRef(token.at, token.text, token.value),
    Kind.TOPIC: lambda _, token: TopicRef(token.at, token.text, token.value),
}
_STARTS = frozenset({*_UNITS, Kind.NOT})
