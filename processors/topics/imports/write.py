"""A query's tree → its text, in our own language: what is read back is the same tree."""

import re

from processors.topics.query.mistakes import wrong_operator
from processors.topics.query.text import QueryError
from processors.topics.query.tokens import Kind, tokenize
from processors.topics.query.tree import (
    And,
    AtLeast,
    Bound,
    Count,
    EntityRef,
    InField,
    ListRef,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Range,
    Regex,
    Term,
    TopicRef,
    Weighted,
    Within,
)
from processors.topics.query.units import MEANT_AS_OPERATORS

_OR, _AND, _NOT, _NEAR, _WEIGHT, _UNIT = range(6)
LONGEST_LINE = 100
"""Characters: longer clauses are written one a line."""


def write_query(query: Query) -> str:
    """The query on as many lines as a person needs to read it."""
    line = _written(query, _OR)
    if len(line) <= LONGEST_LINE or not isinstance(query, And | Or):
        return line
    word = "AND" if isinstance(query, And) else "OR"
    return f"\n{word} ".join(_written(child, _NOT) for child in query.children)


def _written(query: Query, binds: int) -> str:
    """``binds``: what stands around it binds so tightly; looser things need parentheses."""
    own, text = _parts(query)
    return text if own >= binds else f"({text})"


def _parts(query: Query) -> tuple[int, str]:
    match query:
        case Or():
            # AND would bind more tightly by itself; a reader need not know that.
            return _OR, " OR ".join(_written(child, _NOT) for child in query.children)
        case And():
            return _AND, " AND ".join(_written(child, _NOT) for child in query.children)
        case Not():
            return _NOT, f"NOT {_written(query.child, _NEAR)}"
        case Near():
            return (
                _NEAR,
                f"{_written(query.left, _NEAR)} {query.kind}/{query.distance} {_written(query.right, _WEIGHT)}",
            )
        case Within():
            return _NEAR, f" {query.kind} ".join(_written(child, _WEIGHT) for child in query.children)
        case Weighted():
            return _WEIGHT, f"{_written(query.child, _UNIT)}^{query.weight:g}"
        case _:
            return _UNIT, _unit(query)


def _unit(query: Query) -> str:
    match query:
        case Term():
            return _term(query)
        case Phrase():
            return f"{'=' * query.exact}{_quoted(query.text)}{f'~{query.slop}' if query.slop else ''}"
        case Regex():
            return f"/{_slashed(query.pattern)}/{'i' * query.any_case}"
        case InField():
            return f"{query.field}:{_written(query.child, _UNIT)}"
        case AtLeast():
            return f"ATLEAST/{query.count}({', '.join(_written(child, _OR) for child in query.children)})"
        case Count():
            return f"COUNT/{query.count}({_written(query.child, _OR)})"
        case Range():
            return query.source or f"{query.field}:[{_bound(query.low)} TO {_bound(query.high)}]"
        case EntityRef():
            return f"@{query.name}{f'.{query.role}' if query.role else ''}"
        case ListRef():
            return f"list:{query.name}"
        case TopicRef():
            return f"topic:{query.name}"
        case _:
            raise AssertionError(query)


def _term(term: Term) -> str:
    text = f"{'=' * term.exact}{term.word}{'*' * term.prefix}"
    try:
        token, _ = tokenize(text)
    except (QueryError, ValueError):  # no token, or more than one and the end
        token = None
    plain = token is not None and token.kind is Kind.WORD and token.text == text
    meant = not term.exact and (term.word in MEANT_AS_OPERATORS or wrong_operator(term.word) is not None)
    return text if plain and not meant and "*" not in term.word else f"{'=' * term.exact}{_quoted(term.word)}"


def _quoted(text: str) -> str:
    words = " ".join(text.replace('"', " ").replace("*", " ").split())
    return f'"{words}"'


def _slashed(pattern: str) -> str:
    return re.sub(r"(\\.)|/", lambda found: found[1] or r"\/", pattern)


def _bound(bound: Bound) -> str:
    if bound.number is not None:
        return str(bound.number)
    if bound.before_now is not None:
        minutes = int(bound.before_now.total_seconds() // 60)
        return f"now-{minutes}m" if minutes else "now"
    if bound.moment is not None:
        return bound.moment.date().isoformat() if bound.whole_day else bound.moment.isoformat()
    return "*"
