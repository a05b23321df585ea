"""The smallest parts of a query: words, phrases, entities, ranges. What each may be made of, and what is refused."""

from collections.abc import Sequence

from processors.model import Role
from processors.normalize.letters import TATWEEL
from processors.normalize.text import read_text
from processors.topics.query.fields import unknown_field
from processors.topics.query.mistakes import lone_sign, wrong_operator
from processors.topics.query.ranges import parse_range
from processors.topics.query.regex.compiled import compile_regex
from processors.topics.query.text import QueryError, Remark, told
from processors.topics.query.tokens import Kind, Token
from processors.topics.query.tree import (
    FIELDS,
    RANGE_FIELDS,
    EntityRef,
    ListRef,
    Phrase,
    Query,
    Range,
    Regex,
    Term,
    TopicRef,
)
from processors.yaml_document import nearest

FEWEST_LETTERS_BEFORE_STAR = 3
"""With fewer, a word is found in a large part of all text."""

MOST_SLOP = 20
"""Other words in one phrase: half a sentence. Every first word is followed so far; for more there is NEAR."""

_MOST_WORDS_TOLD = 4
"""Of a phrase that an error shows mended: more make a line that nobody reads."""

ROLES = tuple(role.value for role in Role)
_RANGE_EXAMPLES = {"published": "[2026-01-01 TO 2026-01-31]", "words": "[200 TO *]"}

ARABIC_AND = "و"
MEANT_AS_OPERATORS = {"and": "AND", "or": "OR", "not": "NOT", ARABIC_AND: "AND", "أو": "OR", "او": "OR"}
"""Words that stand alone in a query mostly because an operator was meant → that operator."""


def typed_as_operator(token: Token) -> bool:
    """Whether the token is a word that its author probably meant as an operator."""
    return token.kind is Kind.WORD and token.value in MEANT_AS_OPERATORS and not token.exact


def no_place_for_not(operator: str) -> str:
    """What to write in the place of NOT on one side of ``operator``."""
    return f"NOT inside {operator} has no place in the text: write `… AND NOT …` around it, or NOTNEAR/n"


def term(token: Token, remarks: list[Remark]) -> Query:
    """One word."""
    word = token.value
    if typed_as_operator(token):
        meant = f"`{word}` is searched for as a word: write {MEANT_AS_OPERATORS[word]} to combine"
        remarks.append(Remark(token.at, meant))
    if word.isalpha() and not word.isupper() and TATWEEL not in word:
        return Term(token.at, token.text, word, token.exact)
    if not token.exact and (wrong := wrong_operator(word)) is not None:
        raise QueryError(token.at, wrong)
    if "*" in word:
        return _open_ended(token)
    if not _says_something(word):
        raise QueryError(token.at, f"{told(word)} holds no letter and no digit{lone_sign(word)}")
    return Term(token.at, token.text, word, token.exact)


def _says_something(text: str) -> bool:
    """Whether a letter or digit is left once it is read; a tatweel only lengthens others."""
    return any(character.isalnum() for character in text if character != TATWEEL)


def _open_ended(token: Token) -> Query:
    word, stem = token.value, token.value[:-1]
    if not word.endswith("*") or "*" in stem:
        raise QueryError(token.at, f"{told(word)}: only one * is allowed, at the end (attached particles need none)")
    read = read_text(stem, html=False)
    last = read.folded[slice(*read.words[-1])] if read.words else ""
    if sum(map(str.isalnum, last)) < FEWEST_LETTERS_BEFORE_STAR or not stem[-1].isalnum():
        fewest = (
            f"at least {FEWEST_LETTERS_BEFORE_STAR} letters must stand right before *; write shorter words out, with OR"
        )
        raise QueryError(token.at, f"{told(word)}: {fewest}")
    return Term(token.at, token.text, stem, token.exact, prefix=True)


