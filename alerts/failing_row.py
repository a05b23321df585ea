"""Failures of a receiver in a row, as the store keeps them for every process, and when they are too many. Pure."""

from dataclasses import dataclass
from datetime import timedelta

GIVEN_UP_AFTER = timedelta(days=5)
"""Of failures and nothing else. Svix gives an endpoint as long: a weekend, a holiday, and a day to mend it."""

LONGEST_GAP = timedelta(hours=36)
"""Between two failures of a row: longer than any wait of the default schedule. Silence is no failure, and a row must
not join what went wrong last month to what goes wrong today."""


@dataclass(frozen=True, slots=True)
class FailingRow:
    """Nothing but failures from ``first_ms`` to ``last_ms``."""

    first_ms: int
    last_ms: int
    failures: int

    @property
    def too_long(self) -> bool:
        """Whether the receiver is to be disabled."""
        return self.last_ms - self.first_ms >= GIVEN_UP_AFTER // timedelta(milliseconds=1)

    def gone_on(self, now_ms: int) -> "FailingRow":
        """One more failure, at ``now_ms``: of this row, or the first of another."""
        if now_ms - self.last_ms > LONGEST_GAP // timedelta(milliseconds=1):
            return FailingRow(now_ms, now_ms, 1)
        return FailingRow(self.first_ms, max(now_ms, self.last_ms), self.failures + 1)
