"""One time that an article was read, and what came of it for one topic, as ``rasid why`` tells it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from alerts.notices.timestamp import rfc3339
from daemon.history.decision_line import Decision


class Answer(StrEnum):
    """What became of the article, most telling first."""

    ALERTED = "alerted"  # it led to a notice
    HELD = "held"  # it brought news of a known alert, which waits for the floor between updates to pass
    REPEAT = "repeat"  # it matched, and its story was told of already
    SILENCED = "silenced"  # it was new, and a silence kept it from all whom its routes lead to
    INHIBITED = "inhibited"  # the same, by another alert of its story
    MUTED = "muted"  # the same, by a time interval of its routes
    UNROUTED = "unrouted"  # it matched, and no route sends that anywhere
    MATCHES_NOW = "matches_now"  # it did not match then, and does with the topics of now
    EXCLUDED = "excluded"
    BELOW_THRESHOLD = "below_threshold"
    NEAR_MISS = "near_miss"  # no clause holds
    NEAR = "near"  # the topic's words may be in it; its text was not kept
    INVALID = "invalid"  # the record was no article
    PERHAPS_NEAR = "perhaps_near"  # it was read while more was near than is written down
    NOT_CONCERNED = "not_concerned"  # words or names that the topic needs are not in it
    FORGOTTEN = "forgotten"  # it was read, before the oldest decision that is still kept
    NEVER_SEEN = "never_seen"


@dataclass(slots=True)
class Reading:
    """One time that the article was read, and what came of it for the topic."""

    at: int
    answer: Answer
    says: str
    details: dict[str, Any] = field(default_factory=dict)
    decision: Decision | None = None  # where it was one

    def shown(self) -> dict[str, Any]:
        """In JSON."""
        return {"at": rfc3339(self.at), "answer": self.answer.value, "says": self.says, **self.details}
