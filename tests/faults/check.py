"""Compares what had to arrive with what a receiver wrote down. Pure; finds every defect, not the first."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise

from standardwebhooks import Webhook

from tests.faults.articles import Expected
from tests.faults.ledger import Receipt

CLOCK_SECONDS = 300
"""How old a signature may be when it arrives: what the public libraries allow."""


class Kind(StrEnum):
    LOST = "lost"  # no 2xx was ever answered to it
    UNEXPECTED = "unexpected"  # nothing was to be told
    SECOND_ID = "second id"  # one (receiver, topic, story) under two ids
    SHARED_ID = "shared id"  # one id for two alerts
    BODY_DRIFT = "body drift"  # a repeat with other bytes
    BAD_SIGNATURE = "bad signature"
    ORDER = "order"  # a later alert of a story arrived before an earlier one
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Defect:
    kind: Kind
    detail: str


@dataclass(frozen=True, slots=True)
class _Told:
    """What one request says."""

    receipt: Receipt
    topic: str
    story: str
    opener: str


def check(expected: Sequence[Expected], receipts: Sequence[Receipt], secret: str) -> list[Defect]:
    """Every way in which ``receipts`` of one receiver differ from ``expected``."""
    defects: list[Defect] = []
    told: list[_Told] = []
    for receipt in receipts:
        if not _signed(receipt, secret):
            defects.append(Defect(Kind.BAD_SIGNATURE, receipt.id))
        try:
            told.append(_read(receipt))
        except (ValueError, KeyError, IndexError, TypeError) as error:
            defects.append(Defect(Kind.UNREADABLE, f"{receipt.id}: {error!r}"))
    return [*defects, *_ids(told), *_bodies(told), *_outcomes(expected, told), *_order(expected, told)]


def _signed(receipt: Receipt, secret: str) -> bool:
    """Whether one of the signatures is what the public library makes of it, and was fresh on arrival."""
    try:
        at = datetime.fromtimestamp(int(receipt.headers["webhook-timestamp"]), UTC)
        right = Webhook(secret).sign(receipt.id, at, receipt.body.decode())
    except (KeyError, ValueError):
        return False
    fresh = abs(at.timestamp() - receipt.at) < CLOCK_SECONDS
    return fresh and right in receipt.headers.get("webhook-signature", "").split()


def _read(receipt: Receipt) -> _Told:
    data = json.loads(receipt.body)["data"]
    return _Told(receipt, data["alert"]["topics"][0]["id"], data["story"]["id"], data["article"]["url"])


def _ids(told: Sequence[_Told]) -> list[Defect]:
    under: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    means: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for each in told:
        alert = (each.receipt.receiver, each.topic, each.story)
        under[alert].add(each.receipt.id)
        means[each.receipt.id].add(alert)
    second = [Defect(Kind.SECOND_ID, f"{alert}: {sorted(ids)}") for alert, ids in under.items() if len(ids) > 1]
    shared = [Defect(Kind.SHARED_ID, f"{one}: {sorted(alerts)}") for one, alerts in means.items() if len(alerts) > 1]
    return second + shared


def _bodies(told: Sequence[_Told]) -> list[Defect]:
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for each in told:
        bodies[each.receipt.id].add(each.receipt.body)
    return [Defect(Kind.BODY_DRIFT, f"{one}: {len(seen)} bodies") for one, seen in bodies.items() if len(seen) > 1]


def _outcomes(expected: Sequence[Expected], told: Sequence[_Told]) -> list[Defect]:
    wanted = {(each.topic, each.opener) for each in expected}
    came = {(each.topic, each.opener) for each in told}
    arrived = {(each.topic, each.opener) for each in told if 200 <= each.receipt.status < 300}
    lost = [Defect(Kind.LOST, f"{topic} of {opener}") for topic, opener in sorted(wanted - arrived)]
    return lost + [Defect(Kind.UNEXPECTED, f"{topic} of {opener}") for topic, opener in sorted(came - wanted)]


def _order(expected: Sequence[Expected], told: Sequence[_Told]) -> list[Defect]:
    """First arrivals of each lane, compared with the order in which its alerts were opened."""
    step = {(each.topic, each.opener): (each.story, each.step) for each in expected}
    lanes: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    for each in told:
        if (found := step.get((each.topic, each.opener))) is not None:
            lanes[each.receipt.receiver, found[0]].setdefault(found[1], each.receipt.id)
    return [
        Defect(Kind.ORDER, f"{arrived[later]} came before {arrived[earlier]} in story {story}")
        for (_, story), arrived in lanes.items()
        for later, earlier in pairwise(arrived)
        if later > earlier
    ]


def recovery_seconds(restarts: Sequence[float], receipts: Sequence[Receipt]) -> list[float]:
    """From each restart to the first request that reached the receiver after it; at most to the next restart."""
    arrivals = sorted(receipt.at for receipt in receipts)
    recovered = []
    for restart, following in zip(restarts, [*restarts[1:], float("inf")], strict=True):
        after = next((at for at in arrivals if at >= restart), None)
        if after is not None and after < following:
            recovered.append(after - restart)
    return recovered
