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
    urgent: bool = False  # goes before what is not, of other lanes


class Wait(StrEnum):
    """Why a notice waits. What it goes out in says so as its reason. Also a metric's label."""

    BACKLOG = "backlog"  # its article was old when it was read
    GROUP = "group"  # for others of its group
    SCHEDULED = "scheduled"  # for the next hour at which its route tells
    THROTTLED = "throttled"  # its receiver was told enough of its topic for now


class Throttle(msgspec.Struct, frozen=True, array_like=True):
    """How many notices of one kind are told in a slot of time. Slots are counted from 1970 on."""

    key: str  # what is counted together: a receiver, or one topic of it
    most: int
    per_ms: int


class Plan(msgspec.Struct, frozen=True, array_like=True):
    """What a notice that its route paces waits for. Stored with it, so that it is told although the route is gone."""

    group: str  # what it is told with; begins with its receiver and ``/``
    wait: Wait
    about: tuple[tuple[str, str], ...]  # what all of the group have alike, as the digest shows it
    lane: str  # of whatever the group is told in: in order
    due_ms: int  # not told before
    severity: Severity
    interval_ms: int = 0  # nor sooner than this after the group was told
    alone: bool = False  # in a delivery of its own, at once, after what waits already
    throttle: Throttle | None = None
    top: int = 0  # of a scheduled digest: stories that it shows at most


class Amended(msgspec.Struct, frozen=True, array_like=True):
    """What a digest shows of a notice that still waits, now that its alert is corrected."""

    notice: str  # of the correction
    summary: bytes  # its line of the digest


class Pending(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One notice for one receiver that waits to go out with others. Stored as it is, in this order."""

    id: str  # as its delivery's would be: it is told once, in whichever way
    receiver: str
    notice: str
    created_ms: int
    summary: bytes  # its line of the digest, see ``digest.py``
    plan: Plan | None = None  # None: the backlog of its receiver
    single: Delivery | None = None  # what it goes out as where nothing came to join it; None: always in a digest
    locale: str = ""  # of our words in the digest, and the clock of times, where its route asks for them
    timezone: str = ""
    facts: bytes = b""  # what silences look at, see ``kept_facts.py``
    amended: Amended | None = None  # as read; it is kept beside, so that it may come while this waits

    @property
    def amended_by(self) -> str:
        """The notice of the correction that came while it waits, "" where none did."""
        return self.amended.notice if self.amended is not None else ""

    @property
    def group(self) -> str:
        """What it is told with. That of a backlog is its receiver's name."""
        return self.receiver if self.plan is None else self.plan.group

    @property
    def wait(self) -> Wait:
        """Why it waits."""
        return Wait.BACKLOG if self.plan is None else self.plan.wait


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
