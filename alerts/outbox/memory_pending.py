"""What is pending in plain memory, of a ``MemoryOutbox``, held to the same contract as Redis."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from alerts.model import Delivery, Pending
from alerts.outbox.history_line import gathered_lines
from alerts.outbox.outbox import NOTHING_AMENDED, Backlog, Group, Through
from alerts.pacing.turn import NOTHING_USED, Used
from alerts.store.durations import milliseconds
from alerts.store.keys import GROUP_KEEP, MEMORY_KEEP
from alerts.store.memory_state import Later, MemoryState


class MemoryPending:
    """The part of an ``Outbox`` that notices wait in."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def backlogs(self) -> Sequence[Backlog]:
        since = defaultdict[str, list[int]](list)
        for later in self._state.pending.values():
            if later.pending.plan is None:
                since[later.pending.receiver].append(later.since_ms)
        return [Backlog(name, len(held), min(held), max(held)) for name, held in sorted(since.items())]

    async def groups(self, limit: int) -> Sequence[Group]:
        first = sorted((due, group) for group, due in self._state.groups.items())
        return [Group(group, due) for due, group in first[:limit]]

    async def used(self, throttles: Sequence[str]) -> Mapping[str, Used]:
        return {each: self._state.throttles[each] for each in throttles if each in self._state.throttles}

    async def pending(self, group: str, limit: int) -> Sequence[Pending]:
        held = self._held(group)
        oldest_first = sorted(held, key=lambda each: (each.since_ms, each.pending.id))
        amended = self._state.amended
        return [replace(each.pending, amended=amended.get(each.pending.id)) for each in oldest_first[:limit]]

    def _held(self, group: str) -> list[Later]:
        return [each for each in self._state.pending.values() if each.pending.group == group]

    async def flush(
        self,
        digest: Delivery,
        members: Sequence[str],
        now_ms: int,
        *,
        group: str = "",
        whole: int = 0,
        through: Sequence[Through] = (),
        amended: Mapping[str, str] = NOTHING_AMENDED,
    ) -> bool:
        state = self._state
        found = [state.pending[each] for each in members if each in state.pending]
        if len(found) < len(members):
            return not found and digest.id in state.told
        if whole and len(self._held(group)) != whole:
            return False
        if any(state.throttles.get(each.throttle, NOTHING_USED) != each.before for each in through):
            return False
        if {each: state.amended[each].notice for each in members if each in state.amended} != amended:
            return False
        if digest.id not in state.waiting:
            state.add(digest, now_ms)
        for later in found:
            del state.pending[later.pending.id]
            state.amended.pop(later.pending.id, None)
            if later.pending.id != digest.id:
                state.digested[later.pending.id] = digest.id
            state.waiting[digest.id].pins |= later.pins
        state.throttles |= {each.throttle: each.after for each in through}
        state.history += gathered_lines(digest, members, now_ms)
        if group:
            state.group_told[group] = now_ms
            for old in [each for each, at in state.group_told.items() if at <= now_ms - milliseconds(GROUP_KEEP)]:
                del state.group_told[old]
            self._forget_empty(group)
        return True

    async def hold(self, group: str, members: Sequence[Pending], now_ms: int) -> bool:
        state = self._state
        if any(each.id not in state.pending for each in members):
            return False
        found = [state.pending[each.id] for each in members]
        if any(later.pending.group not in (group, each.group) for later, each in zip(found, members, strict=True)):
            return False
        for later, each in zip(found, members, strict=True):
            if later.pending.group == group and each.plan is not None:
                later.pending = replace(each, amended=None)
                state.groups[each.group] = min(each.plan.due_ms, state.groups.get(each.group, each.plan.due_ms))
        self._forget_empty(group)
        return True

    async def withhold(self, members: Sequence[Pending], why: str, by: Sequence[str], now_ms: int) -> bool:
        state, group = self._state, members[0].group
        found = [each for each in self._held(group) if each.pending.id in {member.id for member in members}]
        if len(found) < len(members):
            return not found and members[0].id in state.withheld
        for old in [id_ for id_, (at, _, _) in state.withheld.items() if at <= now_ms - milliseconds(MEMORY_KEEP)]:
            del state.withheld[old]
        for member, each in zip(members, by, strict=True):
            del state.pending[member.id]
            state.amended.pop(member.id, None)
            state.told.pop(member.id, None)
            state.withheld[member.id] = (now_ms, why, each)
        self._forget_empty(group)
        return True

    def _forget_empty(self, group: str) -> None:
        if not self._held(group):
            self._state.groups.pop(group, None)
