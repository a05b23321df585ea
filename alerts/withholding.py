"""Why a notice that routes lead to somebody is not told there, by what a desk has set. Pure.

What is withheld is not told later. See ``docs/route.md``.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

import msgspec

from alerts.routing.conditions import AlertFacts
from alerts.routing.routing import Led
from alerts.silences.silence import Silence, silenced_by


class Why(StrEnum):
    """The first of these that holds is the reason. Also a metric's label, and the record's outcome."""

    MUTED = "muted"  # by the time intervals of its route
    SILENCED = "silenced"  # by somebody who asked for it
    INHIBITED = "inhibited"  # by another alert of the story, which the receiver was told


class Withheld(msgspec.Struct, frozen=True, array_like=True):
    """One receiver that is not told, as it stands in the decision log."""

    receiver: str
    why: str
    by: str  # the time interval's name, the silence's id, the topic that inhibits


def withheld(
    facts: AlertFacts,
    leads_to: Mapping[str, Led],
    silences: Iterable[Silence],
    now_ms: int,
    inhibited: Callable[[str], str] = lambda receiver: "",
) -> Mapping[str, Withheld]:
    """Those of the receivers that a notice leads to who are not told now.

    ``inhibited`` names, for a receiver, the topic of the alert that inhibits this one there, "" for none.
    """
    silence = silenced_by(facts, silences, now_ms)
    found: dict[str, Withheld] = {}
    for name, led in leads_to.items():
        if led.muted:
            found[name] = Withheld(name, Why.MUTED.value, led.muted)
        elif silence is not None:
            found[name] = Withheld(name, Why.SILENCED.value, silence.id)
        elif topic := inhibited(name):
            found[name] = Withheld(name, Why.INHIBITED.value, topic)
    return found
