"""Whether a report tells the event of a story in other words, and why. Pure; figures in ``docs/stories.md``.

A story is more than its last report: what a new one has in common with *all* kept reports of the story, the founder's
first, must reach what is asked. More is asked of a story that is older or has more reports, since a subject goes on
for weeks and an event does not. So no story drifts through a subject, one report reaching for the next.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from processors.stories.copies import filled_in_anew
from processors.stories.event_time import milliseconds
from processors.stories.fingerprint import Fingerprint
from processors.stories.grounds import Ground, GroundCode, percent
from processors.stories.kinship import Kinship, kinship
from processors.stories.rows import StoryRow

THRESHOLD = 0.16
"""Of the mean kinship with a story's reports. One setting for all languages, short and long, alone and in a stream."""

PER_DAY = 0.16
"""More for each day between the story's first report and the new one."""

MOST_DAYS = 3.0
"""As long as the default window: a story that goes on for longer is reported of in new words each day."""

PER_DOUBLING = 0.06
"""More for twice as many different reports: the latest of a long story have its subject in common with any other."""

OTHER_TOPICS = 2.0
"""Times as much of a report that concerns none of the topics that the story was told under: two that nobody watches for
the same reason share a capital and a ministry, seldom an event."""

MIN_SHARED = 2
"""Keys in common: one is a name, not an event."""

MIN_SHARE = 0.3
"""Of the shorter opening's keys: two headlines that name one town tell two things."""

ENOUGH = 3
"""Keys in common that a long opening needs, however many it has."""

NAMED = 6
"""Words of each kind that a reason lists."""

_DAY_MS = timedelta(days=1) // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """A story tells the same event: ``article`` is its report that has most in common. ``score`` orders candidates."""

    article: str
    score: float
    because: tuple[Ground, ...]


def same_story(new: Fingerprint, row: StoryRow, moment: datetime, topics: Collection[str] | None = None) -> Told | None:
    """Why ``new``, of that moment, tells the event that a story's reports tell; None if it does not.

    ``topics`` are those that it concerns, None where nobody watches for any.
    """
    kin = [kinship(new.evidence, old.evidence) for old in row.prints]
    if not kin:
        return None
    score = sum(each.score for each in kin) / len(kin)
    asked = asked_of(row, moment, topics)
    if score < asked:
        return None
    best = max(range(len(kin)), key=lambda place: (kin[place].score, -place))
    old = row.prints[best]
    if len(kin[best].shared) < max(MIN_SHARED, min(ENOUGH, math.ceil(MIN_SHARE * kin[best].fewest))):
        return None
    if any(filled_in_anew(new, each) for each in row.prints):
        return None
    return Told(old.article, score, reasons(kin[best], dict(new.terms), len(kin), score, asked))


def asked_of(row: StoryRow, moment: datetime, topics: Collection[str] | None = None) -> float:
    """How much a report of that moment, of those topics, must have in common with a story."""
    days = min(MOST_DAYS, abs(milliseconds(moment) - row.first_ms) / _DAY_MS)
    asked = THRESHOLD + PER_DAY * days + PER_DOUBLING * math.log2(max(1, len(row.prints)))
    elsewhere = topics is not None and row.alerts and row.alerts.keys().isdisjoint(topics)
    return OTHER_TOPICS * asked if elsewhere else asked


def reasons(of: Kinship, terms: Mapping[int, str], reports: int, score: float, asked: float) -> tuple[Ground, ...]:
    """How much is common, how much was asked, and what it is."""
    found = [terms[key] for key in of.shared if key in terms]
    figures = [word.replace("d", ".") for word in found if word[0].isdecimal()]
    words = [word for word in found if not word[0].isdecimal()]
    return (
        Ground(GroundCode.STORY_REPORTS, percent(score), percent(asked), reports),
        *_list(GroundCode.COMMON_WORDS, words),
        *_list(GroundCode.COMMON_FIGURES, figures),
    )


def _list(code: GroundCode, words: Sequence[str]) -> Sequence[Ground]:
    return (Ground(code, words=tuple(words[:NAMED])),) if words else ()
