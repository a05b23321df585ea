"""What the daemon can be asked about afterwards: articles, stories, deliveries. It reads the store, and only that.

One question is answered at a time, in steps of a few milliseconds, so that reading and sending go on meanwhile. Each
looks at no more than the bounded logs hold (``alerts/store/keys.py``).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from alerts.admission.admission import Admission
from alerts.deliveries.deliveries import Deliveries
from alerts.ledger.alert_log import AlertLog
from alerts.ledger.ledger import Ledger, Log
from alerts.verdicts.verdicts import Verdicts
from daemon.history.decision_line import Decision, read_decision
from daemon.watch import Watch
from processors.stories.memory import StoryMemory, days
from processors.stories.rows import StoryRow, story_field

STORIES_AT_ONCE = 200
"""Looked up and read between two looks of everything else: some milliseconds, of a digest that may be of thousands."""


class NotKnown(Exception):
    """Nothing is known by that name; the message says where it was looked for."""


class SeveralKnown(Exception):
    """What was asked for is not one thing; the message names some."""


@dataclass(frozen=True, slots=True)
class Past:
    """The store's past, and the set of topics in force now."""

    ledger: Ledger
    admission: Admission
    deliveries: Deliveries
    watch: Callable[[], Watch]
    now_ms: Callable[[], int]
    loaded_ms: Callable[[], int]  # when the topics in force were loaded
    alerts: AlertLog
    verdicts: Verdicts
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # one question at a time

    async def decisions(self, *needles: bytes) -> AsyncIterator[Decision]:
        """Decisions whose line holds any of ``needles``, newest first; all of them where there are none."""
        async for line in self.ledger.lines(Log.DECISIONS, needles):
            if (decision := read_decision(line)) is not None:
                yield decision

    async def story_rows(self, seen: Mapping[str, int]) -> Mapping[str, StoryRow]:
        """The stories' rows as they stand, those that are still remembered. ``seen``: an event time of each, ms."""
        window, now = self.watch().loaded.config.stories.window, _moment(self.now_ms())
        asked: dict[tuple[str, ...], list[str]] = {}
        for story, at_ms in seen.items():
            asked.setdefault(tuple(days(_moment(at_ms), window, now)), []).append(story_field(story))
        memory = StoryMemory()
        for buckets, fields in asked.items():
            for start in range(0, len(fields), STORIES_AT_ONCE):
                some = fields[start : start + STORIES_AT_ONCE]
                memory.learn((await self.admission.lookup(buckets, some)).rows)
        found: dict[str, StoryRow] = {}
        for number, story in enumerate(seen, 1):
            if (row := memory.story(story)) is not None:
                found[story] = row
            if number % STORIES_AT_ONCE == 0:
                await asyncio.sleep(0)
        return found


async def judged_of(past: Past | None, alerts: Sequence[str]) -> Collection[str]:
    """Those of the alerts that somebody has judged; none where no verdicts are kept. Raises ``Unavailable``."""
    return await past.verdicts.judged(alerts) if past is not None else ()


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
