"""Clauses that can never hold, and clauses that say what another one says already."""

from collections.abc import Iterator, Sequence

from processors.topics.evaluate.evaluate import top_clauses
from processors.topics.lint.finding import Desk, Found, Rule, Severity, at_key, in_query, queries
from processors.topics.lint.implication import Implication
from processors.topics.places import LEAD_WORDS
from processors.topics.query.tree import And, Count, InField, Not, Or, Query, Range, Term, Weighted, children_of
from processors.topics.topic import Topic

MOST_CHILDREN = 300
"""Of one AND or OR that are compared pair by pair; of more only those that are written alike are found."""

TITLE_WORDS = 40
"""The longest of 67,000 measured titles has fewer."""


def implication_for(desk: Desk) -> Implication:
    """What compares the queries of one topic."""
    ids, names = desk.names.ids, desk.names
    return Implication(desk.lists.get, lambda name: ids.get(name, name), lambda word: bool(names.uses(word)))


def _placed(query: Query, field: str = "text") -> Iterator[tuple[Query, str]]:
    """Everything in a query, with the field that it is asked of."""
    stack = [(query, field)]
    while stack:
        node, where = stack.pop()
        yield node, where
        inner = node.field if isinstance(node, InField) else where
        stack += [(child, inner) for child in reversed(children_of(node))]


def _never(topic: Topic, desk: Desk) -> Iterator[Found]:
    implication = implication_for(desk)
    for part, query, _ in queries(topic):
        for node, field in _placed(query):
            if isinstance(node, And):
                yield from _contradictions(topic, part, node, field, implication)
            elif isinstance(node, Count) and (most := _most_mentions(field)) is not None and node.count > most:
                told = f"`{node.source}` can never hold, `{field}:` has at most about {most} words: count fewer"
                yield in_query(topic, part, node.at, told)


def _most_mentions(field: str) -> int | None:
    return {"title": TITLE_WORDS, "lead": LEAD_WORDS + TITLE_WORDS}.get(field)


def _contradictions(topic: Topic, part: str, node: And, field: str, implication: Implication) -> Iterator[Found]:
    wanted = [child for child in node.children if not isinstance(child, Not)]
    for child in node.children:
        if not isinstance(child, Not):
            continue
        killer = next((each for each in wanted if implication.implies((each, field), (child.child, field))), None)
        if killer is not None:
            told = (
                f"can never hold: `{killer.source}` is required, and `{child.source}` forbids it. Remove one of them, "
                "or narrow what must not be there"
            )
            yield in_query(topic, part, child.at, told)
    ranges = [child for child in wanted if isinstance(child, Range)]
    for number, other in enumerate(ranges):
        if any(_apart(one, other) for one in ranges[:number]):
            yield in_query(
                topic,
                part,
                other.at,
                f"can never hold: `{other.source}` and the range before share nothing: widen one of them",
            )
    languages = [child for child in wanted if isinstance(child, InField) and child.field == "lang"]
    for number, spoken in enumerate(languages):
        if any(not _languages(one) & _languages(spoken) for one in languages[:number]):
            told = f"can never hold: an article has one language. Write lang:(… OR …) instead of `{spoken.source}`"
            yield in_query(topic, part, spoken.at, told)


def _languages(query: InField) -> set[str]:
    terms = [node for node, _ in _placed(query.child) if isinstance(node, Term)]
    return {term.word.lower().replace("_", "-").split("-")[0] for term in terms}


def _apart(one: Range, other: Range) -> bool:
    if one.field != other.field:
        return False
    for low, high in ((one.low, other.high), (other.low, one.high)):
        if low.number is not None and high.number is not None and low.number > high.number:
            return True
        if low.moment is not None and high.moment is not None and low.moment.date() > high.moment.date():
            return True
        if low.before_now is not None and high.before_now is not None and low.before_now < high.before_now:
            return True
    return False


def _excluded(topic: Topic, desk: Desk) -> Iterator[Found]:
    if topic.exclude is None:
        return
    implication = implication_for(desk)
    clauses = [clause for clause, _ in top_clauses(topic.match)]
    dead = [each for each in clauses if implication.implies((each, "text"), (topic.exclude, "text"))]
    if len(dead) == len(clauses):
        yield at_key(
            topic,
            ("exclude",),
            "the topic can never match, whatever `match` asks for, `exclude` leaves out: narrow `exclude`",
        )
        return
    for clause in dead:
        yield in_query(
            topic,
            "match",
            clause.at,
            f"`{clause.source}` can never count, `exclude` leaves it out: narrow `exclude`, or remove the clause",
        )


def _repeated(topic: Topic, desk: Desk) -> Iterator[Found]:
    implication = implication_for(desk)
    for part, query, _ in queries(topic):
        scored = _is_scored(topic) and part == "match"
        for node, field in _placed(query):
            if isinstance(node, Or) and not (scored and node is _outermost(query)):
                yield from _covered(topic, part, node, field, implication, "OR")
            elif isinstance(node, And):
                yield from _covered(topic, part, node, field, implication, "AND")


def _is_scored(topic: Topic) -> bool:
    """Whether it matters how many of the outermost clauses hold."""
    weights = [weight for _, weight in top_clauses(topic.match)]
    return min(weights) < topic.file.threshold or len(set(weights)) > 1


def _outermost(query: Query) -> Query:
    while isinstance(query, Weighted):
        query = query.child
    return query


def _covered(
    topic: Topic, part: str, node: And | Or, field: str, implication: Implication, operator: str
) -> Iterator[Found]:
    """Children that add nothing beside another one: the narrower of an OR, the wider of an AND."""
    children: Sequence[Query] = node.children
    keys = [implication.key((child, field)) for child in children]
    first = {key: number for number, key in reversed(list(enumerate(keys)))}
    told: set[int] = set()
    for number, key in enumerate(keys):
        if first[key] != number:
            told.add(number)
            yield in_query(topic, part, children[number].at, f"`{children[number].source}` stands twice: keep one")
    if len(children) > MOST_CHILDREN:
        return
    for number, child in enumerate(children):
        if number in told or isinstance(child, Not):
            continue
        for other_number, other in enumerate(children):
            if other_number == number or other_number in told or isinstance(other, Not):
                continue
            pair = ((child, field), (other, field))
            if implication.implies(*(pair if operator == "OR" else pair[::-1])):
                told.add(number)
                yield in_query(topic, part, child.at, _covered_message(child, other, operator))
                break


def _covered_message(child: Query, other: Query, operator: str) -> str:
    if operator == "OR":
        return f"`{child.source}` adds nothing: wherever it holds, `{other.source}` holds too. Remove one of them"
    return f"`{child.source}` adds nothing: `{other.source}` requires it already. Remove it"


RULES = (
    Rule(
        "RSD301",
        Severity.ERROR,
        "a part that can never hold",
        "A required thing is forbidden in the same AND, two ranges share nothing, an article is asked for two "
        "languages, or more mentions are counted than a field has words. The topic is silent there and nobody is told.",
        _never,
    ),
    Rule(
        "RSD302",
        Severity.ERROR,
        "an exclude that leaves out what match asks for",
        "`exclude` always wins: a clause that implies it can never count, and a topic of such clauses never matches.",
        _excluded,
    ),
    Rule(
        "RSD303",
        Severity.WARNING,
        "a part that adds nothing",
        "`a OR (a AND b)` is `a`; `a AND (a OR b)` is `a`; a word beside a list that holds it, or beside a wildcard "
        "that finds it. Clauses whose number decides (weights, a threshold above 1) are let be.",
        _repeated,
    ),
)
