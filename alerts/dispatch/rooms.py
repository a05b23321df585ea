"""How many requests each receiver may have open now, and whom it is worth to ask the store for. Time is passed in.

The store is asked for a receiver when something of its ended, when its next lane falls due, and for all when something
was added: with a thousand receivers, not for all at each ending.

All requests together are bounded. While half of them are open, a receiver that has its share already gets no more:
those that do not answer cannot take the room of those that do.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from alerts.dispatch.concurrency_limit import ConcurrencyLimit
from alerts.dispatch.standing import Standing, standings
from alerts.failing_row import FailingRow
from alerts.model import Attempt
from alerts.outbox.outbox import Lease
from alerts.receiver import Receiver

MOST_OPEN = 512
"""Requests open at once, to all receivers: 5,000 a second where each takes 100 ms, and half of the files that a process
may usually have open."""

WRITE_OFF_BATCH = 100
"""Deliveries of a disabled receiver are only written off; this many at a time."""


class Rooms:
    """Counts what is open, and remembers whom to ask."""

    def __init__(self, receivers: Mapping[str, Receiver], most_open: int = MOST_OPEN) -> None:
        self._most_open = most_open
        self._limits: dict[str, ConcurrencyLimit] = {}
        self._busy: Counter[str] = Counter()
        self._open = 0
        self._asked: set[str] = set()
        self._everyone = True
        self._everyone_ms = 0  # when all were asked for
        self._due: dict[str, int] = {}
        self._left_out: set[str] = set()  # for want of room for all
        self._turn = 0
        self.replace(receivers)

    def replace(self, receivers: Mapping[str, Receiver]) -> None:
        """Take over a changed configuration."""
        self._receivers = receivers
        for name, receiver in receivers.items():
            if name in self._limits:
                self._limits[name].resize(receiver.max_in_flight)
            else:
                self._limits[name] = ConcurrencyLimit(receiver.max_in_flight)
        self.ask_everyone()

    def begin_anew(self, receiver: str) -> None:
        """A person says that it works again: what it did before counts no more."""
        if receiver in self._receivers:
            self._limits[receiver] = ConcurrencyLimit(self._receivers[receiver].max_in_flight)

    def ask_everyone(self) -> None:
        """Something was added, for whomever."""
        self._everyone = True

    def began(self, receiver: str) -> None:
        """A request of its is open."""
        self._busy[receiver] += 1
        self._open += 1

    def ended(self, receiver: str) -> None:
        """And is no more, and settled."""
        self._busy[receiver] -= 1
        self._open -= 1
        self._asked.add(receiver)
        self._asked |= self._left_out
        self._left_out.clear()

    def learn(self, receiver: str, attempt: Attempt, now_ms: int) -> None:
        """Take an answer into account."""
        self._limits[receiver].learn(attempt, now_ms)

    def left_alone(self, receiver: str, now_ms: int) -> bool:
        """Whether it asked not to be called yet."""
        return self._limits[receiver].asked_for_a_pause(now_ms)

    @property
    def most(self) -> int:
        """Requests that may be begun now, to all receivers: of the half for all, then of the half for shares."""
        return (self._most_open if self._scarce else self._most_open // 2) - self._open

    @property
    def _scarce(self) -> bool:
        return self._open >= self._most_open // 2

    def free(self, now_ms: int, disabled: Collection[str], everyone_after_ms: float) -> dict[str, int]:
        """Room of each receiver that is worth asking for. All of them where ``everyone_after_ms`` have passed."""
        if self._everyone or not 0 <= now_ms - self._everyone_ms < everyone_after_ms:
            self._everyone, self._everyone_ms = False, now_ms
            asked = self._in_turn()
        else:
            due = [name for name, at in self._due.items() if at <= now_ms]
            asked = [name for name in {*self._asked, *due} if name in self._receivers]
        self._asked.clear()
        free = {}
        for name in asked:
            self._due.pop(name, None)
            limit = self._limits[name]
            allowed = WRITE_OFF_BATCH if name in disabled else limit.allowed(now_ms)
            room = min(allowed, self._share) - self._busy[name] if self._scarce else allowed - self._busy[name]
            if self._scarce and room < allowed - self._busy[name]:
                self._left_out.add(name)
            if room > 0:
                free[name] = room
            elif name not in disabled and limit.resumes_ms > now_ms:
                self._due[name] = limit.resumes_ms
        if self.most > 0:
            return free
        self._left_out.update(free)
        return {}

    def _in_turn(self) -> list[str]:
        """Everyone, another first each time: who is first takes what room there is."""
        names = list(self._receivers)
        self._turn = (self._turn + 1) % max(len(names), 1)
        return names[self._turn :] + names[: self._turn]

    @property
    def _share(self) -> int:
        """What a receiver may have open whatever the others have, as far as there is room for a request each."""
        return max(self._most_open // (2 * max(len(self._receivers), 1)), 1)

    def lent(self, free: Mapping[str, int], lease: Lease, most: int) -> None:
        """What the store answered to ``free`` and ``most``, before any of it begins."""
        self._due.update(lease.next_due)
        if len(lease.leased) >= most:
            (self._left_out if self._scarce else self._asked).update(free)

    def standings(
        self, disabled: Mapping[str, str], failing: Mapping[str, FailingRow], now_ms: int
    ) -> Mapping[str, Standing]:
        """How every receiver stands."""
        return standings(self._receivers, self._limits, disabled, failing, now_ms)

    def next_ms(self) -> int | None:
        """When the next lane falls due or a receiver may be asked again; 0: at once; None: nothing waits."""
        return 0 if self._asked else min(self._due.values(), default=None)
