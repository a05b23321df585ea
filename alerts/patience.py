"""Waiting for a store that does not answer: growing pauses, and one log line in a while. Pure: time is passed in."""

# From "it was a blip" to "it restarts"; recovery must be noticed within two seconds of Redis coming back.
FIRST_SECONDS, LONGEST_SECONDS = 0.05, 1.0

# Often enough to be seen, seldom enough not to fill a disk during an outage.
SECONDS_BETWEEN_LINES = 30.0


class Patience:
    """Counts failures in a row."""

    def __init__(self) -> None:
        self._failures = 0
        self._next_line = 0.0

    def pause_seconds(self) -> float:
        """How long to wait after one more failure."""
        self._failures += 1
        return float(min(FIRST_SECONDS * 2 ** min(self._failures - 1, 16), LONGEST_SECONDS))

    def worth_a_line(self, now_seconds: float) -> bool:
        """Whether to log this failure. The first of an outage is, then one in thirty seconds."""
        if now_seconds < self._next_line:
            return False
        self._next_line = now_seconds + SECONDS_BETWEEN_LINES
        return True

    def over(self) -> bool:
        """Call after a success: True if it ended an outage."""
        ended = self._failures > 0
        self._failures = 0
        return ended
