"""What the notices of an archive come to in the mailboxes of receivers: paced, throttled, gathered, in its own time.

The code is the daemon's, over a store in memory; the clock goes from article to article, and stops where something is
due in between. Every delivery arrives when it is ready.
"""

from collections.abc import Coroutine, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from alerts.admission.admission import RecordEffects
from alerts.dispatch.backlog import QUIET_MS, flush
from alerts.dispatch.backlog import due as due_of
from alerts.dispatch.grouped import Teller
from alerts.dispatch.late_silences import LateSilences
from alerts.model import Delivery
from alerts.notices.digest import TYPE, Weight
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.pacing.pacing import due_ms
from alerts.rendering.event import read_event, text_of
from alerts.silences.silence import Silence
from alerts.store.memory_state import Later, MemoryState
from daemon.backtest.posts import AT_ONCE, WAITED, Post

T = TypeVar("T")


class Mailbox:
    """Of one set of topics. Records go in as they were decided, in order of time."""

    def __init__(self, weights: Mapping[str, Weight], silences: Sequence[Silence] = ()) -> None:
        """``weights`` are those of stories as they stand, kept up to date by the caller; ``silences`` the written
        ones, which hold for what waits, too."""
        self._weights = weights
        self._state = MemoryState()
        self._outbox = MemoryOutbox(self._state, "backtest")
        self._silences = LateSilences(self._outbox, lambda: silences)
        self._teller = Teller(self._outbox, weigh=self._weigh, silences=self._silences)

    def step(self, effects: RecordEffects, now_ms: int) -> Iterator[Post]:
        """What is sent up to then, and of this record at once."""
        yield from self.until(now_ms)
        for delivery in effects.deliveries:
            yield _post(delivery, now_ms, AT_ONCE, (delivery.id,))
        for pending in effects.pending:
            if pending.id in self._state.pending:
                continue
            self._state.pending[pending.id] = Later(pending, now_ms)
            if pending.plan is not None:
                due = due_ms(pending.plan, self._state.group_told.get(pending.group), now_ms)
                self._state.groups[pending.group] = min(due, self._state.groups.get(pending.group, due))
        for amendment in effects.amendments:
            self._state.amend(amendment.waiting, amendment.amended)
        if effects.pending:
            yield from self._due(now_ms)

    def until(self, now_ms: int) -> Iterator[Post]:
        """What falls due before then."""
        while (next_ms := self._next_ms()) is not None and next_ms < now_ms:
            yield from self._due(next_ms)

    def rest(self) -> Iterator[Post]:
        """What waits when the archive ends."""
        while (next_ms := self._next_ms()) is not None:
            yield from self._due(next_ms)

    def _next_ms(self) -> int | None:
        moments = list(self._state.groups.values())
        moments += [each.newest_ms + QUIET_MS for each in _at_once(self._outbox.backlogs())]
        return min(moments, default=None)

    def _due(self, now_ms: int) -> Iterator[Post]:
        state = self._state
        _at_once(flush(self._outbox, now_ms, lambda backlog: due_of(backlog, now_ms), self._silences))
        _at_once(self._teller.due(now_ms))
        for waiting in state.waiting.values():
            delivery = waiting.delivery
            members = tuple(member for member, digest in state.digested.items() if digest == delivery.id)
            reason = text_of(read_event(delivery.body).data.get("reason")) if delivery.type == TYPE else WAITED
            yield _post(delivery, now_ms, reason, members or (delivery.id,))
        for kept in (state.waiting, state.digested, state.due, state.told):
            kept.clear()
        state.history.clear()

    async def _weigh(self, stories: Mapping[str, int]) -> Mapping[str, Weight]:
        return {story: self._weights[story] for story in stories if story in self._weights}


def _post(delivery: Delivery, now_ms: int, reason: str, notices: tuple[str, ...]) -> Post:
    text = text_of(read_event(delivery.body).data.get("text"))
    return Post(
        datetime.fromtimestamp(now_ms / 1000, UTC), delivery.receiver, delivery.id, delivery.type, reason, notices, text
    )


def _at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of what a store in memory answers without waiting; work that makes room for others goes on."""
    while True:
        try:
            waits_for = work.send(None)
        except StopIteration as done:
            answer: T = done.value
            return answer
        if waits_for is not None:
            raise RuntimeError("a store in memory never waits")
