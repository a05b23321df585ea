"""From a line to an acknowledgement, in order and without a gap, whatever Kafka does meanwhile.

When a record fails, those behind it in its partition must not arrive before it: the rest of what is under way is waited
for, and what failed is sent again, one record at a time. So the one that Kafka refuses is found and told of, and the
others pass.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from alerts.errors import Refused, Unavailable
from daemon.publish.window import Acknowledged, Entry, Window
from processors.errors import RasidError

PATIENCE_SECONDS = 120.0
"""Without any acknowledgement, before we give up: what Kafka's own producers wait for a delivery."""

LOOK_SECONDS = 0.5
"""How often somebody who waits looks whether patience has run out."""

PAUSE_SECONDS = 0.5
"""Between two attempts on a Kafka that takes nothing."""


class TooLarge(RasidError):
    """Kafka takes no record of this size."""


class Busy(RasidError):
    """There is no room for more just now; nothing was taken."""


class Publisher(Protocol):
    """Sends records to one Kafka topic."""

    async def send(self, key: bytes | None, value: bytes) -> "asyncio.Future[Acknowledged]":
        """Take a record; the future is its fate. Raises ``TooLarge``, ``Busy``, or what ``explained`` makes of it."""
        ...

    async def renew(self) -> None:
        """Begin anew after a failure, when nothing is under way. Raises ``Unavailable`` or ``Refused``."""
        ...

    def explained(self, error: BaseException) -> RasidError:
        """``TooLarge``, ``Refused`` or ``Unavailable``."""
        ...


class Delivery:
    """Fills a window and sees to it that it empties."""

    def __init__(
        self,
        publisher: Publisher,
        window: Window,
        *,
        settled: Callable[[Entry], None],
        refused: Callable[[Entry, TooLarge], None],
        save: Callable[[], None],
        monotonic: Callable[[], float],
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """``settled`` is told of each entry in order, once; ``save`` makes it durable, and is called to make room."""
        self._publisher = publisher
        self._window = window
        self._settled, self._refused, self._save = settled, refused, save
        self._monotonic, self._patience = monotonic, patience
        self._futures: dict[Entry, asyncio.Future[Acknowledged]] = {}
        self._moved = asyncio.Event()
        self._moved_at = monotonic()
        self._broken: BaseException | None = None  # why the first record failed since the last recovery

    @property
    def waiting(self) -> float:
        """For how many seconds Kafka has acknowledged nothing of what is under way."""
        return self._monotonic() - self._moved_at if len(self._window) else 0.0

    async def add(self, entry: Entry) -> None:
        """Take one more; waits while the window is full. Raises ``Unavailable`` or ``Refused``."""
        while self._window.full:
            if self._window.worth_saving:
                self._save()
            else:
                await self._move()
        if self._broken is not None:
            await self._recover()
        if not len(self._window):
            self._moved_at = self._monotonic()
        self._window.add(entry)
        if entry.value is None:
            self._settle(entry)
            return
        while not entry.settled:
            try:
                future = await self._publisher.send(entry.key, entry.value)
            except TooLarge as error:
                self._refuse(entry, error)
            except Busy:
                self._be_patient()
            except Unavailable as error:
                self._broken = error
                await self._recover()
            else:
                self._futures[entry] = future
                future.add_done_callback(partial(self._ended, entry))
                return

    async def finish(self) -> None:
        """Wait until everything is settled. Raises ``Unavailable`` or ``Refused``."""
        while len(self._window):
            await self._move()

    def _ended(self, entry: Entry, future: "asyncio.Future[Acknowledged]") -> None:
        del self._futures[entry]
        self._moved.set()
        if future.cancelled():
            self._broken = self._broken or Unavailable("a record was taken back")
        elif (error := future.exception()) is not None:
            self._broken = self._broken or error
        else:
            entry.acknowledged = future.result()
            self._settle(entry)

    def _settle(self, entry: Entry) -> None:
        if entry.value is not None:
            self._moved_at = self._monotonic()
        for each in self._window.settle(entry):
            self._settled(each)

    def _refuse(self, entry: Entry, error: TooLarge) -> None:
        self._refused(entry, error)
        self._settle(entry)

    async def _move(self) -> None:
        """Wait until something is settled, or a moment."""
        if self._broken is not None:
            await self._recover()
            return
        self._moved.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._moved.wait(), LOOK_SECONDS)
        self._be_patient()

    def _be_patient(self) -> None:
        if self.waiting > self._patience:
            said = f". It said: {self._publisher.explained(self._broken)}" if self._broken else ""
            raise Unavailable(f"Kafka has acknowledged nothing for {self.waiting:.0f} s{said}")

    async def _recover(self) -> None:
        while self._futures:
            self._moved.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), LOOK_SECONDS)
            self._be_patient()
        for entry in self._window.to_repeat():
            await self._send_alone(entry)
        self._broken = None

    async def _send_alone(self, entry: Entry) -> None:
        """Until it is settled. After a failure the publisher is begun anew: the failed record left a gap in it."""
        while not entry.settled:
            try:
                if self._broken is not None:
                    self._see(self._broken)
                    await self._publisher.renew()
                    self._broken = None
                future = await self._publisher.send(entry.key, entry.value or b"")
                entry.acknowledged = await asyncio.wait_for(future, self._patience)
            except (Exception, asyncio.CancelledError) as error:
                self._broken = error
                if isinstance(error, asyncio.CancelledError):
                    raise
                explained = self._see(error)
                if isinstance(explained, TooLarge):
                    self._refuse(entry, explained)
                    continue
                self._be_patient()
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                self._settle(entry)

    def _see(self, error: BaseException) -> RasidError:
        """What it means to us; raises what no attempt can cure."""
        explained = error if isinstance(error, RasidError) else self._publisher.explained(error)
        if isinstance(explained, Refused):
            raise explained
        return explained
