"""Deliveries that are parked or dead are also kept in a compacted topic; only then their records are let go.

``ParkedTopic`` is that topic, ``ParkedOutbox`` what it is told by the outbox and, after a wipe, tells it. Both raise
``Unavailable``; every call may be repeated, by several processes at once. docs/protocol.md says why.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import msgspec

from alerts.model import Delivery


class ParkedState(StrEnum):
    """Where a kept delivery goes back to."""

    PARKED = "parked"  # unfinished for over an hour
    DEAD = "dead"


class Parked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A delivery as the topic keeps it: its constant bytes, and how far it came."""

    delivery: Delivery
    state: ParkedState
    since_ms: int  # when it became ready, or died
    attempts: int
    reason: str = ""  # why it died
    members: tuple[str, ...] = ()  # of a digest that is unfinished


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the topic must be told."""

    id: str
    stamp: str  # of the state as read: who confirms names it, so that a later change is told, too
    parked: Parked | None  # None: it is finished


@dataclass(frozen=True, slots=True)
class Unkept:
    """The answer of ``unkept``."""

    incarnation: str  # "" where the store is new
    changes: Sequence[Change]


class ParkedTopic(Protocol):
    """The compacted topic."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    async def keep(self, changes: Mapping[str, Parked | None]) -> None:
        """Returns when all of it is safe on every replica in sync. None takes a delivery out."""
        ...

    def load(self) -> AsyncIterator[Sequence[Parked]]:
        """All that the topic holds, as of now."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


class ParkedOutbox(Protocol):
    """The store's side."""

    async def unkept(self, now_ms: int, limit: int) -> Unkept:
        """What the topic must be told: what is dead, what holds back ``low`` for an hour, what changed since."""
        ...

    async def kept(self, unkept: Unkept, now_ms: int) -> bool:
        """The topic holds these now: their pins are freed. False: the store is another one, nothing was done."""
        ...

    async def standing(self) -> tuple[str, str]:
        """The incarnation, and the topic that was put back into it; empty where there is none."""
        ...

    async def restore(self, incarnation: str, parked: Sequence[Parked], now_ms: int) -> int | None:
        """Put back what the store has never been told of. How many; None: the store is another one."""
        ...

    async def restored(self, incarnation: str, topic: str) -> bool:
        """All of ``topic`` was put back. False: the store is another one."""
        ...
