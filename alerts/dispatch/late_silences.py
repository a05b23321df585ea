"""What waited and is silenced when its turn comes leaves its group, and is recorded. Time is passed in.

A silence holds for what waits as for what comes: one that somebody asked for meanwhile keeps a notice out of the digest
that it waited for. One that ended meanwhile does not hold any more.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from alerts.logger import Logger
from alerts.model import Pending
from alerts.outbox.outbox import Outbox
from alerts.silences.kept_facts import read_facts
from alerts.silences.silence import Silence, SilenceState, silenced_by
from alerts.withholding import Why

CHECKS_AT_ONCE = 5_000
"""Silences held against notices between two looks of everything else in the process: some 10 ms."""

_MOST_SHOWN = 20
"""Ids in a line of the log."""


class Observer(Protocol):
    """Who wants to know what was silenced, for metrics."""

    def silenced_late(self, notices: int, *, paced: bool) -> None:
        """So many that waited are not told; ``paced``: by their route, else in a backlog."""
        ...


class LateSilences:
    """Of one outbox. ``silences`` are those that hold or are to come, in the order in which they count."""

    def __init__(
        self,
        outbox: Outbox,
        silences: Callable[[], Iterable[Silence]] = tuple,
        observer: Observer | None = None,
        log: Logger | None = None,
    ) -> None:
        self._outbox = outbox
        self._silences = silences
        self._observer = observer
        self._log = log

    async def left(self, members: Sequence[Pending], now_ms: int) -> Sequence[Pending] | None:
        """Those of a group's members that nothing silences now; the others end here.

        None where another process took some meanwhile: look again. Raises ``Unavailable``.
        """
        silenced = await self._silenced(members, now_ms)
        if not silenced:
            return members
        gone = [each for each in members if each.id in silenced]
        if not await self._outbox.withhold(gone, Why.SILENCED.value, [silenced[each.id] for each in gone], now_ms):
            return None
        if self._observer is not None:
            self._observer.silenced_late(len(gone), paced=gone[0].plan is not None)
        if self._log is not None:
            self._log.info(
                "silenced_late",
                receiver=gone[0].receiver,
                notices=len(gone),
                silences=sorted(set(silenced.values()))[:_MOST_SHOWN],
                deliveries=[each.id for each in gone[:_MOST_SHOWN]],
            )
        return [each for each in members if each.id not in silenced]

    async def _silenced(self, members: Sequence[Pending], now_ms: int) -> dict[str, str]:
        """By the ids of notices, the ids of the silences that hold for them."""
        active = [each for each in self._silences() if each.state(now_ms) is SilenceState.ACTIVE]
        found: dict[str, str] = {}
        some = max(1, CHECKS_AT_ONCE // max(1, len(active)))
        for start in range(0, len(members) if active else 0, some):
            if start:
                await asyncio.sleep(0)
            for each in members[start : start + some]:
                facts = read_facts(each.facts)
                silence = silenced_by(facts, active, now_ms) if facts is not None else None
                if silence is not None:
                    found[each.id] = silence.id
        return found
