"""A moment as a person writes it on the command line: how long ago, a date, or a moment."""

from datetime import UTC, datetime

from daemon.config_values import parse_duration


def since_ms(written: str, now_ms: int) -> int:
    """Milliseconds since 1970. A moment without a zone is in UTC. ``ValueError`` says how to write it."""
    try:
        return max(0, now_ms - round(parse_duration(written).total_seconds() * 1000))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"{written!r} is no time: write 6h or 2d, 2026-11-24, or 2026-11-24T08:00:00Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, round(moment.timestamp() * 1000))
