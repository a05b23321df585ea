"""The deliver side: lease → send → settle, until told to stop.

- Every receiver has its own number of open requests, so one that is slow or dead holds up nobody else (``rooms.py``).
- A settlement is repeated until the store takes it (``settling.py``), and a delivery whose settlement is under way is
  not sent again: without a fault of ours nothing is sent twice.
- 410 tells the other receivers first, then disables the receiver (``disabling.py``), then ends the delivery. After a
  crash in between, the delivery is sent again and goes the same way, or ends on the next lease.
"""

import asyncio
import time
from collections.abc import Callable, Mapping

from alerts.dispatch.attempt_line import tell_attempt
from alerts.dispatch.backlog import due, flush
from alerts.dispatch.disabling import GONE, Disabling
from alerts.dispatch.failing import Failing
from alerts.dispatch.late_silences import LateSilences
from alerts.dispatch.observer import Observer
from alerts.dispatch.removal import Removal
from alerts.dispatch.rooms import MOST_OPEN, Rooms
from alerts.dispatch.settling import Settling
from alerts.dispatch.standing import Standing
from alerts.dispatch.wake import Wake
from alerts.errors import Unavailable
from alerts.logger import Logger
from alerts.model import Attempt, Leased, Reply
from alerts.outbox.outbox import Outbox
from alerts.patience import Patience
from alerts.rate import Rate
from alerts.receiver import Receiver
from alerts.retry import next_delay
from alerts.senders.sender import Sender

# Longer than the 15 s of an attempt, so that nobody else sends what is still being sent.
LEASE_MS = 20_000

# How late a delivery may be noticed that another process admitted; our own wake us at once.
POLL_SECONDS = 1.0

# How late it may be noticed that a person enabled a receiver, that another process disabled one, or that a batch
# still admitted something for one that was removed; how late a digest may be made.
LOOK_ROUND_MS = 5_000

# Receivers asked for by name; of more it is asked first which of them something waits for, mostly a few.
FEW = 50


