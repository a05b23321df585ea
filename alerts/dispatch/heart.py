"""Sends heartbeats to the receivers that want them, as long as all is well: a dead man's switch.

One process takes a span of time upon itself (``Outbox.beat``). What it sends does not go by the outbox: it is tried
again on the receiver's schedule until the span ends, and then dropped. One that is missing says what it is for.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from alerts.errors import Unavailable
from alerts.logger import Logger
from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.notices.heartbeat import heartbeat, slot_end_ms, slot_of
from alerts.outbox.outbox import Outbox
from alerts.patience import Patience
from alerts.pause import pause
from alerts.receiver import Receiver
from alerts.retry import next_delay

LOOK_SECONDS = 1.0
"""How late in its span a heartbeat may be sent; a tenth of the shortest."""


class Beat(StrEnum):
    """What became of a span of time. Also a metric label."""

    DELIVERED = "delivered"
    DROPPED = "dropped"  # the receiver did not take it before the span ended
    WITHHELD = "withheld"  # all was not well in this process, for all of it


class BeatObserver(Protocol):
    """Who wants to know."""

    def beat(self, receiver: str, beat: Beat) -> None:
        """A span of time has its end, or its heartbeat."""
        ...


class Heart:
    """Looks once a second whose heartbeat is due."""

    def __init__(
        self,
        *,
        name: str,
        outbox: Outbox,
        send: Callable[[Leased], Awaitable[Attempt | None]],
        receivers: Callable[[], Mapping[str, Receiver]],
        unwell: Callable[[], Sequence[str]],
        observer: BeatObserver,
        log: Logger,
        now_ms: Callable[[], int],
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """``send`` makes one attempt, or none where the receiver must not be called. ``unwell`` says why not to."""
        self._name = name
        self._outbox = outbox
        self._send = send
        self._receivers = receivers
        self._unwell = unwell
        self._observer = observer
        self._log = log
        self._now_ms = now_ms
        self._look_seconds = look_seconds
        self._done: dict[str, int] = {}  # by receiver, the span that needs nothing any more
        self._withheld: dict[str, int] = {}  # by receiver, the span in which we are not well
        self._open: dict[str, asyncio.Task[None]] = {}
        self._patience = Patience()

    async def run(self, stopping: asyncio.Event) -> None:
        """Until told to stop; what is under way then is given up."""
        try:
            while not stopping.is_set():
                await self.look()
                await pause(self._look_seconds, stopping)
        finally:
            for task in self._open.values():
                task.cancel()
            await asyncio.gather(*self._open.values(), return_exceptions=True)

    async def look(self) -> None:
        """Begin to send what is due."""
        for name, task in list(self._open.items()):
            if task.done():
                del self._open[name]
                task.result()  # a bug must come out
        now = self._now_ms()
        wanting = {each.name: (each, each.heartbeat) for each in self._receivers().values() if each.heartbeat}
        due = [
            (receiver, every, slot)
            for name, (receiver, every) in wanting.items()
            if name not in self._open and (slot := slot_of(now, every)) != self._done.get(name)  # clocks may go back
        ]
        if not due:
            return
        if reasons := self._unwell():
            self._withhold(due, reasons)
            return
        if self._patience.over():
            self._log.info("heartbeats_again")
        for receiver, every, slot in due:
            try:
                ours = await self._outbox.beat(receiver.name, slot)
            except Unavailable as error:
                self._withhold([(receiver, every, slot)], [str(error)])
                continue
            self._done[receiver.name] = slot
            self._withheld.pop(receiver.name, None)
            if ours:
                delivery = heartbeat(self._name, receiver, every, slot)
                self._open[receiver.name] = asyncio.create_task(
                    self._beat(delivery, receiver, slot_end_ms(slot, every) - now), name=f"heartbeat {receiver.name}"
                )

    def _withhold(self, due: Sequence[tuple[Receiver, timedelta, int]], reasons: Sequence[str]) -> None:
        for receiver, _, slot in due:
            if self._withheld.get(receiver.name, slot) < slot:  # the one before ended like this
                self._observer.beat(receiver.name, Beat.WITHHELD)
            self._withheld[receiver.name] = slot
        if self._patience.worth_a_line(time.monotonic()):
            self._log.warning("heartbeats_withheld", reason="; ".join(reasons))
        self._patience.pause_seconds()

    async def _beat(self, delivery: Delivery, receiver: Receiver, left_ms: int) -> None:
        """Try for so long: not until an hour on a clock, which may be set meanwhile."""
        loop = asyncio.get_running_loop()
        until = loop.time() + left_ms / 1000
        for number in range(1, len(receiver.retry) + 1):
            leased = Leased(delivery=delivery, attempt=number, order_gap=False, replay=False)
            attempt = await self._send(leased)
            if attempt is not None and attempt.reply is Reply.DELIVERED:
                self._observer.beat(receiver.name, Beat.DELIVERED)
                return
            wait = next_delay(receiver.retry, number, 0.5, attempt.retry_after_s if attempt else None)
            if attempt is None or wait is None or loop.time() + wait.total_seconds() >= until:
                break
            await asyncio.sleep(wait.total_seconds())
        self._observer.beat(receiver.name, Beat.DROPPED)
