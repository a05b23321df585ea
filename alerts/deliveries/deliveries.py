"""What is known of each delivery: where it stands, since when, its bytes; and which are to be sent again.

Unfinished ones are known as long as they are; those that arrived or died for ``history.keep``, and of those that
arrived only the newest ``history.deliveries``. A list is ordered by the moment at which each came to where it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from alerts.model import Delivery, Pending

LOOKED_AT_ONCE = 250
"""Deliveries that one step of the store looks at: 2 ms of Redis, where each has 4 kB."""

MOST_LOOKED_AT = 20_000
"""By one page: where fewer of them are wanted than fit into it, it ends there and says how to go on."""


class Standing(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"  # waits to be told with others: a backlog, or what its route paces
    READY = "ready"  # waits to be sent, or to be tried again
    LEASED = "leased"  # is being sent now
    DELIVERED = "delivered"
    DEAD = "dead"


UNFINISHED = frozenset({Standing.READY, Standing.LEASED})

FINISHED = frozenset({Standing.DELIVERED, Standing.DEAD})


@dataclass(frozen=True, slots=True)
class Known:
    """One delivery."""

    id: str
    receiver: str
    notice: str
    standing: Standing
    at_ms: int  # when it came to stand so; of one that is leased, when it became ready
    created_ms: int
    body: bytes  # of what can only go out in a digest, its line of that
    type: str = ""  # "" of the same
    lane: str = ""
    attempts: int = 0  # that failed, while it is unfinished; all of them once it is not
    status: int = 0  # by which it arrived
    reason: str = ""  # why it died, or why it is pending (``Wait``)
    next_ms: int | None = (
        None  # when a ready or pending one is due; None: after another of its lane, or with its backlog
    )
    parked: bool = False  # later ones of its lane do not wait for it any more
    replay: bool = False  # it is being sent again, or waits for its turn to be


def known_of(delivery: Delivery, standing: Standing, at_ms: int, attempts: int) -> Known:
    """What the delivery itself says, where it stands so."""
    return Known(
        id=delivery.id,
        receiver=delivery.receiver,
        notice=delivery.notice,
        standing=standing,
        at_ms=at_ms,
        created_ms=delivery.created_ms,
        body=delivery.body,
        type=delivery.type,
        lane=delivery.lane,
        attempts=attempts,
    )


def known_pending(pending: Pending, since_ms: int) -> Known:
    """What waits since then to be told with others."""
    alone = pending.single
    return Known(
        id=pending.id,
        receiver=pending.receiver,
        notice=pending.notice,
        standing=Standing.PENDING,
        at_ms=since_ms,
        created_ms=pending.created_ms,
        body=pending.summary if alone is None else alone.body,
        type="" if alone is None else alone.type,
        lane="" if alone is None else alone.lane,
        reason=pending.wait.value,
        next_ms=None if pending.plan is None else pending.plan.due_ms,
    )


class Place(NamedTuple):
    """A place in the list, from the newest to the oldest."""

    at_ms: int
    id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries. ``lanes``: of these lanes only, where there are any."""

    standing: frozenset[Standing] = frozenset(Standing)
    receiver: str = ""
    lanes: frozenset[str] = frozenset()
    since_ms: int = 0
    until_ms: int | None = None  # itself included


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what is wanted, the newest first; ``after``: where to go on, None where there is no more."""

    found: Sequence[Known]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a wish to send deliveries again."""

    queued: int  # will be sent again, each at its turn
    under_way: Sequence[str] = ()  # are unfinished: they are being sent in any case
    unknown: Sequence[str] = ()  # are not, or not any more, known


class Deliveries(Protocol):
    """Raises ``Unavailable``; every call may be repeated."""

    async def page(self, wanted: Wanted, limit: int, after: Place | None = None) -> Page:
        """At most ``limit`` of what is wanted, behind ``after``. What changes meanwhile may be seen twice."""
        ...

    async def places(
        self, wanted: Wanted, limit: int, after: Place | None = None
    ) -> tuple[Sequence[Place], Place | None]:
        """The places alone of what ``page`` would show, and where to go on: for lists that are too long to be shown."""
        ...

    async def find(self, ids: Sequence[str]) -> Mapping[str, Known]:
        """Those that are known."""
        ...

    async def ask_again(self, ids: Sequence[str], now_ms: int) -> Asked:
        """Have finished deliveries sent again. They stay what they are until their turn comes."""
        ...

    async def ask_all_again(self, receiver: str, ids: Sequence[str], now_ms: int) -> None:
        """The same of finished deliveries of one receiver, as ``places`` gave them; others are passed over in time."""
        ...

    async def next_replays(self, at_once: int) -> Sequence[str]:
        """Whose turn it is: so many that no receiver has more than ``at_once`` unfinished replays."""
        ...

    async def waiting_replays(self) -> int:
        """How many wait for their turn."""
        ...

    async def forget_attempts(self, kept_ms: int) -> None:
        """Those of the history that are older than this. A few of them may stay for a while."""
        ...

    async def forget_oldest(self, count: int) -> int:
        """Of those that arrived, to make room. How many were forgotten."""
        ...
