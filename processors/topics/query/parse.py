"""Query text → ``Query``. Loosest to tightest: OR, AND (also implied), NOT, proximity and scope, weight and field.

Read from top to bottom: each method reads one level and asks the next one for its parts.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, get_args

from processors.topics.query import units
from processors.topics.query.text import QueryError, Remark, read_query_text, told
from processors.topics.query.tokens import Kind, Token, tokenize
from processors.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Count,
    InField,
    Near,
    NearKind,
    Not,
    Or,
    Query,
    ScopeKind,
    Weighted,
    Within,
)
from processors.topics.query.values import check_values

DEEPEST = 100
"""Parentheses inside one another: far beyond what a person can read, far below the interpreter's stack."""

MOST_MENTIONS_COUNTED = 1_000
"""Of one thing in one article: more are never looked at."""

LONGEST_SHOWN = 500
"""Characters of a clause with parts that are kept to be shown: of an OR of a thousand words the first fifty will do."""


class Parsed(NamedTuple):
    """A query and what its author should look at."""

    query: Query
    warnings: tuple[Remark, ...] = ()


def parse_query(written: str) -> Parsed:
    """Parse a query. Raises ``QueryError`` with the offset of the trouble in it as written."""
    text = read_query_text(written)
    try:
        parser = _Parser(text.text)
        query = parser.whole()
    except QueryError as error:
        raise QueryError(text.place(error.at), error.message) from None
    if not parser.remarks and text.left_out is None:
        return Parsed(query)
    first = [text.left_out] if text.left_out is not None else []
    return Parsed(query, (*first, *(Remark(text.place(at), message) for at, message in parser.remarks)))


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.next = 0
        self.peek = self.tokens[0]  # the token to be taken next
        self.depth = 0
        self.fields: list[str] = []  # that the next part stands in
        self.remarks: list[Remark] = []

    def take(self) -> Token:
        token = self.peek
        if token.kind is not Kind.END:
            self.next += 1
            self.peek = self.tokens[self.next]
        return token

    def ended(self) -> bool:
        return self.peek.kind is Kind.END

    def source(self, start: int) -> str:
        """What is written from ``start`` up to here, on one line, shortened where nobody would read it."""
        end = self.tokens[self.next - 1].end
        if end - start <= LONGEST_SHOWN:
            return " ".join(self.text[start:end].split())
        return " ".join(self.text[start : start + LONGEST_SHOWN].split()) + " …"

    def whole(self) -> Query:
        if self.ended():
            raise QueryError(0, "the query is empty: write at least one word")
        query = self.any_of()
        if not self.ended():
            raise QueryError(self.peek.at, f"{told(self.peek.text)} is not expected here{_hint_after(self.peek)}")
        return query

    def any_of(self) -> Query:
        start, first = self.peek.at, self.all_of()
        if self.peek.kind is not Kind.OR:
            return first
        children = [first]
        while self.peek.kind is Kind.OR:
            self.take()
            children.append(self.all_of())
        return Or(start, self.source(start), tuple(children))

    def all_of(self) -> Query:
        start, first = self.peek.at, self.negation()
        children, implied = [first], False
        while True:
            if self.peek.kind is Kind.AND:
                self.take()
            elif self.peek.kind in _STARTS:
                if not implied and not units.typed_as_operator(self.peek):  # which is remarked on by itself
                    self.remarks.append(Remark(self.peek.at, "two words side by side mean AND: write AND or OR"))
                implied = True
            else:
                break
            children.append(self.negation())
        return first if len(children) == 1 else And(start, self.source(start), tuple(children))

    def negation(self) -> Query:
        token = self.peek
        if token.kind is Kind.WORD and self.tokens[self.next + 1].kind not in _TIGHT:
            return units.term(self.take(), self.remarks)  # nearly always: no need to ask the levels below
        if token.kind is not Kind.NOT:
            return self.proximity()
        start, negations = self.peek.at, 0
        while self.peek.kind is Kind.NOT:
            if negations:
                self.remarks.append(Remark(self.peek.at, "two negations in a row cancel out: leave both out, or one"))
            self.take()
            negations += 1
        if self.peek.kind is Kind.NEAR:
            raise QueryError(self.peek.at, f"NOT {self.peek.text}: write NOTNEAR/{self.peek.number:g}")
        child = self.proximity()
        return Not(start, self.source(start), child) if negations % 2 else child

    def proximity(self) -> Query:
        start, left, operators = self.peek.at, self.weighted(), 0
        while self.peek.kind is Kind.NEAR or self.peek.kind is Kind.SCOPE:
            operator = self.take()
            if (operators := operators + 1) > DEEPEST:
                many = f"more than {DEEPEST} of NEAR and SENTENCE in a row: join what may stand for one another with OR"
                raise QueryError(operator.at, many)
            self.refuse_not_after(operator)
            right = self.weighted()
            if operator.kind is Kind.NEAR:
                near = _NEAR_KINDS[operator.value]
                left = Near(start, self.source(start), near, int(operator.number), left, right)
            else:
                scope = _SCOPE_KINDS[operator.value]
                same = isinstance(left, Within) and left.kind == scope
                children = (*left.children, right) if same and isinstance(left, Within) else (left, right)
                left = Within(start, self.source(start), scope, children)
        return left

    def refuse_not_after(self, operator: Token) -> None:
        if self.peek.kind is Kind.NOT:
            raise QueryError(self.peek.at, units.no_place_for_not(operator.text))

    def weighted(self) -> Query:
        start, child = self.peek.at, self.unit()
        while self.peek.kind is Kind.WEIGHT:
            token = self.take()
            if isinstance(child, Weighted):
                raise QueryError(token.at, "a clause has one weight: keep one of them")
            if not token.number:
                raise QueryError(token.at, "a weight of 0 adds nothing: leave the clause out")
            child = Weighted(start, self.source(start), token.number, child)
        return child

    def unit(self) -> Query:
        token = self.take()
        if token.kind is Kind.WORD:
            return units.term(token, self.remarks)
        if (reader := _UNITS.get(token.kind)) is None:
            raise QueryError(token.at, _instead_of_a_unit(token))
        self.depth += 1
        if self.depth > DEEPEST + 1:
            raise QueryError(
                token.at,
                f"more than {DEEPEST} parentheses or fields inside one another: make topics of the parts",
            )
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
            expected = f"{told(self.peek.text)} is not expected here: ) was expected{_hint_after(self.peek)}"
            raise QueryError(self.peek.at, expected)
        self.take()

    def several(self) -> tuple[Query, ...]:
        opened, children = self.take(), [self.any_of()]
        while self.peek.kind is Kind.COMMA:
            self.take()
            children.append(self.any_of())
        self.close(opened)
        return tuple(children)

    def in_field(self, token: Token) -> Query:
        name = units.field_name(token, self.fields)
        if units.is_range(name):
            span = self.take()
            return units.range_of(token, span, self.source(token.at))
        self.fields.append(name)
        child = self.unit()
        self.fields.pop()
        if name not in TEXT_FIELDS:
            check_values(name, child)
        return InField(token.at, self.source(token.at), name, child)

    def at_least(self, token: Token) -> Query:
        children, count = self.several(), int(token.number)
        if not 1 <= count <= len(children):
            raise QueryError(
                token.at, f"ATLEAST/{count} of {len(children)}: the number must be from 1 to {len(children)}"
            )
        said = set[str]()
        for child in children:
            if child.source in said and len(child.source) <= LONGEST_SHOWN:
                twice = (
                    f"{told(child.source)} stands twice in ATLEAST: a part counts once; COUNT/n( … ) counts mentions"
                )
                raise QueryError(child.at, twice)
            said.add(child.source)
        return AtLeast(token.at, self.source(token.at), count, children)

    def count(self, token: Token) -> Query:
        children, count = self.several(), int(token.number)
        if len(children) != 1:
            raise QueryError(token.at, "COUNT/n counts mentions of one thing: join several with OR, not with commas")
        if count < 1:
            raise QueryError(token.at, "COUNT/0 always holds: write at least COUNT/1")
        if count > MOST_MENTIONS_COUNTED:
            raise QueryError(token.at, f"COUNT/{count}: at most {MOST_MENTIONS_COUNTED:,} mentions are counted")
        return Count(token.at, self.source(token.at), count, children[0])

    def phrase(self, token: Token) -> Query:
        slop = self.take() if self.peek.kind is Kind.SLOP else None
        return units.phrase(token, self.source(token.at), slop)

    def topic(self, token: Token) -> Query:
        if self.fields:
            whole = f"{told(token.text)} inside `{self.fields[-1]}:`: a topic is about the whole article, join with AND"
            raise QueryError(token.at, whole)
        return units.topic_reference(token)

    def regex(self, token: Token) -> Query:
        return units.regex(token, self.remarks)


