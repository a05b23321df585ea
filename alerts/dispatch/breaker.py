"""A circuit breaker: a receiver that only fails is asked by a probe now and then, and the rest waits unsent.

Pure: time is passed in. A pause is never much longer than the receiver has been failing, so that one that was away for
seconds is noticed within seconds.
"""

OPEN_AFTER = 5
"""Failures in a row. One story that a receiver cannot digest fails seldom enough to stay below it among others."""

FIRST_PAUSE_MS = 1_000
LONGEST_PAUSE_MS = 60_000
"""A receiver that is back hears of its alerts within a minute, and one that is dead costs a request a minute."""


class Breaker:
    """Counts failures in a row of one receiver."""

    def __init__(self) -> None:
        self._failures = 0
        self._pause_ms = FIRST_PAUSE_MS
        self._probe_ms = 0

    @property
    def open(self) -> bool:
        """Whether only probes go out."""
        return self._failures >= OPEN_AFTER

    @property
    def probe_ms(self) -> int:
        """When the next probe may go out; 0 while it is closed."""
        return self._probe_ms if self.open else 0

    def notice_clock(self, now_ms: int) -> None:
        """A probe further off than any pause was put off by a clock that was ahead: it may go out."""
        if self._probe_ms - now_ms > LONGEST_PAUSE_MS:
            self._probe_ms = now_ms

    def worked(self) -> None:
        """It answered 2xx: close."""
        self._failures = 0
        self._pause_ms = FIRST_PAUSE_MS

    def failed(self, now_ms: int) -> None:
        """Anything else. What was open already when the breaker opened tells nothing new."""
        straggler = self.open and now_ms < self._probe_ms
        self._failures += 1
        if straggler or not self.open:
            return
        if self._failures > OPEN_AFTER:
            self._pause_ms = min(2 * self._pause_ms, LONGEST_PAUSE_MS)
        self._probe_ms = now_ms + self._pause_ms
