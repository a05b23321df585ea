"""A backtest as text: a bar for each day, a line for each topic. For terminals and logs; pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from daemon.backtest.posts import Posts
from daemon.backtest.tally import OPENED, Tally
from processors.counted import counted

BAR = 40
"""Columns of the longest bar: with the day and the figures a line of 80."""

_EIGHTHS = " ▏▎▍▌▋▊▉█"

MOST_BARS = 62
"""Two months day by day; a longer archive is shown by weeks, then by months."""

_TOPIC_COLUMN = 34


def chart(tally: Tally) -> Iterator[str]:
    """Lines: totals, a bar for each day, a line for each topic."""
    updates = tally.updates.total()
    yield (
        f"{counted(tally.articles.total(), 'article')}, {tally.matched.total():,} matched, "
        f"{counted(len(tally.stories), 'story')}, "
        f"{counted(tally.opened, 'alert')}, {counted(updates, 'update')}"
    )
    if not tally.articles:
        return
    yield ""
    yield from _bars(tally)
    if tally.topics:
        yield ""
        yield f"{'TOPIC':<{_TOPIC_COLUMN}} MATCHED  ALERTS  UPDATES  MOST A DAY"
    for topic in tally.topics:
        most, day = tally.most_on_a_day(topic)
        shown = topic if len(topic) <= _TOPIC_COLUMN else f"{topic[: _TOPIC_COLUMN - 1]}…"
        figures = [tally.by_topic[topic, key] for key in ("matched", OPENED, "updated")]
        line = f"{shown:<{_TOPIC_COLUMN}} {figures[0]:>7,} {figures[1]:>7,} {figures[2]:>8,}"
        unrouted, withheld = tally.by_topic[topic, "unrouted"], tally.withheld(topic)
        notes = [f"{unrouted:,} routed nowhere"] if unrouted else []
        notes += [withheld] if withheld else []
        yield line + (f"  {most:,} on {day}" if most else "") + (f"  ({', '.join(notes)})" if notes else "")


def receivers(posts: Posts) -> Iterator[str]:
    """A line for each receiver that was sent anything, in the order of their first."""
    if posts.receivers:
        yield ""
        yield f"{'RECEIVER':<{_TOPIC_COLUMN}}    SENT  NOTICES  MOST AN HOUR"
    for name in posts.receivers:
        most, hour = posts.most_in_an_hour(name)
        shown = name if len(name) <= _TOPIC_COLUMN else f"{name[: _TOPIC_COLUMN - 1]}…"
        digests = posts.digests(name)
        line = f"{shown:<{_TOPIC_COLUMN}} {posts.sent(name):>7,} {posts.notices[name]:>8,}"
        line += f"  {most:,} on {hour:%Y-%m-%d %H:%M}" if hour is not None else ""
        yield line + (f"  (digests: {digests})" if digests else "")


def _bars(tally: Tally) -> Iterator[str]:
    spans = spans_of(tally.days)
    sums = [sum(tally.alerts[day] for day in span) for span in spans]
    widest = max(sums) or 1
    unit = "day" if len(spans[0]) == 1 else "week" if len(spans[0]) <= 7 else "month"
    yield f"alerts a {unit}"
    for span, alerts in zip(spans, sums, strict=True):
        read, updates = sum(tally.articles[day] for day in span), sum(tally.updates[day] for day in span)
        tail = f"  +{counted(updates, 'update')}" if updates else ""
        yield f"{span[0]} {_bar(alerts / widest):<{BAR}} {alerts:>6,} of {read:,}{tail}"


def spans_of(days: list[date]) -> list[list[date]]:
    """Days, whole weeks or months from the first to the last, whichever makes few enough bars; empty ones too."""
    all_days = [days[0] + timedelta(days=number) for number in range((days[-1] - days[0]).days + 1)]
    for begins in (_day, _week, _month):
        spans: dict[date, list[date]] = {}
        for day in all_days:
            spans.setdefault(begins(day), []).append(day)
        if len(spans) <= MOST_BARS:
            break
    return list(spans.values())


def _day(day: date) -> date:
    return day


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


def _bar(share: float) -> str:
    whole, part = divmod(round(share * BAR * 8), 8)
    return "█" * whole + (_EIGHTHS[part] if part else "")
