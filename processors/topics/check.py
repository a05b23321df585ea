"""Rules that a parsed query must keep beyond grammar: known references, weights and NOT where they mean something.

Each problem is (offset in the query, message).
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from math import prod

from processors.topics.evaluate.operands import MOST_WAYS, ways_of
from processors.topics.evaluate.scopes import MOST_TOGETHER
from processors.topics.names import Names, unknown_entity
from processors.topics.offices import NOWHERE, country_of, unknown_list
from processors.topics.query.text import told
from processors.topics.query.tree import (
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
    Range,
    Term,
    TopicRef,
    Weighted,
    Within,
    children_of,
)
from processors.topics.query.units import no_place_for_not
from processors.topics.query.walk import nodes_and_levels, walk
from processors.topics.topic import Topic
from processors.yaml_document import nearest

DEEPEST_REFERENCES = 20
"""Topics inside topics: more than a person can follow, less than the interpreter's stack can."""

DEEPEST_NESTING = 100
"""Operators inside one another, those of topics referred to included: the stack must hold all of them at once."""

_TOPIC = "topic:"

Trouble = tuple[int, str]


def check_query(
    query: Query, *, topics: Mapping[str, Topic], lists: Mapping[str, object], names: Names, scored: bool = True
) -> Sequence[Trouble]:
    """Everything wrong with one query. ``scored``: its weights are added up, as those of an ``exclude`` are not."""
    troubles, references = _look_through(query, scored=scored)
    return [*_references(references, topics, lists, names), *troubles] if references else troubles


def check_shape(query: Query) -> Sequence[Trouble]:
    """What is wrong with one query whatever its names refer to."""
    return _look_through(query)[0]


def _look_through(query: Query, *, scored: bool = True) -> tuple[Sequence[Trouble], Sequence[Query]]:
    """What is wrong, and what refers to something. One walk: a set may hold 225,000 queries."""
    found: list[Trouble] = []
    references: list[Query] = []
    stack = [(query, 0, scored)]  # with the operators around it, and whether a weight counts there
    while stack:
        node, level, top = stack.pop()
        kind = type(node)
        if level > DEEPEST_NESTING:
            too_deep = f"more than {DEEPEST_NESTING} operators inside one another: make topics of the parts"
            return [(node.at, too_deep)], ()
        if kind is Term or kind is Phrase:
            continue
        if kind is EntityRef or kind is ListRef or kind is TopicRef:
            references.append(node)
            continue
        if kind is Weighted and not top:
            found.append(
                (
                    node.at,
                    "a weight belongs to a clause of the outermost OR, it adds nothing here: leave it out",
                )
            )
        elif kind is Near or kind is Within or kind is Count:
            found += _operands(node)
        counts = top and kind is Or
        stack += [(child, level + 1, counts) for child in reversed(children_of(node))]
    if not says_what_it_wants(query):  # after the walk: it follows the nesting on the interpreter's stack
        found.append((query.at, "only says what it does not want: add at least one thing that must be there"))
    return found, references


def check_references(topics: Mapping[str, Topic]) -> Iterator[tuple[str, str]]:
    """Topics that refer to themselves, or through too many others or operators: (name, message)."""
    references = _references_between(topics)
    depths: dict[str, int] = {}
    nested: dict[str, int] = {}
    for name in _referred_first(references):
        depths[name] = 1 + max((depths[each] for each in references[name]), default=0)
        nested[name] = _nesting(topics[name], nested)
        if depths[name] == DEEPEST_REFERENCES + 1:
            yield (
                name,
                f"refers to topics that refer to topics, more than {DEEPEST_REFERENCES} deep: write one of them out",
            )
        elif nested[name] > DEEPEST_NESTING >= max((nested[each] for each in references[name]), default=0):
            yield (
                name,
                f"together with the topics that it refers to, more than {DEEPEST_NESTING} operators deep: nest less",
            )
    in_circles: set[str] = set()
    for name in references:
        # Neither settled nor on the way back to itself: it leads into a circle of others. A circle is told of once.
        if name not in depths and name not in in_circles and (way := _way_back(references, name)) is not None:
            in_circles.update(way)
            yield name, f"refers to itself: {' → '.join(way)}. Take one of these references out"


