"""How many requests a receiver takes in a span of time: ``10/s``, ``600/min``, ``100/h``."""

import re
from dataclasses import dataclass

_PERIODS = {"s": 1_000, "min": 60_000, "h": 3_600_000}
_WRITTEN = re.compile(r"([1-9][0-9]{0,8})\s*/\s*(s|min|h)")

MOST = 10_000
"""In one span: the store remembers the moment of each, and nobody who takes more needs a limit."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` requests in any ``period_ms``, from all processes together."""

    count: int
    period_ms: int

    def __str__(self) -> str:
        unit = next(unit for unit, period in _PERIODS.items() if period == self.period_ms)
        return f"{self.count}/{unit}"


def parse_rate(written: object) -> Rate:
    """``ValueError`` says how to write it."""
    if isinstance(written, Rate):
        return written
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(f"{written!r} is no rate: write a number and s, min or h, like 10/s or 600/min")
    count = int(found[1])
    if count > MOST:
        raise ValueError(f"{written} is more than {MOST}: write it by a shorter time, or leave `rate` out")
    return Rate(count, _PERIODS[found[2]])
