"""The part of the story memory that one batch needs: asked for by field and day, changed as the batch is decided.

Buckets are days of event time in UTC. LOOKUP reads the newest bucket first, so a row's newest version must be in
its newest bucket: marks are written to their article's day, a story to the day it was last seen. An article late by
more than a window may still find a story as it stood then; the ids that follow are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from processors.ids import digest
from processors.model import Article
from processors.normalize.url import canonical_url, names_a_page
from processors.stories import story as growth
from processors.stories.event_time import FUTURE_TOLERANCE
from processors.stories.fingerprint import KEY, Fingerprint
from processors.stories.rows import (
    AlertState,
    StoryRow,
    encode_row,
    reference_of,
    story_field,
    story_of,
    story_row,
)

WINDOW = timedelta(hours=72)
"""The default of ``stories.window``."""


REMEMBERED = timedelta(days=7)
"""How long after it was last read an article is known under any date: the store keeps its rows a little longer
(``MEMORY_KEEP``)."""

_KEPT_URL_CHARS = 2_000
"""Of a longer address nothing is kept at hand."""


@dataclass(frozen=True, slots=True)
class Write:
    """One row to be written by ADMIT. The later of two for a field holds."""

    day: str
    field: str
    row: bytes


def bucket(moment: datetime) -> str:
    """The day bucket of a moment: ``2026-11-24``."""
    return moment.astimezone(UTC).date().isoformat()


def days(moment: datetime, window: timedelta, arrival: datetime | None = None) -> Sequence[str]:
    """The buckets in which an article of that event time may find its story, newest first.

    They reach a window back, and forward too, for articles that come late; never beyond ``arrival``.
    """
    last = moment + window
    if arrival is not None:
        last = max(moment, min(last, arrival + FUTURE_TOLERANCE))
    first_day = (moment - window).astimezone(UTC).date()
    count = (last.astimezone(UTC).date() - first_day).days
    return [(first_day + timedelta(days=day)).isoformat() for day in range(count, -1, -1)]


def article_field(article: Article) -> str:
    """Where an article's own row is."""
    return f"a:{digest('article', article.id)[:KEY]}"


def url_field(article: Article) -> str | None:
    """Where its address is; None without one, or where it names a front page."""
    of = _url_field if len(article.url) <= _KEPT_URL_CHARS else _url_field.__wrapped__
    return of(article.url)


# Asked when looking up, when deciding and when writing: of more articles than a batch has, and none of great length.
@lru_cache(maxsize=1024)
def _url_field(written: str) -> str | None:
    url = canonical_url(written)
    return f"u:{digest('url', url)[:KEY]}" if names_a_page(url) else None


def fields_of(article: Article, print_: Fingerprint) -> Sequence[str]:
    """Every field by which the article's story may be found, for LOOKUP."""
    fields = [article_field(article)]
    if (url := url_field(article)) is not None:
        fields.append(url)
    fields.extend(f"b:{band}" for band in print_.bands)
    fields.extend(f"k:{key}" for key in print_.asked)
    return fields


def identity_of(article: Article, print_: Fingerprint) -> Sequence[str]:
    """The fields by which an article is known under any date: its id, its address, and a run of its words."""
    url = url_field(article)
    band = f"b:{print_.bands[0]}" if print_.bands and not print_.short else None
    return [field for field in (article_field(article), url, band) if field is not None]


