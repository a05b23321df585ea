"""Stories that the daemon knows, the one that it read of last first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alerts.notices.timestamp import rfc3339
from daemon.history.decision_line import Decision, as_written
from daemon.history.past import Past
from processors.stories.rows import StoryRow

MOST_STORIES = 500
"""In one answer."""

_OUTLETS = 8
"""Named of one story: as many as its row holds."""


@dataclass(slots=True)
class Gathered:
    """A story's decisions that were met, the newest first."""

    newest: Decision
    oldest: Decision
    articles: dict[str, None] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    languages: dict[str, None] = field(default_factory=dict)
    topics: dict[str, None] = field(default_factory=dict)
    last_event_ms: int = 0
    first_event_ms: int = 0
    founder: str = ""  # the headline of the article that began it, once met

    def add(self, decision: Decision) -> None:
        """One more, older than those before."""
        self.oldest = decision
        self.articles[decision.article] = None
        self.topics.update(dict.fromkeys(each.topic for each in decision.told))
        if decision.source:
            self.sources[decision.source] = None
        if decision.lang:
            self.languages[decision.lang.partition("-")[0].lower()] = None
        self.last_event_ms = max(self.last_event_ms, decision.event_ms)
        self.first_event_ms = min(self.first_event_ms or decision.event_ms, decision.event_ms)
        if decision.relation == "new":
            self.founder = decision.title


def gathered(decision: Decision) -> Gathered:
    """What is known of a story by its newest decision."""
    return Gathered(decision, decision)


async def list_stories(past: Past, *, topic: str, since_ms: int, limit: int) -> Sequence[dict[str, Any]]:
    """At most ``limit`` stories of which an article was read since ``since_ms``; of ``topic`` alone unless it is "".

    Ordered by when an article of each was last read here, which is the order of the log: it is looked at only as far
    back as needed for ``limit`` stories.
    """
    found: dict[str, Gathered] = {}
    async for decision in past.decisions(*([as_written(topic)] if topic else [])):
        if decision.at < since_ms:
            break
        if topic and topic not in decision.topics:
            continue
        if decision.story not in found and len(found) == limit:
            break
        found.setdefault(decision.story, gathered(decision)).add(decision)
    rows = await past.story_rows({story: each.last_event_ms for story, each in found.items()})
    return [summary(story, each, rows.get(story)) for story, each in found.items()]


def summary(story: str, known: Gathered, row: StoryRow | None) -> dict[str, Any]:
    """One story in JSON. Counts are those of its row; where that is forgotten, those of the decisions met."""
    if row is None:
        counts: Mapping[str, Any] = {
            "articles": len(known.articles),
            "independent_sources": None,
            "outlets": list(reversed(known.sources))[:_OUTLETS],
            "languages": list(reversed(known.languages)),
            "first_seen": rfc3339(known.first_event_ms),
            "last_seen": rfc3339(known.last_event_ms),
            "topics": list(reversed(known.topics)),
        }
    else:
        counts = {
            "articles": row.articles,
            "independent_sources": row.independent_sources,
            "outlets": [outlet.source or outlet.url for outlet in row.outlets[:_OUTLETS]],
            "languages": list(row.languages),
            "first_seen": rfc3339(row.first_ms),
            "last_seen": rfc3339(row.last_ms),
            "topics": list(row.alerts),
        }
    return {
        "story": story,
        "headline": known.founder or known.newest.title,
        **counts,
        "read_at": rfc3339(known.newest.at),
        "remembered": row is not None,
    }