def _instead_of_a_unit(token: Token) -> str:
    expected = "a word, a phrase, an @entity, a list: or ( was expected"
    if token.kind is Kind.END:
        return f"the query ends too early: {expected}"
    if token.kind in _JOINING:
        return f"{told(token.text)} is not expected here: nothing stands before it that it could join"
    if token.kind is Kind.RANGE:
        return f"{told(token.text)} needs its field: published:[ … ] or words:[ … ]"
    return f"{told(token.text)} is not expected here: {expected}"


def _hint_after(token: Token) -> str:
    if token.kind is Kind.CLOSE:
        return ": no ( is open"
    if token.kind is Kind.SLOP:
        return ': ~n follows a phrase, as in "…"~3; spellings of a word are found without it'
    if token.kind is Kind.COMMA:
        return ": commas separate the parts of ATLEAST/n( … ), write AND or OR"
    if token.kind is Kind.RANGE:
        return ": a range needs its field, as in published:[2026-01-01 TO *]"
    return ""


_NEAR_KINDS: Mapping[str, NearKind] = {kind: kind for kind in get_args(NearKind)}
_SCOPE_KINDS: Mapping[str, ScopeKind] = {kind: kind for kind in get_args(ScopeKind)}

_UNITS: dict[Kind, Callable[[_Parser, Token], Query]] = {
    Kind.OPEN: _Parser.group,
    Kind.FIELD: _Parser.in_field,
    Kind.ATLEAST: _Parser.at_least,
    Kind.COUNT: _Parser.count,
    Kind.PHRASE: _Parser.phrase,
    Kind.TOPIC: _Parser.topic,
    Kind.REGEX: _Parser.regex,
    Kind.ENTITY: lambda _, token: units.entity(token),
    Kind.LIST: lambda _, token: units.list_reference(token),
}
_JOINING = frozenset({Kind.AND, Kind.OR, Kind.NEAR, Kind.SCOPE})
_TIGHT = frozenset({Kind.NEAR, Kind.SCOPE, Kind.WEIGHT, Kind.SLOP})
_STARTS = frozenset({*_UNITS, Kind.WORD, Kind.NOT})
