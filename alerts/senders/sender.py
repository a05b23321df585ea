"""What a sender promises: one request, and what came of it."""

from typing import Protocol

from alerts.model import Attempt, Leased
from alerts.receiver import Receiver


class Sender(Protocol):
    """Sends one delivery once."""

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one request. Whatever the receiver does is an ``Attempt``, never an exception."""
        ...
