"""The routing tree in the configuration file, as types."""

from pydantic import Field, field_validator

from daemon.config_locale import Locale, Zone
from daemon.config_values import Section, Several
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
    group_by: Several = Field(default=("story",), description="Only `[story]` in this version.")
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

    @field_validator("group_by")
    @classmethod
    def _by_story(cls, group_by: tuple[str, ...]) -> tuple[str, ...]:
        if group_by != ("story",):
            raise ValueError("another grouping than by story is not in this version: write group_by: [story]")
        return group_by