class Dispatcher:
    """Empties the outbox. ``wake`` is set by whoever added something."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        sender: Sender,
        receivers: Mapping[str, Receiver],
        observer: Observer,
        log: Logger,
        now_ms: Callable[[], int],
        chance: Callable[[], float],
        poll_seconds: float = POLL_SECONDS,
        most_open: int = MOST_OPEN,
        silences: LateSilences | None = None,
    ) -> None:
        """``silences`` keep theirs out of the digests of backlogs."""
        self._rooms = Rooms(receivers, most_open)
        self.wake = Wake(self._rooms.ask_everyone)
        self._outbox = outbox
        self._sender = sender
        self._receivers = dict(receivers)
        self._observer = observer
        self._log = log
        self._now_ms = now_ms
        self._chance = chance
        self._poll_seconds = poll_seconds
        self._rates = _rates(receivers)
        self._in_flight: dict[str, asyncio.Task[None]] = {}  # by delivery
        self._disabling = Disabling(outbox, log)
        self._removal = Removal(outbox)
        self.silences = silences
        self._looked_ms = 0
        self.asked_ms = now_ms()  # when the store last answered
        self._reclaimed = False
        self._crash: BaseException | None = None
        self._patience = Patience()
        self._failing = Failing(log)
        self._settling = Settling(outbox=outbox, observer=observer, log=log, now_ms=now_ms, waiting=self._tell)

    @property
    def in_flight(self) -> int:
        """Deliveries being sent or settled now."""
        return len(self._in_flight)

    def replace_receivers(self, receivers: Mapping[str, Receiver]) -> None:
        """Use another configuration from the next lease on; what is being sent keeps its own."""
        self._receivers = dict(receivers)
        self._rates = _rates(receivers)
        self._rooms.replace(self._receivers)
        self.look_again()

    def look_again(self) -> None:
        """Something changed that is seen seldom otherwise: what is disabled, what is due, who is configured."""
        self._looked_ms = 0
        self.wake.set()

    def standings(self) -> Mapping[str, Standing]:
        """How every receiver stands now."""
        return self._rooms.standings(self._disabling.disabled, self._disabling.failing, self._now_ms())

    async def send_now(self, leased: Leased) -> Attempt | None:
        """One attempt beside the outbox. None: its receiver is disabled, gone, or asked to be left alone."""
        receiver, now = self._receivers.get(leased.delivery.receiver), self._now_ms()
        if receiver is None or receiver.name in self._disabling.disabled or self._rooms.left_alone(receiver.name, now):
            return None
        attempt = await self._request(leased, receiver)
        if attempt.reply is Reply.DELIVERED:
            self._failing.worked(receiver.name)
            self.wake.set()  # it works: what waits for it need not wait for a probe
        elif attempt.reply is Reply.GONE:
            await self._disable(leased, receiver, self._now_ms())
        return attempt

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until ``stopping`` is set; then lease nothing new and finish what was begun.

        Each request has its own deadline, the store may not: give the whole a limit by cancelling. What is then
        still open stays leased and is sent again later, under the same id.
        """
        stopped = asyncio.ensure_future(stopping.wait())
        stopped.add_done_callback(lambda _: self.wake.stir())
        try:
            while not stopping.is_set():
                self.wake.clear()
                await self.wake.wait(await self._round(stopping))
                if self._crash is not None:
                    raise self._crash
            if self._in_flight:
                await asyncio.wait(self._in_flight.values())
            if self._crash is not None:
                raise self._crash
        finally:
            open_now = [*self._in_flight.values(), stopped]
            for task in open_now:
                task.cancel()
            await asyncio.gather(*open_now, return_exceptions=True)

    async def _round(self, stopping: asyncio.Event) -> float:
        """Lease what is due and begin to send it. Returns for how many seconds nothing more falls due."""
        now = self._now_ms()
        try:
            await self._reclaim(now)
            await self._look_round(now)
            disabled, most = self._disabling.disabled, self._rooms.most
            free = self._rooms.free(now, disabled, self._poll_seconds * 1000)
            if len(free) > FEW:
                waiting = await self._outbox.waiting()
                free = {name: room for name, room in free.items() if name in waiting}
            rates = {name: rate for name, rate in self._rates.items() if name in free and name not in disabled}
            lease = await self._outbox.lease(free, now, LEASE_MS, rates=rates, most=most) if free else None
        except Unavailable as error:
            self._rooms.ask_everyone()
            return self._pause(error)
        self._recovered()
        self.asked_ms = now
        if lease is not None:
            self._rooms.lent(free, lease, most)
            for leased in lease.leased:
                await self._begin(leased, stopping)
        next_ms = self._rooms.next_ms()
        if next_ms is None:
            return self._poll_seconds
        due_in_ms = next_ms - self._now_ms()
        if due_in_ms <= 0 and (lease is None or not lease.leased):
            return self._poll_seconds  # due, but its receiver is busy: whatever ends next wakes us
        return min(max(due_in_ms, 0) / 1000, self._poll_seconds)

    async def _begin(self, leased: Leased, stopping: asyncio.Event) -> None:
        delivery = leased.delivery
        if delivery.id in self._in_flight:
            return  # its lease ran out while its settlement waits for the store, which will finish it
        receiver = self._receivers.get(delivery.receiver)
        if stopping.is_set() or receiver is None:
            await self._settling.until_taken(lambda: self._outbox.give_back(leased, self._now_ms()))
            return
        self._rooms.began(receiver.name)
        task = asyncio.create_task(self._deliver(leased, receiver), name=f"deliver {delivery.id}")
        self._in_flight[delivery.id] = task
        task.add_done_callback(lambda done: self._ended(delivery.id, receiver.name, done))

    def _ended(self, delivery_id: str, receiver: str, task: asyncio.Task[None]) -> None:
        del self._in_flight[delivery_id]
        self._rooms.ended(receiver)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._crash = error  # a bug: it must come out of ``run``, not rot in a task
        self.wake.stir()

    async def _deliver(self, leased: Leased, receiver: Receiver) -> None:
        if receiver.name in self._disabling.disabled:
            await self._settling.dead(leased, Attempt(reply=Reply.GONE), "receiver_disabled")
            return
        attempt = await self._request(leased, receiver)
        now = self._now_ms()
        match attempt.reply:
            case Reply.DELIVERED:
                self._failing.worked(receiver.name)
                await self._settling.delivered(leased, attempt, now)
            case Reply.GONE:
                await self._disable(leased, receiver, now)
                await self._settling.dead(leased, attempt, "gone")
            case Reply.FAILED | Reply.BUSY | Reply.REFUSED:
                await self._try_later(leased, receiver, attempt, now)

    async def _request(self, leased: Leased, receiver: Receiver) -> Attempt:
        attempt = await self._sender.send(leased, receiver)
        self._rooms.learn(receiver.name, attempt, self._now_ms())
        self._observer.attempted(leased, attempt)
        tell_attempt(self._log, leased, attempt)
        return attempt

    async def _try_later(self, leased: Leased, receiver: Receiver, attempt: Attempt, now: int) -> None:
        delay = next_delay(receiver.retry, leased.attempt, self._chance(), attempt.retry_after_s)
        if delay is None:
            await self._settling.dead(leased, attempt, "exhausted")
            return
        next_ms = now + round(delay.total_seconds() * 1000)
        self._failing.failed(receiver.name, attempt, now, next_ms)
        await self._settling.later(leased, attempt, now, next_ms)

    async def _disable(self, leased: Leased, receiver: Receiver, now: int) -> None:
        about, receivers = leased.delivery.id, self._receivers.values()
        if self._disabling.begin(receiver.name, GONE):
            await self._settling.until_taken(
                lambda: self._disabling.disable(receiver.name, GONE, about, receivers, now)
            )
            self._rooms.ask_everyone()  # those who are told

    async def _reclaim(self, now: int) -> None:
        """Before the first lease, take back what this instance held when it died."""
        if not self._reclaimed:
            await self._outbox.reclaim(list(self._receivers), now)
            self._reclaimed = True

    async def _look_round(self, now: int) -> None:
        if 0 <= now - self._looked_ms < LOOK_ROUND_MS:  # a clock that went back must not stop it
            return
        before = self._disabling.disabled
        await self._disabling.look(self._receivers, now)
        for enabled in before.keys() - self._disabling.disabled.keys():
            self._rooms.begin_anew(enabled)
        await flush(self._outbox, now, lambda backlog: due(backlog, now), self.silences)
        if ended := await self._removal.look(self._receivers, now):
            self._observer.removed(ended)
            hint = "they are dead letters: `rasid deliveries list` shows them"
            self._log.warning("receiver_removed", deliveries=ended, hint=hint)
        self._observer.stand(self.standings(), now)
        self._rooms.ask_everyone()  # something may have been added: digests, events
        self._looked_ms = now

    def _pause(self, error: Unavailable) -> float:
        self._tell(error)
        return self._patience.pause_seconds()

    def _tell(self, error: Unavailable) -> None:
        if self._patience.worth_a_line(time.monotonic()):
            self._log.warning("waiting", reason=str(error), in_flight=self.in_flight)

    def _recovered(self) -> None:
        if self._patience.over():
            self._log.info("sending_again")


def _rates(receivers: Mapping[str, Receiver]) -> Mapping[str, Rate]:
    return {name: receiver.rate for name, receiver in receivers.items() if receiver.rate is not None}
