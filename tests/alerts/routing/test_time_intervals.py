"""When a route is muted or active: as it is written, against a walk over the minutes of a calendar."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.routing.time_intervals import MONTHS, WEEKDAYS, WEEKENDS, Interval, parse_ranges, parse_times, weekend_of

CAIRO, BEIRUT, TEHRAN = ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Beirut"), ZoneInfo("Asia/Tehran")


def an_interval(zone: str = "Africa/Cairo", times: str = "", weekend: str = "", **parts: str) -> Interval:
    """``times="22:00-24:00"``, other parts as they are written, several with spaces between."""
    ranges: dict[str, Any] = {part: parse_ranges(part, written.split()) for part, written in parts.items()}
    ranges["weekdays"] = (*ranges.get("weekdays", ()), *map(weekend_of, weekend.split()))
    clock = tuple(parse_times(*each.split("-")) for each in times.split())
    return Interval(ZoneInfo(zone), times=clock, **ranges)


NIGHT = "22:00-24:00 00:00-07:00"
TABLE = [
    # what, interval, moments that lie in it, moments that do not
    (
        "a time",
        {"times": "09:00-17:00"},
        ["2026-01-05T09:00+02:00", "2026-01-05T16:59:59+02:00"],
        ["2026-01-05T17:00+02:00"],
    ),
    ("a night", {"times": NIGHT}, ["2026-01-05T23:59+02:00", "2026-01-06T00:00+02:00"], ["2026-01-06T07:00+02:00"]),
    ("summer time counts", {"times": "09:00-10:00"}, ["2026-07-05T06:30Z"], ["2026-07-05T07:30Z"]),
    ("winter time counts", {"times": "09:00-10:00"}, ["2026-01-05T07:30Z"], ["2026-01-05T06:30Z"]),
    ("another zone", {"zone": "Asia/Tehran", "times": "09:00-10:00"}, ["2026-07-05T05:30Z"], ["2026-07-05T06:30Z"]),
    # Egypt: at the end of 29 October 2026 clocks go from 24:00 back to 23:00, so that hour comes twice.
    (
        "an hour that comes twice",
        {"times": "23:00-24:00"},
        ["2026-10-29T20:30Z", "2026-10-29T21:30Z"],
        ["2026-10-29T19:59Z", "2026-10-29T22:00Z"],
    ),
    # Egypt: on 24 April 2026 there is no hour from 00:00 to 01:00.
    ("an hour that does not come", {"times": "00:00-01:00"}, [], ["2026-04-23T21:59Z", "2026-04-23T22:00Z"]),
    (
        "Beirut goes on before",
        {"zone": "Asia/Beirut", "times": "00:00-01:00"},
        ["2026-03-29T21:00Z"],
        ["2026-03-28T21:59Z", "2026-03-28T22:00Z"],
    ),
    ("a weekday", {"weekdays": "friday"}, ["2026-01-02T12:00Z"], ["2026-01-01T12:00Z", "2026-01-03T12:00Z"]),
    ("it begins at midnight there", {"weekdays": "friday"}, ["2026-01-01T22:00Z"], ["2026-01-02T22:00Z"]),
    (
        "weekdays",
        {"weekdays": "monday:wednesday sunday"},
        ["2026-01-07T12:00Z", "2026-01-04T12:00Z"],
        ["2026-01-08T12:00Z"],
    ),
    (
        "a working week of the region",
        {"weekdays": "sunday:thursday"},
        ["2026-01-04T12:00Z", "2026-01-08T12:00Z"],
        ["2026-01-02T12:00Z", "2026-01-03T12:00Z"],
    ),
    ("Egypt's weekend", {"weekend": "EG"}, ["2026-01-02T12:00Z", "2026-01-03T12:00Z"], ["2026-01-04T12:00Z"]),
    ("Lebanon's weekend", {"weekend": "lb"}, ["2026-01-03T12:00Z", "2026-01-04T12:00Z"], ["2026-01-02T12:00Z"]),
    ("of both", {"weekend": "EG LB"}, ["2026-01-02T12:00Z", "2026-01-04T12:00Z"], ["2026-01-05T12:00Z"]),
    ("days", {"days_of_month": "1:3"}, ["2026-01-01T12:00Z", "2026-01-03T12:00Z"], ["2026-01-04T12:00Z"]),
    ("the last days", {"days_of_month": "-2:-1"}, ["2026-02-27T12:00Z", "2026-02-28T12:00Z"], ["2026-02-26T12:00Z"]),
    ("of a leap year", {"days_of_month": "-1"}, ["2028-02-29T12:00Z"], ["2028-02-28T12:00Z"]),
    ("all but the first", {"days_of_month": "2:-1"}, ["2026-02-28T12:00Z"], ["2026-02-01T12:00Z"]),
    ("the 31st", {"days_of_month": "31"}, ["2026-01-31T12:00Z"], ["2026-02-28T12:00Z", "2026-04-30T12:00Z"]),
    ("months", {"months": "june:august 12"}, ["2026-06-01T12:00Z", "2026-12-01T12:00Z"], ["2026-09-01T12:00Z"]),
    ("years", {"years": "2026:2027"}, ["2027-12-31T12:00Z"], ["2028-01-01T12:00Z"]),
    (
        "every part must hold",
        {"weekdays": "friday", "times": "09:00-10:00", "months": "january"},
        ["2026-01-02T07:30Z"],
        ["2026-01-02T08:30Z", "2026-01-03T07:30Z", "2026-02-06T08:30Z"],
    ),
]


@pytest.mark.parametrize(("what", "parts", "inside", "outside"), TABLE, ids=[row[0] for row in TABLE])
def test_a_moment_lies_in_an_interval_or_not(
    what: str, parts: dict[str, str], inside: list[str], outside: list[str]
) -> None:
    interval = an_interval(**parts)

    assert [each for each in inside if not interval.holds(datetime.fromisoformat(each))] == []
    assert [each for each in outside if interval.holds(datetime.fromisoformat(each))] == []


@pytest.mark.parametrize(
    ("part", "written", "says"),
    [
        ("weekdays", "freitag", "write one like friday"),
        ("weekdays", "friday:sunday:monday", "is none of them"),
        ("months", "march:january", "ends before it begins: write two ranges"),
        ("months", "13", "write one like january"),
        ("months", "", "is none of them"),
        ("years", "26000", "write one like 2026"),
        ("days_of_month", "0", "is no day of a month"),
        ("days_of_month", "65", 'write it in quotes, like "1:5"'),
        ("days_of_month", "1:٥", "is no day of a month"),
        ("days_of_month", "5:1", "ends before it begins"),
        ("days_of_month", "-1:-3", "ends before it begins"),
        ("days_of_month", "-3:2", "from the end of a month to its beginning"),
    ],
)
def test_what_is_no_range_is_told_with_one_that_is(part: str, written: str, says: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_ranges(part, [written])
    assert says in str(caught.value)
    assert repr(written) in str(caught.value)


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("22:00", "07:00", "for a night write two"),
        ("09:00", "09:00", "is not before"),
        ("9:00", "10:00", "is no time of day"),
        ("09:00", "24:01", "is no time of day"),
        ("09:60", "10:00", "is no time of day"),
        ("", "10:00", "is no time of day"),
    ],
)
def test_what_is_no_time_of_day_is_told_how_to_write_it(start: str, end: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_times(start, end)


def test_a_country_whose_weekend_is_not_known_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="write `weekdays` instead, or one of AE, BH"):
        weekend_of("XX")
    assert all(len(country) == 2 for country in WEEKENDS)


# The same by another way: the wall clock of every minute as text, looked up in lists of all texts that are meant.


@st.composite
def written_intervals(draw: st.DrawFn) -> dict[str, Any]:
    """Parts as lists of (first, last), by name or number."""

    def pairs(low: int, high: int) -> Any:
        return st.lists(st.tuples(st.integers(low, high), st.integers(low, high)).map(sorted), max_size=2)

    days = st.one_of(st.integers(1, 31), st.integers(-31, -1))
    in_order = st.tuples(days, days).filter(
        lambda pair: not pair[0] < 0 < pair[1] and (pair[0] * pair[1] < 0 or pair[0] <= pair[1])
    )
    return {
        "times": draw(pairs(0, 24 * 60).map(lambda found: [each for each in found if each[0] < each[1]])),
        "weekdays": draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=2)),
        "days_of_month": draw(st.lists(in_order, max_size=2)),
        "months": draw(pairs(1, 12)),
        "years": draw(pairs(2025, 2027)),
    }


def as_written(parts: dict[str, Any], zone: ZoneInfo) -> Interval:
    clock = [parse_times(*(f"{minute // 60:02}:{minute % 60:02}" for minute in each)) for each in parts["times"]]
    named = {
        "weekdays": [f"{WEEKDAYS[first]}:{WEEKDAYS[last]}" for first, last in parts["weekdays"]],
        "days_of_month": [f"{first}:{last}" for first, last in parts["days_of_month"]],
        "months": [f"{MONTHS[first - 1]}:{last}" for first, last in parts["months"]],
        "years": [f"{first}:{last}" for first, last in parts["years"]],
    }
    return Interval(zone, tuple(clock), **{part: parse_ranges(part, written) for part, written in named.items()})


def lies_in(parts: dict[str, Any], local: datetime) -> bool:
    days = list(range(1, monthrange(local.year, local.month)[1] + 1))

    def walked(first: int, last: int) -> list[int]:
        """The days from one to the other, each counted from whichever end of the month it names."""
        begin = first if first > 0 else len(days) + 1 + first
        return [day for day in days if day >= begin and (day <= last if last > 0 else day - len(days) - 1 <= last)]

    meant = {
        "times": {f"{m // 60:02}:{m % 60:02}" for first, last in parts["times"] for m in range(first, last)},
        "weekdays": {
            WEEKDAYS[(first + step) % 7] for first, last in parts["weekdays"] for step in range((last - first) % 7 + 1)
        },
        "days_of_month": {f"{day:02}" for pair in parts["days_of_month"] for day in walked(*pair)},
        "months": {MONTHS[month - 1] for first, last in parts["months"] for month in range(first, last + 1)},
        "years": {str(year) for first, last in parts["years"] for year in range(first, last + 1)},
    }
    clock = {"times": "%H:%M", "weekdays": "%A", "days_of_month": "%d", "months": "%B", "years": "%Y"}
    return all(not parts[part] or local.strftime(form).lower() in meant[part] for part, form in clock.items())


@given(
    written_intervals(),
    st.sampled_from([CAIRO, BEIRUT, TEHRAN]),
    st.sampled_from(
        ["2026-04-23T21:00", "2026-10-29T19:00", "2026-03-28T20:00", "2026-10-24T19:00", "2026-12-31T20:00"]
    ),
    st.integers(0, 6 * 60),
)
def test_every_minute_around_a_change_of_the_clock_is_as_a_wall_clock_shows_it(
    parts: dict[str, Any], zone: ZoneInfo, around: str, minute: int
) -> None:
    interval = as_written(parts, zone)
    moment = datetime.fromisoformat(around).replace(tzinfo=UTC) + timedelta(minutes=minute)

    assert interval.holds(moment) == lies_in(parts, moment.astimezone(zone))


@given(written_intervals(), st.datetimes(datetime(2024, 12, 1), datetime(2028, 2, 1)))  # noqa: DTZ001
def test_every_day_of_years_is_as_a_calendar_shows_it(parts: dict[str, Any], naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)

    assert as_written(parts, BEIRUT).holds(moment) == lies_in(parts, moment.astimezone(BEIRUT))
