"""Compares what had to arrive with what a receiver wrote down. Pure; finds every defect, not the first.

A store that lost what it had acknowledged may let an alert be told once more for each loss, perhaps under another id,
from another article of its story, or in other bytes. Only alerts of stories that had begun before the loss may be.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise

from standardwebhooks import Webhook

from tests.faults.articles import Expected
from tests.faults.ledger import Published, Receipt

CLOCK_SECONDS = 300
"""How old a signature may be when it arrives: what the public libraries allow."""


class Kind(StrEnum):
    LOST = "lost"  # no 2xx was ever answered to it
    UNEXPECTED = "unexpected"  # nothing was to be told
    SECOND_ID = "second id"  # one (receiver, topic, story) under more ids than stores were lost
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
class Loss:
    """When a store lost what it had: it was whole before ``began``, and new from ``ended`` on."""

    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class _Told:
    """What one request says."""

    receipt: Receipt
    topic: str
    story: str
    opener: str


Alert = tuple[str, str, str]
"""Receiver, topic, story as the daemon calls it."""


class Truth:
    """What was published, and what may come of it."""

    def __init__(self, expected: Iterable[Expected], published: Iterable[Published], losses: Sequence[Loss]) -> None:
        self.expected = list(expected)
        self._losses = losses
        self._told = {(each.topic, each.opener): each for each in self.expected}
        self._by_url = {each.url: each for each in published if each.url}
        self._began: dict[int, float] = {}
        for each in self._by_url.values():
            self._began[each.story] = min(each.at, self._began.get(each.story, each.at))

    def alert(self, told: _Told) -> Expected | None:
        """The alert that a request is about; None where there is none."""
        if (exactly := self._told.get((told.topic, told.opener))) is not None:
            return exactly
        said = self._by_url.get(told.opener)
        if said is None or told.topic not in said.topics or not self.losses_of(said.story, told.receipt.at):
            return None
        return next((each for each in self.expected if (each.topic, each.story) == (told.topic, said.story)), None)

    def losses_of(self, story: int, until: float) -> int:
        """How often what was known of a story may have been lost before a moment."""
        began = self._began.get(story, float("inf"))
        return sum(began <= loss.ended and loss.began <= until for loss in self._losses)


def check(
    expected: Sequence[Expected],
    receipts: Sequence[Receipt],
    secret: str,
    *,
    published: Sequence[Published] = (),
    losses: Sequence[Loss] = (),
) -> list[Defect]:
    """Every way in which ``receipts`` of one receiver differ from ``expected``."""
    truth = Truth(expected, published, losses)
    defects: list[Defect] = []
    told: list[_Told] = []
    for receipt in receipts:
        if not _signed(receipt, secret):
            defects.append(Defect(Kind.BAD_SIGNATURE, receipt.id))
        try:
            told.append(_read(receipt))
        except (ValueError, KeyError, IndexError, TypeError) as error:
            defects.append(Defect(Kind.UNREADABLE, f"{receipt.id}: {error!r}"))
    return [*defects, *_ids(told, truth), *_bodies(told, truth), *_outcomes(told, truth), *_order(told, truth)]


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


def opener_of(receipt: Receipt) -> str:
    """URL of the article that a request is about."""
    return str(json.loads(receipt.body)["data"]["article"]["url"])


def _grouped(told: Sequence[_Told], by: Callable[[_Told], object]) -> Mapping[object, list[_Told]]:
    groups: dict[object, list[_Told]] = defaultdict(list)
    for each in told:
        groups[by(each)].append(each)
    return groups


def _more_than(allowed: Callable[[_Told], int], group: Sequence[_Told], what: Callable[[_Told], object]) -> bool:
    """Whether a group has at some moment more of ``what`` than one and what the losses up to then allow."""
    seen: set[object] = set()
    for each in group:
        if what(each) not in seen:
            seen.add(what(each))
            if len(seen) > 1 + allowed(each):
                return True
    return False


def _ids(told: Sequence[_Told], truth: Truth) -> list[Defect]:
    def alert(each: _Told) -> object:
        about = truth.alert(each)
        return (each.receipt.receiver, each.topic, about.story if about else each.story)

    def losses(each: _Told) -> int:
        about = truth.alert(each)
        return truth.losses_of(about.story, each.receipt.at) if about else 0

    def of_story(each: _Told) -> object:
        return (each.receipt.receiver, each.topic, each.story)

    def name(each: _Told) -> object:
        return each.receipt.id

    second = [
        Defect(Kind.SECOND_ID, f"{about}: {sorted({each.receipt.id for each in group})}")
        for about, group in _grouped(told, alert).items()
        if _more_than(losses, group, name)
    ]
    # An id is computed from the story as the daemon calls it: not even a loss lets that have two.
    second += [
        Defect(Kind.SECOND_ID, f"{about}: {sorted({each.receipt.id for each in group})}")
        for about, group in _grouped(told, of_story).items()
        if _more_than(lambda _: 0, group, name)
    ]
    shared = [
        Defect(Kind.SHARED_ID, f"{one}: {sorted(map(str, {of_story(each) for each in group}))}")
        for one, group in _grouped(told, name).items()
        if _more_than(lambda _: 0, group, of_story)
    ]
    return second + shared


def _bodies(told: Sequence[_Told], truth: Truth) -> list[Defect]:
    def losses(each: _Told) -> int:
        about = truth.alert(each)
        return truth.losses_of(about.story, each.receipt.at) if about else 0

    return [
        Defect(Kind.BODY_DRIFT, f"{one}: {len({each.receipt.body for each in group})} bodies")
        for one, group in _grouped(told, lambda each: each.receipt.id).items()
        if _more_than(losses, group, lambda each: each.receipt.body)
    ]


def _outcomes(told: Sequence[_Told], truth: Truth) -> list[Defect]:
    about = [(truth.alert(each), each) for each in told]
    arrived = {(alert.topic, alert.story) for alert, each in about if alert and each.receipt.accepted}
    lost = [each for each in truth.expected if (each.topic, each.story) not in arrived]
    strange = sorted({(each.topic, each.opener) for alert, each in about if alert is None})
    return [
        *(Defect(Kind.LOST, f"{each.topic} of {each.opener}") for each in lost),
        *(Defect(Kind.UNEXPECTED, f"{topic} of {opener}") for topic, opener in strange),
    ]


def _order(told: Sequence[_Told], truth: Truth) -> list[Defect]:
    """First arrivals of each lane, compared with the order in which its alerts were opened."""
    lanes: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    for each in told:
        if (about := truth.alert(each)) is not None:
            lanes[each.receipt.receiver, about.story].setdefault(about.step, each.receipt.id)
    return [
        Defect(Kind.ORDER, f"{arrived[later]} came before {arrived[earlier]} in story {story}")
        for (_, story), arrived in lanes.items()
        for later, earlier in pairwise(arrived)
        if later > earlier
    ]
