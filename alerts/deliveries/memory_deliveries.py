"""What is known of each delivery, in plain memory, held to the same contract as Redis."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from alerts.deliveries.deliveries import (
    FINISHED,
    Asked,
    Known,
    Page,
    Place,
    Standing,
    Wanted,
    known_of,
    known_pending,
)
from alerts.outbox.history_line import read_history
from alerts.store.memory_state import MemoryState, Waiting


class MemoryDeliveries:
    """``Deliveries`` over a ``MemoryState``. Never waits."""

    def __init__(self, state: MemoryState) -> None:
        self._state = state

    async def page(self, wanted: Wanted, limit: int, after: Place | None = None) -> Page:
        state = self._state
        ids = [*state.waiting, *state.pending, *state.dead, *state.sent]
        known = [self._known(id_) for id_ in dict.fromkeys(ids)]
        found = [each for each in known if each is not None and _fits(each, wanted)]
        found.sort(key=_place, reverse=True)
        left = [each for each in found if after is None or _place(each) < after]
        return Page(left[:limit], _place(left[limit - 1]) if len(left) > limit else None)

    async def places(
        self, wanted: Wanted, limit: int, after: Place | None = None
    ) -> tuple[Sequence[Place], Place | None]:
        page = await self.page(wanted, limit, after)
        return [_place(each) for each in page.found], page.after

    async def find(self, ids: Sequence[str]) -> Mapping[str, Known]:
        return {id_: known for id_ in ids if (known := self._known(id_)) is not None}

    async def ask_again(self, ids: Sequence[str], now_ms: int) -> Asked:
        known = await self.find(ids)
        finished = [each for each in known.values() if each.standing in FINISHED]
        for each in finished:
            self._state.replays.setdefault(each.id, (each.receiver, now_ms))
        under_way = [each.id for each in known.values() if each.standing not in FINISHED]
        return Asked(len(finished), under_way, [id_ for id_ in dict.fromkeys(ids) if id_ not in known])

    async def ask_all_again(self, receiver: str, ids: Sequence[str], now_ms: int) -> None:
        for id_ in ids:
            self._state.replays.setdefault(id_, (receiver, now_ms))

    async def next_replays(self, at_once: int) -> Sequence[str]:
        state, turns = self._state, list[str]()
        for id_ in [id_ for id_ in state.replaying if id_ not in state.waiting]:
            del state.replaying[id_]
        for receiver in sorted({receiver for receiver, _ in state.replays.values()}):
            asked = sorted((at, id_) for id_, (name, at) in state.replays.items() if name == receiver)
            room = at_once - sum(name == receiver for name in state.replaying.values())
            turns += [id_ for _, id_ in asked[: max(0, room)]]
        return turns

    async def waiting_replays(self) -> int:
        return len(self._state.replays)

    async def forget_attempts(self, kept_ms: int) -> None:
        newest = max((attempt.at for line in self._state.history if (attempt := read_history(line))), default=0)
        kept = [line for line in self._state.history if not _before(line, newest - kept_ms)]
        self._state.history[:] = kept

    async def forget_oldest(self, count: int) -> int:
        oldest = sorted(self._state.sent.values(), key=lambda each: (each.at_ms, each.delivery.id))[:count]
        for each in oldest:
            del self._state.sent[each.delivery.id]
        return len(oldest)

    def _known(self, id_: str) -> Known | None:
        state = self._state
        if (waiting := state.waiting.get(id_)) is not None:
            return self._unfinished(waiting)
        if (later := state.pending.get(id_)) is not None:
            return known_pending(later.pending, later.since_ms)
        again = id_ in state.replays
        if (dead := state.dead.get(id_)) is not None:
            known = known_of(dead.delivery, Standing.DEAD, dead.died_ms, dead.attempts)
            return replace(known, reason=dead.reason, replay=again)
        if (sent := state.sent.get(id_)) is not None:
            known = known_of(sent.delivery, Standing.DELIVERED, sent.at_ms, sent.attempts)
            return replace(known, status=sent.status, replay=again)
        return None

    def _unfinished(self, waiting: Waiting) -> Known:
        receiver, lane = waiting.delivery.receiver, waiting.lane
        known = known_of(waiting.delivery, Standing.READY, waiting.ready_ms, waiting.failed)
        known = replace(known, parked=bool(waiting.parked_from), replay=waiting.parked_from == "")
        if self._state.head(receiver, lane) is not waiting or (receiver, lane) not in self._state.due:
            return known
        if (receiver, lane) in self._state.leases:
            return replace(known, standing=Standing.LEASED)
        return replace(known, next_ms=max(self._state.due[receiver, lane], waiting.not_before_ms))


def _fits(known: Known, wanted: Wanted) -> bool:
    return (
        known.standing in wanted.standing
        and wanted.receiver in ("", known.receiver)
        and (not wanted.lanes or known.lane in wanted.lanes)
        and known.at_ms >= wanted.since_ms
        and (wanted.until_ms is None or known.at_ms <= wanted.until_ms)
    )


def _place(known: Known) -> Place:
    return Place(known.at_ms, known.id)


def _before(line: bytes, at_ms: int) -> bool:
    attempt = read_history(line)
    return attempt is not None and attempt.at < at_ms
