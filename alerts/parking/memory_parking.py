"""Both sides of parking in plain memory, held to the same contract as Redis and Kafka."""

from collections.abc import AsyncIterator, Mapping, Sequence

from alerts.parking.parking import Change, Parked, ParkedState, Unkept
from alerts.store.durations import DEAD_KEPT, PARK_AFTER, milliseconds
from alerts.store.memory_state import Dead, MemoryState, Waiting


class MemoryParkedTopic:
    """A ``ParkedTopic``. Never waits."""

    name = "parked"

    def __init__(self) -> None:
        self.held: dict[str, Parked] = {}

    async def keep(self, changes: Mapping[str, Parked | None]) -> None:
        for id_, parked in changes.items():
            if parked is None:
                self.held.pop(id_, None)
            else:
                self.held[id_] = parked

    async def load(self) -> AsyncIterator[Sequence[Parked]]:
        for parked in list(self.held.values()):
            yield [parked]

    async def close(self) -> None:
        """Nothing is held open."""


class MemoryParkedOutbox:
    """A ``ParkedOutbox`` over a ``MemoryState``. Never waits."""

    def __init__(self, state: MemoryState, *, dead_kept_ms: int = milliseconds(DEAD_KEPT)) -> None:
        self._state = state
        self._dead_kept_ms = dead_kept_ms

    async def unkept(self, now_ms: int, limit: int) -> Unkept:
        state = self._state
        if state.incarnation is None:
            return Unkept("", [])
        state.forget_dead(now_ms - self._dead_kept_ms, now_ms)
        self._queue_what_holds_back(now_ms, limit)
        for id_ in [id_ for id_ in state.to_keep if id_ in state.pending]:
            del state.to_keep[id_]
        return Unkept(state.incarnation, [self._change(id_) for id_ in list(state.to_keep)[:limit]])

    def _queue_what_holds_back(self, now_ms: int, limit: int) -> None:
        state = self._state
        pins = sorted(
            (partition, offset, id_)
            for held in (state.waiting, state.pending, state.dead)
            for id_ in held
            for partition, offset in (state.pins_of(id_) or (state.dead[id_].pins if id_ in state.dead else ()))
        )
        for partition in dict.fromkeys(partition for partition, _, _ in pins):
            for _, _, id_ in [each for each in pins if each[0] == partition][:limit]:
                waiting = state.waiting.get(id_)
                old = waiting is not None and waiting.ready_ms + milliseconds(PARK_AFTER) <= now_ms
                if not old and id_ not in state.dead:
                    break
                state.to_keep.setdefault(id_, now_ms)

    def _change(self, id_: str) -> Change:
        state, stamp = self._state, self._stamp(id_)
        parked = None
        if (waiting := state.waiting.get(id_)) is not None:
            members = tuple(sorted(each for each, digest in state.digested.items() if digest == id_))
            parked = Parked(
                delivery=waiting.delivery,
                state=ParkedState.PARKED,
                since_ms=waiting.ready_ms,
                attempts=waiting.failed,
                members=members,
            )
        elif (dead := state.dead.get(id_)) is not None:
            parked = Parked(
                delivery=dead.delivery,
                state=ParkedState.DEAD,
                since_ms=dead.died_ms,
                attempts=dead.attempts,
                reason=dead.reason,
            )
        return Change(id_, stamp, parked)

    def _stamp(self, id_: str) -> str:
        state = self._state
        if id_ in state.waiting:
            return f"parked:{state.waiting[id_].failed}"
        if id_ in state.dead:
            return f"dead:{state.dead[id_].died_ms}"
        return "pending" if id_ in state.pending else "gone"

    async def kept(self, unkept: Unkept, now_ms: int) -> bool:
        state = self._state
        if state.incarnation != unkept.incarnation:
            return False
        for each in unkept.changes:
            if each.stamp == "gone":
                state.kept.discard(each.id)
            else:
                state.kept.add(each.id)
                holder = state.waiting.get(each.id) or state.dead.get(each.id)
                if holder is not None:
                    holder.pins = set()
            if self._stamp(each.id) == each.stamp:
                state.to_keep.pop(each.id, None)
            else:
                state.to_keep.setdefault(each.id, now_ms)
        return True

    async def standing(self) -> tuple[str, str]:
        return self._state.incarnation or "", self._state.restored

    async def restore(self, incarnation: str, parked: Sequence[Parked], now_ms: int) -> int | None:
        if self._state.incarnation != incarnation:
            return None
        return sum(self._restore(each, now_ms) for each in parked)

    def _restore(self, parked: Parked, now_ms: int) -> bool:
        state, delivery = self._state, parked.delivery
        state.kept.add(delivery.id)
        if delivery.id in state.told:
            if self._stamp(delivery.id) == "gone":
                state.to_keep.setdefault(delivery.id, now_ms)
            return False
        state.told[delivery.id] = now_ms
        if parked.state is ParkedState.DEAD:
            state.dead[delivery.id] = Dead(delivery, parked.reason, parked.attempts, parked.since_ms)
            return True
        state.sequence += 1
        own = "p" + delivery.id
        waiting = Waiting(delivery, state.sequence, parked.since_ms, own, delivery.lane, failed=parked.attempts)
        state.waiting[delivery.id] = waiting
        state.due[delivery.receiver, own] = now_ms
        for member in parked.members:
            if member not in state.told:
                state.told[member] = now_ms
                state.digested[member] = delivery.id
        return True

    async def restored(self, incarnation: str, topic: str) -> bool:
        if self._state.incarnation != incarnation:
            return False
        self._state.restored = topic
        return True
