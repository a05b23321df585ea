"""What routes, silences and inhibition look at in an alert, and whether it fits. Pure.

A condition is a key and globs. It holds where any of the globs fits the key's value; with globs that begin with ``!``,
where none of those fits (and, if there are others, any of the others does). Of a key with several values (``entity``)
a glob fits where it fits any of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache

from alerts.model import Severity

NOT = "!"
"""Before a glob: what must not fit."""

MATCH_KEYS = ("topic", "severity", "lang", "source", "entity")
"""What conditions may be about, besides ``labels.<name>``."""

STORY = "story"
"""What those of a silence may be about too: a route that is for one story would be out of date tomorrow."""

Match = Mapping[str, tuple[str, ...]]
"""Conditions, all of which must hold: key → globs."""


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """All that conditions look at."""

    topic: str
    severity: Severity
    labels: Mapping[str, str] = field(default_factory=dict)
    lang: str = ""  # of the article, as received
    source: str = ""
    entities: frozenset[str] = frozenset()  # in the evidence, each by its id and by its key: ``Q858``, ``syria``
    story: str = ""


def holds(match: Match, facts: AlertFacts) -> bool:
    """Whether every condition holds; no conditions always do."""
    return all(_fits(key, globs, facts) for key, globs in match.items())


def known_match_key(key: str) -> bool:
    """Whether a condition may be about ``key``; for those who check configuration."""
    return key in MATCH_KEYS or (key.startswith("labels.") and len(key) > len("labels."))


def _fits(key: str, globs: Iterable[str], facts: AlertFacts) -> bool:
    values = tuple(_values(key, facts))
    wanted = unwanted = False
    asked = False
    for glob in globs:
        if glob.startswith(NOT):
            unwanted = unwanted or any(_glob_fits(key, value, glob[len(NOT) :]) for value in values)
        else:
            asked = True
            wanted = wanted or any(_glob_fits(key, value, glob) for value in values)
    return not unwanted and (wanted or not asked)


def _glob_fits(key: str, value: str, glob: str) -> bool:
    if key == "lang":  # as in queries: ``ar`` also means ``ar-EG``, but not ``arz``
        value, glob = value.lower(), glob.lower()
        return _compiled(glob)(value) is not None or _compiled(glob + "-*")(value) is not None
    return _compiled(glob)(value) is not None


@lru_cache(8_192)  # a thousand silences of several globs; fnmatch itself remembers 256
def _compiled(glob: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(translate(glob)).match


def _values(key: str, facts: AlertFacts) -> Iterator[str]:
    match key:
        case "topic":
            yield facts.topic
        case "severity":
            yield facts.severity.value
        case "lang":
            yield facts.lang
        case "source":
            yield facts.source
        case "story":
            yield facts.story
        case "entity":
            yield from facts.entities
            if not facts.entities:
                yield ""
        case _:  # a label that the alert does not carry is empty, as in Alertmanager
            yield facts.labels.get(key.removeprefix("labels."), "")
