"""What a commit in Kafka says beside its offset, and where a partition begins that has none. Pure.

The metadata of a commit is small JSON: ``{"low": …, "incarnation": "…", "since": …, "partitions": …}``. ``since`` and
``partitions`` are those of the topic when the group first met it: a partition without a commit that is younger than
that is read from its start, one that was there is read from that moment on, whoever comes to read it and when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from daemon.sources.source import Committed

MOST_BYTES = 4000
"""Brokers refuse metadata over 4,096 bytes; ours is about 100."""

_FIRST_MEETING_MARGIN_MS = 60_000
"""Producers' clocks may be behind ours: better some articles from before the first start than one too few."""


@dataclass(frozen=True, slots=True)
class FirstMeeting:
    """When the group first read a Kafka topic, and how many partitions it had."""

    since_ms: int
    partitions: int


class _Metadata(msgspec.Struct, omit_defaults=True):
    low: int | None = None
    incarnation: str = ""
    since: int = 0
    partitions: int = 0


def metadata_of(committed: Committed, first: FirstMeeting) -> str:
    """What is committed beside the checkpoint."""
    kept = _Metadata(committed.low, committed.incarnation, first.since_ms, first.partitions)
    return msgspec.json.encode(kept).decode()


def read_commit(offset: int, metadata: str) -> tuple[Committed, FirstMeeting | None]:
    """A commit as found. One that is not ours (a tool set it) counts as nothing unfinished."""
    try:
        kept = msgspec.json.decode(metadata[:MOST_BYTES], type=_Metadata)
    except (msgspec.DecodeError, UnicodeError):
        kept = _Metadata()
    low = offset if kept.low is None else min(kept.low, offset)
    first = FirstMeeting(kept.since, kept.partitions) if kept.since and kept.partitions else None
    return Committed(offset, low, kept.incarnation), first


def earliest_meeting(meetings: Iterable[FirstMeeting | None]) -> FirstMeeting | None:
    """Of what several commits say, the first."""
    known = [meeting for meeting in meetings if meeting is not None]
    return min(known, key=lambda meeting: meeting.since_ms, default=None)


def begin_of(partition: int, first: FirstMeeting | None, start: str | datetime) -> str | int:
    """Where a partition without a commit begins: ``latest``, ``earliest``, or a time in ms since 1970.

    ``first`` is None where the whole topic is met only now.
    """
    if first is not None and partition >= first.partitions:
        return "earliest"  # it came later: all of it is new
    if isinstance(start, datetime):
        return round(start.timestamp() * 1000)
    if first is None or start == "earliest":
        return start
    return first.since_ms - _FIRST_MEETING_MARGIN_MS
