"""Deliveries sent again because somebody asks: by their ids, or all of a receiver that finished within a range of time.

They go out a few at a time (``alerts/deliveries/replayer.py``), under their ids and with their bytes.
"""

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Literal

import msgspec

from alerts.deliveries.deliveries import FINISHED, Place, Standing, Wanted
from alerts.deliveries.replayer import AT_ONCE, ROUND_SECONDS
from daemon.history.delivery_list import check_receiver
from daemon.history.past import Past
from processors.stories.event_time import milliseconds

MOST_IDS = 1_000
"""Named by one request, which is 40 kB then."""

_PAGE = 500

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^evt_[a-z0-9]{1,64}\Z")]


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent again. Either ``ids``, or a ``receiver``: then what arrived or died from ``since`` to ``until``."""

    ids: Annotated[tuple[_Id, ...], msgspec.Meta(max_length=MOST_IDS)] = ()
    receiver: str = ""
    since: _Moment | None = None
    until: _Moment | None = None
    state: Literal["any", "delivered", "dead"] = "any"
    dry_run: bool = False


decoder = msgspec.json.Decoder(Asked)


class CannotReplay(Exception):
    """What is asked for would come to nothing; the message says why, and what to do first."""


async def replay(past: Past, disabled: Mapping[str, str], asked: Asked) -> dict[str, Any]:
    """What was found, and what became of the wish. Raises ``ValueError``, ``NotKnown`` and ``CannotReplay``."""
    if bool(asked.ids) == bool(asked.receiver):
        raise ValueError("name either ids or a receiver")
    if asked.ids and (asked.since or asked.until or asked.state != "any"):
        raise ValueError("ids are named whole: since, until and state go with a receiver")
    if asked.receiver and asked.since is None and asked.state != "dead":
        raise ValueError("say since when, or ask for state dead alone: else all that is kept would be sent again")
    plan = await (_named(past, disabled, asked) if asked.ids else _in_range(past, disabled, asked))
    answer: dict[str, Any] = {
        "found": sum(plan.finished.values()),
        "delivered": plan.finished[Standing.DELIVERED],
        "dead": plan.finished[Standing.DEAD],
        "under_way": plan.under_way,
        "unknown": plan.unknown,
        "per_second": round(AT_ONCE / ROUND_SECONDS),
        "dry_run": asked.dry_run,
        "queued": 0,
    }
    if not asked.dry_run:
        answer["queued"] = await plan.ask()
    return answer | {"waiting": await past.deliveries.waiting_replays()}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a wish comes to; ``ask`` utters it, and says how many it was for."""

    finished: Mapping[Standing, int]
    ask: Callable[[], Awaitable[int]]
    under_way: Sequence[str] = ()
    unknown: Sequence[str] = ()


async def _named(past: Past, disabled: Mapping[str, str], asked: Asked) -> _Plan:
    found = await past.deliveries.find(asked.ids)
    finished = [each for each in found.values() if each.standing in FINISHED]
    for name in sorted({each.receiver for each in finished}):
        _check(past, disabled, name)

    async def ask() -> int:
        return (await past.deliveries.ask_again([each.id for each in finished], past.now_ms())).queued

    return _Plan(
        Counter(each.standing for each in finished),
        ask,
        under_way=[each.id for each in found.values() if each.standing not in FINISHED],
        unknown=[id_ for id_ in dict.fromkeys(asked.ids) if id_ not in found],
    )


async def _in_range(past: Past, disabled: Mapping[str, str], asked: Asked) -> _Plan:
    """However many there are: none of them is read, and nothing else waits for us."""
    check_receiver(past, asked.receiver)
    wanted = Wanted(
        receiver=asked.receiver,
        since_ms=milliseconds(asked.since) if asked.since is not None else 0,
        until_ms=milliseconds(asked.until) if asked.until is not None else None,
    )
    kinds = FINISHED if asked.state == "any" else {Standing(asked.state)}
    # All are known before the first is asked for: it may finish again at once, as the newest.
    places = {kind: await _places(past, replace(wanted, standing=frozenset({kind}))) for kind in kinds}
    if any(places.values()):
        _check(past, disabled, asked.receiver)

    async def ask() -> int:
        oldest_first, queued = heapq.merge(*map(reversed, places.values())), 0
        while ids := [place.id for place in islice(oldest_first, _PAGE)]:
            await past.deliveries.ask_all_again(asked.receiver, ids, past.now_ms())
            queued += len(ids)
        return queued

    return _Plan(Counter({kind: len(found) for kind, found in places.items()}), ask)


async def _places(past: Past, wanted: Wanted) -> list[Place]:
    """All of them, the newest first."""
    found: list[Place] = []
    after: Place | None = None
    while True:
        some, after = await past.deliveries.places(wanted, _PAGE, after)
        found += some
        if after is None:
            return found


def _check(past: Past, disabled: Mapping[str, str], receiver: str) -> None:
    if receiver not in past.watch().receivers:
        raise CannotReplay(f"receiver `{receiver}` is not configured any more: what is sent again would end as dead")
    if receiver in disabled:
        why = disabled[receiver]
        raise CannotReplay(f"receiver `{receiver}` is disabled ({why}): `rasid receivers enable {receiver}` first")
