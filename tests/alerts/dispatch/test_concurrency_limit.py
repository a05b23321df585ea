import pytest

from alerts.dispatch.breaker import LONGEST_PAUSE_MS, OPEN_AFTER
from alerts.dispatch.concurrency_limit import ConcurrencyLimit
from alerts.model import Attempt, Reply
from alerts.patience import Patience

OK, FAILED = Attempt(reply=Reply.DELIVERED), Attempt(reply=Reply.FAILED)


@pytest.mark.parametrize(
    ("answers", "allowed"),
    [
        ([], 8),
        ([OK], 8),
        ([FAILED], 4),
        ([FAILED] * 4, 1),
        ([FAILED] * 10 + [OK] * 3, 4),
        ([FAILED] * 10 + [OK] * 100, 8),
        ([Attempt(reply=Reply.REFUSED)], 4),
    ],
)
def test_a_pace_halves_on_failure_and_grows_by_one_on_success(answers: list[Attempt], allowed: int) -> None:
    limit = ConcurrencyLimit(8)
    for answer in answers:
        limit.learn(answer, 0)

    assert limit.allowed(0) == allowed


def test_a_busy_receiver_is_asked_nothing_until_it_said() -> None:
    limit = ConcurrencyLimit(8)
    limit.learn(Attempt(reply=Reply.BUSY, retry_after_s=10.0), 1_000)

    assert (limit.allowed(10_999), limit.allowed(11_000)) == (0, 4)


def test_failures_in_a_row_leave_a_probe_now_and_then_until_one_succeeds() -> None:
    limit, at, probes = ConcurrencyLimit(8), 0, list[int]()
    for _ in range(OPEN_AFTER):
        limit.learn(FAILED, at)
    for _ in range(9):
        at = limit.resumes_ms
        assert (limit.allowed(at - 1), limit.allowed(at)) == (0, 1)
        limit.learn(FAILED, at)
        limit.learn(FAILED, at + 1)  # was open already: it makes no pause longer
        probes.append(limit.resumes_ms - at)

    assert probes == [2_000, 4_000, 8_000, 16_000, 32_000, *[LONGEST_PAUSE_MS] * 4]
    limit.learn(OK, at)
    assert (limit.allowed(at), limit.breaker.open) == (2, False)


def test_a_clock_that_was_ahead_for_a_day_stops_nothing_once_it_is_right() -> None:
    day = 86_400_000
    broken, busy = ConcurrencyLimit(8), ConcurrencyLimit(8)
    for _ in range(OPEN_AFTER):
        broken.learn(FAILED, day)
    busy.learn(Attempt(reply=Reply.BUSY, retry_after_s=3600.0), day)

    assert (broken.allowed(0), busy.allowed(0)) == (1, 4)


def test_a_success_among_failures_keeps_the_breaker_closed() -> None:
    limit = ConcurrencyLimit(8)
    for _ in range(10):
        for answer in [*[FAILED] * (OPEN_AFTER - 1), OK]:
            limit.learn(answer, 0)

    assert limit.allowed(0) > 0 and not limit.breaker.open


def test_a_new_limit_holds_at_once_and_room_is_used_as_answers_come() -> None:
    limit = ConcurrencyLimit(8)
    limit.resize(2)
    assert limit.allowed(0) == 2

    limit.resize(4)
    limit.learn(OK, 0)
    assert limit.allowed(0) == 3


def test_waiting_grows_to_a_second_and_begins_anew_after_a_success() -> None:
    patience = Patience()

    assert [patience.pause_seconds() for _ in range(7)] == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0]
    assert patience.over() and not patience.over()
    assert patience.pause_seconds() == 0.05


def test_one_line_in_thirty_seconds() -> None:
    patience = Patience()

    assert [patience.worth_a_line(at) for at in (100.0, 101.0, 129.9, 130.0, 131.0)] == [
        True,
        False,
        False,
        True,
        False,
    ]
