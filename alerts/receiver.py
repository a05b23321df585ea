"""Who is told: receivers, and the tree of routes that leads to them. Values only; ``daemon/config.py`` builds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from alerts.denied_addresses import Network
from alerts.retry import DEFAULT_SCHEDULE
from alerts.signature import Secret
from processors.stories.reasons import Updates

# Enough for 160 webhooks a second at a receiver that takes 100 ms, few enough not to be taken for an attack.
DEFAULT_MAX_IN_FLIGHT = 16


@dataclass(frozen=True, slots=True)
class Receiver:
    """A webhook endpoint that alerts can be routed to. Known by its name: the URL and secrets may change."""

    name: str
    url: str
    secrets: tuple[Secret, ...]  # all of them sign, so that a key can be replaced without a gap
    events: tuple[str, ...] = ("alert.*",)  # globs over the types of event it wants
    allow: tuple[Network, ...] = ()  # networks it may be in although they are private
    retry: tuple[timedelta, ...] = DEFAULT_SCHEDULE  # the wait before each attempt
    max_in_flight: int = DEFAULT_MAX_IN_FLIGHT  # requests open at once, from one process


@dataclass(frozen=True, slots=True)
class Route:
    """A node of the routing tree, with Alertmanager's meaning."""

    receiver: str = ""  # empty: the parent's
    match: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key → globs, any of which must hold
    go_on: bool = False  # ``continue``: look at the following siblings too
    group_by: tuple[str, ...] = ("story",)
    updates: Updates | None = None  # of a topic's, those that it lets through; None: all of the parent's
    routes: tuple["Route", ...] = ()
