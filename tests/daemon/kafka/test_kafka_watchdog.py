"""When a consumer is replaced: there is something to read, it is ours to read, and it does not come."""

import pytest

from daemon.kafka.kafka_watchdog import JOIN_SECONDS, PROBE_SECONDS, STUCK_SECONDS, Verdict, Watchdog


@pytest.fixture
def watchdog() -> Watchdog:
    """A member that joined at 100."""
    held = Watchdog(100.0)
    held.joined(100.0)
    return held


def test_a_member_that_reads_is_fine(watchdog: Watchdog) -> None:
    watchdog.moved(150.0)

    assert watchdog.verdict(150.0 + PROBE_SECONDS - 0.1) is Verdict.FINE


def test_silence_is_looked_into_now_and_then(watchdog: Watchdog) -> None:
    assert watchdog.verdict(100.0 + PROBE_SECONDS) is Verdict.PROBE
    watchdog.probed(103.0, behind=False)

    assert watchdog.verdict(103.1) is Verdict.FINE
    assert watchdog.verdict(103.0 + PROBE_SECONDS) is Verdict.PROBE


def test_a_quiet_topic_is_never_stuck(watchdog: Watchdog) -> None:
    for second in range(100, 1000):
        assert watchdog.verdict(float(second)) in (Verdict.FINE, Verdict.PROBE)
        watchdog.probed(float(second), behind=False)


def test_silence_while_there_is_something_to_read_is_stuck(watchdog: Watchdog) -> None:
    watchdog.probed(103.0, behind=True)

    assert watchdog.verdict(100.0 + STUCK_SECONDS - 0.1) is not Verdict.STUCK
    assert watchdog.verdict(100.0 + STUCK_SECONDS) is Verdict.STUCK


@pytest.mark.parametrize("event", ["moved", "rested", "joined"])
def test_what_moves_rests_or_begins_anew_is_not_stuck(watchdog: Watchdog, event: str) -> None:
    watchdog.probed(103.0, behind=True)
    getattr(watchdog, event)(111.0)

    assert watchdog.verdict(112.0) is Verdict.FINE


def test_a_member_that_is_never_taken_in_is_replaced() -> None:
    watchdog = Watchdog(100.0)

    assert watchdog.verdict(100.0 + JOIN_SECONDS - 0.1) is Verdict.FINE
    assert watchdog.verdict(100.0 + JOIN_SECONDS) is Verdict.NOT_JOINED


def test_rebuilds_count_until_a_record_comes(watchdog: Watchdog) -> None:
    watchdog.rebuilds = 2
    watchdog.began(120.0)
    watchdog.joined(121.0)
    assert watchdog.rebuilds == 2

    watchdog.moved(122.0)
    assert watchdog.rebuilds == 0
