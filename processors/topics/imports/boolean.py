"""Read a Boolean query of another tool: the same tree as of our own queries, with a report of what differs.

Loosest to tightest: OR, AND, NOT, proximity. Places (``at``) are those of the source.
"""

from collections.abc import Sequence
from typing import Literal

from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Report
from processors.topics.imports.pieces import Pieces
from processors.topics.imports.scan import Token, tokenize
from processors.topics.query.tree import And, InField, Near, Not, Or, Query, Weighted

DEEPEST = 100
"""Parentheses inside one another."""

_ATOMS = frozenset({"open", "phrase", "braces", "regex", "range", "field", "address", "word"})
_NAMES = ("domain", "lang", "url")
_STARTS = _ATOMS | {"not", "minus", "plus"}


def read_boolean(query: str, dialect: Dialect, report: Report) -> Query | None:
    """The query's tree; None where nothing of it is left. Raises ``Unreadable``."""
    reader = _Reader(query, dialect, report)
    tree = reader.any_of()
    if reader.peek.kind != "end":
        raise report.unreadable(reader.peek.at, f"`{reader.peek.text}` is not expected here")
    return tree


def joined(kind: Literal["AND", "OR"], at: int, children: Sequence[Query]) -> Query | None:
    """One tree of several; those of the same kind inside are taken in."""
    of = And if kind == "AND" else Or
    flat = [each for child in children for each in (child.children if isinstance(child, of) else (child,))]
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else of(at, "", tuple(flat))


class _Reader:
    def __init__(self, query: str, dialect: Dialect, report: Report) -> None:
        self.dialect = dialect
        self.report = report
        self.pieces = Pieces(dialect, report)
        self.tokens = tokenize(query, dialect, report)
        self.next = 0
        self.depth = 0
        self.told = False  # once is enough

    @property
    def peek(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        token = self.peek
        self.next += token.kind != "end"
        return token

    def any_of(self) -> Query | None:
        """Parts joined by OR, and by nothing where that means OR; ``+`` and ``-`` count for all of them."""
        at = self.peek.at
        optional, required, excluded = list[Query](), list[Query](), list[Query]()
        while True:
            sign = self.peek.kind
            if sign == "plus":
                self.take()
            part = self.all_of()
            if part is not None:
                excludes = isinstance(part, Not) and self.dialect.implied == "OR"
                (required if sign == "plus" else excluded if excludes else optional).append(part)
            if self.peek.kind == "or":
                self.take()
            elif self.peek.kind == "plus" or (self.dialect.implied == "OR" and self.peek.kind in _STARTS):
                if sign != "plus" and self.peek.kind in _ATOMS:
                    self._side_by_side()
            else:
                break
        if required and optional:
            self.report.lost(optional[0].at, "only sorts what is found, beside words with +: it is left out")
            optional = []
        any_of = joined("OR", at, optional)
        return joined("AND", at, [*required, *([] if any_of is None else [any_of]), *excluded])

    def all_of(self) -> Query | None:
        at, children = self.peek.at, list[Query]()
        while True:
            if (part := self.negation()) is not None:
                children.append(part)
            if self.peek.kind == "and":
                self.take()
                if self.peek.kind == "plus":
                    self.take()
            elif self.dialect.implied == "AND" and self.peek.kind in _STARTS - {"plus"}:
                if self.peek.kind not in ("not", "minus"):
                    self._side_by_side()
            else:
                break
        return joined("AND", at, children)

    def _side_by_side(self) -> None:
        if not self.told:
            word, title = self.dialect.implied, self.dialect.title
            self.report.changed(
                self.peek.at, f"words side by side mean {word} in {title}: {word} is written between them"
            )
        self.told = True

    def negation(self) -> Query | None:
        at, negations = self.peek.at, 0
        while self.peek.kind in ("not", "minus"):
            self.take()
            negations += 1
        child = self.proximity()
        return Not(at, "", child) if negations % 2 and child is not None else child

    def proximity(self) -> Query | None:
        at, left = self.peek.at, self.weighted()
        while self.peek.kind == "near":
            operator = self.take()
            distance = self._distance(operator)
            right = self.weighted()
            if left is None or right is None:
                self.report.lost(operator.at, f"`{operator.text}` without one of its sides: only the other is kept")
                left = right if left is None else left
                continue
            ordered = operator.text.startswith(("ONEAR", "WITHIN")) or operator.text[-1:] in "fF"
            if ordered and not operator.text.startswith("ONEAR"):
                self.report.changed(operator.at, f"`{operator.text}` is written ONEAR/{distance} (in this order)")
            left = Near(at, "", "ONEAR" if ordered else "NEAR", distance, left, right)
        return left

    def _distance(self, operator: Token) -> int:
        if operator.value:
            return int(operator.value)
        if self.dialect.near is None:
            raise self.report.unreadable(operator.at, f"`{operator.text}` needs its number, as in NEAR/5")
        told = f"`{operator.text}` without a number is {self.dialect.near} words in {self.dialect.title}"
        self.report.changed(operator.at, f"{told}: written NEAR/{self.dialect.near}")
        return self.dialect.near

    def weighted(self) -> Query | None:
        at, child = self.peek.at, self.atom()
        while self.peek.kind in ("weight", "tilde"):
            token = self.take()
            if token.kind == "tilde":
                child = self.pieces.spread(child, token)
            elif child is not None and not self.dialect.weights_score:
                self.report.lost(token.at, f"`{token.text}` only sorts what is shown: it is left out")
            elif child is not None and not isinstance(child, Weighted):
                child = Weighted(at, "", float(token.value), child)
        return child

    def atom(self) -> Query | None:
        token = self.take()
        if token.kind == "field":
            return self._in_field(token)
        if token.kind == "open":
            self.depth += 1
            if self.depth > DEEPEST:
                raise self.report.unreadable(token.at, f"more than {DEEPEST} parentheses inside one another")
            inner = self.any_of()
            if self.take().kind != "close":
                raise self.report.unreadable(token.at, "this ( is never closed: ) is missing")
            self.depth -= 1
            return inner
        if token.kind not in _ATOMS:
            what = f"`{token.text}` is not expected here" if token.text else "the query ends too early"
            raise self.report.unreadable(token.at, f"{what}: a word or a phrase was expected")
        return self.pieces.piece(token)

    def _in_field(self, token: Token) -> Query | None:
        name = self.pieces.field(token)
        if self.peek.kind == "range":
            span = self.take()
            return self.pieces.range_in(token, name, span) if name else None
        raw = name == "raw"
        self.pieces.keep_case += raw
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.report.unreadable(token.at, f"more than {DEEPEST} fields inside one another")
        self.pieces.names = name in _NAMES
        child = self.atom()
        self.pieces.names = False
        self.depth -= 1
        self.pieces.keep_case -= raw
        if name is None or child is None:
            return None
        return child if raw else InField(token.at, "", name, child)