def arrival_days(arrival: datetime) -> tuple[str, ...]:
    """The buckets of the last days of arrival, newest first."""
    first, last = (arrival - REMEMBERED).astimezone(UTC).date(), (arrival + FUTURE_TOLERANCE).astimezone(UTC).date()
    return tuple((last - timedelta(days=day)).isoformat() for day in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class Question:
    """One LOOKUP: fields to read in some buckets."""

    days: Sequence[str]
    fields: Sequence[str]
    far_days: Sequence[str] = ()  # where ``far_fields`` are looked for too, if ``days`` have none; stories in all
    far_fields: Sequence[str] = ()


def questions(
    items: Iterable[tuple[Article, Fingerprint, datetime]], window: timedelta, arrival: datetime | None = None
) -> Sequence[Question]:
    """What to ask before a batch of (article, fingerprint, event time) is decided.

    One question for each set of buckets, so that a batch of wildly different dates reads each field in the few
    buckets that matter to it and not in all of them. Usually there is one. With ``arrival``, an article is looked for
    in the last days of arrival too, by what does not change with its date.
    """
    asked: dict[tuple[str, ...], dict[str, None]] = {}
    known: dict[tuple[str, ...], dict[str, None]] = {}
    for article, print_, moment in items:
        buckets = tuple(days(moment, window, arrival))
        asked.setdefault(buckets, {}).update(dict.fromkeys(fields_of(article, print_)))
        if arrival is not None:
            known.setdefault(buckets, {}).update(dict.fromkeys(identity_of(article, print_)))
    far_days = arrival_days(arrival) if arrival is not None else ()
    return [Question(key, list(fields), far_days, list(known.get(key, ()))) for key, fields in asked.items()]


class StoryMemory:
    """The rows in play. Feed it LOOKUP's rows; ``decide`` keeps it as the store will be after ADMIT."""

    def __init__(self, rows: Mapping[str, bytes] | None = None) -> None:
        self._rows: dict[str, bytes] = {}
        self._stories: dict[str, StoryRow | None] = {}
        if rows:
            self.learn(rows)

    def learn(self, rows: Mapping[str, bytes]) -> None:
        """Add what a LOOKUP found. Of two versions of a story the one last seen later stays."""
        for field, row in rows.items():
            if field.startswith("s:") and field in self._rows:
                held, new = self.story(story_of(row)), story_row(row)
                if new is None or (held is not None and (held.last_ms, held.articles) >= (new.last_ms, new.articles)):
                    continue
            self._put(field, row)

    def row(self, field: str) -> bytes | None:
        """The row of a field, if any."""
        return self._rows.get(field)

    def story(self, story: str) -> StoryRow | None:
        """The story's row, if any."""
        field = story_field(story)
        if field not in self._stories:
            row = self._rows.get(field)
            self._stories[field] = story_row(row) if row is not None and story_of(row) == story else None
        return self._stories[field]

    def alerts(self) -> Sequence[str]:
        """The alerts of all stories in play."""
        return [state.alert for row in self.stories().values() for state in row.alerts.values()]

    def stories(self) -> Mapping[str, StoryRow]:
        """The rows of all stories in play, by their ids."""
        names = [story_of(row) for field, row in self._rows.items() if field.startswith("s:")]
        return {name: row for name in names if (row := self.story(name)) is not None}

    def stories_at(self, fields: Iterable[str]) -> Sequence[str]:
        """The different stories that any of ``fields`` leads to and that are remembered, in the fields' order."""
        found = (self._rows.get(field) for field in fields)
        references = dict.fromkeys(reference_of(row) for row in found if row is not None)
        held = (self._rows.get(story_field(reference)) for reference in references)
        return [story_of(row) for row in held if row is not None]

    def write(self, write: Write) -> None:
        """Remember what is going to be written."""
        self._put(write.field, write.row)

    def write_story(self, story: str, row: StoryRow) -> Write:
        """Remember a story's new row; what to write for it."""
        write = Write(bucket(growth.last_seen(row)), story_field(story), encode_row(story, row))
        self._put(write.field, write.row)
        self._stories[write.field] = row
        return write

    def write_alert(self, story: str, topic: str, state: AlertState) -> Write:
        """Remember what was told about a placed article's story under ``topic``; what to write for it."""
        row = self.story(story)
        if row is None:
            raise LookupError(f"story {story} is not in this batch's memory: place its article first")
        return self.write_story(story, growth.with_alert(row, topic, state))

    def _put(self, field: str, row: bytes) -> None:
        self._rows[field] = row
        if field.startswith("s:"):
            self._stories.pop(field, None)
