"""Times of day, weekdays, days, months and years in a place's own time: when a route is muted or active. Pure.

An interval has Alertmanager's meaning: it holds where every part that it names holds; a part holds where any of its
ranges does; the end of a time of day is left out, the ends of all other ranges are included. Beyond that, a range of
weekdays may go over the end of a week, and ``weekend: EG`` names the days on which a country does not work, which
differ: Friday and Saturday in Cairo, Saturday and Sunday in Beirut.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_FRIDAY_SATURDAY, _SATURDAY_SUNDAY = (4, 5), (5, 6)

WEEKENDS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys("BH DZ EG IL IQ JO KW LY OM PS QA SA SD SY YE".split(), _FRIDAY_SATURDAY),
    **dict.fromkeys("AE CY FR GB LB MA MR TN TR US".split(), _SATURDAY_SUNDAY),
    "IR": (4, 4),
}
"""First and last day off by ISO 3166 country, Monday is 0. They are those of Unicode CLDR's week data (Unicode
License), but for Palestine, which it does not list."""

_MINUTES_A_DAY = 24 * 60
_TIME = re.compile(r"([0-9]{2}):([0-5][0-9])")
_FIRST_YEAR, _LAST_YEAR = 1, 9999

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """Ranges of each part, both ends included; a part without ranges always holds."""

    zone: tzinfo
    times: Ranges = ()  # minutes of the day, the end left out
    weekdays: Ranges = ()  # Monday is 0
    days_of_month: Ranges = ()  # from 1, or from -1 backwards
    months: Ranges = ()
    years: Ranges = ()

    def holds(self, moment: datetime) -> bool:
        """Whether an aware moment lies in it."""
        local = moment.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return (
            (not self.times or any(start <= minute < end for start, end in self.times))
            and _within(local.weekday(), self.weekdays)
            and (not self.days_of_month or any(_in_month(local, *days) for days in self.days_of_month))
            and _within(local.month, self.months)
            and _within(local.year, self.years)
        )


@dataclass(frozen=True, slots=True)
class TimeInterval:
    """Intervals under one name; it holds where any of them does."""

    name: str
    intervals: tuple[Interval, ...]

    def holds(self, moment: datetime) -> bool:
        """Whether an aware moment lies in it."""
        return any(interval.holds(moment) for interval in self.intervals)


def parse_times(start_time: str, end_time: str) -> tuple[int, int]:
    """``"09:00"``, ``"24:00"`` as minutes of the day. ``ValueError`` says how to write them."""
    start, end = _minute(start_time), _minute(end_time)
    if start >= end:
        raise ValueError(
            f"{start_time} is not before {end_time}: for a night write two, one up to 24:00 and one from 00:00"
        )
    return start, end


def parse_ranges(part: str, written: Sequence[str]) -> Ranges:
    """``weekdays``, ``days_of_month``, ``months`` or ``years`` as they are written: ``sunday:thursday``, ``-3:-1``,
    ``january``. ``ValueError`` says how to write them."""
    if part == "days_of_month":
        return tuple(map(_days_of_month, written))
    if part == "weekdays":
        return tuple(days for each in written for days in _weekdays(each))
    read, example = _READERS[part]
    return tuple(_range(each, read, example) for each in written)


def weekend_of(country: str) -> tuple[int, int]:
    """First and last day off of a country by its two letters. ``ValueError`` where we do not know them."""
    days = WEEKENDS.get(country.upper())
    if days is None:
        known = ", ".join(sorted(WEEKENDS))
        raise ValueError(f"the days off of {country!r} are not known: write `weekdays` instead, or one of {known}")
    return days


def _minute(written: str) -> int:
    found = _TIME.fullmatch(written)
    minute = int(found[1]) * 60 + int(found[2]) if found is not None else _MINUTES_A_DAY + 1
    if minute > _MINUTES_A_DAY:
        raise ValueError(f'{written!r} is no time of day: write it in quotes, from "00:00" to "24:00"')
    return minute


def _weekdays(written: str) -> Ranges:
    """A week is a circle: ``friday:sunday`` are three days, wherever a week is said to begin."""
    first, last = _ends(written, _weekday, "friday, or sunday:thursday")
    return ((first, last),) if first <= last else ((first, len(WEEKDAYS) - 1), (0, last))


def _range(written: str, read: Callable[[str], int | None], example: str) -> tuple[int, int]:
    low, high = _ends(written, read, example)
    if low > high:
        raise ValueError(f"{written!r} ends before it begins: write two ranges")
    return low, high


def _ends(written: str, read: Callable[[str], int | None], example: str) -> tuple[int, int]:
    first, colon, last = (part.strip().lower() for part in written.partition(":"))
    low = read(first)
    high = read(last) if colon else low
    if low is None or high is None:
        raise ValueError(f"{written!r} is none of them: write one like {example}")
    return low, high


def _days_of_month(written: str) -> tuple[int, int]:
    first, colon, last = written.partition(":")
    low = _day(first)
    high = _day(last) if colon else low
    if low is None or high is None:
        raise ValueError(f'{written!r} is no day of a month: write it in quotes, like "1:5", or "-3:-1" for the last 3')
    if low < 0 < high:
        raise ValueError(f"{written!r} goes from the end of a month to its beginning: write two ranges")
    if (low < 0) == (high < 0) and low > high:
        raise ValueError(f"{written!r} ends before it begins: write two ranges")
    return low, high


def _day(written: str) -> int | None:
    digits = written.strip().removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 2 and 1 <= int(digits) <= 31):
        return None
    return int(written)


def _in_month(local: datetime, first: int, last: int) -> bool:
    """Days counted from the end are of this month: the 31st from the end of a month of 30 days is no day of it."""
    length = monthrange(local.year, local.month)[1]
    low = first if first > 0 else length + 1 + first
    high = last if last > 0 else length + 1 + last
    return low <= local.day <= high


def _within(value: int, ranges: Ranges) -> bool:
    return not ranges or any(low <= value <= high for low, high in ranges)


def _weekday(written: str) -> int | None:
    return WEEKDAYS.index(written) if written in WEEKDAYS else None


def _month(written: str) -> int | None:
    if written in MONTHS:
        return MONTHS.index(written) + 1
    return _number(written, 1, len(MONTHS))


def _year(written: str) -> int | None:
    return _number(written, _FIRST_YEAR, _LAST_YEAR)


def _number(written: str, least: int, most: int) -> int | None:
    if not (written.isascii() and written.isdigit() and len(written) <= 4):
        return None
    return int(written) if least <= int(written) <= most else None


_READERS: Mapping[str, tuple[Callable[[str], int | None], str]] = {
    "months": (_month, "january, 1, or june:august"),
    "years": (_year, "2026, or 2026:2027"),
}
