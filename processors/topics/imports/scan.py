"""Cut a query of another tool into tokens, each with its place."""

import re
from typing import NamedTuple

from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Report


class Token(NamedTuple):
    """``kind`` is the name of its rule below; ``value`` what it holds."""

    kind: str
    text: str
    at: int
    value: str = ""


_COMMON = {
    "open": r"\(",
    "close": r"\)",
    "phrase": r'"(?:\\.|[^"\\])*"|“[^”]*”|«[^»]*»',
    "near": r"(?:O?NEAR|WITHIN)(?:/(?P<n>\d{1,6})(?P<f>[fF])?)?(?![\w:/*])",
    "and": r"AND(?![\w:/*])|&&",
    "or": r"OR(?![\w:/*])|\|\|?",
    "not": r"NOT(?![\w:/*])|!(?=\S)",
    "minus": r"-(?=[^\s\-\d]|\d)",
    "plus": r"\+(?=\S)",
    "range": r"[\[{][^\]}\n]*?\sTO\s[^\]}\n]*[\]}]|(?<=:)[<>]=?[^\s()]+",
    "braces": r"\{[^{}\n]+\}",
    "regex": r"/(?:\\.|[^/\\\n])+/",
    "field": r"[^\W\d][\w.]*:(?=[^\s:/]|/[^/])",
    "tilde": r"~\d*(?:\.\d+)?",
    "weight": r"\^\d+(?:\.\d+)?",
    "address": r"(?:https?://|www\.)[^\s()\"]+",
    "word": r"(?:\\.|[^\s()\"“”«»\[\]{}^~:|\\]|:(?=\S))+",
}
_ANY_CASE = {"and": "and", "or": "or", "not": "not"}


def tokenize(query: str, dialect: Dialect, report: Report) -> list[Token]:
    """Every token, then one of the kind ``end``. Raises ``Unreadable``."""
    left_out = {"regex": not dialect.has_regex, "braces": not dialect.braces_keep_case}
    rules = "|".join(f"(?P<{kind}>{rule})" for kind, rule in _COMMON.items() if not left_out.get(kind))
    pattern = re.compile(rf"{rules}|(?P<wrong>\S)")
    tokens: list[Token] = []
    end = 0
    for found in pattern.finditer(query):
        kind, text, at = found.lastgroup or "wrong", found.group(), found.start()
        if kind == "wrong":
            raise report.unreadable(at, _what_is_wrong(text))
        if kind == "word" and dialect.any_case_operators and text.lower() in _ANY_CASE:
            report.changed(at, f"`{text}` is an operator in {dialect.title}: written {text.upper()}")
            kind = _ANY_CASE[text.lower()]
        if kind in ("minus", "plus", "not") and tokens and at == end and tokens[-1].kind in ("word", "phrase"):
            raise report.unreadable(at, f"`{text}` in the middle of a word: put the word into quotes")
        value = found["n"] or "" if kind == "near" else _value(kind, text)
        tokens.append(Token(kind, text, at, value))
        end = found.end()
    return [*tokens, Token("end", "", len(query))]


def _value(kind: str, text: str) -> str:
    match kind:
        case "phrase" | "braces":
            return unescaped(text[1:-1])
        case "regex":
            return text[1:-1]
        case "field":
            return text[:-1]
        case "tilde" | "weight":
            return text[1:]
        case "word":
            return text
        case _:
            return ""


def unescaped(text: str) -> str:
    r"""Without the ``\`` in front of signs that stand for themselves."""
    return re.sub(r"\\(.)", r"\1", text)


def _what_is_wrong(text: str) -> str:
    told = {'"': 'a phrase that is not closed: its second " is missing', "(": "this ( is never closed"}
    return told.get(text, f"`{text}` has no meaning here")
