"""Groups that are due are told: what was pending in them becomes ready. Time is passed in.

Any process may do it, whoever admitted what is pending; the store takes each once. A process may die after any step:
what it did stands, and what it did not is still due.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from alerts.dispatch.late_silences import LateSilences
from alerts.model import Pending, Wait
from alerts.notices.digest import Weight, amended_in, stories_of, together
from alerts.outbox.outbox import Group, Outbox, Through
from alerts.pacing.turn import NOTHING_USED, take_turn, throttles

MOST_MEMBERS = 2_000
"""Of one group told at once: its one step in the store takes some milliseconds."""

MOST_GROUPS = 1_000
"""Looked at in one round."""

SINGLE, HELD = "single", "held"
"""What a notice may come to besides a digest: to go out as itself, or to wait because of a throttle."""

Weigh = Callable[[Mapping[str, int]], Awaitable[Mapping[str, Weight]]]
"""How much stories are told of by now; those that are forgotten are left out. Asked with a time of each, ms."""


class Observer(Protocol):
    """Who wants to know what came of notices, for metrics."""

    def paced(self, outcome: str, notices: int) -> None:
        """So many went out (``single``, or the reason of their digest), or are ``held``."""
        ...


async def no_weights(stories: Mapping[str, int]) -> Mapping[str, Weight]:
    """Stories are then told by what they were when they were told of."""
    return {}


class Teller:
    """Tells groups of one outbox."""

    def __init__(
        self,
        outbox: Outbox,
        *,
        weigh: Weigh = no_weights,
        observer: Observer | None = None,
        silences: LateSilences | None = None,
    ) -> None:
        """``silences`` keep theirs back, also when their turn comes."""
        self.outbox = outbox
        self.silences = silences
        self._weigh = weigh
        self._observer = observer

    async def due(self, now_ms: int) -> tuple[int, int | None]:
        """Tell what is due: how many deliveries became ready, and when the next group is due.

        Raises ``Unavailable``: call again.
        """
        told = 0
        while True:
            groups = await self.outbox.groups(MOST_GROUPS)
            later = [group.due_ms for group in groups if group.due_ms > now_ms]
            told_now = 0
            for group in groups[: len(groups) - len(later)]:
                told_now += await self._tell(group.id, now_ms)
            told += told_now
            if later or not told_now:
                return told, next(iter(later), None)

    async def all(self, now_ms: int, wanted: Callable[[Group], bool]) -> int:
        """Tell every group that is wanted, due or not; what a throttle then holds of it too. How many deliveries."""
        told, before = 0, list[str]()
        while groups := [each.id for each in await self.outbox.groups(10**6) if wanted(each)]:
            told_now = sum([await self._tell(each, now_ms) for each in groups])
            told += told_now
            if not told_now and groups == before:  # else some wait in another group now, which a throttle held
                break
            before = groups
        return told

    async def _tell(self, group: str, now_ms: int) -> int:
        """One group: how many deliveries became ready. What another process does meanwhile is left to the next look."""
        waiting = await self.outbox.pending(group, MOST_MEMBERS)
        members = await self.silences.left(waiting, now_ms) if self.silences and waiting else waiting
        if not members:
            return 0
        used = await self.outbox.used([each.key for each in throttles(members)])
        turn = take_turn(members, used, now_ms)
        for held in turn.held.values():
            if not await self.outbox.hold(group, held, now_ms):
                return 0
            self._observe(HELD, len(held))
        told = 0
        if turn.together:
            through = [Through(key, used.get(key, NOTHING_USED), after) for key, after in turn.used.items()]
            left = len(turn.together) + len(turn.alone)
            whole = left if len(waiting) < MOST_MEMBERS else 0
            if not await self._flush(group, turn.together, now_ms, whole, through, then=turn.alone):
                return 0
            told += 1
        for each in turn.alone:
            told += await self._flush(group, (each,), now_ms, 0, ())
        return told

    async def _flush(
        self,
        group: str,
        members: Sequence[Pending],
        now_ms: int,
        whole: int,
        through: Sequence[Through],
        then: Sequence[Pending] = (),
    ) -> bool:
        alone = len(members) == 1 and members[0].plan is not None and members[0].plan.alone
        weights = await self._weigh(stories_of(members)) if members[0].wait is Wait.SCHEDULED else {}
        delivery = members[0].single if alone else together(members, weights, then)
        if delivery is None:
            delivery = together(members, weights)
        ids = [each.id for each in members]
        amended = amended_in(members)
        done = await self.outbox.flush(
            delivery, ids, now_ms, group=group, whole=whole, through=through, amended=amended
        )
        if done:
            self._observe(SINGLE if delivery.id == ids[0] else members[0].wait.value, len(members))
        return done

    def _observe(self, outcome: str, notices: int) -> None:
        if self._observer is not None:
            self._observer.paced(outcome, notices)
