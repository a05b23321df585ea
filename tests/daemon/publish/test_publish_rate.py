"""The token bucket, on given times."""

import pytest

from daemon.publish.rate import TokenBucket


@pytest.mark.parametrize(
    ("name", "rate", "burst", "times", "waits"),
    [
        ("at its rate nobody waits", 10, 1, [0, 0.1, 0.2, 0.3], [0, 0, 0, 0]),
        ("all at once, each waits its turn", 10, 1, [0, 0, 0, 0], [0, 0.1, 0.2, 0.3]),
        ("a burst passes at once", 10, 3, [0, 0, 0, 0, 0], [0, 0, 0, 0.1, 0.2]),
        ("a long pause saves up a burst and no more", 10, 2, [0, 0, 100, 100, 100], [0, 0, 0, 0, 0.1]),
        ("waiting is counted from now", 1, 1, [0, 0.25, 0.5], [0, 0.75, 1.5]),
        ("less than one a second", 0.1, 1, [0, 0, 20], [0, 10, 0]),
        ("a burst below one is one", 5, 0, [0, 0], [0, 0.2]),
        ("a clock that steps back gives nothing", 10, 1, [5, 4, 5], [0, 0.1, 0.2]),
    ],
)
def test_each_passes_in_its_time(name: str, rate: float, burst: float, times: list[float], waits: list[float]) -> None:
    bucket = TokenBucket(rate, burst, times[0])

    assert [bucket.take(now) for now in times] == pytest.approx(waits)


def test_whoever_waits_as_told_is_let_through_at_the_rate() -> None:
    bucket, now, passed = TokenBucket(1000.0, 50.0, 0.0), 0.0, 0
    while now < 10.0:
        now += bucket.take(now)
        passed += 1

    assert passed == pytest.approx(10_000 + 50, abs=2)
