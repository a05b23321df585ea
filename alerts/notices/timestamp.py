"""Moments as they are written on the wire."""

from datetime import UTC, datetime

# The years 1 and 9999 in any zone must stay within what a date can be.
_FIRST_MS, _LAST_MS = -62_135_596_800_000, 253_402_300_799_000


def rfc3339(at_ms: int) -> str:
    """``2026-11-24T12:00:00.000Z``; what no calendar holds becomes its first or last moment."""
    moment = datetime.fromtimestamp(min(max(at_ms, _FIRST_MS), _LAST_MS) / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
