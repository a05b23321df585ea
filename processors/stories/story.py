"""How a story's row grows with each article. Every part is bounded: ten thousand articles still make a few kB."""

import zlib
from datetime import UTC, datetime, timedelta

import msgspec

from processors.model import Article
from processors.stories.credits import AGENCIES, UNKNOWN, outlet_key, outlet_of
from processors.stories.event_time import CLOCK_ZERO, milliseconds
from processors.stories.fingerprint import Fingerprint
from processors.stories.languages import language_of
from processors.stories.rows import VERSION, AlertState, Outlet, Print, StoryRow

MAX_SOURCES = 64
"""More outlets than any rule asks about; past it the count stands still."""

MAX_ORIGINS = 40
"""More reports of one event than the highest count that anybody is told of (30)."""

MAX_ORIGIN_CHARS = 40
"""Of an origin's key: an agency's is short, an outlet's name is cut."""

MAX_OUTLETS = 8
"""As many as a payload lists."""

MAX_LANGUAGES = 8
"""More than a story is told in; a bound on what made-up language tags can add to its row."""

MAX_PRINTS = 6
"""The founder's and the latest five different versions of the text: 600 bytes each."""

MAX_DELIVERIES = 64
"""Of one topic: the receivers of a dozen notices. Only unfinished ones matter, and those are the latest."""

MAX_READERS = 1_000
"""Receivers of one topic's alerts that are told of updates: 50 bytes each, little beside what each is sent. Any beyond
are told of openings only."""

MAX_CHARS = 256
"""Of an id, name or address in the row. A longer address is left out, since a cut one leads nowhere."""

NEW_VERSION_BELOW = 0.8
"""A text less like every kept version than this (Jaccard) is kept as another version."""


def founded(article: Article, print_: Fingerprint, moment: datetime) -> StoryRow:
    """The row of the story that ``article`` begins."""
    now = milliseconds(moment)
    empty = StoryRow(VERSION, encodable(article.id[:MAX_CHARS]), now, now, 0, (), (), (), ())
    return joined(empty, article, print_, moment, likest=0.0)


def joined(
    row: StoryRow, article: Article, print_: Fingerprint, moment: datetime, *, likest: float, copied: str = ""
) -> StoryRow:
    """The row with one article more, whose text is ``likest`` like the most similar version kept.

    ``copied`` is the article whose text it copies: then it is the same report, whatever it says of itself.
    """
    now = milliseconds(moment)
    lineage = next((kept.origin for kept in row.prints if copied and kept.article == copied), "")
    origin = lineage or encodable(print_.origin[:MAX_ORIGIN_CHARS])
    return msgspec.structs.replace(
        row,
        first_ms=min(row.first_ms, now),
        last_ms=max(row.last_ms, now),
        articles=row.articles + 1,
        sources=_with_source(row.sources, outlet_of(article)),
        origins=_with_origin(row.origins, origin),
        outlets=_with_outlet(row.outlets, article, origin),
        languages=_with_language(row.languages, article.lang),
        prints=with_print(row.prints, article.id, print_, origin) if likest < NEW_VERSION_BELOW else row.prints,
    )


def seen_again(row: StoryRow, moment: datetime) -> StoryRow:
    """The row after an article of the story was read once more."""
    now = milliseconds(moment)
    return msgspec.structs.replace(row, first_ms=min(row.first_ms, now), last_ms=max(row.last_ms, now))


def with_print(prints: tuple[Print, ...], article: str, print_: Fingerprint, origin: str) -> tuple[Print, ...]:
    """The versions with one more, of this origin; the founder's stays, of the others the oldest goes."""
    new = Print(
        encodable(article[:MAX_CHARS]),
        print_.title,
        print_.short,
        print_.size,
        print_.hashes,
        print_.figure_count,
        print_.figures,
        print_.keywords,
        print_.vocabulary,
        origin,
        print_.evidence,
    )
    if len(prints) >= MAX_PRINTS:
        return (*prints[:1], *prints[2:], new)
    return (*prints, new)


def with_alert(row: StoryRow, topic: str, state: AlertState) -> StoryRow:
    """The row after something was told under ``topic``."""
    kept = msgspec.structs.replace(
        state, deliveries=state.deliveries[-MAX_DELIVERIES:], readers=state.readers[:MAX_READERS]
    )
    return msgspec.structs.replace(row, alerts={**row.alerts, topic: kept})


def near(row: StoryRow, moment: datetime, window: timedelta) -> bool:
    """Whether an article of that moment may join: within ``window`` of the story, before or after."""
    now, span = milliseconds(moment), window // timedelta(milliseconds=1)
    return row.first_ms - span <= now <= row.last_ms + span


def last_seen(row: StoryRow) -> datetime:
    """Event time of the latest article."""
    return (CLOCK_ZERO + timedelta(milliseconds=row.last_ms)).astimezone(UTC)


def carries(row: StoryRow, outlet: str) -> bool:
    """Whether an outlet of that name carries the story; up to ``MAX_SOURCES`` outlets are remembered."""
    return _outlet_hash(outlet_key(outlet)) in row.sources


def _outlet_hash(key: str) -> int:
    return zlib.crc32(key.encode("utf-8", "surrogatepass"))


def _with_source(sources: tuple[int, ...], outlet: str) -> tuple[int, ...]:
    hashed = _outlet_hash(outlet)
    if not outlet or hashed in sources or len(sources) >= MAX_SOURCES:
        return sources
    return (*sources, hashed)


def _with_origin(origins: tuple[str, ...], origin: str) -> tuple[str, ...]:
    """A report that nobody claims is one only where there is no other."""
    nameless = origin in (UNKNOWN, AGENCIES)
    if origin in origins or (nameless and origins) or len(origins) >= MAX_ORIGINS:
        return origins
    return (*(known for known in origins if known not in (UNKNOWN, AGENCIES)), origin)


def _with_outlet(outlets: tuple[Outlet, ...], article: Article, origin: str) -> tuple[Outlet, ...]:
    source = encodable(article.source[:MAX_CHARS])
    url = encodable(article.url) if len(article.url) <= MAX_CHARS else ""
    if not (source or url) or len(outlets) >= MAX_OUTLETS or any(o.source == source for o in outlets if source):
        return outlets
    return (*outlets, Outlet(source, url, origin))


def _with_language(languages: tuple[str, ...], lang: str) -> tuple[str, ...]:
    short = language_of(lang)
    if not short or short in languages or len(languages) >= MAX_LANGUAGES:
        return languages
    return (*languages, short)


def encodable(text: str) -> str:
    """``text`` without lone surrogates, which no row can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
