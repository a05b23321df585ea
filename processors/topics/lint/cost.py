"""What makes a topic slow: articles that must be read for it although nearly none matches."""

from collections.abc import Iterator

from processors.normalize.written import comparable
from processors.topics.evaluate.evaluate import top_clauses
from processors.topics.lint.finding import Desk, Found, Rule, Severity, in_query, queries
from processors.topics.lint.frequent_words import share_of
from processors.topics.query.regex.compiled import compile_regex
from processors.topics.query.tree import (
    TEXT_FIELDS,
    And,
    AtLeast,
    Count,
    EntityRef,
    InField,
    ListRef,
    Near,
    Or,
    Phrase,
    Query,
    Regex,
    Term,
    TopicRef,
    Weighted,
    Within,
)
from processors.topics.query.walk import walk
from processors.topics.topic import Topic

VERY_COMMON = 0.2
"""Share of articles: a word that every fifth article holds tells nearly nothing apart."""

WIDEST_NEAR = 10
"""Words between: farther apart two words are seldom about one another, and SENTENCE says it better."""

_Needed = tuple[float, str]
"""The share of articles that must be read, and what they are chosen by."""

_ALL: _Needed = (1.0, "")


class _Costs:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(self, node: Query) -> _Needed:
        match node:
            case InField():
                return self.of(node.child) if node.field in TEXT_FIELDS else _ALL
            case Weighted() | Count():
                return self.of(node.child)
            case And() | Within():
                return min(map(self.of, node.children))
            case Near():
                return self.of(node.left) if node.kind == "NOTNEAR" else min(self.of(node.left), self.of(node.right))
            case Or():
                return max(map(self.of, node.children))
            case AtLeast():
                # All but count - 1 of the children may be missing: the cheapest of those that remain decides.
                return sorted(map(self.of, node.children))[len(node.children) - node.count]
            case Term() | Phrase():
                text = node.word if isinstance(node, Term) else node.text
                return min((share_of(word), node.source) for word in comparable(text).split(" "))
            case ListRef():
                return self._list(node)
            case EntityRef() | TopicRef():
                return 0.0, node.source
            case Regex() if compile_regex(node.pattern, node.any_case).literals:
                return 0.0, node.source
            case _:
                return _ALL  # NOT, ranges and whatever cannot be screened for

    def _list(self, node: ListRef) -> _Needed:
        held = self._desk.lists.get(node.name)
        words = [word for terms in held.file.terms.values() for word in terms] if held is not None else []
        shares = ((min(map(share_of, comparable(word).split(" "))), word) for word in words)
        return max(shares, default=(0.0, node.source))


def _unscreened(topic: Topic, desk: Desk) -> Iterator[Found]:
    costs = _Costs(desk)
    for clause, _ in top_clauses(topic.match):
        if costs.of(clause) == _ALL:
            told = (
                f"`{_short(clause.source)}` requires no word, name or list: every article must be read for it. "
                "Add something that must be there"
            )
            yield in_query(topic, "match", clause.at, told)


def _common(topic: Topic, desk: Desk) -> Iterator[Found]:
    costs = _Costs(desk)
    for clause, _ in top_clauses(topic.match):
        share, word = costs.of(clause)
        if VERY_COMMON <= share < 1:
            told = (
                f"`{_short(clause.source)}` rests on {word}, which {share:.0%} of news articles hold: add a rarer word "
                "that must be there"
            )
            yield in_query(topic, "match", clause.at, told)


def _short(source: str) -> str:
    return source if len(source) <= 40 else source[:39] + "…"


def _loose_regex(topic: Topic, _: Desk) -> Iterator[Found]:
    for part, query, _text in queries(topic):
        for node in walk(query):
            if isinstance(node, Regex) and not compile_regex(node.pattern, node.any_case).literals:
                told = (
                    f"`{node.source}` has no three letters that must be there: every article is read for it. "
                    "Join it with AND to a word"
                )
                yield in_query(topic, part, node.at, told)


def _wide(topic: Topic, _: Desk) -> Iterator[Found]:
    for part, query, _text in queries(topic):
        for node in walk(query):
            if isinstance(node, Near) and node.kind != "NOTNEAR" and node.distance > WIDEST_NEAR:
                better = "PARAGRAPH" if node.distance > 3 * WIDEST_NEAR else "SENTENCE"
                told = (
                    f"{node.kind}/{node.distance} joins words of different sentences: write {better}, or at most "
                    f"{node.kind}/{WIDEST_NEAR}"
                )
                yield in_query(topic, part, node.at, told)


RULES = (
    Rule(
        "RSD701",
        Severity.WARNING,
        "a clause that every article must be read for",
        "Articles are sorted out by the words that a topic cannot do without. `source:x`, ranges and NOT are no such "
        "words: a clause of them alone is looked at for every article of the stream.",
        _unscreened,
    ),
    Rule(
        "RSD702",
        Severity.WARNING,
        "a clause that rests on a very common word",
        "The shares were measured on 4,171 Arabic news articles. Where the rarest required word is in every fifth "
        "article, every fifth article is read for the topic.",
        _common,
    ),
    Rule(
        "RSD703",
        Severity.HINT,
        "NEAR over more than ten words",
        "NEAR goes across sentences. What is more than ten words away is mostly said of something else.",
        _wide,
    ),
    Rule(
        "RSD704",
        Severity.HINT,
        "a regular expression without letters to look for",
        "Three letters that must be there let other articles pass unread: /زيار(ة|ات)/ has them, /[0-9]+%/ has none.",
        _loose_regex,
    ),
)
