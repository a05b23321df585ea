"""What the dispatcher tells of its work, for metrics."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from alerts.dispatch.standing import Standing
from alerts.model import Attempt, Leased


class Ending(StrEnum):
    """How an attempt was settled. Also a metric label."""

    DELIVERED = "delivered"
    LATER = "later"
    DEAD = "dead"


class Observer(Protocol):
    """Who wants to know what happens, for metrics."""

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        """A request was made, or refused by us."""
        ...

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        """The store took the outcome of ``now_ms``; ``reason`` is why a dead one died, else empty."""
        ...

    def removed(self, deliveries: int) -> None:
        """So many ended as dead because their receiver is no longer configured."""
        ...

    def stand(self, standings: Mapping[str, Standing], now_ms: int) -> None:
        """How every receiver stands; told every few seconds."""
        ...
