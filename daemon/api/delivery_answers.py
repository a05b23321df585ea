"""What the API answers about deliveries, as types (see ``api_answers``)."""

from typing import Any

import msgspec


class DeliveryShown(msgspec.Struct, frozen=True):
    """A delivery. ``at`` is when it came to its state, ``next`` when it is tried again."""

    id: str
    receiver: str
    type: str
    state: str
    at: str
    created: str
    attempts: int
    status: int | None
    reason: str
    next: str | None
    parked: bool
    replay: bool
    topic: str
    alert: str
    story: str
    text: str


class DeliveriesShown(msgspec.Struct, frozen=True):
    """A page, the newest first. ``next`` is null at the end; a page may be short, even empty, before that."""

    deliveries: list[DeliveryShown]
    next: str | None


class AttemptShown(msgspec.Struct, frozen=True):
    """One request to a receiver. ``outcome`` is delivered, later, or why it was given up."""

    at: str
    attempt: int
    outcome: str
    status: int | None
    error: str
    seconds: float
    reply: str


class DeliveryWhole(DeliveryShown, frozen=True):
    """With its body and its attempts, the last one last."""

    notice: str
    history: list[AttemptShown]
    body: Any


class DeliveryStateShown(msgspec.Struct, frozen=True):
    """Where one stands."""

    state: str
    receiver: str


class DeliveryStates(msgspec.Struct, frozen=True):
    """By id."""

    states: dict[str, DeliveryStateShown]


class SentAgain(msgspec.Struct, frozen=True):
    """What was found, and how many will be sent again."""

    found: int
    delivered: int
    dead: int
    under_way: list[str]
    unknown: list[str]
    per_second: int
    dry_run: bool
    queued: int
    waiting: int
