"""When an article happened to be news: its own date where it can be believed, else when it arrived."""

from datetime import MAXYEAR, UTC, datetime, timedelta

from processors.model import Article

FUTURE_TOLERANCE = timedelta(hours=1)
"""Publishers' clocks, and summer time forgotten. A later date was meant for something else (an embargo, an event)."""

FIRST_YEAR = 1800
"""No news archive begins earlier: such a date is a machine's."""

CLOCK_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
ZERO_SPAN = timedelta(days=1)
"""Around the clock's zero in any time zone: "no date" in publishers' data."""


def event_time(article: Article, arrival: datetime) -> datetime:
    """``published_at`` in UTC, or ``arrival`` where it is absent, impossible or over an hour ahead of it."""
    published = article.published_at
    if published is None or published.tzinfo is None or not FIRST_YEAR <= published.year < MAXYEAR:
        return arrival.astimezone(UTC)
    moment = published.astimezone(UTC)
    if moment > arrival + FUTURE_TOLERANCE or abs(moment - CLOCK_ZERO) < ZERO_SPAN:
        return arrival.astimezone(UTC)
    return moment


def milliseconds(moment: datetime) -> int:
    """Since 1970, exactly."""
    return (moment - CLOCK_ZERO) // timedelta(milliseconds=1)
