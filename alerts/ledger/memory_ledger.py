"""The store's past in plain memory, held to the same contract as Redis."""

from collections.abc import AsyncIterator, Mapping, Sequence

import msgspec

from alerts.ledger.ledger import Fate, Log, Reach, State
from alerts.ledger.seen import SeenAt, find, oldest
from alerts.store.keys import DECISIONS_KEPT, MISSES_KEPT
from alerts.store.memory_state import MemoryState


class MemoryLedger:
    """A ``Ledger`` over a ``MemoryState``. Never waits."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def lines(self, log: Log, needles: Sequence[bytes] = ()) -> AsyncIterator[bytes]:
        for line in reversed(self._log(log)):
            if not needles or any(needle in line for needle in needles):
                yield line

    async def seen(self, checksums: Sequence[int]) -> Sequence[SeenAt]:
        return [*find(self._state.seen_before, checksums), *find(self._state.seen, checksums)]

    async def reach(self) -> Reach:
        kept = {Log.DECISIONS: DECISIONS_KEPT, Log.MISSES: MISSES_KEPT}
        decisions, misses = (_written(self._log(log)) for log in kept)
        full = frozenset(log for log, most in kept.items() if len(self._log(log)) >= most)
        return Reach(decisions, misses, oldest(self._state.seen_before or self._state.seen), full)

    async def fates(self, deliveries: Sequence[str]) -> Mapping[str, Fate]:
        return {id_: self._fate(id_) for id_ in deliveries}

    def _fate(self, id_: str) -> Fate:
        state, digest = self._state, self._state.digested.get(id_, "")
        if id_ in state.pending:
            later = state.pending[id_]
            if later.pending.plan is None:
                return Fate(State.PENDING, since_ms=later.since_ms)
            until_ms = state.groups.get(later.pending.group, 0)
            return Fate(State.PENDING, since_ms=later.since_ms, wait=later.pending.wait.value, until_ms=until_ms)
        if (waiting := state.waiting.get(digest or id_)) is not None:
            return Fate(State.UNFINISHED, waiting.failed, digest=digest, since_ms=waiting.ready_ms)
        if (dead := state.dead.get(id_)) is not None:
            return Fate(State.DEAD, dead.attempts, dead.reason, since_ms=dead.died_ms)
        if (kept := state.withheld.get(id_)) is not None:
            return Fate(State.WITHHELD, reason=kept[1], by=kept[2], since_ms=kept[0])
        if (sent := state.sent.get(id_)) is not None:
            return Fate(State.DELIVERED, since_ms=sent.at_ms)
        return Fate(State.DELIVERED if id_ in state.told else State.UNKNOWN)

    def _log(self, log: Log) -> Sequence[bytes]:
        return {
            Log.DECISIONS: self._state.decisions,
            Log.MISSES: self._state.misses,
            Log.HISTORY: self._state.history,
        }[log]


def _written(log: Sequence[bytes]) -> int | None:
    """When the first line was written, which says so itself: what follows a NUL is no text."""
    return int(msgspec.json.decode(log[0].partition(b"\0")[0])["at"]) if log else None
