"""Time intervals in the configuration file, as types; what they mean is in ``alerts/routing/time_intervals.py``."""

from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from alerts.routing.time_intervals import Interval, TimeInterval, parse_ranges, parse_times, weekend_of
from daemon.config.locale import Zone
from daemon.config.values import Section, Several


def _words(written: Any) -> Any:
    """YAML reads ``2026`` as a number and ``1:5`` as 65, a number of sixties."""
    if isinstance(written, list | tuple):
        return tuple(str(each) if type(each) is int else each for each in written)
    return (str(written),) if type(written) is int else written


Words = Annotated[Several, BeforeValidator(_words)]
"""One or a list of them, numbers too."""


class TimesConfig(Section):
    """A part of the day."""

    start_time: str = Field(description='When it begins, in quotes: `"22:00"`.')
    end_time: str = Field(description='When it ends; this minute is not in it: `"24:00"`.')

    @field_validator("start_time", "end_time", mode="before")
    @classmethod
    def _in_quotes(cls, written: Any) -> Any:
        return f"{written // 60:02}:{written % 60:02}" if type(written) is int else written

    @model_validator(mode="after")
    def _possible(self) -> Self:
        parse_times(self.start_time, self.end_time)
        return self


class IntervalConfig(Section):
    """Holds where every part that it names holds."""

    times: tuple[TimesConfig, ...] = Field(default=(), description="Parts of the day.")
    weekdays: Words = Field(default=(), description="`friday`, `sunday:thursday`.")
    weekend: Several = Field(
        default=(), description="The days off of these countries (`EG`, `LB`); added to `weekdays`."
    )
    days_of_month: Words = Field(default=(), description='In quotes: `"1:5"`, `"-3:-1"` for the last three.')
    months: Words = Field(default=(), description="`january`, `june:august`, `1:3`.")
    years: Words = Field(default=(), description="`2026`, `2026:2027`.")
    location: Zone = Field(default="UTC", description="The time zone of all this, like `Africa/Cairo`.")

    @field_validator("weekdays", "days_of_month", "months", "years")
    @classmethod
    def _ranges(cls, written: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        parse_ranges(info.field_name or "", written)
        return written

    @field_validator("weekend")
    @classmethod
    def _countries(cls, written: tuple[str, ...]) -> tuple[str, ...]:
        for country in written:
            weekend_of(country)
        return written

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.times or self.weekdays or self.weekend or self.days_of_month or self.months or self.years):
            raise ValueError(
                "this interval always holds: name times, weekdays, weekend, days_of_month, months or years"
            )
        return self

    def interval(self) -> Interval:
        """The value."""
        return Interval(
            zone=ZoneInfo(self.location),
            times=tuple(parse_times(each.start_time, each.end_time) for each in self.times),
            weekdays=(*parse_ranges("weekdays", self.weekdays), *map(weekend_of, self.weekend)),
            days_of_month=parse_ranges("days_of_month", self.days_of_month),
            months=parse_ranges("months", self.months),
            years=parse_ranges("years", self.years),
        )


class TimeIntervalConfig(Section):
    """Intervals under one name."""

    name: str = Field(min_length=1, max_length=64, description="By which routes name it.")
    time_intervals: tuple[IntervalConfig, ...] = Field(
        description="It holds where any of these does, with Alertmanager's meaning."
    )

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.time_intervals:
            raise ValueError(f"`{self.name}` never holds: give it an interval")
        return self

    def time_interval(self) -> TimeInterval:
        """The value."""
        return TimeInterval(self.name, tuple(each.interval() for each in self.time_intervals))
