"""How many requests a receiver may have open now. Pure: time is passed in.

A receiver that fails is asked by fewer requests at a time, down to one, and by more again as it recovers. One that only
fails is asked by a probe now and then (``breaker.py``); one that says when to come back, not before.
"""

from alerts.dispatch.breaker import Breaker
from alerts.model import Attempt, Reply

# However long one delivery was put off, ask the receiver again within an hour on behalf of the others: by then the
# alerts of an hour ago are parked, and a proxy's page that says "tomorrow" must not silence a desk until tomorrow.
MAX_PAUSE_SECONDS = 3600.0
MAX_PAUSE_MS = round(MAX_PAUSE_SECONDS * 1000)


class ConcurrencyLimit:
    """Additive increase, multiplicative decrease, between one and ``most``."""

    def __init__(self, most: int) -> None:
        self.breaker = Breaker()
        self._most = most
        self._limit = most
        self._paused_until_ms = 0

    def resize(self, most: int) -> None:
        """Take over a changed configuration."""
        self._most = most
        self._limit = min(self._limit, most)

    def allowed(self, now_ms: int) -> int:
        """Requests that may be open at ``now_ms``."""
        self._notice_clock(now_ms)
        if now_ms < self.resumes_ms:
            return 0
        return 1 if self.breaker.open else self._limit

    def asked_for_a_pause(self, now_ms: int) -> bool:
        """Whether it said to come back later than ``now_ms``."""
        return now_ms < self._paused_until_ms

    @property
    def resumes_ms(self) -> int:
        """From when on requests may be made; in the past where they may."""
        return max(self._paused_until_ms, self.breaker.probe_ms)

    def _notice_clock(self, now_ms: int) -> None:
        """A pause that is longer than any was begun by a clock that was ahead: it is over."""
        if self._paused_until_ms - now_ms > MAX_PAUSE_MS:
            self._paused_until_ms = now_ms
        self.breaker.notice_clock(now_ms)

    def learn(self, attempt: Attempt, now_ms: int) -> None:
        """Take an answer into account."""
        if attempt.reply is Reply.DELIVERED:
            self.breaker.worked()
            self._limit = min(self._limit + 1, self._most)
            return
        self.breaker.failed(now_ms)
        self._limit = max(self._limit // 2, 1)
        if attempt.reply is Reply.BUSY and attempt.retry_after_s:
            pause_ms = round(min(attempt.retry_after_s, MAX_PAUSE_SECONDS) * 1000)
            self._paused_until_ms = max(self._paused_until_ms, now_ms + pause_ms)
