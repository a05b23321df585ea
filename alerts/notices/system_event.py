"""What Rasid says of itself, to the receivers that ask for it (``events: [system.*]``). Pure.

An event's id is made of what it is about, so that saying it again, after a crash or by another process, says nothing
new.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from alerts.ids import delivery_id, event_notice, lane_id
from alerts.model import Delivery
from alerts.notices.plain_text import clean
from alerts.notices.timestamp import rfc3339
from alerts.receiver import Receiver
from alerts.routing.routing import takes

LANE = "system"
"""In place of a story: events reach a receiver in the order in which they happened."""

_NAME_CHARS, _TEXT_CHARS = 300, 240  # a Kafka topic's name has at most 249

_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class SystemEvent:
    """One thing that a person who runs Rasid should know."""

    type: str  # system.kafka_reset …
    about: tuple[str, ...]  # what tells it from others of its type
    data: Mapping[str, Any]
    text: str  # one line for a chat or a pager


def kafka_reset(name: str, partition: str, position: int, resume: int, reason: str) -> SystemEvent:
    """The source of the daemon called ``name`` does not hold ``position`` any more: reading goes on at ``resume``."""
    lost = max(0, resume - position)
    shown = clean(partition, _NAME_CHARS)
    text = (
        f"{shown}: {lost} records from {position} on are gone before they were read ({reason})"
        if lost
        else f"{shown} was made anew: reading goes on at {resume}, not at {position} ({reason})"
    )
    return SystemEvent(
        type="system.kafka_reset",
        about=(name, partition, str(position), str(resume), reason),
        data={"partition": shown, "position": position, "resume": resume, "lost": lost, "reason": reason},
        text=text,
    )


def receiver_disabled(receiver: str, reason: str, about: str) -> SystemEvent:
    """``receiver`` is not called any more: it answered delivery ``about`` with 410, or only failed since ``about``."""
    return SystemEvent(
        type="system.receiver_disabled",
        about=(receiver, reason, about),
        data={"receiver": receiver, "reason": reason},
        text=f"{receiver} is disabled ({reason}): `rasid receivers enable {receiver}` once it is back",
    )


def deliveries_of(event: SystemEvent, receivers: Iterable[Receiver], at_ms: int) -> list[Delivery]:
    """The event for each of ``receivers`` that takes its type."""
    return [delivery_of(event, receiver, at_ms) for receiver in receivers if takes(receiver, event.type)]


def delivery_of(event: SystemEvent, receiver: Receiver, at_ms: int) -> Delivery:
    """The event for one receiver, whatever its ``events``."""
    data = {**event.data, "text": clean(event.text, _TEXT_CHARS)}
    notice = event_notice(event.type, *event.about)
    return Delivery(
        id=delivery_id(receiver.name, notice),
        receiver=receiver.name,
        lane=lane_id(receiver.name, LANE),
        type=event.type,
        notice=notice,
        created_ms=at_ms,
        body=_ENCODER.encode({"type": event.type, "timestamp": rfc3339(at_ms), "data": data}),
    )
