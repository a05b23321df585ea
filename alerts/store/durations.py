"""The times that both outboxes keep to."""

from datetime import timedelta

PARK_AFTER = timedelta(hours=1)
"""A head unfinished for this long no longer holds up its lane: an hour-old story must not wait for a day-old one."""

URGENT_AHEAD = timedelta(hours=1)
"""A lane with something urgent counts as due for so long already: it goes before those that wait for less, and after
those that wait for more. So whatever comes, nothing waits longer than this because of what is urgent."""

LONGEST_WAIT = timedelta(days=40)
"""More than ``retry.LONGEST_RETRY`` and a fifth of it: what is due later than that was put off by a clock that was
ahead, as one that a machine began with, and is due now."""

DEAD_KEPT = timedelta(days=30)
"""How long a dead letter can be replayed: the default of ``history.keep``."""


def milliseconds(duration: timedelta) -> int:
    """Whole milliseconds, as Redis scores are."""
    return round(duration.total_seconds() * 1000)
