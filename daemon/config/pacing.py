"""How a route paces what it tells, in the configuration file, as types.

Floors keep a slip of the keyboard from becoming a storm, and one of the clock from keeping news for days.
"""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from alerts.pacing.pacing import EACH, GROUP_KEYS, Allowed
from alerts.pacing.schedule import Schedule, hour
from daemon.config.locale import Zone
from daemon.config.values import Duration, Section, Several, show_duration
from processors.yaml_document import nearest

LEAST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(hours=1)
"""Less than a second gathers nothing; after an hour news is none."""

LEAST_INTERVAL, LONGEST_INTERVAL = timedelta(seconds=10), timedelta(hours=24)
"""Less is no pause for a reader; the store remembers for a day when a group was told."""

LEAST_REPEAT, LONGEST_REPEAT = timedelta(minutes=30), timedelta(hours=72)
"""More often is a siren and no reminder; after the widest window of a story nothing joins it."""

LEAST_SLOT, LONGEST_SLOT = timedelta(minutes=1), timedelta(hours=24)

LEAST_BETWEEN = 15
"""Minutes between two digests of one route: more are no digests."""

MOST_TOP = 30
"""Stories that fit into a body of 20 kB, with long headlines."""

CALLED_ELSEWHERE = {"alertname": "topic", "language": "lang", "country": "entity", "outlet": "source"}
"""What people write who come from other tools, or from the text of an alert."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def _span(least: timedelta, longest: timedelta, what: str) -> AfterValidator:
    def within(span: timedelta) -> timedelta:
        if span and not least <= span <= longest:
            raise ValueError(f"{what} is 0, or from {show_duration(least)} to {show_duration(longest)}")
        return span

    return AfterValidator(within)


def _known_group_by(keys: tuple[str, ...]) -> tuple[str, ...]:
    known = (*GROUP_KEYS, EACH, "labels.NAME")
    for key in keys:
        if key in CALLED_ELSEWHERE:
            raise ValueError(f"nothing is grouped by `{key}`: here that is `{CALLED_ELSEWHERE[key]}`")
        if key not in known and not re.fullmatch(r"labels\..+", key):
            expected = f"; expected {', '.join(known)}; a label of the topic is `labels.{key}`"
            raise ValueError(f"nothing is grouped by `{key}`{nearest(key, known) or expected}")
    if len(set(keys)) < len(keys):
        raise ValueError("something stands twice in it")
    if EACH in keys and len(keys) > 1:
        raise ValueError(f"`{EACH}` is each alert by itself: it stands alone")
    return keys


GroupBy = Annotated[Several, AfterValidator(_known_group_by)]
GroupWait = Annotated[Duration, _span(LEAST_WAIT, LONGEST_WAIT, "group_wait")]
GroupInterval = Annotated[Duration, _span(LEAST_INTERVAL, LONGEST_INTERVAL, "group_interval")]
RepeatInterval = Annotated[Duration, _span(LEAST_REPEAT, LONGEST_REPEAT, "repeat_interval")]


def _hours(written: Any) -> Any:
    """YAML reads ``18:00`` as 1080, a number of sixties."""
    several = written if isinstance(written, list | tuple) else (written,)
    return tuple(hour(each) if type(each) is int and 0 <= each < 24 * 60 else each for each in several)


class ThrottleConfig(Section):
    """At most so many notifications in a slot of time; what is more is told in one digest at its end."""

    most: int = Field(ge=1, le=1_000, description="Notifications in a slot, of any one severity or above.")
    per: Annotated[Duration, _span(LEAST_SLOT, LONGEST_SLOT, "per")] = Field(
        description="How long a slot is; slots begin at whole multiples of it, in UTC: `1h` at each full hour."
    )
    by: Literal["topic", "receiver"] = Field(
        default="topic",
        description="What is counted together: each `topic` of a receiver, or all of the `receiver`.",
    )

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if not self.per:
            raise ValueError("write how long a slot is, like `per: 1h`")
        return self

    def allowed(self) -> Allowed:
        """The value."""
        return Allowed(self.most, round(self.per.total_seconds() * 1000), self.by == "topic")


class ScheduleConfig(Section):
    """Everything that comes between two hours is told at the second, the stories of most independent sources first."""

    at: Annotated[tuple[str, ...], BeforeValidator(_hours)] = Field(
        min_length=1, max_length=24, description='Hours of every day, in quotes: `["08:00", "18:00"]`.'
    )
    timezone: Zone | None = Field(
        default=None, description="The clock of these hours; absent: the route's `timezone`, in the end UTC."
    )
    top: int = Field(default=10, ge=1, le=MOST_TOP, description="Stories shown; of the others it says how many.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        minutes = self.minutes
        between = [later - sooner for sooner, later in zip(minutes, (*minutes[1:], minutes[0] + 24 * 60), strict=True)]
        if min(between) < LEAST_BETWEEN:
            raise ValueError(f"two of these hours are less than {LEAST_BETWEEN} minutes apart")
        return self

    @property
    def minutes(self) -> tuple[int, ...]:
        """Of the day, ascending."""
        found = []
        for written in self.at:
            time = _TIME.fullmatch(written)
            if time is None:
                raise ValueError(f'`{written}` is no hour of a day: write it in quotes, from "00:00" to "23:59"')
            found.append(int(time[1]) * 60 + int(time[2]))
        return tuple(sorted(found))

    def schedule(self, zone: str) -> Schedule:
        """The value; ``zone`` is the route's."""
        name = self.timezone or zone or "UTC"
        return Schedule(self.minutes, ZoneInfo(name), name, self.top)
