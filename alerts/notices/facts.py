"""What a payload is built from, besides the article and the verdict. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alerts.model import Severity
from processors.stories.reasons import TOPIC_UPDATES, Updates


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """What a subscriber is told about a topic."""

    id: str
    severity: Severity = Severity.INFO
    labels: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)  # by language
    updates: Updates = TOPIC_UPDATES  # which developments of a story it tells


@dataclass(frozen=True, slots=True)
class Outlet:
    """One source that carries a story."""

    source: str
    url: str = ""
    origin: str = ""  # whose report it carries: an agency's key, an outlet's name


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which outlets of a group that somebody watches carry a story, and which do not."""

    group: str
    carrying: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """A story as it stands, the present article included."""

    id: str
    first_seen_ms: int
    articles: int = 1
    sources: int = 1  # independent ones: copies of a wire's text count once
    carriers: int = 1  # different outlets
    outlets: tuple[Outlet, ...] = ()  # in order of appearance, the first outlet first
    coverage: tuple[Coverage, ...] = ()  # by the groups of the configuration
    languages: tuple[str, ...] = ()  # in order of appearance


@dataclass(frozen=True, slots=True)
class EntityNames:
    """How an entity is called in the two scripts, for readers of either."""

    arabic: str = ""
    latin: str = ""
    key: str = ""  # by which files name it: ``syria``


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Which notice of an alert this is: the opening, unless said otherwise."""

    type: str = "alert.opened"
    keys: tuple[tuple[str, str], ...] = (("opened", ""),)  # kind and key of each thing that it says
    reason: str = "opened"
    number: int = 1
    previous: str | None = None  # the notice before
    delta: Mapping[str, Any] | None = None  # what is new since then, as it goes on the wire
    news: str = ""  # the same in a few words


OPENING = NoticeFacts()


@dataclass(frozen=True, slots=True)
class Moments:
    """When an article passed each point, in milliseconds since 1970. ``admitted_ms`` is "now"."""

    admitted_ms: int
    matched_ms: int | None = None
    appended_ms: int | None = None
