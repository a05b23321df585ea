"""How a route paces what it tells, as it is configured, and what a notice on it waits for. Pure.

A notice is due ``group_wait`` after it came, and never sooner than ``group_interval`` after its group was last told. A
group is told as soon as any notice of it is due, with all that wait. What is urgent does not wait for others, but keeps
to the interval; a correction waits for nothing. Where a route tells at fixed hours, a notice waits for the next of
them. What is told again because nothing was told for long (``repeat.py``) waits like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.ids import lane_id
from alerts.model import Alert, Plan, Severity, Throttle, Wait
from alerts.pacing.schedule import Schedule
from processors.ids import digest

STORY, EACH = "story", "..."
"""Groups: the notices of a story; each alert by itself."""

GROUP_KEYS = (STORY, "topic", "severity", "source", "lang", "entity")
"""What notices may be grouped by, besides ``labels.<name>`` and ``...``."""

CORRECTED = "alert.corrected"

SEPARATOR = "/"
"""In a group's id, between its receiver and the rest: no receiver's name holds one."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A throttle as it is configured."""

    most: int
    per_ms: int
    by_topic: bool = True  # else all topics of the receiver together


@dataclass(frozen=True, slots=True)
class Pacing:
    """Of one route, what it inherits included."""

    group_by: tuple[str, ...] = (STORY,)
    wait_ms: int = 0
    interval_ms: int = 0
    throttle: Allowed | None = None
    schedule: Schedule | None = None
    repeat_ms: int = 0  # 0: what is not new is told once

    @property
    def again_ms(self) -> int:
        """How long after it was last told a story that goes on is told again; 0: never. Fixed hours are their own
        rhythm."""
        return 0 if self.schedule is not None else self.repeat_ms

    @property
    def at_once(self) -> bool:
        """Whether nothing ever waits: ready is what is admitted."""
        return not (self.wait_ms or self.interval_ms or self.throttle or self.schedule)


AT_ONCE = Pacing()


def plan_of(
    pacing: Pacing, receiver: str, alert: Alert, values: Mapping[str, str], now_ms: int, *, urgent: bool
) -> Plan:
    """What ``alert`` waits for on its way to ``receiver``. ``values`` are those that it may be grouped by.

    ``urgent``: it begins with the word for it, or its topic is critical.
    """
    corrected = alert.type == CORRECTED
    throttle = _throttle(pacing, receiver, alert.topic)
    if pacing.schedule is not None and not corrected:
        group = _id(receiver, Wait.SCHEDULED, (("", pacing.schedule.written),))
        due_ms = pacing.schedule.next_ms(now_ms)
        return Plan(
            group, Wait.SCHEDULED, (), lane_id(receiver, group), due_ms, alert.severity, top=pacing.schedule.top
        )
    pairs = _pairs(pacing, values)
    group = _id(receiver, Wait.GROUP, pairs)
    return Plan(
        group=group,
        wait=Wait.GROUP,
        about=tuple(pairs),
        lane=lane_id(receiver, values[STORY] if STORY in pacing.group_by or EACH in pacing.group_by else group),
        due_ms=now_ms if urgent or corrected else now_ms + pacing.wait_ms,
        severity=alert.severity,
        interval_ms=0 if corrected else pacing.interval_ms,
        alone=corrected,
        throttle=None if corrected else throttle,
    )


def due_ms(plan: Plan, told_ms: int | None, now_ms: int) -> int:
    """When a notice is due whose group was last told at ``told_ms``; ``admit.lua`` keeps to the same.

    What was told in a future that a clock showed for a while was told now: nothing waits longer than the interval.
    """
    return plan.due_ms if told_ms is None else max(plan.due_ms, min(told_ms, now_ms) + plan.interval_ms)


def held_plan(throttle: Throttle, severity: Severity, until_ms: int) -> Plan:
    """What a notice waits for whose throttle is used up."""
    receiver, _, topic = throttle.key.partition(SEPARATOR)
    group = _id(receiver, Wait.THROTTLED, (("", throttle.key),))
    about = (("topic", topic),) if topic else ()
    return Plan(group, Wait.THROTTLED, about, lane_id(receiver, group), until_ms, severity)


def group_receiver(group: str) -> str:
    """Whom a group is told to."""
    return group.partition(SEPARATOR)[0]


def _pairs(pacing: Pacing, values: Mapping[str, str]) -> list[tuple[str, str]]:
    if EACH in pacing.group_by:
        return [(key, values[key]) for key in ("topic", STORY)]
    return [(key, values.get(key, "")) for key in pacing.group_by]


def _throttle(pacing: Pacing, receiver: str, topic: str) -> Throttle | None:
    if pacing.throttle is None:
        return None
    key = f"{receiver}{SEPARATOR}{topic if pacing.throttle.by_topic else ''}"
    return Throttle(key, pacing.throttle.most, pacing.throttle.per_ms)


def _id(receiver: str, wait: Wait, pairs: Sequence[tuple[str, str]]) -> str:
    return receiver + SEPARATOR + digest("group", wait.value, *(part for pair in pairs for part in pair))
