"""Who is told: receivers, and the tree of routes that leads to them. Values only; ``daemon/config/`` builds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from alerts.pacing.pacing import AT_ONCE, Pacing
from alerts.rate import Rate
from alerts.rendering.event import Style
from alerts.rendering.told import Templates
from alerts.retry import DEFAULT_SCHEDULE
from alerts.routing.time_intervals import TimeInterval
from alerts.secret_text import SecretText
from alerts.senders.denied_addresses import Network
from alerts.senders.signature import SigningKey
from alerts.target import Target, Webhook
from processors.stories.reasons import Updates

# Enough for 160 webhooks a second at a receiver that takes 100 ms, few enough not to be taken for an attack.
DEFAULT_MAX_IN_FLIGHT = 16


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody that alerts can be routed to. Known by its name: the URL and secrets may change."""

    name: str
    url: str = field(repr=False)  # may hold a token; empty where its kind is not called by one
    secrets: tuple[SigningKey, ...]  # all of them sign, so that a key can be replaced without a gap
    events: tuple[str, ...] = ("alert.*",)  # globs over the types of event it wants
    allow: tuple[Network, ...] = ()  # networks it may be in although they are private
    retry: tuple[timedelta, ...] = DEFAULT_SCHEDULE  # the wait before each attempt
    max_in_flight: int = DEFAULT_MAX_IN_FLIGHT  # requests open at once, from one process
    rate: Rate | None = None  # requests in a span of time, from all processes together; None: no limit
    heartbeat: timedelta | None = None  # it hears that we are well so often; None: never
    target: Target = field(default_factory=Webhook)
    style: Style = field(default_factory=Style)  # of our own words and times, where people read them
    templates: Templates = field(default_factory=Templates, repr=False)
    concealed: tuple[SecretText, ...] = field(default=(), repr=False)  # all its secrets, to be masked where they show


@dataclass(frozen=True, slots=True)
class Route:
    """A node of the routing tree, with Alertmanager's meaning."""

    receiver: str = ""  # empty: the parent's
    match: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key → globs, any of which must hold
    go_on: bool = False  # ``continue``: look at the following siblings too
    pacing: Pacing = AT_ONCE  # what it inherits included
    updates: Updates | None = None  # of a topic's, those that it lets through; None: all of the parent's
    mute: tuple[TimeInterval, ...] = ()  # nobody is told by this route while any of these holds
    locale: str = ""  # of our words, by this route and its children; empty: the parent's, in the end the receiver's
    timezone: str = ""  # of times that people read, in the same way
    active: tuple[TimeInterval, ...] = ()  # nor, if there are any, while none of these does
    routes: tuple["Route", ...] = ()
