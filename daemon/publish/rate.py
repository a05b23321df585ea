"""How fast: a token bucket. Pure: time is passed in."""


class TokenBucket:
    """Lets ``rate`` a second through; after a pause at most ``burst`` at once, however long it was."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        """``burst`` is at least one, or nothing would ever be let through at once."""
        self._rate = rate
        self._burst = max(1.0, burst)
        self._tokens = self._burst
        self._filled_at = now

    def take(self, now: float) -> float:
        """One more passes; the answer is how many seconds after ``now``. A clock that steps back gives nothing."""
        if now > self._filled_at:
            self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
            self._filled_at = now
        self._tokens -= 1
        return max(0.0, -self._tokens / self._rate)
