"""The log of alerts in plain memory, held to the same contract as Redis."""

from collections.abc import Sequence

from alerts.ledger.alert_log import LINES_AT_ONCE, Entry, Gap, Onwards, Page, in_order
from alerts.store.memory_state import MemoryState


class MemoryAlertLog:
    """An ``AlertLog`` over a ``MemoryState``, which drops nothing. The n-th line's place is ``n-0``."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def older(self, before: str, needles: Sequence[bytes] = ()) -> Page:
        there_are = len(self._state.alerts)
        first, second = in_order(before) if before else (there_are, 1)
        end = max(0, min(first if second else first - 1, there_are))
        begin = max(0, end - LINES_AT_ONCE)
        entries = [self._entry(place) for place in range(end - 1, begin - 1, -1)]
        wanted = [entry for entry in entries if all(needle in entry.line for needle in needles)]
        return Page(wanted, entries[-1].cursor if len(entries) == LINES_AT_ONCE else "")

    async def newer(self, after: str) -> Onwards:
        there_are = len(self._state.alerts)
        place, gap = in_order(after)[0] if after else there_are, Gap.NONE
        if place > there_are:
            place, gap = 0, Gap.LOST
        end = min(place + LINES_AT_ONCE, there_are)
        return Onwards([self._entry(each) for each in range(place, end)], f"{end}-0", gap)

    def _entry(self, place: int) -> Entry:
        return Entry(f"{place + 1}-0", self._state.alerts[place])
