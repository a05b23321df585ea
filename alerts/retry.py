"""What a receiver's answer means, and when to try again. Pure: time and chance are passed in."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from alerts.model import Reply

DEFAULT_SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""The Standard Webhooks schedule: the wait before each attempt, some 76 hours in all."""

# A receiver may put us off until tomorrow, not until next year.
MAX_RETRY_AFTER_SECONDS = 24 * 3600.0

LONGEST_RETRY = timedelta(days=30)
"""Between two attempts: for as long a dead letter is kept."""

# Receivers that failed together must not come back together.
JITTER = 0.2

# 429 says so; 502, 503 and 504 are what a proxy in front of an overloaded receiver says.
_BUSY = frozenset({429, 502, 503, 504})


def classify(status: int) -> Reply:
    """Sort an HTTP status as the Standard Webhooks specification asks: all but 2xx and 410 is tried again.

    A 404 or a redirect may be a bad deployment at the receiver, so it is no reason to give up.
    """
    if 200 <= status < 300:
        return Reply.DELIVERED
    if status == 410:
        return Reply.GONE
    if status in _BUSY:
        return Reply.BUSY
    return Reply.FAILED


def next_delay(
    schedule: Sequence[timedelta], attempt: int, chance: float, retry_after_s: float | None = None
) -> timedelta | None:
    """How long to wait after failed ``attempt`` (1 is the first); None means give up.

    ``chance``, from 0 to 1, moves the planned wait by up to a fifth either way. What the receiver asked for
    counts where it is longer.
    """
    if attempt >= len(schedule):
        return None
    planned = schedule[attempt] * (1 - JITTER + 2 * JITTER * chance)
    if retry_after_s is None:
        return planned
    return max(planned, timedelta(seconds=min(retry_after_s, MAX_RETRY_AFTER_SECONDS)))


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for: a number or an HTTP date, capped at a day.

    None where it asks for nothing that makes sense: no number and no date, negative, or in the past.
    """
    written = value.strip()
    if written.isascii() and written.isdigit():
        # Beyond ten digits it is the cap anyway, and int() refuses absurd lengths.
        seconds = MAX_RETRY_AFTER_SECONDS if len(written) > 10 else float(int(written))
    else:
        try:
            when = parsedate_to_datetime(written)
        except (ValueError, IndexError, OverflowError):
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        seconds = (when - now).total_seconds()
    return min(seconds, MAX_RETRY_AFTER_SECONDS) if seconds > 0 else None
