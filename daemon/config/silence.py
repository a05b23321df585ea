"""Silences in the configuration file, as types: those that a wiped store must not lose."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from alerts.silences.silence import LONGEST_AUTHOR, LONGEST_COMMENT
from daemon.config.since import moment_ms
from daemon.config.values import LONGEST_NAME, Section, Several


def _moment(written: Any) -> Any:
    return written if isinstance(written, int) and written > 10**11 else moment_ms(written)


Moment = Annotated[int, BeforeValidator(_moment)]
"""Milliseconds since 1970, of a date or a moment as it is written."""


class SilenceConfig(Section):
    """Alerts that nobody is told of for a time."""

    name: str = Field(
        min_length=1, max_length=LONGEST_NAME, description="By which `rasid why` names it, as `file:NAME`."
    )
    match: dict[str, Several] = Field(
        description="As in a route, also `story`: the id of a story, or its beginning and `*`."
    )
    author: str = Field(min_length=1, max_length=LONGEST_AUTHOR, description="Who asked for it.")
    comment: str = Field(min_length=1, max_length=LONGEST_COMMENT, description="Why, for whoever meets it later.")
    start: Moment | None = Field(
        default=None, description="Date or moment, in UTC without a zone; absent: from now on."
    )
    end: Moment = Field(description="`2026-03-23`, or `2026-03-23T06:00:00+02:00`: from then on it no longer holds.")
