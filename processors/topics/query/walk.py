"""The parts of a query, one after the other. Not on the interpreter's stack: a query may be nested deeply."""

from collections.abc import Iterator

from processors.topics.query.tree import TEXT_FIELDS, InField, Leaf, Query, children_of


def walk(query: Query) -> Iterator[Query]:
    """The query and everything inside it, in the order written."""
    stack = [query]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(children_of(node))


def nodes_and_levels(query: Query) -> Iterator[tuple[Query, int]]:
    """The query and everything inside it, in no order, each with the number of operators around it."""
    stack = [(query, 0)]
    while stack:
        node, level = stack.pop()
        yield node, level
        stack += [(child, level + 1) for child in children_of(node)]


def leaves_in_text(query: Query) -> Iterator[Leaf]:
    """Every leaf that is looked for in title or body, in the order written: none of a field that holds one value."""
    stack = [query]
    while stack:
        node = stack.pop()
        if isinstance(node, Leaf):
            yield node
        elif not isinstance(node, InField) or node.field in TEXT_FIELDS:
            stack += reversed(children_of(node))
