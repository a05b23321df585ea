"""The routing tree in the configuration file, as types."""

from pydantic import Field

from daemon.config.locale import Locale, Zone
from daemon.config.pacing import GroupBy, GroupInterval, GroupWait, RepeatInterval, ScheduleConfig, ThrottleConfig
from daemon.config.values import Section, Several
from processors.stories.updates_file import UpdatesFile


class RouteConfig(Section):
    """A node of the routing tree, with Alertmanager's meaning."""

    receiver: str | None = Field(default=None, description="Name of a receiver; absent: the parent's.")
    match: dict[str, Several] = Field(
        default={},
        description="`topic`, `severity`, `lang`, `source`, `entity`, `labels.NAME`: a glob or several, any of which "
        'may fit; in quotes, `"!GLOB"` must not.',
    )
    continue_: bool = Field(default=False, alias="continue", description="Also ask the routes after this one.")
    group_by: GroupBy | None = Field(
        default=None,
        max_length=5,
        description="What notices are told together: those alike in `story`, `topic`, `severity`, `source`, `lang`, "
        "`entity` (the one found first), `labels.NAME`; `...` is each alert by itself, `[]` all of a receiver. "
        "Absent: the parent's, in the end `[story]`.",
    )
    group_wait: GroupWait | None = Field(
        default=None, description="How long the first notice of a group waits for others; absent: the parent's, `0s`."
    )
    group_interval: GroupInterval | None = Field(
        default=None, description="A group is told no sooner than this after it was; absent: the parent's, `0s`."
    )
    repeat_interval: RepeatInterval | None = Field(
        default=None,
        description="A story that goes on is told again when nothing was told of it for so long, until somebody judges "
        "or silences it; absent: the parent's, `0s`: never.",
    )
    throttle: ThrottleConfig | None = Field(
        default=None, description="At most so many notifications in a slot of time; absent: the parent's, none."
    )
    digest: ScheduleConfig | None = Field(
        default=None, description="This route, not its children, tells at fixed hours, in one digest."
    )
    updates: UpdatesFile | None = Field(
        default=None, description="Of the updates that topics make, those that this route and its children let through."
    )
    locale: Locale | None = Field(
        default=None, description="Language of our own words on this route and its children; absent: the receiver's."
    )
    timezone: Zone | None = Field(default=None, description="Clock of times that people read, in the same way.")
    mute_time_intervals: Several = Field(
        default=(), description="Names of `time_intervals` in which this route, not its children, tells nobody."
    )
    active_time_intervals: Several = Field(
        default=(), description="Names of `time_intervals` outside of which this route, not its children, tells nobody."
    )
    routes: tuple["RouteConfig", ...] = Field(default=(), description="Children; the first that holds takes the alert.")
