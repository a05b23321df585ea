"""Receivers that are not called any more: they said 410 Gone, or failed for days. Others are told first.

Told, then remembered: a process that dies in between does both again, and what was told is told once.
"""

from collections.abc import Iterable, Mapping

from alerts.failing_row import FailingRow
from alerts.logger import Logger
from alerts.notices.system_event import deliveries_of, receiver_disabled
from alerts.outbox.outbox import Outbox
from alerts.receiver import Receiver

GONE, FAILING = "gone", "failing"

_HINTS = {
    GONE: "it answered 410 Gone: `rasid receivers enable` once it is back",
    FAILING: "it only failed for five days: mend it, then `rasid receivers enable` and `rasid deliveries replay`",
}


class Disabling:
    """Knows who is disabled, and disables."""

    def __init__(self, outbox: Outbox, log: Logger) -> None:
        self._outbox = outbox
        self._log = log
        self._under_way: dict[str, str] = {}  # not in the store yet
        self._stored: Mapping[str, str] = {}
        self.failing: Mapping[str, FailingRow] = {}

    @property
    def disabled(self) -> Mapping[str, str]:
        """Receivers and why."""
        return {**self._stored, **self._under_way} if self._under_way else self._stored

    async def look(self, receivers: Mapping[str, Receiver], now_ms: int) -> None:
        """See whom others disabled or enabled, and who failed for too long. Raises ``Unavailable``: look again."""
        self._stored = await self._outbox.disabled()
        self.failing = await self._outbox.failing()
        for name, row in self.failing.items():
            if name in receivers and name not in self.disabled and row.too_long:
                await self.disable(name, FAILING, str(row.first_ms), receivers.values(), now_ms)

    def begin(self, receiver: str, reason: str) -> bool:
        """From now on it is not called. False: another of its deliveries got the same answer a moment ago."""
        if receiver in self.disabled:
            return False
        self._under_way[receiver] = reason
        return True

    async def disable(self, receiver: str, reason: str, about: str, receivers: Iterable[Receiver], now_ms: int) -> None:
        """Tell and remember; ``about`` tells this time from others. Raises ``Unavailable``: call again."""
        others = [each for each in receivers if each.name not in self.disabled and each.name != receiver]
        told = deliveries_of(receiver_disabled(receiver, reason, about), others, now_ms)
        await self._outbox.announce(told, now_ms)
        await self._outbox.disable(receiver, reason, now_ms)
        self._stored = {**self._stored, receiver: reason}
        self._under_way.pop(receiver, None)
        self._log.warning("receiver_disabled", receiver=receiver, reason=reason, hint=_HINTS[reason])
