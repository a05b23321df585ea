"""What routes, silences and inhibition look at in an alert, and whether it fits. Pure.

A condition is a key and globs. It holds where any of the globs fits the key's value; with globs that begin with ``!``,
where none of those fits (and, if there are others, any of the others does). Of a key with several values (``entity``)
a glob fits where it fits any of them.
"""

import re
from collections.abc import Callable, Collection, Mapping
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


def _fits(key: str, globs: tuple[str, ...], facts: AlertFacts) -> bool:
    wanted, unwanted = _compiled(key == "lang", tuple(globs))
    values = _values(key, facts)
    for fits in unwanted:
        for value in values:
            if fits(value):
                return False
    for fits in wanted:
        for value in values:
            if fits(value):
                return True
    return not wanted


Fits = Callable[[str], object]
"""Whether a value fits one glob: true, or not."""


@lru_cache(8_192)  # a thousand silences, and the routes
def _compiled(language: bool, globs: tuple[str, ...]) -> tuple[tuple[Fits, ...], tuple[Fits, ...]]:
    """What a value must fit any of, and what it must not."""
    make = _of_language if language else _of_glob
    wanted = tuple(make(glob) for glob in globs if not glob.startswith(NOT))
    return wanted, tuple(make(glob.removeprefix(NOT)) for glob in globs if glob.startswith(NOT))


def _of_glob(glob: str) -> Fits:
    return re.compile(translate(glob)).match if any(sign in glob for sign in "*?[") else glob.__eq__


def _of_language(glob: str) -> Fits:
    """As in queries: ``ar`` also means ``ar-EG``, but not ``arz``."""
    exact, longer = _of_glob(glob.lower()), _of_glob(glob.lower() + "-*")
    return lambda value: exact(value.lower()) or longer(value.lower())


def _values(key: str, facts: AlertFacts) -> Collection[str]:
    match key:
        case "topic":
            return (facts.topic,)
        case "severity":
            return (facts.severity.value,)
        case "lang":
            return (facts.lang,)
        case "source":
            return (facts.source,)
        case "story":
            return (facts.story,)
        case "entity":
            return facts.entities or ("",)
        case _:  # a label that the alert does not carry is empty, as in Alertmanager
            return (facts.labels.get(key.removeprefix("labels."), ""),)