def phrase(token: Token, source: str, slop: Token | None) -> Query:
    """Words in order; ``slop`` is the ``~n`` behind it."""
    if not _says_something(token.value):
        raise QueryError(token.at, "this phrase holds no word: write one between its quotes, or leave the phrase out")
    if "*" in token.value:
        raise QueryError(token.at + token.text.index("*"), f"no * inside a phrase: {_without_phrase(token, slop)}")
    if slop is None:
        return Phrase(token.at, source, token.value, token.exact)
    if slop.number > MOST_SLOP:
        raise QueryError(slop.at, f"at most {MOST_SLOP} other words in a phrase: write NEAR/n or ONEAR/n for more")
    return Phrase(token.at, source, token.value, token.exact, int(slop.number))


def _without_phrase(token: Token, slop: Token | None) -> str:
    """How to write a phrase with a star: in the author's own words where they are few, else in an example."""
    words, between = token.value.split(), int(slop.number) if slop is not None else 0
    operator = f"ONEAR/{between}"
    plain = all(word.strip("*").isalnum() and "*" not in word[:-1] for word in words)
    mended = f" {operator} ".join(f"={word}" if token.exact else word for word in words)
    if not plain or not 2 <= len(words) <= _MOST_WORDS_TOLD:
        mended = f"وزير {operator} خارج*"
    return f"write `{mended}` (in this order, {between or 'none'} between)"


def regex(token: Token, remarks: list[Remark]) -> Query:
    """``/…/`` or ``/…/i``."""
    flags = token.text[token.text.rindex("/") + 1 :]
    if flags not in ("", "i"):
        raise QueryError(
            token.end - len(flags), f"{told(flags)} behind a regular expression: i (any case) is the only flag"
        )
    any_case = flags == "i"
    try:
        compiled = compile_regex(token.value, any_case)
    except QueryError as error:
        raise QueryError(token.at + 1 + error.at, error.message) from None
    if not compiled.literals:
        remarks.append(
            Remark(
                token.at,
                "no three letters that must be there: every article is read for it; join it with AND to a word",
            )
        )
    return Regex(token.at, token.text, token.value, any_case)


def entity(token: Token) -> Query:
    """``@key`` or ``@Q858``, with a role or without."""
    name, _, role = token.value.partition(".")
    if role and (wrong := unknown_role(role)) is not None:
        raise QueryError(token.at, wrong)
    return EntityRef(token.at, token.text, name, Role(role) if role else None)


def unknown_role(role: str) -> str | None:
    """What is told of a ``.role`` behind an entity that is none; None for one that is."""
    if role in ROLES:
        return None
    known = nearest(role.lower(), ROLES) or f"; the roles are {', '.join(f'.{each}' for each in ROLES)}"
    return f"{told(f'.{role}')} is no role{known}"


def list_reference(token: Token) -> Query:
    """``list:name``."""
    return ListRef(token.at, token.text, token.value)


def topic_reference(token: Token) -> Query:
    """``topic:name``."""
    return TopicRef(token.at, token.text, token.value)


def field_name(token: Token, around: Sequence[str]) -> str:
    """The field that a ``name:`` names; ``around`` are the fields that it stands in."""
    name = token.value
    if name not in FIELDS:
        raise QueryError(token.at, unknown_field(name))
    if around:
        raise QueryError(token.at, f"`{name}:` inside `{around[-1]}:`: a field stands in no other, join them with AND")
    return name


def range_of(field: Token, span: Token, source: str) -> Range:
    """``published:[… TO …]`` or ``words:[… TO …]``."""
    name = field.value
    if span.text[:1] != "[":
        raise QueryError(span.at, f"`{name}:` takes a range: {name}:{_RANGE_EXAMPLES[name]}")
    return parse_range(field.at, source, name, span.value, span.at + 1)


def is_range(field: str) -> bool:
    """Whether the field is asked for a range."""
    return field in RANGE_FIELDS
