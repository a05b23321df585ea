"""What the deliver side may ask of Redis: lend due deliveries, settle them, show and replay the dead.

States: ready → leased → delivered | dead; what goes out with others is pending before, and FLUSH makes it part of what
is ready. A lane is (receiver, story); only its head is ever lent. A delivery is in the outbox exactly while it is
unfinished, and pins its records until then.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from alerts.failing_row import FailingRow
from alerts.model import Attempt, Delivery, Leased, Pending
from alerts.pacing.turn import Used
from alerts.rate import Rate


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that ended without a 2xx."""

    id: str
    receiver: str
    type: str
    reason: str  # closed set: exhausted, gone, receiver_disabled, receiver_removed
    attempts: int
    died_ms: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Depth:
    """How full the outbox is."""

    ready: int  # unfinished deliveries
    oldest_ms: int  # creation time of the oldest unfinished one, 0 if none
    dead: int
    by_receiver: Mapping[str, int]
    memory_used: float = 0.0  # share of the store's memory limit, 0 where it has none
    pending: int = 0  # what waits for a digest; not among the ready


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for the next digest of a receiver."""

    receiver: str
    pending: int
    oldest_ms: int  # when the first of it became pending
    newest_ms: int  # and the last


NO_LIMIT = 1_000_000
"""More than any process lends at once."""

NO_RATES: Mapping[str, Rate] = MappingProxyType({})
"""Nobody's requests are limited in time."""


NOTHING_AMENDED: Mapping[str, str] = MappingProxyType({})
"""No correction came for what waited."""


@dataclass(frozen=True, slots=True)
class Group:
    """What a route paces and is told together."""

    id: str
    due_ms: int  # when the first of it is due


@dataclass(frozen=True, slots=True)
class Through:
    """What a throttle has let through, before and after a flush."""

    throttle: str
    before: Used
    after: Used


@dataclass(frozen=True, slots=True)
class Lease:
    """The answer of ``lease``: what was lent, and when a receiver's next lane falls due, where one does."""

    leased: Sequence[Leased]
    next_due: Mapping[str, int]


class Outbox(Protocol):
    """The deliver side's store. Raises ``Unavailable``; every call may be repeated."""

    async def lease(
        self,
        free: Mapping[str, int],
        now_ms: int,
        lease_ms: int,
        *,
        rates: Mapping[str, Rate] = NO_RATES,
        most: int = NO_LIMIT,
    ) -> Lease:
        """Lend due lane heads to this instance: at most ``free[receiver]`` of each receiver, ``most`` in all.

        Receivers are served in the order of ``free``. Of one in ``rates`` no more are lent in any span than its rate
        says, by all instances together; what it must wait for is when its next lane falls due. What a clock that was
        ahead put off for longer than anything waits (``LONGEST_WAIT``) is due now.
        """
        ...

    async def waiting(self) -> Collection[str]:
        """Receivers that something is unfinished for, due or not."""
        ...

    async def delivered(self, leased: Leased, attempt: Attempt, now_ms: int) -> bool:
        """2xx: finish it, free its pins, let the lane go on. False if it was finished already."""
        ...

    async def later(self, leased: Leased, attempt: Attempt, now_ms: int, next_ms: int) -> bool:
        """Failed: due again at ``next_ms``. A head unfinished for over 1 h is parked: later ones of its lane go on."""
        ...

    async def dead(self, leased: Leased, attempt: Attempt, now_ms: int, reason: str) -> bool:
        """Give up: to the dead letters, pins freed, the lane goes on."""
        ...

    async def give_back(self, leased: Leased, now_ms: int) -> None:
        """Not sent after all (draining): due at once, the attempt not counted."""
        ...

    async def reclaim(self, receivers: Sequence[str], now_ms: int) -> int:
        """Take back the leases on ``receivers`` that this instance held when it died; due at once. How many."""
        ...

    async def retire(self, receivers: Sequence[str], now_ms: int) -> int:
        """End the deliveries of receivers not in this list as dead, ``receiver_removed``."""
        ...

    async def announce(self, deliveries: Sequence[Delivery], now_ms: int) -> int:
        """Add deliveries that no record led to, each once per id, whatever became of it. How many were new."""
        ...

    async def backlogs(self) -> Sequence[Backlog]:
        """Every receiver that something is pending for, also one that is not configured any more; by name."""
        ...

    async def groups(self, limit: int) -> Sequence[Group]:
        """Groups that routes pace and that something is pending in, the first due first."""
        ...

    async def pending(self, group: str, limit: int) -> Sequence[Pending]:
        """What is pending in a group, oldest first, and how it was ``amended``.

        The group of a backlog is called as its receiver.
        """
        ...

    async def used(self, throttles: Sequence[str]) -> Mapping[str, Used]:
        """What these throttles have let through; those that never did are left out."""
        ...

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
        """Replace pending deliveries by one that is ready, their digest or the one there is; it takes over their pins.

        ``group`` is theirs; "" is the backlog of ``digest.receiver``. ``whole``: so many must be pending in it, 0 where
        that does not matter. ``amended``: members that ``digest`` shows as corrected, with the correction's notice.
        False where not all of ``members`` are pending (any more) and this digest is not known, or the group is not
        whole, or a throttle is not as it was ``before``, or others are amended, or otherwise: look again.
        """
        ...

    async def hold(self, group: str, members: Sequence[Pending], now_ms: int) -> bool:
        """Pending deliveries of ``group`` wait in another, which their plans name and all alike.

        False where not all are pending in either: look again.
        """
        ...

    async def withhold(self, members: Sequence[Pending], why: str, by: Sequence[str], now_ms: int) -> bool:
        """Pending deliveries of one group end untold, their pins freed; ``by`` names for each what withholds it.

        ADMIT may add them again, for who is told of the story later. False where not all are pending (any more): look
        again.
        """
        ...

    async def disable(self, receiver: str, reason: str, now_ms: int) -> None:
        """Remember that a receiver asked not to be called again (410)."""
        ...

    async def enable(self, receiver: str) -> bool:
        """Undo ``disable``, and forget its failures. False if it was not disabled."""
        ...

    async def disabled(self) -> Mapping[str, str]:
        """Disabled receivers and why."""
        ...

    async def failing(self) -> Mapping[str, FailingRow]:
        """Receivers that did nothing but fail since they last worked."""
        ...

    async def beat(self, receiver: str, slot: int) -> bool:
        """True to the first who asks for this slot of the receiver's heartbeat, whoever it is, unless that after it was
        taken: clocks differ a little. Later ones that were taken, by a clock that was ahead, count for nothing."""
        ...

    async def depth(self) -> Depth:
        """For metrics and backpressure."""
        ...

    async def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """Newest first."""
        ...

    async def replay(self, ids: Sequence[str], now_ms: int) -> int:
        """Send what is dead, or arrived and is kept, again now: same id, same bytes, marked. Returns how many.

        Only a few of a receiver at a time, or what is new waits for them: see ``alerts/deliveries/replayer.py``.
        """
        ...
