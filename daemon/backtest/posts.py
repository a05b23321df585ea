"""What each receiver of a backtest would have been sent, counted. Values only; the reports are made from them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

AT_ONCE = "at once"
"""Beside the reasons of digests: a notice that went out as itself, without a wait."""

WAITED = "waited"
"""The same, after its route made it wait."""


@dataclass(frozen=True, slots=True)
class Post:
    """One delivery."""

    at: datetime
    receiver: str
    delivery: str
    type: str
    reason: str  # ``at once``, ``waited``, or why the digest was made
    notices: tuple[str, ...]
    text: str  # its one line


@dataclass(slots=True)
class Posts:
    """Counts. ``zone`` is where a day and an hour begin."""

    zone: tzinfo
    by_reason: Counter[tuple[str, str]] = field(default_factory=Counter)  # receiver and reason
    notices: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    receivers: dict[str, None] = field(default_factory=dict)  # in the order of their first

    def add(self, post: Post) -> None:
        """Count one."""
        hour = post.at.astimezone(self.zone).replace(minute=0, second=0, microsecond=0)
        self.receivers[post.receiver] = None
        self.by_reason[post.receiver, post.reason] += 1
        self.notices[post.receiver] += len(post.notices)
        self.by_hour[post.receiver, hour] += 1

    def sent(self, receiver: str) -> int:
        """Deliveries to it."""
        return sum(count for (name, _), count in self.by_reason.items() if name == receiver)

    def digests(self, receiver: str) -> str:
        """``12 group, 3 throttled``."""
        counts = sorted((reason, count) for (name, reason), count in self.by_reason.items() if name == receiver)
        return ", ".join(f"{count:,} {reason}" for reason, count in counts if reason not in (AT_ONCE, WAITED))

    def most_in_an_hour(self, receiver: str) -> tuple[int, datetime | None]:
        """The most deliveries in one hour, and the first such hour."""
        hours = [(count, hour) for (name, hour), count in self.by_hour.items() if name == receiver]
        return max(hours, key=lambda each: (each[0], -each[1].timestamp()), default=(0, None))
