"""When an article happened to be news: its own date where it can be believed, else when it arrived."""

from datetime import MAXYEAR, UTC, datetime, timedelta
from enum import StrEnum

from processors.model import Article

FUTURE_TOLERANCE = timedelta(hours=1)
"""Publishers' clocks, and summer time forgotten. A later date was meant for something else (an embargo, an event)."""

FIRST_YEAR = 1800
"""No news archive begins earlier: such a date is a machine's."""

CLOCK_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
ZERO_SPAN = timedelta(days=1)
"""Around the clock's zero in any time zone: "no date" in publishers' data."""


class Dated(StrEnum):
    """Where an event time comes from."""

    PUBLISHED = "published"
    NO_DATE = "no_date"  # it is absent or unreadable: the article's time is its arrival, as in what follows
    IMPOSSIBLE = "impossible"  # a clock's zero, or a year that no archive has
    FUTURE = "future"  # over an hour after the article arrived


def event_time(article: Article, arrival: datetime) -> datetime:
    """``published_at`` in UTC, or ``arrival`` where it is absent, impossible or over an hour ahead of it."""
    return dated(article, arrival)[0]


def dated(article: Article, arrival: datetime) -> tuple[datetime, Dated]:
    """The event time, and where it comes from."""
    published, came = article.published_at, arrival.astimezone(UTC)
    if published is None:
        return came, Dated.NO_DATE
    if published.tzinfo is None or not FIRST_YEAR <= published.year < MAXYEAR:
        return came, Dated.IMPOSSIBLE
    moment = published.astimezone(UTC)
    if abs(moment - CLOCK_ZERO) < ZERO_SPAN:
        return came, Dated.IMPOSSIBLE
    return (came, Dated.FUTURE) if moment > came + FUTURE_TOLERANCE else (moment, Dated.PUBLISHED)


def milliseconds(moment: datetime) -> int:
    """Since 1970, exactly."""
    return (moment - CLOCK_ZERO) // timedelta(milliseconds=1)
