"""Deliveries sent again because somebody asks: by their ids, or all of a receiver that finished within a range of time.

They go out a few at a time (``alerts/deliveries/replayer.py``), under their ids and with their bytes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from alerts.deliveries.deliveries import FINISHED, Known, Place, Standing, Wanted
from alerts.deliveries.replayer import AT_ONCE, ROUND_SECONDS
from daemon.delivery_list import check_receiver
from daemon.past import Past
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
    found = await _named(past, asked.ids) if asked.ids else await _in_range(past, asked)
    for name in sorted({each.receiver for each in found.values() if each.standing in FINISHED}):
        _check(past, disabled, name)
    finished = [each for each in found.values() if each.standing in FINISHED]
    answer: dict[str, Any] = {
        "found": len(finished),
        "delivered": sum(each.standing is Standing.DELIVERED for each in finished),
        "dead": sum(each.standing is Standing.DEAD for each in finished),
        "under_way": [each.id for each in found.values() if each.standing not in FINISHED],
        "unknown": [id_ for id_ in dict.fromkeys(asked.ids) if id_ not in found],
        "per_second": round(AT_ONCE / ROUND_SECONDS),
        "dry_run": asked.dry_run,
        "queued": 0,
    }
    if not asked.dry_run and finished:
        ids = [each.id for each in reversed(finished)]  # the oldest goes first
        for start in range(0, len(ids), _PAGE):
            answer["queued"] += (await past.deliveries.ask_again(ids[start : start + _PAGE], past.now_ms())).queued
    return answer | {"waiting": await past.deliveries.waiting_replays()}


async def _named(past: Past, ids: tuple[str, ...]) -> Mapping[str, Known]:
    return await past.deliveries.find(ids)


async def _in_range(past: Past, asked: Asked) -> Mapping[str, Known]:
    check_receiver(past, asked.receiver)
    wanted = Wanted(
        standing=FINISHED if asked.state == "any" else frozenset({Standing(asked.state)}),
        receiver=asked.receiver,
        since_ms=milliseconds(asked.since) if asked.since is not None else 0,
        until_ms=milliseconds(asked.until) if asked.until is not None else None,
    )
    found: dict[str, Known] = {}
    after: Place | None = None
    while True:
        # All are known before the first is asked for: it may finish again at once, as the newest.
        page = await past.deliveries.page(wanted, _PAGE, after)
        found |= {each.id: each for each in page.found}
        after = page.after
        if after is None:
            return found


def _check(past: Past, disabled: Mapping[str, str], receiver: str) -> None:
    if receiver not in past.watch().receivers:
        raise CannotReplay(f"receiver `{receiver}` is not configured any more: what is sent again would end as dead")
    if receiver in disabled:
        why = disabled[receiver]
        raise CannotReplay(f"receiver `{receiver}` is disabled ({why}): `rasid receivers enable {receiver}` first")
