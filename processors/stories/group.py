"""An archive into stories, with the code of the daemon and a memory of its own.

The memory forgets the days touched longest ago once it holds more rows than it may, so that an archive of any
length fits; a stream in order never comes back to them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from processors.model import Article
from processors.stories.boilerplate import report_of
from processors.stories.day_table import DayTables
from processors.stories.decide import Placement, decide
from processors.stories.event_time import event_time
from processors.stories.evidence import opening_keys
from processors.stories.fingerprint import fingerprint
from processors.stories.known_names import NO_NAMES, KnownNames
from processors.stories.memory import WINDOW, Question, StoryMemory, Write, days, fields_of
from processors.stories.rarity import bucket_of
from processors.stories.rows import reference_of, story_field
from processors.stories.words import plain

MAX_ROWS = 2_000_000
"""About 200,000 articles remembered, in some 500 MB."""

NAME = "rasid"
"""The default ``name``: ids are then those of a daemon that was given none."""


class DayBuckets:
    """The story memory of one process: LOOKUP and the memory part of ADMIT over plain values."""

    def __init__(self, *, max_rows: int = MAX_ROWS, min_days: int) -> None:
        self._buckets: dict[str, dict[str, bytes]] = {}  # the day written last comes last
        self._rows = 0
        self._max_rows = max_rows
        self._min_days = min_days

    def lookup(self, days: Iterable[str], fields: Iterable[str]) -> dict[str, bytes]:
        """Rows for ``fields`` from the first of ``days`` that has one, and the stories they belong to."""
        return self.answer(Question(tuple(days), tuple(fields)))

    def answer(self, asked: Question) -> dict[str, bytes]:
        """What LOOKUP answers to a question."""
        rows: dict[str, bytes] = {}
        near = self._of(asked.days)
        for field in asked.fields:
            _find(near, field, rows)
        far = self._of(day for day in asked.far_days if day not in asked.days)
        for field in asked.far_fields:
            if field not in rows:
                _find(far, field, rows)
        all_days = self._of(sorted({*asked.days, *asked.far_days}, reverse=True))
        for row in list(rows.values()):
            _find(all_days, story_field(reference_of(row)), rows)
        return rows

    def _of(self, days: Iterable[str]) -> list[dict[str, bytes]]:
        return [bucket for day in days if (bucket := self._buckets.get(day))]

    def write(self, writes: Iterable[Write]) -> None:
        """Keep the rows; forget whole days, longest untouched first, while there are too many."""
        for write in writes:
            bucket = self._buckets.pop(write.day, {})
            self._rows += write.field not in bucket
            bucket[write.field] = write.row
            self._buckets[write.day] = bucket
        while self._rows > self._max_rows and len(self._buckets) > self._min_days:
            oldest = next(iter(self._buckets))
            self._rows -= len(self._buckets.pop(oldest))

    def __len__(self) -> int:
        return self._rows


def group(
    articles: Iterable[tuple[Article, datetime]],
    *,
    name: str = NAME,
    window: timedelta = WINDOW,
    max_rows: int = MAX_ROWS,
    names: KnownNames = NO_NAMES,
    tables: DayTables | None = None,
) -> Iterator[dict[str, Any]]:
    """One line for each (article, arrival) in stream order, as ``rasid stories group`` prints it."""
    # What a late article may look back on, twice: both directions of the window, and the days in part.
    store = DayBuckets(max_rows=max_rows, min_days=2 * (window.days + 2))
    for article, arrival in articles:
        placement = place(article, arrival, store, name=name, window=window, names=names, tables=tables)
        yield {
            "article": article.id,
            "story": placement.story,
            "relation": placement.relation.value,
            "of": placement.of,
            "because": list(map(str, placement.because)),
        }


def place(
    article: Article,
    arrival: datetime,
    store: DayBuckets,
    *,
    name: str,
    window: timedelta,
    names: KnownNames = NO_NAMES,
    tables: DayTables | None = None,
) -> Placement:
    """Look up, decide, write: what the daemon does for a batch, for one article."""
    moment = event_time(article, arrival)
    print_ = fingerprint(article, names, tables.on(moment.toordinal()) if tables else None)
    if tables:
        tables.count(_buckets(article, names))
    memory = StoryMemory(store.lookup(days(moment, window, arrival), fields_of(article, print_)))
    placement = decide(article, print_, moment, memory, name=name, window=window)
    store.write(placement.writes)
    return placement


def _buckets(article: Article, names: KnownNames) -> set[int]:
    keys = opening_keys(plain(article.title), report_of(plain(article.body)), names)
    return {bucket_of(key) for key in keys}


def _find(buckets: list[dict[str, bytes]], field: str, rows: dict[str, bytes]) -> None:
    for bucket in buckets:
        if (row := bucket.get(field)) is not None:
            rows[field] = row
            return
