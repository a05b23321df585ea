"""A page made of several lists, each ordered from the newest to the oldest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.deliveries.deliveries import Place


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found in one list, and the last place that was looked at; None: all of it was."""

    found: Sequence[Place]
    reached: Place | None


def merged(lists: Sequence[Listed], limit: int) -> tuple[Sequence[Place], Place | None]:
    """At most ``limit`` places, the newest first, and where to go on (None: there is no more).

    Nothing older than what every list was looked through to: it would stand before what is found there later.
    """
    bound = max((each.reached for each in lists if each.reached is not None), default=None)
    known = sorted((place for each in lists for place in each.found if bound is None or place >= bound), reverse=True)
    if len(known) > limit or (len(known) == limit and bound is not None):
        return known[:limit], known[limit - 1]
    return known, bound
