"""The rows of the story memory, byte for byte. Version 2.

Each row begins with the story's reference, the first ``REFERENCE`` characters of its id. A *mark* holds nothing more
but a day. Other rows hold the whole id, then MessagePack of one of the arrays below, whose first element is
``VERSION``. A row of another version, or none of ours, is as if it were not there: what it said is decided anew.

| field | row | says |
|---|---|---|
| ``a:<H(article id)>`` | ``ArticleRow`` | the article is of this story |
| ``u:<H(canonical url)>`` | ``LinkRow`` | so is whatever this address carries |
| ``b:<band>`` | mark | this story has an article whose text holds this run of words |
| ``k:<key>`` | mark | and one whose opening tells of this name, word or figure |
| ``s:<reference>`` | ``StoryRow`` | the story itself |
"""

import struct
from typing import Any, Final

import msgspec

from processors.stories.evidence import NONE as NO_EVIDENCE
from processors.stories.evidence import Evidence
from processors.stories.sketch import Sketch

VERSION: Final = 2
"""Raised with every change of a row's shape."""

ID_LENGTH: Final = 26
"""Of a story id: 128 bits in base32 without padding."""


REFERENCE: Final = 12
"""Of a story id, what leads to its row: 60 bits, of which no two among a million stories are the same, but for one
chance in two million."""

_DAY = struct.Struct(">I")


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What an article said, as far as an edit of it could be news."""

    figures: tuple[str, ...] = ()  # of its headline as it now stands
    wording: int = 0  # ``denials.Wording`` of all its versions
    versions: tuple[int, ...] = ()  # 32-bit hashes of its texts, the present one last


NOTHING_SAID: Final = Said()


class ArticleRow(msgspec.Struct, frozen=True, array_like=True):
    """An article that was seen. ``text`` is its fingerprint's; another one is an edit."""

    version: int
    day: int  # of the bucket, as a proleptic ordinal: a row of an older day is written again when seen again
    text: str
    said: Said = NOTHING_SAID


class LinkRow(msgspec.Struct, frozen=True, array_like=True):
    """What leads to a story: an address, with its article and what that ``said``, or a mark."""

    version: int
    day: int
    article: str = ""
    said: Said | None = None


class Print(msgspec.Struct, frozen=True, array_like=True):
    """The text of one article that later ones are compared with."""

    article: str
    title: str
    short: bool
    size: int
    hashes: bytes
    figure_count: int
    figures: bytes
    keywords: bytes
    vocabulary: bytes
    origin: str = ""  # whose report the text is; a copy's is that of the text it copies
    evidence: Evidence = NO_EVIDENCE

    @property
    def sketch(self) -> Sketch:
        """See ``Fingerprint.sketch``."""
        return Sketch(self.hashes, self.size)

    @property
    def figure_sketch(self) -> Sketch:
        """See ``Fingerprint.figure_sketch``."""
        return Sketch(self.figures, self.figure_count)


class Reader(msgspec.Struct, frozen=True, array_like=True):
    """How much of a story one receiver of an alert was told: counts of what only ever grows in the story's row."""

    receiver: int  # a hash of its name
    notices: int  # that it was told, the opening included; 0: that was withheld
    last_notice: str
    told_ms: int  # arrival of the article with which it was last told an update, 0 if never
    sources: int
    outlets: int
    languages: int
    named: int
    changes: int
    said_ms: int = 0  # arrival of the article with which it was last told anything; 0: by an older version, or never


class AlertState(msgspec.Struct, frozen=True, array_like=True):
    """What was told about the story under one topic."""

    alert: str
    notices: int
    last_notice: str
    deliveries: tuple[str, ...] = ()
    readers: tuple[Reader, ...] = ()


class Change(msgspec.Struct, frozen=True, array_like=True):
    """Something that is said otherwise now: an edit of substance, a denial, a retraction."""

    key: str  # kind and key of its notice: ``edit:<text hash>``, ``denied``, ``retracted``
    reasons: tuple[str, ...]  # of ``reasons.Reason``
    article: str
    was: tuple[str, ...] = ()  # figures
    now: tuple[str, ...] = ()


class Outlet(msgspec.Struct, frozen=True, array_like=True):
    """Who carries the story, and where."""

    source: str
    url: str
    origin: str = ""  # whose report it carries


class StoryRow(msgspec.Struct, frozen=True, array_like=True):
    """A story as it stands. Every part is bounded: see ``story.py``."""

    version: int
    founder: str  # id of the article that began it
    first_ms: int  # event time of the earliest article
    last_ms: int  # and of the latest
    articles: int
    sources: tuple[int, ...]  # a hash of each source's name
    outlets: tuple[Outlet, ...]  # in order of appearance, the first outlet first
    languages: tuple[str, ...]
    prints: tuple[Print, ...]  # the founder's first
    alerts: dict[str, AlertState] = {}  # by topic
    origins: tuple[str, ...] = ()  # whose reports they are (``credits.py``), in order of appearance
    named: tuple[str, ...] = ()  # countries and key entities of its headlines, in order of appearance
    mentioned: tuple[str, ...] = ()  # and those that stood in no more than an opening
    changes: tuple[Change, ...] = ()  # the latest
    changed: int = 0  # how many there were
    wording: int = 0  # ``denials.Wording`` of all its articles

    @property
    def source_count(self) -> int:
        """Different outlets, exact up to the bound of ``story.py``."""
        return len(self.sources)

    @property
    def independent_sources(self) -> int:
        """Different reports, one at least, up to the bound of ``story.py``: one text in forty outlets is one."""
        return max(1, len(self.origins))


_encode = msgspec.msgpack.Encoder().encode
_articles = msgspec.msgpack.Decoder(ArticleRow)
_links = msgspec.msgpack.Decoder(LinkRow)
_stories = msgspec.msgpack.Decoder(StoryRow)


def encode_row(story: str, row: ArticleRow | LinkRow | StoryRow) -> bytes:
    """The bytes kept for ``row`` of ``story``."""
    return story.encode("ascii") + _encode(row)


def encode_mark(story: str, day: int) -> bytes:
    """The bytes kept for a mark of ``story`` that was made on a day (a proleptic ordinal)."""
    return story[:REFERENCE].encode("ascii") + _DAY.pack(day)


def reference_of(row: bytes) -> str:
    """The reference of the story that any row belongs to."""
    return row[:REFERENCE].decode("ascii")


def story_of(row: bytes) -> str:
    """The id of the story that any row but a mark belongs to."""
    return row[:ID_LENGTH].decode("ascii")


def story_field(story: str) -> str:
    """Where the row of a story is, by its id or its reference."""
    return f"s:{story[:REFERENCE]}"


def article_row(row: bytes | None) -> ArticleRow | None:
    """The row of an ``a:`` field, None if absent or not of this version."""
    found: ArticleRow | None = _decoded(_articles, row)
    return found


def link_row(row: bytes | None) -> LinkRow | None:
    """The row of a ``u:`` field or a mark, None if absent or not of this version."""
    if row is not None and len(row) == REFERENCE + _DAY.size:
        return LinkRow(VERSION, *_DAY.unpack(row[REFERENCE:]))
    found: LinkRow | None = _decoded(_links, row)
    return found


def story_row(row: bytes | None) -> StoryRow | None:
    """The row of an ``s:`` field, None if absent or not of this version."""
    found: StoryRow | None = _decoded(_stories, row)
    return found


def _decoded(decoder: msgspec.msgpack.Decoder[Any], row: bytes | None) -> Any:
    if row is None:
        return None
    try:
        found = decoder.decode(row[ID_LENGTH:])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    return found if found.version == VERSION else None
