"""A moment as a person writes it: how long ago, a date, or a moment."""

from datetime import UTC, date, datetime, time

from daemon.config.values import parse_duration


def since_ms(written: str, now_ms: int) -> int:
    """Milliseconds since 1970. A moment without a zone is in UTC. ``ValueError`` says how to write it."""
    try:
        return max(0, now_ms - round(parse_duration(written).total_seconds() * 1000))
    except ValueError:
        pass
    try:
        return moment_ms(written)
    except ValueError:
        raise ValueError(f"{written!r} is no time: write 6h or 2d, 2026-11-24, or 2026-11-24T08:00:00Z") from None


def moment_ms(written: object) -> int:
    """A date or a moment alone, also as YAML reads it, from 1970 on. ``ValueError`` says how to write it."""
    if isinstance(written, datetime):
        moment = written
    elif isinstance(written, date):
        moment = datetime.combine(written, time())
    else:
        try:
            moment = datetime.fromisoformat(written if isinstance(written, str) else "")
        except ValueError:
            raise ValueError(f"{written!r} is no time: write 2026-11-24, or 2026-11-24T08:00:00Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, round(moment.timestamp() * 1000))
