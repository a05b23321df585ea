"""Operators that were forgotten, or typed as words."""

import re
from collections.abc import Iterator
from itertools import pairwise

from processors.topics.lint.finding import Desk, Found, Rule, Severity, in_query, queries
from processors.topics.query.tree import And, Or, Query, Term
from processors.topics.query.units import ARABIC_AND, MEANT_AS_OPERATORS
from processors.topics.query.walk import walk
from processors.topics.topic import Topic

_BEFORE_OPERAND = re.compile(r"(?:[\s(]|(?<!\w)NOT(?!\w)|-)*$")
_JOINED = re.compile(r"(?:(?<!\w)AND|&&)$")


def _implied_and(topic: Topic, _: Desk) -> Iterator[Found]:
    for part, query, text in queries(topic):
        for node in walk(query):
            if not isinstance(node, And):
                continue
            for before, child in pairwise(node.children):
                at, joined = _before(text, child)
                if not joined and not _small(before) and not _small(child):  # RSD402 and RSD403 tell of those
                    told = f"`{_start(child)}` stands beside what is before it: that means AND. Write AND or OR"
                    yield in_query(topic, part, at, told, old="", new="AND ")


def _before(text: str, child: Query) -> tuple[int, bool]:
    """Where an operand begins with its parentheses and NOT, and whether AND is written before it."""
    found = _BEFORE_OPERAND.search(text, 0, child.at)
    begin = found.start() if found is not None else child.at
    at = begin + len(text[begin : child.at]) - len(text[begin : child.at].lstrip())
    return at, _JOINED.search(text, 0, begin) is not None


def _small(query: Query) -> bool:
    """Whether a word is probably meant as an operator."""
    return isinstance(query, Term) and not query.exact and query.word in MEANT_AS_OPERATORS


def _start(query: Query) -> str:
    return query.source if len(query.source) <= 30 else query.source[:29] + "…"


def _lower_case(topic: Topic, _: Desk) -> Iterator[Found]:
    for part, query, _text in queries(topic):
        for node in walk(query):
            if not isinstance(node, Term) or node.exact or node.prefix or node.word == ARABIC_AND:
                continue
            if (meant := MEANT_AS_OPERATORS.get(node.word)) is not None:
                told = (
                    f'`{node.word}` is searched for as a word. Write {meant} to combine, or ="{node.word}" for the word'
                )
                yield in_query(topic, part, node.at, told)


def _lone_waw(topic: Topic, _: Desk) -> Iterator[Found]:
    for part, query, _text in queries(topic):
        for node in walk(query):
            if isinstance(node, Term) and not node.exact and node.word == ARABIC_AND:
                yield in_query(topic, part, node.at, "a lone `و` is searched for as a word. Write AND to combine")


def _mixed(topic: Topic, _: Desk) -> Iterator[Found]:
    for part, query, text in queries(topic):
        for node in walk(query):
            if not isinstance(node, Or):
                continue
            for number, child in enumerate(node.children):
                if not isinstance(child, And) or _in_parentheses(text, child):
                    continue
                ends = text.find("\n", child.at)
                line = text[text.rfind("\n", 0, child.at) + 1 : ends if ends >= 0 else len(text)]
                neighbours = node.children[max(0, number - 1) : number + 2]
                if len(neighbours) > 1 and re.search(r"(?<!\w)OR(?!\w)", line) and _same_line(text, neighbours):
                    told = (
                        f"AND binds before OR: this is read as `… OR ({_start(child)})`. Put parentheses as you mean it"
                    )
                    yield in_query(topic, part, child.at, told)
                    break


def _same_line(text: str, nodes: tuple[Query, ...]) -> bool:
    places = [node.at for node in nodes]
    return "\n" not in text[min(places) : max(places)]


def _in_parentheses(text: str, node: And) -> bool:
    return text[: node.at].rstrip().endswith("(")


RULES = (
    Rule(
        "RSD401",
        Severity.WARNING,
        "two things side by side",
        "Side by side means AND here, but OR in some other tools. Written out, nobody has to know.",
        _implied_and,
    ),
    Rule(
        "RSD402",
        Severity.WARNING,
        "and, or, not in small letters",
        "Operators have capital letters; in small letters they are English words that the article must hold.",
        _lower_case,
    ),
    Rule(
        "RSD403",
        Severity.WARNING,
        "a lone و",
        "و joined to a word is found by itself; alone it is a word that nearly no article holds. AND combines.",
        _lone_waw,
    ),
    Rule(
        "RSD404",
        Severity.WARNING,
        "AND and OR in one line without parentheses",
        "`a OR b AND c` is `a OR (b AND c)`. Many mean `(a OR b) AND c`: parentheses leave no doubt.",
        _mixed,
    ),
)