def _referred_first(references: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The names of all topics, each after those that it refers to; without those in a circle or leading into one."""
    waiting = {name: {*inner} for name, inner in references.items()}
    referring: dict[str, list[str]] = {}
    for name, distinct in waiting.items():  # a topic may be referred to many times in one query
        for each in distinct:
            referring.setdefault(each, []).append(name)
    order = [name for name, inner in references.items() if not inner]
    for name in order:  # which grows while it is gone through
        for other in referring.get(name, ()):
            waiting[other].discard(name)
            if not waiting[other]:
                order.append(other)
    return order


def _references_between(topics: Mapping[str, Topic]) -> dict[str, list[str]]:
    """Of every topic that refers to others or is referred to, those that it refers to."""
    found = {name: inner for name, topic in topics.items() if (inner := [*_topics_in(topic, topics)])}
    return found | {each: [] for inner in found.values() for each in inner if each not in found}


def _nesting(topic: Topic, nested: Mapping[str, int]) -> int:
    """Levels of operators in a topic, with those of the topics that it refers to in the place of the references."""
    levels = (place for query in (topic.match, topic.exclude) if query is not None for place in nodes_and_levels(query))
    return max(level + (nested[node.name] if isinstance(node, TopicRef) else 0) for node, level in levels)


def _way_back(references: Mapping[str, Sequence[str]], start: str) -> list[str] | None:
    """The way from a topic back to itself, if there is one."""
    came_from: dict[str, str] = {}
    stack = [start]
    while stack:
        name = stack.pop()
        for reference in references[name]:
            if reference == start:
                way = [start]
                while name != start:
                    way.append(name)
                    name = came_from[name]
                return [*way, start][::-1]
            if reference not in came_from:
                came_from[reference] = name
                stack.append(reference)
    return None


def _topics_in(topic: Topic, topics: Container[str]) -> Iterator[str]:
    for query in (topic.match, topic.exclude):
        if query is not None and _TOPIC in query.source:  # few do, and a set may hold 225,000 topics
            yield from (node.name for node in walk(query) if isinstance(node, TopicRef) and node.name in topics)


def _references(
    nodes: Sequence[Query], topics: Mapping[str, Topic], lists: Mapping[str, object], names: Names
) -> Iterator[Trouble]:
    for node in nodes:
        match node:
            case EntityRef() if names.find(node.name) is None:
                yield node.at, unknown_entity(node.name, names, f"@{node.name}")
            case ListRef() if node.name not in lists and country_of(node.name, names) is None:
                yield node.at, unknown_list(node.name, lists, names)
            case TopicRef() if node.name not in topics:
                yield (
                    node.at,
                    f"unknown topic `topic:{node.name}`{nearest(node.name, topics) or NOWHERE}",
                )
            case _:
                pass


def says_what_it_wants(query: Query) -> bool:
    """Whether something must be there for it to hold."""
    match query:
        case Not():
            return False
        case And():
            return any(map(says_what_it_wants, query.children))
        case Or() | AtLeast():
            return all(map(says_what_it_wants, query.children))
        case _:
            inner = children_of(query)
            return not inner or says_what_it_wants(inner[0])


def _operands(node: Query) -> Sequence[Trouble]:
    """Proximity and scope join things that have a place in the text."""
    match node:
        case Near() | Within():
            troubles = [trouble for child in children_of(node) for trouble in _placed(child, node.kind)]
            return troubles or list(_together(node))
        case Count():
            return list(_placed(node.child, "COUNT"))
        case _:
            return ()


def _together(node: Near | Within) -> Iterator[Trouble]:
    """How much must be together at once, ANDs inside multiplied out."""
    ways = [ways_of(child) for child in children_of(node)]
    if prod(map(len, ways)) > MOST_WAYS:
        yield node.at, f"AND and OR inside {node.kind} make more than {MOST_WAYS} ways: make clauses of the parts"
    elif sum(max(map(len, each)) for each in ways) > MOST_TOGETHER:
        yield node.at, f"more than {MOST_TOGETHER} things by {node.kind}: count some of them with ATLEAST/n( … )"


def _placed(query: Query, operator: str) -> Iterator[Trouble]:
    match query:
        case And() if operator == "COUNT":
            yield query.at, "AND inside COUNT: it counts mentions of one thing, or of several joined with OR"
        case Or() | And():
            for child in query.children:
                yield from _placed(child, operator)
        case Not():
            yield query.at, no_place_for_not(operator)
        case InField():
            around = "COUNT/n( … )" if operator == "COUNT" else f"(a {operator} b)"
            yield query.at, f"a field inside {operator}: put it around, as in {query.field}:{around}"
        case AtLeast() | Count() | Range() | TopicRef():
            yield (
                query.at,
                f"{told(query.source)} has no place in the text, and {operator} is about places: join it with AND",
            )
        case _:
            pass  # a weight is told of where it stands (``_look_through``), and so are Near and Within
