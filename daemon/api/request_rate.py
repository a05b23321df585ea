"""How often somebody may ask: a bucket of tokens for each, filled at an even rate. Pure: time is an argument."""

from collections import OrderedDict

SECONDS_OF_BURST = 5.0
"""What may be asked at once after a pause: a page that opens makes a dozen requests."""

MOST_KEPT = 1_000
"""Askers remembered, the latest; one that is forgotten has a full bucket again."""


class RequestRate:
    """``a_second`` requests of each asker, and bursts of ``SECONDS_OF_BURST`` times that, ten at least."""

    def __init__(self, a_second: float) -> None:
        self._a_second = a_second
        self._full = max(a_second * SECONDS_OF_BURST, 10.0)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # asker → left, and when

    def wait(self, asker: str, now: float) -> float:
        """Seconds until ``asker`` may ask again, 0 for now."""
        return max(0.0, (1 - self._now_left(asker, now)) / self._a_second)

    def take(self, asker: str, now: float) -> float:
        """The same; where it is 0, one request is used up."""
        wait = self.wait(asker, now)
        if not wait:
            self._left[asker] = self._now_left(asker, now) - 1, now
            self._left.move_to_end(asker)
            if len(self._left) > MOST_KEPT:
                self._left.popitem(last=False)
        return wait

    def _now_left(self, asker: str, now: float) -> float:
        left, then = self._left.get(asker, (self._full, now))
        return min(self._full, left + max(0.0, now - then) * self._a_second)
