"""The clock of the daemon; whatever decides is given it."""

import time


def now_ms() -> int:
    """The time of day, for everything that is kept or sent."""
    return time.time_ns() // 1_000_000
