"""Alerts whose opening the store lost: how many may be told again without anybody being able to count them.

An alert is counted as told again when its record is read again by a process that heard, from the store or by a commit,
that the record was in the store once. That leaves three: the store lost the write before anybody heard of it, or all
who heard have died; the source no longer has the record; the record was finished, so it is not read again, but a later
copy of its story is news to a store that was emptied.
"""

from collections import Counter
from collections.abc import Container

from alerts.model import Delivery

At = tuple[str, int]
"""A record: partition and offset."""


class Openings:
    """Of one history."""

    def __init__(self) -> None:
        self._unheard = 0
        self._standing: dict[str, tuple[str, At]] = {}  # notice → one of its deliveries, the record that opened it
        self._lost: Counter[At] = Counter()

    def opened(self, delivery: Delivery, record: At) -> None:
        """The store took it."""
        self._standing[delivery.notice] = delivery.id, record

    def lose(self, told: Container[str]) -> None:
        """The store went back to where it knows only these deliveries."""
        for notice, (delivery, record) in list(self._standing.items()):
            if delivery not in told:
                del self._standing[notice]
                self._lost[record] += 1

    def pass_over(self, record: At, *, counted: bool) -> None:
        """The record is in the store again, or skipped."""
        lost = self._lost.pop(record, 0)
        self._unheard += 0 if counted else lost

    @property
    def uncounted(self) -> int:
        """Lost openings that nobody could count."""
        return self._unheard + self._lost.total()
