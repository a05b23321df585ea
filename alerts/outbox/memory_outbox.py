"""The deliver side's store in plain memory, held to the same contract as Redis."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from alerts.failing_row import FailingRow
from alerts.model import Attempt, Delivery, Leased
from alerts.outbox.history_line import history_line
from alerts.outbox.memory_pending import MemoryPending
from alerts.outbox.outbox import NO_LIMIT, NO_RATES, DeadLetter, Depth, Lease
from alerts.rate import Rate
from alerts.store.durations import DEAD_KEPT, LONGEST_WAIT, PARK_AFTER, milliseconds
from alerts.store.keys import DELIVERED_KEPT
from alerts.store.memory_state import Dead, MemoryState, Sent, Waiting


class MemoryOutbox(MemoryPending):
    """An ``Outbox`` over a ``MemoryState``. Never waits."""

    def __init__(
        self,
        state: MemoryState,
        instance: str,
        *,
        dead_kept_ms: int = milliseconds(DEAD_KEPT),
        delivered_kept: int = DELIVERED_KEPT,
        keeps: bool = False,
    ) -> None:
        super().__init__(state)
        self._instance = instance
        self._dead_kept_ms = dead_kept_ms
        self._delivered_kept = delivered_kept
        self._keeps = keeps  # there is a parked topic
        self.memory_used = 0.0  # what ``depth`` says of it: plain memory has no limit, a test may set one

    async def lease(
        self,
        free: Mapping[str, int],
        now_ms: int,
        lease_ms: int,
        *,
        rates: Mapping[str, Rate] = NO_RATES,
        most: int = NO_LIMIT,
    ) -> Lease:
        leased, next_due = list[Leased](), dict[str, int]()
        for receiver, room in free.items():
            if room <= 0:
                continue
            self._bring_back(receiver, now_ms)
            rate = rates.get(receiver)
            lent = self._lent_lately(receiver, rate, now_ms) if rate else []
            allowed = min(room, most - len(leased), rate.count - len(lent) if rate else room)
            while allowed > 0 and (lane := self._first_due(receiver, now_ms)) is not None:
                if (each := self._lend(receiver, lane, now_ms, lease_ms)) is not None:
                    leased.append(each)
                    lent.append(now_ms)
                    allowed -= 1
            later = [at for (holder, _), at in self._state.due.items() if holder == receiver and at > now_ms]
            if rate and len(lent) >= rate.count and self._first_due(receiver, now_ms) is not None:
                later.append(lent[0] + rate.period_ms)
            if later:
                next_due[receiver] = min(later)
        return Lease(leased, next_due)

    def _lent_lately(self, receiver: str, rate: Rate, now_ms: int) -> list[int]:
        lent = [at for at in self._state.lent.get(receiver, ()) if at > now_ms - rate.period_ms]
        self._state.lent[receiver] = lent
        return lent

    def _bring_back(self, receiver: str, now_ms: int) -> None:
        latest = now_ms + milliseconds(LONGEST_WAIT)
        for holder, lane in [each for each, at in self._state.due.items() if each[0] == receiver and at > latest]:
            if (head := self._state.head(holder, lane)) is not None:
                head.not_before_ms = 0
            self._state.due[holder, lane] = now_ms

    def _first_due(self, receiver: str, now_ms: int) -> str | None:
        due = ((at, lane) for (holder, lane), at in self._state.due.items() if holder == receiver and at <= now_ms)
        return min(due, default=(0, None))[1]

    async def waiting(self) -> Collection[str]:
        return {each.delivery.receiver for each in self._state.waiting.values()}

    def _lend(self, receiver: str, lane: str, now_ms: int, lease_ms: int) -> Leased | None:
        state = self._state
        while (head := state.head(receiver, lane)) is not None:
            if head.not_before_ms <= now_ms:
                state.due[receiver, lane] = now_ms + lease_ms
                state.leases[receiver, lane] = self._instance
                return Leased(
                    delivery=head.delivery,
                    attempt=head.failed + 1,
                    order_gap=head.parked_from != "" and self._gap(head, head.parked_from or lane),
                    replay=head.parked_from == "",
                )
            head.parked_from, head.lane = lane, "p" + head.delivery.id
            state.due[receiver, head.lane] = head.not_before_ms
        state.due.pop((receiver, lane), None)
        state.leases.pop((receiver, lane), None)
        state.urgent.discard((receiver, lane))
        return None

    def _gap(self, head: Waiting, lane: str) -> bool:
        """Whether another of the lane is parked: of two parked ones either may come first."""
        return any(each.parked_from == lane and each is not head for each in self._state.waiting.values())

    async def delivered(self, leased: Leased, attempt: Attempt, now_ms: int) -> bool:
        waiting = self._finish(leased, now_ms)
        self._remember(waiting, leased, attempt, now_ms, "delivered")
        if waiting is not None:
            self._state.failing.pop(leased.delivery.receiver, None)
            self._state.sent[leased.delivery.id] = Sent(waiting.delivery, attempt.status, leased.attempt, now_ms)
            self._state.forget_sent(now_ms - self._dead_kept_ms, self._delivered_kept)
        if waiting is not None and leased.delivery.id in self._state.kept:
            self._state.to_keep.setdefault(leased.delivery.id, now_ms)
        return waiting is not None

    async def later(self, leased: Leased, attempt: Attempt, now_ms: int, next_ms: int) -> bool:
        waiting = self._state.waiting.get(leased.delivery.id)
        self._remember(waiting, leased, attempt, now_ms, "later")
        if waiting is None:
            return False
        self._fails(leased.delivery.receiver, now_ms)
        waiting.failed = leased.attempt
        waiting.not_before_ms = next_ms
        wake, parks = next_ms, waiting.ready_ms + milliseconds(PARK_AFTER)
        if waiting.parked_from is None:
            wake = min(next_ms, parks)
        if self._keeps and parks <= now_ms:
            self._state.to_keep.setdefault(leased.delivery.id, now_ms)
        lane = leased.delivery.receiver, waiting.lane
        self._state.due[lane] = max(wake, now_ms)
        self._state.leases.pop(lane, None)
        return True

    async def dead(self, leased: Leased, attempt: Attempt, now_ms: int, reason: str) -> bool:
        waiting = self._finish(leased, now_ms)
        self._remember(waiting, leased, attempt, now_ms, reason)
        if waiting is None:
            return False
        if reason == "exhausted":
            self._fails(leased.delivery.receiver, now_ms)
        self._bury(waiting, reason, max(leased.attempt, waiting.failed), now_ms)
        self._state.forget_dead(now_ms - self._dead_kept_ms, now_ms)
        return True

    def _fails(self, receiver: str, now_ms: int) -> None:
        row = self._state.failing.get(receiver)
        self._state.failing[receiver] = row.gone_on(now_ms) if row else FailingRow(now_ms, now_ms, 1)

    def _remember(self, waiting: Waiting | None, leased: Leased, attempt: Attempt, now_ms: int, outcome: str) -> None:
        if waiting is not None:
            self._state.history.append(history_line(leased, attempt, now_ms, outcome))

    def _bury(self, waiting: Waiting, reason: str, attempts: int, now_ms: int) -> None:
        state, id_ = self._state, waiting.delivery.id
        state.dead[id_] = Dead(waiting.delivery, reason, attempts, now_ms, waiting.pins if self._keeps else set())
        if self._keeps or id_ in state.kept:
            state.to_keep.setdefault(id_, now_ms)

    def _finish(self, leased: Leased, now_ms: int) -> Waiting | None:
        state, receiver = self._state, leased.delivery.receiver
        waiting = state.waiting.pop(leased.delivery.id, None)
        if waiting is not None:
            for member in [each for each, digest in state.digested.items() if digest == leased.delivery.id]:
                del state.digested[member]
            state.leases.pop((receiver, waiting.lane), None)
            if state.head(receiver, waiting.lane):
                state.due_now((receiver, waiting.lane), now_ms)
            else:
                state.due.pop((receiver, waiting.lane), None)
                state.urgent.discard((receiver, waiting.lane))
        return waiting

    async def give_back(self, leased: Leased, now_ms: int) -> None:
        waiting = self._state.waiting.get(leased.delivery.id)
        if waiting is not None:
            lane = leased.delivery.receiver, waiting.lane
            self._state.leases.pop(lane, None)
            self._state.due_now(lane, now_ms)

    async def reclaim(self, receivers: Sequence[str], now_ms: int) -> int:
        state = self._state
        ours = [lane for lane, holder in state.leases.items() if holder == self._instance and lane[0] in receivers]
        for lane in ours:
            del state.leases[lane]
            if lane in state.due:
                state.due_now(lane, now_ms)
        return len(ours)

    async def retire(self, receivers: Sequence[str], now_ms: int) -> int:
        gone = [w for w in self._state.waiting.values() if w.delivery.receiver not in receivers]
        for waiting in gone:
            leased = Leased(delivery=waiting.delivery, attempt=0, order_gap=False, replay=False)
            self._finish(leased, now_ms)
            self._bury(waiting, "receiver_removed", waiting.failed, now_ms)
        return len(gone)

    async def announce(self, deliveries: Sequence[Delivery], now_ms: int) -> int:
        new = {delivery.id: delivery for delivery in deliveries if delivery.id not in self._state.told}
        for delivery in new.values():
            self._state.add(delivery, now_ms)
        return len(new)

    async def disable(self, receiver: str, reason: str, now_ms: int) -> None:
        self._state.disabled[receiver] = reason

    async def enable(self, receiver: str) -> bool:
        self._state.failing.pop(receiver, None)
        return self._state.disabled.pop(receiver, None) is not None

    async def disabled(self) -> Mapping[str, str]:
        return dict(self._state.disabled)

    async def failing(self) -> Mapping[str, FailingRow]:
        return dict(self._state.failing)

    async def beat(self, receiver: str, slot: int) -> bool:
        last = self._state.beats.get(receiver, -1)
        if slot in (last, last - 1):
            return False
        self._state.beats[receiver] = slot
        return True

    async def depth(self) -> Depth:
        waiting = self._state.waiting.values()
        by_receiver = Counter(w.delivery.receiver for w in waiting)
        oldest = min((w.ready_ms for w in waiting), default=0)
        return Depth(
            len(waiting), oldest, len(self._state.dead), by_receiver, self.memory_used, len(self._state.pending)
        )

    async def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        newest = sorted(self._state.dead.values(), key=lambda letter: (-letter.died_ms, letter.delivery.id))
        return [
            DeadLetter(
                id=letter.delivery.id,
                receiver=letter.delivery.receiver,
                type=letter.delivery.type,
                reason=letter.reason,
                attempts=letter.attempts,
                died_ms=letter.died_ms,
                body=letter.delivery.body,
            )
            for letter in newest[:limit]
        ]

    async def replay(self, ids: Sequence[str], now_ms: int) -> int:
        state, replayed = self._state, 0
        for id_ in dict.fromkeys(ids):
            state.replays.pop(id_, None)
            letter, sent = state.dead.pop(id_, None), state.sent.pop(id_, None)
            known = letter or sent
            if known is None:
                continue
            replayed += 1
            if id_ in state.waiting:
                continue
            state.sequence += 1
            delivery, lane, pins = known.delivery, "p" + id_, letter.pins if letter else set()
            state.waiting[id_] = Waiting(delivery, state.sequence, now_ms, lane, parked_from="", pins=pins)
            state.due[delivery.receiver, lane] = now_ms
            state.replaying[id_] = delivery.receiver
        return replayed
