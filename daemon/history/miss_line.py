"""A line of the log of misses: an article that had a topic's words and did not match, or a record that held none.

It keeps the article's text, packed. To say which clause was missing takes ten milliseconds, fifteen times as long as to
match an article, and nobody asks about most: so it is said when somebody asks. Packing takes 0.2 ms, and
``Budget`` bounds how often.
"""

import re
import zlib
from collections.abc import Iterable, Sequence

import msgspec

from alerts.notices.plain_text import clean
from daemon.history.decision_line import ID_CHARS
from daemon.sources.source import Record
from processors.errors import InvalidArticle
from processors.model import Article
from processors.stories.memory import url_field
from processors.topics.repeated import Span

LINES_A_SECOND = 20
"""Written at most, of one source: 4 ms of each second. A desk's live stream has fewer; of an archive read at full speed
the rest is counted, and ``why`` says that it may be missing."""

MOST_TOPICS = 20
"""Named in one line."""

MOST_CHARS = 20_000
"""Of a text that is kept: ten times a long report. To explain a longer one would take too long as well."""

_LEVEL = 3
"""Of packing: 2.5 times smaller, in the least time."""

_UNPACKED_BYTES = 8 * MOST_CHARS
"""More was never packed here."""

_HEAD_BYTES = 4_096
"""Of a record that holds no article, looked into for what it is called."""

_TITLE_CHARS, _DETAIL_CHARS = 160, 200


class Miss(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The readable part of a line. ``invalid`` is the reason of a dead letter, with ``detail``."""

    at: int  # when it was read, ms
    article: str
    title: str = ""
    source: str = ""
    address: str = ""
    origin: str = ""
    topics: tuple[str, ...] = ()
    repeated: tuple[Span, ...] = ()
    invalid: str = ""
    detail: str = ""


class Budget:
    """So many lines in each second of the clock."""

    def __init__(self, a_second: int = LINES_A_SECOND) -> None:
        self._a_second = a_second
        self._second = 0
        self._left = 0

    def take(self, now_ms: int) -> bool:
        """Whether one more line may be written."""
        if now_ms // 1000 != self._second:
            self._second, self._left = now_ms // 1000, self._a_second
        self._left -= 1
        return self._left >= 0


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Miss)
_pack = msgspec.msgpack.Encoder().encode
_articles = msgspec.msgpack.Decoder(Article)


def near_line(record: Record, article: Article, topics: Sequence[str], spans: Sequence[Span], now_ms: int) -> bytes:
    """The line of an article that ``topics`` were near; ``spans`` are paragraphs that its source repeats."""
    miss = Miss(
        at=now_ms,
        article=article.id[:ID_CHARS],
        title=clean(article.title, _TITLE_CHARS),
        source=clean(article.source, _TITLE_CHARS),
        address=url_field(article) or "",
        origin=record.origin[:ID_CHARS],
        topics=tuple(topics[:MOST_TOPICS]),
        repeated=tuple(spans),
    )
    if len(article.title) + len(article.body) > MOST_CHARS:
        return _encode(miss)
    return _encode(miss) + b"\0" + zlib.compress(_pack(article), _LEVEL)


def invalid_line(record: Record, error: InvalidArticle, names: Iterable[str], now_ms: int) -> bytes:
    """The line of a record that holds no article. ``names`` are the keys under which publishers write id and url."""
    id_, url = (_named(record.value or b"", name) for name in names)
    miss = Miss(
        at=now_ms,
        article=(id_ or url)[:ID_CHARS],
        address=url_field(Article(id="", url=url)) or "" if url else "",
        origin=record.origin[:ID_CHARS],
        invalid=error.reason,
        detail=clean(error.detail, _DETAIL_CHARS),
    )
    return _encode(miss)


def read_miss(line: bytes) -> tuple[Miss, Article | None] | None:
    """A line, and the article where it is kept; None where another version wrote it in another shape."""
    head, _, packed = line.partition(b"\0")
    try:
        return _decoder.decode(head), _unpacked(packed) if packed else None
    except (msgspec.DecodeError, msgspec.ValidationError, zlib.error):
        return None


def _unpacked(packed: bytes) -> Article:
    return _articles.decode(zlib.decompressobj().decompress(packed, _UNPACKED_BYTES))


def _named(value: bytes, name: str) -> str:
    """What a record says under a key, as well as can be told of what is no JSON perhaps."""
    pattern = rb'"' + re.escape(name.encode()) + rb'"\s*:\s*("(?:[^"\\]|\\.){1,600}")'
    found = re.search(pattern, value[:_HEAD_BYTES])
    try:
        return str(msgspec.json.decode(found[1])) if found else ""
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
