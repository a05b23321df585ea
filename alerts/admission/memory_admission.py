"""The consume side's store in plain memory, held to the same contract as Redis."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from alerts.admission.admission import (
    STORY_REFERENCE,
    Admitted,
    Answer,
    Batch,
    PartitionStanding,
    RecordEffects,
    Remembered,
)
from alerts.pacing.pacing import due_ms
from alerts.store.keys import MEMORY_KEEP, SEEN_BYTES
from alerts.store.memory_state import Later, MemoryState


class MemoryAdmission:
    """An ``Admission`` over a ``MemoryState``. Never waits."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def recover(self, partition: str, start: int, incarnation: str) -> PartitionStanding:
        state = self._state
        if state.incarnation is None:
            state.incarnation = incarnation
        state.checkpoints.setdefault(partition, start)
        return self._standing(partition, state.incarnation)

    async def lookup(
        self, days: Sequence[str], fields: Sequence[str], far_days: Sequence[str] = (), far_fields: Sequence[str] = ()
    ) -> Remembered:
        rows: dict[str, bytes] = {}

        def find(fields: Iterable[str], days: Iterable[str]) -> None:
            newest_first = [self._state.memory.get(day, {}) for day in sorted(days, reverse=True)]
            for field in fields:
                if (bucket := next((each for each in newest_first if field in each), None)) is not None:
                    rows[field] = bucket[field]

        find(fields, days)
        find([field for field in far_fields if field not in rows], set(far_days) - set(days))
        find(["s:" + row[:STORY_REFERENCE].decode() for row in rows.values()], {*days, *far_days})
        return Remembered(self._state.version, rows)

    async def admit(self, batch: Batch) -> Admitted:
        state = self._state
        checkpoint = state.checkpoints.get(batch.partition)
        if state.incarnation != batch.incarnation or checkpoint is None:
            return Admitted(Answer.LOST, 0)
        if batch.a > checkpoint:
            return Admitted(Answer.GAP, checkpoint)
        if batch.b <= checkpoint:
            return Admitted(Answer.DONE, checkpoint)
        records = [record for record in batch.records if record.offset >= checkpoint]
        touches_memory = any(each.memory or each.deliveries or each.pending or each.repeats for each in records)
        if touches_memory and state.version != batch.version:
            return Admitted(Answer.RETRY, checkpoint)
        for record in records:
            self._apply(batch, record)
        state.seen += batch.seen
        if len(state.seen) >= SEEN_BYTES:
            state.seen_before, state.seen = state.seen, b""
        if touches_memory:
            state.version = batch.next_version
            oldest = batch.now_ms - round(MEMORY_KEEP.total_seconds() * 1000)
            for old in [each for each, at in state.told.items() if at <= oldest and state.pins_of(each) is None]:
                del state.told[old]
        state.checkpoints[batch.partition] = batch.b
        return Admitted(Answer.DONE, batch.b)

    def _apply(self, batch: Batch, record: RecordEffects) -> None:
        state = self._state
        for write in record.memory:
            state.memory.setdefault(write.day, {})[write.field] = write.row
        for delivery in record.deliveries:
            if delivery.id not in state.told:
                state.add(delivery, batch.now_ms)
        for pending in record.pending:
            if pending.id not in state.told:
                state.told[pending.id] = batch.now_ms
                state.withheld.pop(pending.id, None)
                state.pending[pending.id] = Later(pending, batch.now_ms)
                if pending.plan is not None:
                    due = due_ms(pending.plan, state.group_told.get(pending.group), batch.now_ms)
                    state.groups[pending.group] = min(due, state.groups.get(pending.group, due))
        told = [*(each.id for each in record.deliveries), *(each.id for each in record.pending), *record.repeats]
        for id_ in told:
            if (pins := state.pins_of(id_)) is not None:
                pins.add((batch.partition, record.offset))
        for amendment in record.amendments:
            state.amend(amendment.waiting, amendment.amended)
        if record.decision:
            state.decisions.append(record.decision)
        if record.miss:
            state.misses.append(record.miss)
        state.alerts += record.alerts
        state.outcomes[record.outcome] = state.outcomes.get(record.outcome, 0) + 1

    async def withholds(self) -> bool:
        return bool(self._state.withheld)

    async def withheld(self, deliveries: Sequence[str]) -> Collection[str]:
        return {each for each in deliveries if each in self._state.withheld}

    async def snapshot(self, partition: str) -> PartitionStanding | None:
        if self._state.incarnation is None or partition not in self._state.checkpoints:
            return None
        return self._standing(partition, self._state.incarnation)

    async def skip(self, partition: str, incarnation: str, start: int, end: int, reason: str) -> Admitted:
        state = self._state
        checkpoint = state.checkpoints.get(partition)
        if state.incarnation != incarnation or checkpoint is None:
            return Admitted(Answer.LOST, 0)
        if end < start:
            if checkpoint != start:
                return Admitted(Answer.GAP, checkpoint)
        elif checkpoint >= end:
            return Admitted(Answer.DONE, checkpoint)
        elif checkpoint < start:
            return Admitted(Answer.GAP, checkpoint)
        key = f"skipped:{reason}"
        state.outcomes[key] = state.outcomes.get(key, 0) + max(0, end - checkpoint)
        state.checkpoints[partition] = end
        return Admitted(Answer.DONE, end)

    async def counts(self) -> Mapping[str, int]:
        return dict(self._state.outcomes)

    def _standing(self, partition: str, incarnation: str) -> PartitionStanding:
        state = self._state
        checkpoint = state.checkpoints[partition]
        holders = [each.pins for each in state.waiting.values()] + [each.pins for each in state.pending.values()]
        holders += [each.pins for each in state.dead.values()]
        needed = (offset for pins in holders for held, offset in pins if held == partition)
        return PartitionStanding(incarnation, checkpoint, min((checkpoint, *needed)))
