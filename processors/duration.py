"""Spans of time as people write them in files: ``500ms``, ``25s``, ``1h30m``, ``30d``."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_WHOLE = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")

LONGEST = timedelta(days=3650)
"""Anything longer is a slip of the keyboard, and far below what a date can hold."""


def parse_duration(written: object) -> timedelta:
    """``500ms``, ``25s``, ``1h30m``, ``30d``; ``0`` needs no unit. ``ValueError`` says how to write it."""
    if isinstance(written, timedelta):
        return written
    if written == 0 and not isinstance(written, bool):
        return timedelta(0)
    if not isinstance(written, str) or not _WHOLE.fullmatch(written.strip()):
        raise ValueError(f"{written!r} is no duration: write a number and ms, s, m, h or d, like 30s or 1h30m")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(written))
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{written} is longer than ten years")
    return timedelta(seconds=seconds)


def show_duration(duration: timedelta) -> str:
    """As it would be written in the file."""
    milliseconds = round(duration.total_seconds() * 1000)
    for unit in ("d", "h", "m", "s"):
        size = round(_UNITS[unit] * 1000)
        if milliseconds and milliseconds % size == 0 and (unit != "d" or milliseconds >= 7 * size):
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms" if milliseconds else "0s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": ["string", "integer"], "pattern": f"^{_WHOLE.pattern}$", "examples": ["15m", "1h30m"]}),
]
"""A time span, written like ``30s``."""
