"""The hours of a digest, by the clock on a wall."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.pacing.schedule import Schedule

ZONES = ("UTC", "Africa/Cairo", "Asia/Beirut", "Asia/Kathmandu", "America/St_Johns", "Europe/Paris", "Asia/Tehran")


def milliseconds(written: str) -> int:
    return round(datetime.fromisoformat(written).timestamp() * 1000)


def a_schedule(zone: str, *hours: str) -> Schedule:
    minutes = sorted(int(each[:2]) * 60 + int(each[3:]) for each in hours)
    return Schedule(tuple(minutes), ZoneInfo(zone), zone, 10)


@pytest.mark.parametrize(
    ("why", "zone", "hours", "after", "expected"),
    [
        ("later that day", "Africa/Cairo", ["08:00", "18:00"], "2026-03-01T08:00+02:00", "2026-03-01T18:00+02:00"),
        ("a moment before", "Africa/Cairo", ["08:00"], "2026-03-01T07:59:59.999+02:00", "2026-03-01T08:00+02:00"),
        ("at the hour: the next", "Africa/Cairo", ["08:00"], "2026-03-01T08:00+02:00", "2026-03-02T08:00+02:00"),
        ("over midnight", "Asia/Kathmandu", ["00:15"], "2026-03-01T23:59+05:45", "2026-03-02T00:15+05:45"),
        ("summer time begins", "Africa/Cairo", ["08:00"], "2026-04-23T12:00+02:00", "2026-04-24T08:00+03:00"),
        ("an hour that is left out", "Europe/Paris", ["02:30"], "2026-03-28T12:00+01:00", "2026-03-29T03:30+02:00"),
        ("an hour that comes twice", "Europe/Paris", ["02:30"], "2026-10-24T12:00+02:00", "2026-10-25T02:30+02:00"),
        ("and not again", "Europe/Paris", ["02:30"], "2026-10-25T02:45+02:00", "2026-10-26T02:30+01:00"),
    ],
)
def test_the_next_hour_is_the_clocks(why: str, zone: str, hours: list[str], after: str, expected: str) -> None:
    assert a_schedule(zone, *hours).next_ms(milliseconds(after)) == milliseconds(expected), why


@given(
    zone=st.sampled_from(ZONES),
    minutes=st.sets(st.integers(0, 24 * 60 - 1), min_size=1, max_size=4),
    after_ms=st.integers(milliseconds("2020-01-01T00:00+00:00"), milliseconds("2035-01-01T00:00+00:00")),
)
def test_it_is_always_to_come_and_never_more_than_a_day_and_an_hour_away(
    zone: str, minutes: set[int], after_ms: int
) -> None:
    schedule = Schedule(tuple(sorted(minutes)), ZoneInfo(zone), zone, 10)
    next_ms = schedule.next_ms(after_ms)

    assert 0 < next_ms - after_ms <= 25 * 3_600_000
    assert schedule.next_ms(next_ms - 1) == next_ms, "whenever before it one asks"
