"""Notices as they are written, by this process or another of the same name, for everybody who follows them.

One reader looks at the log for all; nobody follows, nobody looks. What a follower has not taken waits in a bounded
queue: one that is too slow is cut off, and goes on later from the last notice that it got.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from alerts.errors import Refused, Unavailable
from alerts.ledger.alert_log import LINES_AT_ONCE, AlertLog, Entry, Gap, in_order
from daemon.history.alert_line import AlertRecord, encode_record, read_alert

MOST_FOLLOWERS = 24
"""Of one process: the people of a newsroom's desk; most connections are left for everything else."""

MOST_WAITING = 500
"""Notices that one follower may be behind: 1 MB that all followers share. A minute of the busiest news."""

LOOK_SECONDS = 0.2
"""Between two looks at the log: nobody sees the delay, and the store does not feel the question."""

KEEP_ALIVE_SECONDS = 15.0
"""Without a notice, after which a sign of life is due: proxies cut what is silent for 30 or 60 s."""


class TooManyFollowers(Exception):
    """As many follow as may."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice, encoded once for all."""

    cursor: str
    record: AlertRecord
    data: bytes  # JSON, one line


class Sign(Enum):
    """What is no notice."""

    ALIVE = "alive"  # nothing came for a while
    END = "end"  # this follower is cut off, or the process stops


Event = Shown | Gap | Sign


class Follower:
    """What waits for one reader."""

    def __init__(self, after: str, joined_at: str) -> None:
        self.after = after
        self.joined_at = joined_at  # what comes later is in the queue; what is before must be read from the log
        self._waiting: deque[Event] = deque()
        self._some = asyncio.Event()

    def offer(self, event: Event) -> None:
        """One more. Too many end it."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            event = Sign.END
        if self._waiting and self._waiting[-1] is Sign.END:
            return
        self._waiting.append(event)
        self._some.set()

    async def next(self) -> Event:
        """The next, or that there was none for a while."""
        if not self._waiting:
            self._some.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    await self._some.wait()
        if not self._waiting:
            return Sign.ALIVE
        # An end stays: whoever asks again must hear it again.
        return self._waiting[0] if self._waiting[0] is Sign.END else self._waiting.popleft()


class AlertFeed:
    """``log`` is None while the process starts."""

    def __init__(self, log: Callable[[], AlertLog | None]) -> None:
        self._log = log
        self._followers: set[Follower] = set()
        self._position = ""
        self._reader: asyncio.Task[None] | None = None
        self._joining = asyncio.Lock()
        self._closed = False

    def __len__(self) -> int:
        return len(self._followers)

    async def join(self, after: str) -> Follower:
        """Follow from a place on, ``""``: from now on. Raises ``TooManyFollowers``, ``Unavailable``."""
        async with self._joining:
            if len(self._followers) >= MOST_FOLLOWERS:
                raise TooManyFollowers
            if self._closed:
                raise Unavailable("stopping")
            if self._reader is None:
                self._position = (await self._the_log().newer("")).cursor
                self._reader = asyncio.create_task(self._read())
            follower = Follower(after, self._position)
            self._followers.add(follower)
            return follower

    def leave(self, follower: Follower) -> None:
        """Follow no more."""
        self._followers.discard(follower)
        if not self._followers and self._reader is not None:
            self._reader.cancel()
            self._reader = None

    async def events(self, follower: Follower) -> AsyncIterator[Event]:
        """What was written after the follower's place, in order, each once, then what comes. Ends with its ``END``."""
        if follower.after:
            async for event in self._past(follower):
                yield event
        while (event := await follower.next()) is not Sign.END:
            yield event

    async def close(self) -> None:
        """End all of them."""
        self._closed = True
        for follower in self._followers:
            follower.offer(Sign.END)
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

    async def _past(self, follower: Follower) -> AsyncIterator[Event]:
        place, end = follower.after, in_order(follower.joined_at)
        while True:
            onwards = await self._the_log().newer(place)
            if onwards.gap is not Gap.NONE:
                yield onwards.gap
            for shown in shown_of([each for each in onwards.entries if in_order(each.cursor) <= end]):
                yield shown
            place = onwards.cursor
            if not onwards.entries or in_order(place) >= end:
                return

    async def _read(self) -> None:
        try:
            while True:
                await asyncio.sleep(0 if await self._look() == LINES_AT_ONCE else LOOK_SECONDS)
        finally:
            self._offer(Sign.END)  # nobody waits for a reader that is gone

    async def _look(self) -> int:
        """How many lines were new."""
        try:
            onwards = await self._the_log().newer(self._position)
        except (Unavailable, Refused):  # the consumer says so
            return 0
        if onwards.gap is not Gap.NONE:
            self._offer(onwards.gap)
        for shown in shown_of(onwards.entries):
            self._offer(shown)
        self._position = onwards.cursor
        return len(onwards.entries)

    def _offer(self, event: Event) -> None:
        for follower in self._followers:
            follower.offer(event)

    def _the_log(self) -> AlertLog:
        log = self._log()
        if log is None:
            raise Unavailable("still starting")
        return log


def shown_of(entries: Sequence[Entry]) -> list[Shown]:
    """Lines as they are shown, those that another version wrote in another shape left out."""
    records = [(entry.cursor, read_alert(entry.cursor, entry.line)) for entry in entries]
    return [Shown(cursor, record, encode_record(record)) for cursor, record in records if record is not None]
