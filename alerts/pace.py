"""How many requests a receiver may have open now. Pure: time is passed in.

A receiver that fails is asked by fewer requests at a time, down to one, and by more again as it recovers, so that a
dead one holds one request and not ``max_in_flight`` of them.
"""

from alerts.model import Attempt, Reply

# However long one delivery was put off, ask the receiver again within a minute on behalf of the others.
MAX_PAUSE_SECONDS = 60.0


class Pace:
    """Additive increase, multiplicative decrease, between one and ``most``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = most
        self._paused_until_ms = 0

    def resize(self, most: int) -> None:
        """Take over a changed configuration."""
        self._most = most
        self._limit = min(self._limit, most)

    def allowed(self, now_ms: int) -> int:
        """Requests that may be open at ``now_ms``."""
        return 0 if now_ms < self._paused_until_ms else self._limit

    def learn(self, attempt: Attempt, now_ms: int) -> None:
        """Take an answer into account."""
        if attempt.reply is Reply.DELIVERED:
            self._limit = min(self._limit + 1, self._most)
            return
        self._limit = max(self._limit // 2, 1)
        if attempt.reply is Reply.BUSY and attempt.retry_after_s:
            pause_ms = round(min(attempt.retry_after_s, MAX_PAUSE_SECONDS) * 1000)
            self._paused_until_ms = max(self._paused_until_ms, now_ms + pause_ms)
