"""What becomes of a group's notices when it is due: told together, told alone, or held by a throttle. Pure.

A throttle counts deliveries in slots of time. One in which something of severity *s* is told is within it while fewer
than ``most`` of severity *s* or above were told in the slot: so what is lesser never uses up what is weightier.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from alerts.model import Pending, Severity, Throttle
from alerts.pacing.pacing import held_plan

SEVERITIES = tuple(Severity)
"""Least first."""


class Used(msgspec.Struct, frozen=True, array_like=True):
    """What a throttle has let through in a slot."""

    end_ms: int  # of the slot
    told: tuple[int, int, int]  # deliveries by severity, least first


NOTHING_USED = Used(0, (0, 0, 0))


@dataclass(frozen=True, slots=True)
class Turn:
    """One due group. ``together`` comes first."""

    together: tuple[Pending, ...]  # one delivery
    alone: tuple[Pending, ...]  # one delivery each
    used: Mapping[str, Used] = field(default_factory=dict)  # throttles as they are once ``together`` is told
    held: Mapping[str, tuple[Pending, ...]] = field(default_factory=dict)  # with what they wait for now, by its group


def take_turn(members: Sequence[Pending], used: Mapping[str, Used], now_ms: int) -> Turn:
    """Sort what is pending in a group that is due. ``used`` is what is known of its throttles."""
    alone = tuple(each for each in members if each.plan is not None and each.plan.alone)
    others = [each for each in members if each.plan is None or not each.plan.alone]
    after: dict[str, Used] = {}
    held: dict[str, tuple[Pending, ...]] = {}
    kept: set[str] = set()
    by_throttle = defaultdict[str, list[Pending]](list)
    for each in others:
        by_throttle[_key(each)].append(each)
    for throttle in throttles(others):
        of_it = by_throttle[throttle.key]
        most_severe = max(SEVERITIES.index(_severity(each)) for each in of_it)
        slot = in_slot(used.get(throttle.key, NOTHING_USED), throttle, now_ms)
        if sum(slot.told[most_severe:]) < throttle.most:
            after[throttle.key] = _counted(slot, most_severe)
        else:
            waiting = _held(of_it, throttle, slot.end_ms)
            held[waiting[0].group] = waiting
            kept |= {each.id for each in of_it}
    return Turn(
        together=tuple(each for each in others if each.id not in kept),
        alone=alone,
        used=after,
        held=held,
    )


def throttles(members: Sequence[Pending]) -> list[Throttle]:
    """Those of the members, each once, in their order."""
    found = {each.plan.throttle.key: each.plan.throttle for each in members if each.plan and each.plan.throttle}
    return list(found.values())


def in_slot(used: Used, throttle: Throttle, now_ms: int) -> Used:
    """What is used of the slot of that moment; of an earlier slot nothing is left."""
    end_ms = (now_ms // throttle.per_ms + 1) * throttle.per_ms
    return used if used.end_ms == end_ms else Used(end_ms, (0, 0, 0))


def _key(pending: Pending) -> str:
    throttle = pending.plan.throttle if pending.plan is not None else None
    return throttle.key if throttle is not None else ""


def _severity(pending: Pending) -> Severity:
    return pending.plan.severity if pending.plan is not None else Severity.INFO


def _held(pending: Sequence[Pending], throttle: Throttle, until_ms: int) -> tuple[Pending, ...]:
    """Their own bodies are not needed any more: they go out in a digest."""
    plans = {severity: held_plan(throttle, severity, until_ms) for severity in {_severity(each) for each in pending}}
    return tuple(msgspec.structs.replace(each, plan=plans[_severity(each)], single=None) for each in pending)


def _counted(slot: Used, severity: int) -> Used:
    info, warning, critical = (count + (place == severity) for place, count in enumerate(slot.told))
    return Used(slot.end_ms, (info, warning, critical))
