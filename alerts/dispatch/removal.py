"""Deliveries to receivers that are no longer configured end as dead letters: nobody would ever send them.

A batch that was decided with an older configuration may admit some after the receiver was removed, so it is looked
again, though only for names that this process itself has known: another process may be ahead of us.
"""

from collections.abc import Collection

from alerts.dispatch.backlog import flush
from alerts.dispatch.grouped import Teller
from alerts.outbox.outbox import Outbox
from alerts.pacing.pacing import group_receiver


class Removal:
    """Ends what waits for receivers that were removed."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._known: set[str] = set()
        self._done_for: Collection[str] | None = None

    async def look(self, receivers: Collection[str], now_ms: int) -> int:
        """How many ended. Costs nothing while no receiver was removed. Raises ``Unavailable``: look again."""
        self._known.update(receivers)
        kept = set(receivers)
        if self._done_for is receivers:  # only stragglers are left
            removed = self._known - kept
            waiting = set((await self._outbox.depth()).by_receiver) if removed else set()
            if not removed & waiting:
                return 0
            kept |= waiting - removed
        else:  # what is pending for them must be ready to be ended; later it becomes so by itself
            await flush(self._outbox, now_ms, lambda each: 0 if each.receiver in kept else each.pending)
            await Teller(self._outbox).all(now_ms, lambda each: group_receiver(each.id) not in kept)
        ended = await self._outbox.retire(sorted(kept), now_ms)
        self._done_for = receivers
        return ended
