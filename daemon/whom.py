"""Who would be told of an alert, by which route, and what would keep it from whom. Pure; sends nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from alerts.model import Severity
from alerts.notices.facts import OPENING
from alerts.pacing.words import pacing_words
from alerts.receiver import Route
from alerts.routing.conditions import AlertFacts
from alerts.routing.inhibition import inhibited_by
from alerts.routing.routing import routed, takes
from alerts.silences.silence import Silence
from alerts.withholding import withheld
from daemon.watch import Watch


@dataclass(frozen=True, slots=True)
class ToldOf:
    """One receiver that routes lead to."""

    receiver: str
    route: str  # where it stands in the file: ``route.routes[1]``
    match: Mapping[str, tuple[str, ...]]  # of that route
    told: bool
    because: str  # why it is not told: "", "silenced", "muted", "inhibited", "takes no alert.opened"
    by: str = ""  # which silence, interval or topic
    pacing: str = ""  # what it waits for where it is told

    def shown(self) -> dict[str, Any]:
        """In JSON."""
        return {
            "receiver": self.receiver,
            "route": self.route,
            "match": {key: list(globs) for key, globs in self.match.items()},
            "told": self.told,
            "because": self.because,
            "by": self.by,
            "pacing": self.pacing,
        }


def whom(
    watch: Watch,
    facts: AlertFacts,
    silences: Sequence[Silence],
    now_ms: int,
    told: Mapping[str, Sequence[AlertFacts]] | None = None,
    *,
    urgent: bool = False,
) -> Sequence[ToldOf]:
    """Everybody whom the opening of such an alert would come to at that moment, told or not, in the order of routes.

    ``told`` are alerts of the same story that each receiver was told before. ``urgent``: its article says so of itself.
    """

    def inhibited(receiver: str) -> str:
        return inhibited_by(facts, watch.loaded.inhibitions, (told or {}).get(receiver, ()))

    urgent = urgent or facts.severity is Severity.CRITICAL
    leads_to = routed(watch.route, facts, datetime.fromtimestamp(now_ms / 1000, UTC))
    kept_from = withheld(facts, leads_to, silences, now_ms, inhibited)
    answers = []
    for name, led in leads_to.items():
        route, place = _at(watch.route, led.path)
        receiver, kept = watch.receivers[name], kept_from.get(name)
        if not takes(receiver, OPENING.type):
            answers.append(ToldOf(name, place, route.match, told=False, because=f"takes no {OPENING.type}"))
        elif kept is not None:
            answers.append(ToldOf(name, place, route.match, told=False, because=kept.why, by=kept.by))
        else:
            words = pacing_words(led.pacing, now_ms, urgent=urgent)
            answers.append(ToldOf(name, place, route.match, told=True, because="", pacing=words))
    return answers


def _at(root: Route, path: Sequence[int]) -> tuple[Route, str]:
    route, place = root, "route"
    for number in path:
        route, place = route.routes[number], f"{place}.routes[{number}]"
    return route, place
