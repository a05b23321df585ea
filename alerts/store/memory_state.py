"""What Redis would hold, as plain values: the twin that tests and the seeded simulation run on.

``copy`` gives a state that can be kept and restored, which is how a simulation loses the last writes of a server.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field

from alerts.failing_row import FailingRow
from alerts.model import Amended, Delivery, Pending
from alerts.pacing.turn import Used
from alerts.store.durations import URGENT_AHEAD, milliseconds

FIRST_VERSION = "0"
"""The version of a story memory that nothing was ever written to."""


@dataclass(slots=True)
class Waiting:
    """One unfinished delivery and all that is known of it."""

    delivery: Delivery
    sequence: int
    ready_ms: int
    lane: str  # its own once parked
    parked_from: str | None = None  # the lane that it left; "" for a replay
    failed: int = 0
    not_before_ms: int = 0
    pins: set[tuple[str, int]] = field(default_factory=set)


@dataclass(slots=True)
class Later:
    """One pending delivery."""

    pending: Pending
    since_ms: int
    pins: set[tuple[str, int]] = field(default_factory=set)


@dataclass(slots=True)
class Dead:
    """One delivery that ended without a 2xx."""

    delivery: Delivery
    reason: str
    attempts: int
    died_ms: int
    pins: set[tuple[str, int]] = field(default_factory=set)  # until the parked topic holds it


@dataclass(slots=True)
class Sent:
    """One delivery that arrived."""

    delivery: Delivery
    status: int
    attempts: int
    at_ms: int


@dataclass(slots=True)
class MemoryState:
    """The whole store of one ``name``."""

    incarnation: str | None = None
    version: str = FIRST_VERSION
    checkpoints: dict[str, int] = field(default_factory=dict)
    memory: dict[str, dict[str, bytes]] = field(default_factory=dict)  # day → field → row
    waiting: dict[str, Waiting] = field(default_factory=dict)
    pending: dict[str, Later] = field(default_factory=dict)
    digested: dict[str, str] = field(default_factory=dict)  # delivery → the unfinished digest that it went out in
    amended: dict[str, Amended] = field(default_factory=dict)  # pending delivery → what its digest shows instead
    groups: dict[str, int] = field(default_factory=dict)  # what routes pace → when the first of it is due, ms
    group_told: dict[str, int] = field(default_factory=dict)  # → when it was last told, ms
    throttles: dict[str, Used] = field(default_factory=dict)
    withheld: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # what waited, untold → ms, why, by what
    told: dict[str, int] = field(default_factory=dict)  # every delivery ever added, pending ones too → ms
    due: dict[tuple[str, str], int] = field(default_factory=dict)  # (receiver, lane) → ms
    urgent: set[tuple[str, str]] = field(default_factory=set)  # (receiver, lane) with something urgent
    leases: dict[tuple[str, str], str] = field(default_factory=dict)  # (receiver, lane) → instance
    dead: dict[str, Dead] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)  # what arrived, the newest
    replays: dict[str, tuple[str, int]] = field(default_factory=dict)  # to be sent again → receiver, since when, ms
    replaying: dict[str, str] = field(default_factory=dict)  # put back into the queue → receiver
    kept: set[str] = field(default_factory=set)  # what the parked topic holds
    to_keep: dict[str, int] = field(default_factory=dict)  # what it must be told of → since when, ms
    restored: str = ""  # the parked topic that was put back
    disabled: dict[str, str] = field(default_factory=dict)
    failing: dict[str, FailingRow] = field(default_factory=dict)  # by receiver
    lent: dict[str, list[int]] = field(default_factory=dict)  # receiver that has a rate → ms of each, lately
    beats: dict[str, int] = field(default_factory=dict)  # receiver → the last slot of its heartbeat that was taken
    outcomes: dict[str, int] = field(default_factory=dict)
    decisions: list[bytes] = field(default_factory=list)
    misses: list[bytes] = field(default_factory=list)
    alerts: list[bytes] = field(default_factory=list)
    history: list[bytes] = field(default_factory=list)
    silences: dict[str, bytes] = field(default_factory=dict)  # by id
    silences_version: str = ""
    seen: bytes = b""
    seen_before: bytes = b""
    sequence: int = 0

    def copy(self) -> "MemoryState":
        """A state that shares nothing with this one."""
        return deepcopy(self)

    def restore(self, other: "MemoryState") -> None:
        """Become ``other``, as a server does that comes back with less than it acknowledged."""
        for name in self.__slots__:
            setattr(self, name, deepcopy(getattr(other, name)))

    def add(self, delivery: Delivery, now_ms: int) -> None:
        """A delivery becomes ready, the last of its lane."""
        self.told[delivery.id] = now_ms
        self.withheld.pop(delivery.id, None)
        self.sequence += 1
        self.waiting[delivery.id] = Waiting(delivery, self.sequence, now_ms, delivery.lane)
        lane = delivery.receiver, delivery.lane
        if delivery.urgent:
            self.urgent.add(lane)
            if self.due.get(lane, 0) <= now_ms:  # one that is lent, or whose head failed, keeps its time
                self.due[lane] = min(self.due.get(lane, now_ms), now_ms - milliseconds(URGENT_AHEAD))
        else:
            self.due.setdefault(lane, now_ms)

    def due_now(self, lane: tuple[str, str], now_ms: int) -> None:
        """A lane that has a head waits no longer; one with something urgent, not even for its turn."""
        self.due[lane] = now_ms - (milliseconds(URGENT_AHEAD) if lane in self.urgent else 0)

    def amend(self, waiting: Iterable[str], amended: Amended) -> None:
        """Those of ``waiting`` that are pending are shown so."""
        self.amended |= {each: amended for each in waiting if each in self.pending}

    def pins_of(self, delivery: str) -> set[tuple[str, int]] | None:
        """What holds the records of a delivery: itself while ready or pending, then its digest; None: finished."""
        if delivery in self.pending:
            return self.pending[delivery].pins
        waiting = self.waiting.get(delivery) or self.waiting.get(self.digested.get(delivery, ""))
        return None if waiting is None else waiting.pins

    def head(self, receiver: str, lane: str) -> Waiting | None:
        """The delivery of a lane that must go first."""
        of_lane = [w for w in self.waiting.values() if w.lane == lane and w.delivery.receiver == receiver]
        return min(of_lane, key=lambda w: w.sequence, default=None)

    def forget_dead(self, until_ms: int, now_ms: int) -> None:
        """Dead letters of before are gone, except those that the parked topic was to hold and does not yet."""
        for id_ in [id_ for id_, letter in self.dead.items() if letter.died_ms <= until_ms and not letter.pins]:
            del self.dead[id_]
            if id_ in self.kept:
                self.to_keep.setdefault(id_, now_ms)

    def forget_sent(self, until_ms: int, most: int) -> None:
        """Of what arrived, only the newest are kept, and only for a time."""
        while self.sent:
            oldest = next(iter(self.sent.values()))  # in the order in which they arrived
            if len(self.sent) <= most and oldest.at_ms > until_ms:
                return
            del self.sent[oldest.delivery.id]
