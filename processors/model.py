"""The values that flow through the pure part: Article → Text → Mention → Verdict.

Positions are code points into the field *as received*, HTML included, end exclusive: the original at
``[start:end]``, read again, is what was matched.
"""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Literal

import msgspec

FieldName = Literal["title", "body"]
"""The two fields of an article whose text is matched."""

MAX_TEXT_CHARS = 200_000
"""Of each field so many characters are matched unless told otherwise: a hundred times a real article, so that what is
longer is a dump or an attack."""


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One published piece, as every later step knows it. ``id`` is never empty once decoded."""

    id: str
    url: str = ""
    title: str = ""
    body: str = ""
    source: str = ""
    published_at: datetime | None = None  # aware; None when absent, unreadable or impossible
    lang: str = ""  # BCP 47, as received; "" is unknown
    author: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()


class Level(IntEnum):
    """How far a found form may be from the form asked for. The wider includes the narrower."""

    EXACT = 0
    FOLDED = 1
    ATTACHED = 2
    INFLECTED = 3

    @property
    def label(self) -> str:
        """The word used in evidence, files and metrics."""
        return self.name.lower()


class Role(StrEnum):
    """Through what an entity was mentioned; ``via`` in evidence is ``<entity id>.<role>``."""

    NAME = "name"
    DEMONYM = "demonym"
    CAPITAL = "capital"
    LEADER = "leader"
    FORMER = "former"


class Pattern(msgspec.Struct, frozen=True, gc=False):
    """One surface form to find in text. Its number is its position in the compiled index.

    There are tens of thousands: as a struct one is made, and looked up, in a fifth of the time that a dataclass takes.
    """

    surface: str  # as its author wrote it; one word or several
    level: Level = Level.ATTACHED  # the widest level at which it may be found
    label: Level | None = None  # level reported instead of the one found (declared demonyms: INFLECTED)
    definite: bool = False  # written with ال that elides after ل: القاهرة → للقاهرة
    takes_article: bool = False  # a common word that may also carry ال it is not written with
    takes_suffixes: bool = False  # a common word that may carry ه ها هم هن هما نا كم (ة becomes ت)
    takes_sa: bool = False  # a declared verb: س may precede it
    takes_ka_fa: bool = False  # a name of four letters or fewer that ك and ف may precede all the same
    case_exact: bool = False  # Latin letters must have the case as written (US, WHO)
    prefix: bool = False  # suffix wildcard: the last word may go on (دبلوماس*)
    in_sentence: bool = False  # a phrase, which a line break in a body ends as a full stop does
    slop: int = 0  # up to this many other words between the words of a phrase
    not_words: frozenset[str] = frozenset()  # whole words, folded or as written (tanwin too), that are something else
    lang: str = ""  # language of the form; decides English 's, French l', Turkish 'suffixes; "" = by script


class Mention(msgspec.Struct, frozen=True, gc=False):
    """One occurrence of a pattern in a field."""

    pattern: int
    field: FieldName
    start: int  # in the field as received, particles excluded
    end: int
    first_word: int  # word numbers in the field, from 0; both ends included
    last_word: int
    level: Level
    repaired: bool = False


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a clause holds. Field names are the wire's (``rasid match``, payloads)."""

    clause: str
    field: str
    start: int
    end: int
    text: str
    level: str
    entity: str = ""
    via: str = ""
    support: str = ""  # what decided an ambiguous name, in the text's own words
    period: str = ""  # "unknown" when the article has no usable date and every holder counts
    plain: str = ""  # the form without the breaking, where repaired
    repaired: bool = False
    truncated: bool = False


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A topic that an article matches, and why."""

    topic: str
    score: float
    evidence: tuple[Evidence, ...]
