"""Inhibition in the configuration file, as types; what it means is in ``alerts/routing/inhibition.py``."""

from pydantic import Field

from daemon.config.values import Section, Several


class InhibitConfig(Section):
    """What is not told to somebody who was told something weightier."""

    source: dict[str, Several] = Field(
        description="Of the alert that was told: `topic`, `severity`, `labels.NAME`, as in a route."
    )
    target: dict[str, Several] = Field(description="Of the alerts that are not told then, as in a route.")
    equal: Several = Field(
        default=("story",), description="What both have alike: `story`, always, and any `labels.NAME`."
    )
