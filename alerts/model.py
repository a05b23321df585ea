"""The values that flow through the alerting side: Alert → Delivery → Attempt.

Ids are computed, never drawn (see ``ids.py``), so that doing a thing again changes nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec


class Severity(StrEnum):
    """How urgent a topic is to its desk, least first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell about a topic and a story; ``data`` is the wire's body, built by ``payload.py``."""

    id: str  # H(name, topic, story)
    notice: str  # H(alert, kind, key)
    type: str  # alert.opened …
    topic: str
    story: str
    severity: Severity
    labels: dict[str, str]
    data: dict[str, Any]


class Delivery(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One notice for one receiver. Bytes are fixed when it becomes ready. Stored as it is, in this order."""

    id: str  # evt_… and the webhook-id
    receiver: str
    lane: str  # receiver and story: deliveries of a lane go out in order
    type: str
    notice: str
    created_ms: int
    body: bytes
    trace: str = ""  # the W3C traceparent that came with the record; sent on as a header
    locale: str = ""  # of our words, and the clock of times, where its route asks for others than its receiver's
    timezone: str = ""


class Pending(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One notice for one receiver that waits to go out in a digest. Stored as it is, in this order."""

    id: str  # as its delivery's would be: it is told once, in whichever way
    receiver: str
    notice: str
    created_ms: int
    summary: bytes  # its line of the digest, see ``digest.py``


class Leased(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery lent to one process until its lease runs out."""

    delivery: Delivery
    attempt: int  # the number of the attempt to make now, from 1
    order_gap: bool  # another delivery of the lane is parked
    replay: bool  # asked for again by a person


class Outcome(StrEnum):
    """How a record left the consume side. Also the ``outcome`` label of its counter."""

    UNMATCHED = "unmatched"
    ALERTED = "alerted"  # opened at least one alert that some receiver gets
    UPDATED = "updated"  # told something new about alerts that are known
    REPEAT = "repeat"  # matched; every alert of its story is known, and nothing new is told
    UNROUTED = "unrouted"  # matched something new that no route sends anywhere
    MUTED = "muted"  # new, and all whom routes lead to are not told, by a time interval of theirs
    SILENCED = "silenced"  # the same, by a silence
    INHIBITED = "inhibited"  # the same, by another alert of the story
    INVALID = "invalid"  # dead-lettered with a reason
    TOMBSTONE = "tombstone"  # a null value, nothing to do


class Reply(StrEnum):
    """What a receiver's answer means to us. Also a metric label."""

    DELIVERED = "delivered"
    FAILED = "failed"  # try again on schedule
    BUSY = "busy"  # the same, and slow down for this receiver
    GONE = "gone"  # 410: stop using this receiver
    REFUSED = "refused"  # we did not send: the address is one that must not be reached


FLAWS = ("template", "some_refused")
"""Errors of an attempt that delivered all the same: a template failed, a mail server refused some recipients."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one request led to."""

    reply: Reply
    status: int = 0  # HTTP status, 0 where none came
    error: str = ""  # a closed set: timeout, connect, tls, denied_address, protocol …
    retry_after_s: float | None = None
    seconds: float = 0.0
    excerpt: str = ""  # the first part of the reply, printable
