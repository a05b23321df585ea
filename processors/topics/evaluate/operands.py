"""What must be found for one operand of proximity or scope: ways, each of rows of which one place is needed.

``a NEAR/5 (b OR (c AND d))`` holds in two ways: b near a, or c near a and d near a.
"""

from collections.abc import Sequence

from processors.topics.query.tree import And, Or, Query

MOST_WAYS = 50
"""Of one operand: ANDs of ORs of ANDs multiply."""

Row = tuple[Query, ...]
"""Any one of them."""

Way = tuple[Row, ...]
"""One of each row."""


def ways_of(query: Query) -> Sequence[Way]:
    """The ways in which an operand can be there, at most ``MOST_WAYS`` and one."""
    match query:
        case And():
            ways: list[Way] = [()]
            for child in query.children:
                ways = [(*way, *more) for way in ways for more in ways_of(child)][: MOST_WAYS + 1]
            return ways
        case Or() if any(isinstance(child, And | Or) for child in query.children):
            inner = [way for child in query.children for way in ways_of(child)]
            alone = tuple(each for way in inner if len(way) == 1 for each in way[0])
            several = [way for way in inner if len(way) > 1]
            return [*([(alone,)] if alone else []), *several][: MOST_WAYS + 1]
        case Or():
            return ((query.children,),)
        case _:
            return (((query,),),)
