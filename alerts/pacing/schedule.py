"""The hours at which a route tells what came since the last of them, by the clock on a wall. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hours of every day in a place's own time, ascending."""

    minutes: tuple[int, ...]  # of the day
    zone: tzinfo
    zone_name: str
    top: int  # stories shown at most

    @property
    def written(self) -> str:
        """The same hours are written the same."""
        return f"{','.join(map(hour, self.minutes))} {self.zone_name}"

    def next_ms(self, after_ms: int) -> int:
        """The first of the hours after that moment, in ms.

        An hour that a change of clocks leaves out is told when the clock has passed it; of one that comes twice the
        first counts.
        """
        after = datetime.fromtimestamp(after_ms / 1000, UTC)
        day = after.astimezone(self.zone).date()
        moments = (self._at(day + timedelta(days=days), minute) for days in range(-1, 3) for minute in self.minutes)
        return min(at for at in moments if at > after_ms)

    def _at(self, day: date, minute: int) -> int:
        local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=self.zone)
        return round(local.timestamp() * 1000)


def hour(minute: int) -> str:
    """``08:00``."""
    return f"{minute // 60:02}:{minute % 60:02}"
