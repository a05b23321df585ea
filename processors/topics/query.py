"""The query language as values: what the parser makes and the evaluator reads. Each knows where it was written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from processors.model import Role

TextField = Literal["title", "lead", "body", "text"]
TEXT_FIELDS: tuple[TextField, ...] = ("title", "lead", "body", "text")
VALUE_FIELDS = ("source", "author", "domain", "url", "lang", "section", "tags")
RANGE_FIELDS = ("published", "words")
FIELDS = (*TEXT_FIELDS, *VALUE_FIELDS, *RANGE_FIELDS)


@dataclass(frozen=True, slots=True)
class Term:
    """One word. ``exact``: as written. ``prefix``: it may go on."""

    at: int
    source: str
    word: str
    exact: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in order, up to ``slop`` others between."""

    at: int
    source: str
    text: str
    exact: bool = False
    slop: int = 0


@dataclass(frozen=True, slots=True)
class EntityRef:
    """Any mention of an entity, or only through one role."""

    at: int
    source: str
    name: str
    role: Role | None


@dataclass(frozen=True, slots=True)
class ListRef:
    """Any term of a list."""

    at: int
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class TopicRef:
    """Another topic's verdict."""

    at: int
    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a range: a date, a moment relative to now, a number, or open (all None)."""

    moment: datetime | None = None  # naive: in the topic's time zone
    whole_day: bool = False  # written without a time of day
    before_now: timedelta | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """``published:[… TO …]`` or ``words:[… TO …]``, ends included."""

    at: int
    source: str
    field: str
    low: Bound
    high: Bound


@dataclass(frozen=True, slots=True)
class And:
    """All of them, anywhere in the field asked for."""

    at: int
    source: str
    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    at: int
    source: str
    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not that."""

    at: int
    source: str
    child: "Query"


@dataclass(frozen=True, slots=True)
class Near:
    """At most ``distance`` whole words between: NEAR any order, ONEAR this order, NOTNEAR left without right near."""

    at: int
    source: str
    kind: Literal["NEAR", "ONEAR", "NOTNEAR"]
    distance: int
    left: "Query"
    right: "Query"


@dataclass(frozen=True, slots=True)
class Within:
    """All in one sentence or paragraph, by different mentions."""

    at: int
    source: str
    kind: Literal["SENTENCE", "PARAGRAPH"]
    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``count`` of the children."""

    at: int
    source: str
    count: int
    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Count:
    """``count`` mentions of one child."""

    at: int
    source: str
    count: int
    child: "Query"


@dataclass(frozen=True, slots=True)
class InField:
    """The child, in one field only."""

    at: int
    source: str
    field: str
    child: "Query"


@dataclass(frozen=True, slots=True)
class Weighted:
    """A top-level clause that counts more than 1."""

    at: int
    source: str
    weight: float
    child: "Query"


Query = (
    Term
    | Phrase
    | EntityRef
    | ListRef
    | TopicRef
    | Range
    | And
    | Or
    | Not
    | Near
    | Within
    | AtLeast
    | Count
    | InField
    | Weighted
)


def children_of(query: Query) -> tuple[Query, ...]:
    """What stands directly inside, in the order written."""
    match query:
        case And() | Or() | Within() | AtLeast():
            return query.children
        case Near():
            return query.left, query.right
        case Not() | Count() | InField() | Weighted():
            return (query.child,)
        case _:
            return ()
