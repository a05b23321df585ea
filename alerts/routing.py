"""Which receivers get an alert. Pure: the same tree and facts always give the same names.

- A route holds when each of its match keys holds; a key holds when any of its globs fits. No keys: it always holds.
- The first child that holds takes the alert, and the following ones are asked only if it says ``continue``.
- A route none of whose children holds keeps the alert itself. A route without a receiver uses its parent's.
- A receiver reached twice is named once, and gets the updates that the first of these routes lets through.
- A route's updates narrow those of its parent.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from alerts.model import Severity
from alerts.receiver import Receiver, Route
from processors.stories.reasons import ANY_UPDATES, Updates

MATCH_KEYS = ("topic", "severity", "lang", "source")
"""What a route may match on, besides ``labels.<name>``."""


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """All that routing looks at."""

    topic: str
    severity: Severity
    labels: Mapping[str, str] = field(default_factory=dict)
    lang: str = ""  # of the article, as received
    source: str = ""


def receivers_for(root: Route, facts: AlertFacts) -> tuple[str, ...]:
    """The receivers of an alert, in the order of the routes, each once. Empty: nobody is told."""
    return tuple(routed(root, facts))


def routed(root: Route, facts: AlertFacts) -> Mapping[str, Updates]:
    """The same, with the updates that reach each."""
    found: dict[str, Updates] = {}
    for name, updates in _walk(root, facts, "", ANY_UPDATES):
        if name:
            found.setdefault(name, updates)
    return found


def takes(receiver: Receiver, event_type: str) -> bool:
    """Whether the receiver asked for events of this type (``alert.opened``)."""
    return any(fnmatchcase(event_type, pattern) for pattern in receiver.events)


def known_match_key(key: str) -> bool:
    """Whether a route may match on ``key``; for those who check configuration."""
    return key in MATCH_KEYS or (key.startswith("labels.") and len(key) > len("labels."))


def _walk(route: Route, facts: AlertFacts, inherited: str, above: Updates) -> Iterator[tuple[str, Updates]]:
    receiver = route.receiver or inherited
    updates = above if route.updates is None else route.updates.within(above)
    taken = False
    for child in route.routes:
        if _holds(child, facts):
            taken = True
            yield from _walk(child, facts, receiver, updates)
            if not child.go_on:
                break
    if not taken:
        yield receiver, updates


def _holds(route: Route, facts: AlertFacts) -> bool:
    return all(_fits(key, patterns, facts) for key, patterns in route.match.items())


def _fits(key: str, patterns: Iterable[str], facts: AlertFacts) -> bool:
    if key == "lang":
        return any(_lang_fits(facts.lang.lower(), pattern.lower()) for pattern in patterns)
    value = _value(key, facts)
    return any(fnmatchcase(value, pattern) for pattern in patterns)


def _lang_fits(lang: str, pattern: str) -> bool:
    # As in queries: ``ar`` also means ``ar-EG``, but not ``arz``.
    return fnmatchcase(lang, pattern) or fnmatchcase(lang, pattern + "-*")


def _value(key: str, facts: AlertFacts) -> str:
    match key:
        case "topic":
            return facts.topic
        case "severity":
            return facts.severity.value
        case "source":
            return facts.source
        case _:  # a label that the alert does not carry is empty, as in Alertmanager
            return facts.labels.get(key.removeprefix("labels."), "")
