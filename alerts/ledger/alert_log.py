"""The log of alerts, read by place: page by page into the past, or onwards from where a reader stood.

A place is the id of a line in the store's stream: two numbers, which grow. To the API's users it is an opaque cursor.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

BEGINNING = "0-0"
"""Before the first line of any log."""

CURSOR = re.compile(r"[0-9]{1,15}-[0-9]{1,15}")
"""How a place is written."""

LINES_AT_ONCE = 200
"""Of the log, sent in one step: 2 kB each, under 2 ms in Redis."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line and its place."""

    cursor: str
    line: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first; ``next`` is where to go on from, "" where nothing older is kept."""

    entries: Sequence[Entry]
    next: str


class Gap(StrEnum):
    """What a reader missed."""

    NONE = "none"
    DROPPED = "dropped"  # lines after its place may have been dropped: the log is bounded
    LOST = "lost"  # its place is after the end: the store was lost, and what it holds now is read from the beginning


@dataclass(frozen=True, slots=True)
class Onwards:
    """Lines, oldest first, and the place after the last of them; where the log ends if there are none."""

    entries: Sequence[Entry]
    cursor: str
    gap: Gap


class AlertLog(Protocol):
    """The log that all processes of one name write. Raises ``Unavailable``."""

    async def older(self, before: str, needles: Sequence[bytes] = ()) -> Page:
        """Lines before a place (``""``: from the newest) that contain each of ``needles``.

        ``LINES_AT_ONCE`` are looked at, so there may be fewer, or none, and more to come.
        """
        ...

    async def newer(self, after: str) -> Onwards:
        """At most ``LINES_AT_ONCE`` after a place. ``""``: none, only where the log ends."""
        ...


def in_order(cursor: str) -> tuple[int, int]:
    """What sorts places."""
    first, _, second = cursor.partition("-")
    return int(first), int(second)


def right_after(cursor: str) -> str:
    """The place right behind one: ``older`` than it is everything up to that line."""
    first, second = in_order(cursor)
    return f"{first}-{second + 1}"
