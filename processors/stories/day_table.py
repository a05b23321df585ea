"""Tables of rarities that follow the news: made of days that are over, used from the next day on. Pure.

What everybody writes about this week tells no event by itself. So the reports of each day are counted; when the first
report of a later day is read, the days before are closed and a new table is made of them and of the one that ships.
A table never changes while it is used, and its number says which days it knows: the same reports in the same order
give the same tables on every machine.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping

from processors.stories.rarity import Rarity, step_of

PRIOR = 300
"""Reports that are thought to have been read before the first one and to hold none of its keys: else the first day's
every word would be frequent."""

FADES = 16
"""A day's counts lose a sixteenth with each later day: a fortnight is what a subject lasts."""


class DayTables:
    """The table in use, and the counts that the next one will be made of. Not shared between threads."""

    def __init__(self, shipped: Rarity) -> None:
        self._shipped = shipped
        self._table = shipped
        self._today = 0
        self._open: Counter[int] = Counter()  # of today, by bucket
        self._reports = 0  # of today
        self._closed: dict[int, int] = {}  # of days before, in FADES-ths
        self._closed_reports = 0  # in FADES-ths

    def on(self, day: int) -> Rarity:
        """The table for a report of this day (a proleptic ordinal). A later day than any before closes those."""
        if day > self._today:
            self._close(day)
        return self._table

    def count(self, buckets: Collection[int]) -> None:
        """One report more of the day that is open, with the buckets of its keys. One of a day before counts for it."""
        self._open.update(buckets)
        self._reports += 1

    def _close(self, day: int) -> None:
        if self._reports:
            faded = {bucket: count - -(-count // FADES) for bucket, count in self._closed.items()}
            for bucket, count in self._open.items():
                faded[bucket] = faded.get(bucket, 0) + FADES * count
            self._closed = {bucket: count for bucket, count in faded.items() if count}
            self._closed_reports += FADES * self._reports - self._closed_reports // FADES
            self._open.clear()
            self._reports = 0
            self._table = table_of(self._shipped, self._closed, self._closed_reports, number=day)
        self._today = day


def table_of(shipped: Rarity, counts: Mapping[int, int], reports: int, *, number: int) -> Rarity:
    """The shipped table, and where the counts (in ``FADES``-ths) say that a key is more frequent, what they say."""
    steps = bytearray(shipped.steps)
    every = reports + FADES * PRIOR
    for bucket, count in counts.items():
        step = step_of(-math.log(count / every))
        if not steps[bucket] or step < steps[bucket]:
            steps[bucket] = step
    return Rarity(number, bytes(steps))
