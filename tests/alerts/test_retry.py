from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Reply
from alerts.retry import DEFAULT_SCHEDULE, MAX_RETRY_AFTER_SECONDS, classify, next_delay, parse_retry_after

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
MIDDLE = 0.5  # the chance that leaves the planned wait as it is


@pytest.mark.parametrize("status", range(100, 600))
def test_every_status_has_one_meaning(status: int) -> None:
    special = {410: Reply.GONE, 429: Reply.BUSY, 502: Reply.BUSY, 503: Reply.BUSY, 504: Reply.BUSY}

    expected = Reply.DELIVERED if 200 <= status <= 299 else special.get(status, Reply.FAILED)

    assert classify(status) is expected


def test_the_schedule_is_the_standard_one_and_then_it_gives_up() -> None:
    waits = [next_delay(DEFAULT_SCHEDULE, attempt, MIDDLE) for attempt in range(1, 11)]

    hours = [timedelta(hours=each) for each in (2, 5, 10, 14, 20, 24)]
    assert waits == [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), *hours, None]


def test_chance_moves_a_wait_by_a_fifth_either_way() -> None:
    assert next_delay(DEFAULT_SCHEDULE, 2, 0.0) == timedelta(minutes=4)
    assert next_delay(DEFAULT_SCHEDULE, 2, 1.0) == timedelta(minutes=6)


@pytest.mark.parametrize(
    ("asked", "expected_seconds"),
    [(None, 300.0), (10.0, 300.0), (900.0, 900.0), (1e9, 86_400.0)],
)
def test_what_the_receiver_asks_for_counts_where_it_is_longer_up_to_a_day(
    asked: float | None, expected_seconds: float
) -> None:
    assert next_delay(DEFAULT_SCHEDULE, 2, MIDDLE, asked) == timedelta(seconds=expected_seconds)


def test_asking_for_more_time_does_not_make_more_attempts() -> None:
    assert next_delay(DEFAULT_SCHEDULE, 10, MIDDLE, 60.0) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("1e999", None),
        ("NaN", None),
        ("١٢٠", None),
        ("²", None),
        ("99999999", MAX_RETRY_AFTER_SECONDS),
        ("9" * 5000, MAX_RETRY_AFTER_SECONDS),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90.0),
        ("Tue, 24 Nov 2026 14:01:30 +0200", 90.0),
        ("Tuesday, 24-Nov-26 12:01:30 GMT", 90.0),
        ("Tue, 24 Nov 2026 12:01:30 -0000", 90.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", None),
        ("Tue, 24 Nov 9999 12:00:00 GMT", MAX_RETRY_AFTER_SECONDS),
        ("Tue, 99 Nov 2026 12:00:00 GMT", None),
        ("Tue, 24 Nov 2026 99:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_or_ignored(value: str, expected: float | None) -> None:
    assert parse_retry_after(value, NOW) == expected


@given(st.text())
def test_no_retry_after_can_stop_us(value: str) -> None:
    asked = parse_retry_after(value, NOW)

    assert asked is None or 0 < asked <= MAX_RETRY_AFTER_SECONDS
