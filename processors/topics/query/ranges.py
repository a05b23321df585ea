"""``published:[2026-01-01 TO now-2d]``, ``words:[200 TO *]``: reading ranges and asking whether a value is inside."""

import re
from datetime import MAXYEAR, MINYEAR, datetime, timedelta, tzinfo

from processors.topics.query.text import QueryError, told
from processors.topics.query.tree import Bound, Range

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LONGEST = timedelta(days=366 * 400)
"""Before any news, and near enough to today that a date holds it."""

_DIGITS = str.maketrans({chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)})
"""Arabic and Persian digits, as keyboards there write them."""

_RELATIVE = re.compile(r"now(?:-(\d{1,6})([mhdw]))?")


def parse_range(at: int, source: str, field: str, text: str, text_at: int) -> Range:
    """Read what stands between the brackets. Raises ``QueryError``."""
    ends = re.fullmatch(r"\s*(\S+)\s+TO\s+(\S+)\s*", text)
    if ends is None:
        capitals = "; TO is written in capitals" if re.search(r"\sto\s", text) else ""
        raise QueryError(text_at, f"a range has two ends: [low TO high], * for an open one{capitals}")
    read = _number if field == "words" else _moment
    low, high = (read(ends.group(end), text_at + ends.start(end)) for end in (1, 2))
    for one, other in (("number", low.number), ("moment", low.moment)):
        high_value = getattr(high, one)
        if other is not None and high_value is not None and other > high_value:
            raise QueryError(text_at, "the first end is after the second, so nothing can be inside: exchange them")
    if low.before_now is not None and high.before_now is not None and low.before_now < high.before_now:
        raise QueryError(text_at, "the first end is after the second, so nothing can be inside: exchange them")
    return Range(at, source, field, low, high)


def contains_number(range_: Range, value: int) -> bool:
    """Whether ``value`` is inside, ends included."""
    low, high = range_.low.number, range_.high.number
    return (low is None or value >= low) and (high is None or value <= high)


def contains_moment(range_: Range, value: datetime, now: datetime, zone: tzinfo) -> bool:
    """Whether ``value`` is inside, ends included (the whole last day); dates are days of ``zone``."""
    low, high = _resolve(range_.low, now, zone), _resolve(range_.high, now, zone)
    if high is not None and range_.high.whole_day:
        return (low is None or value >= low) and value < high + timedelta(days=1)
    return (low is None or value >= low) and (high is None or value <= high)


def _resolve(bound: Bound, now: datetime, zone: tzinfo) -> datetime | None:
    if bound.before_now is not None:
        return now - bound.before_now
    return bound.moment.replace(tzinfo=zone) if bound.moment is not None else None


def _number(text: str, at: int) -> Bound:
    if text == "*":
        return Bound()
    if not re.fullmatch(r"\d{1,9}", text):
        raise QueryError(at, f"{told(text)} is no whole number: words:[200 TO *]")
    return Bound(number=int(text))


def _moment(text: str, at: int) -> Bound:
    if text == "*":
        return Bound()
    plain = text.translate(_DIGITS)
    if relative := _RELATIVE.fullmatch(plain):
        amount, unit = relative.groups()
        before_now = int(amount) * _UNITS[unit] if unit else timedelta()
        if before_now > _LONGEST:
            raise QueryError(at, f"{told(text)} is more than 400 years ago: write * for an open end")
        return Bound(before_now=before_now)
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        raise QueryError(at, f"{told(text)} is no date: write 2026-01-31, 2026-01-31T18:00, now-2d or *") from None
    if moment.tzinfo is not None:
        raise QueryError(at, f"{told(text)}: leave the offset out, the topic's timezone is used")
    if not MINYEAR < moment.year < MAXYEAR:  # the day after the last one, in some zone, could not be told
        raise QueryError(at, f"{told(text)} is at the end of the calendar: write * for an open end")
    return Bound(moment=moment, whole_day="T" not in plain)
