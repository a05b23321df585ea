"""Which receivers get an alert. Pure: the same tree, facts and moment always give the same.

- A route holds when its conditions do (``conditions.py``). No conditions: it always holds.
- The first child that holds takes the alert, and the following ones are asked only if it says ``continue``.
- A route none of whose children holds keeps the alert itself. A route without a receiver uses its parent's.
- A route's updates narrow those of its parent; its locale and timezone take their place.
- A route that is muted takes the alert as it always does, and tells nobody. Its children are not muted by it.
- A receiver reached twice is named once, through the first of these routes that is not muted, else the first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from alerts.pacing.pacing import AT_ONCE, Pacing
from alerts.receiver import Receiver, Route
from alerts.routing.conditions import AlertFacts, holds
from processors.stories.reasons import ANY_UPDATES, Updates


@dataclass(frozen=True, slots=True)
class Led:
    """How an alert comes to a receiver."""

    updates: Updates  # that reach it
    path: tuple[int, ...] = ()  # of the route: the number of the child at each step from the root, from 0
    muted: str = ""  # the time interval because of which nothing is told now
    locale: str = ""  # of our words and times, where the route asks for one
    timezone: str = ""
    pacing: Pacing = AT_ONCE  # how it is told there


def routed(root: Route, facts: AlertFacts, moment: datetime | None = None) -> Mapping[str, Led]:
    """The receivers of an alert, in the order of the routes, and how it comes to each at that moment.

    Without a moment nothing is muted. Empty: nobody is told.
    """
    found: dict[str, Led] = {}
    for name, led in _walk(root, facts, "", Led(ANY_UPDATES), moment):
        if name and (name not in found or (found[name].muted and not led.muted)):
            found[name] = led
    return found


def muted(route: Route, moment: datetime) -> str:
    """The interval that mutes a route, or those outside of which it is: ``nights``, ``not in working-hours``."""
    for interval in route.mute:
        if interval.holds(moment):
            return interval.name
    if route.active and not any(interval.holds(moment) for interval in route.active):
        return f"not in {' or '.join(interval.name for interval in route.active)}"
    return ""


def repeats(root: Route) -> bool:
    """Whether any route tells again what goes on."""
    return root.pacing.again_ms > 0 or any(map(repeats, root.routes))


def takes(receiver: Receiver, event_type: str) -> bool:
    """Whether the receiver asked for events of this type (``alert.opened``)."""
    return any(fnmatchcase(event_type, pattern) for pattern in receiver.events)


def _walk(
    route: Route, facts: AlertFacts, inherited: str, above: Led, moment: datetime | None
) -> Iterator[tuple[str, Led]]:
    receiver = route.receiver or inherited
    here = Led(
        updates=above.updates if route.updates is None else route.updates.within(above.updates),
        path=above.path,
        locale=route.locale or above.locale,
        timezone=route.timezone or above.timezone,
        pacing=route.pacing,
    )
    taken = False
    for number, child in enumerate(route.routes):
        if holds(child.match, facts):
            taken = True
            yield from _walk(child, facts, receiver, replace(here, path=(*here.path, number)), moment)
            if not child.go_on:
                break
    if not taken:
        yield receiver, replace(here, muted=muted(route, moment) if moment is not None else "")
