"""Why a story that was told is told again, and what may be chosen about it. Values only."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """What is new about a story, the most telling first. Also a metric label, and a word of topic files."""

    RETRACTION = "retraction"  # an article takes something back
    DENIAL = "denial"  # an office denies it, or an edited headline does
    FIGURES = "figures"  # an edited headline has another number
    SOURCES = "sources"  # so many independent reports
    COUNTRY = "country"  # another one in a headline
    ENTITY = "entity"  # another person, body, party or armed group in a headline
    LANGUAGE = "language"  # the story is told in another one
    REPEAT = "repeat"  # nothing: it goes on, and a route tells it again (``repeat_interval``)


DEVELOPMENTS = tuple(reason for reason in Reason if reason is not Reason.REPEAT)
"""Those that a story has of itself, which topics and routes may choose from."""

CORRECTIONS = frozenset({Reason.RETRACTION, Reason.DENIAL})
"""What makes a notice ``alert.corrected``: no floor holds it back."""

DEFAULT_SOURCES = (3, 10, 30)
"""The third report confirms, the tenth says that everybody has it, the thirtieth that it leads the day."""

DEFAULT_FLOOR = timedelta(minutes=15)
"""Within a quarter of an hour of a breaking story most outlets follow: a desk then gets one update and not ten."""


@dataclass(frozen=True, slots=True)
class Updates:
    """Which updates a topic makes, or a route lets through."""

    on: frozenset[Reason] = frozenset(DEVELOPMENTS)
    sources: tuple[int, ...] | None = None  # counts that are told; None: the default of whoever asks
    floor: timedelta = timedelta(0)  # between two updates of one alert to one receiver

    def within(self, outer: Self) -> Self:
        """These, of a route, inside those of its topic or of the route above: reasons that both take, the longer floor,
        and the route's own counts of sources where it has any."""
        sources = outer.sources if self.sources is None else self.sources
        return type(self)(self.on & outer.on, sources, max(self.floor, outer.floor))


TOPIC_UPDATES = Updates(sources=DEFAULT_SOURCES, floor=DEFAULT_FLOOR)
"""Of a topic whose file says nothing about updates."""

ANY_UPDATES = Updates()
"""Of a route that says nothing: all that the topic makes."""
