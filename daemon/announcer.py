"""Tells receivers what happened to the daemon itself. What was told once is not told again, whoever says it."""

from collections.abc import Callable, Mapping

from alerts.notices.system_event import deliveries_of, kafka_reset
from alerts.outbox.outbox import Outbox
from alerts.receiver import Receiver
from daemon.sources.source import Vanished


class Announcer:
    """The consume side's way to the receivers, besides what a record leads to."""

    def __init__(
        self,
        *,
        name: str,
        outbox: Outbox,
        receivers: Callable[[], Mapping[str, Receiver]],
        now_ms: Callable[[], int],
        added: Callable[[], None],
    ) -> None:
        self._name = name
        self._outbox = outbox
        self._receivers = receivers
        self._now_ms = now_ms
        self._added = added

    async def vanished(self, vanished: Vanished, checkpoint: int) -> None:
        """SKIP is about to pass over what the source lost, from ``checkpoint`` on. Raises ``Unavailable``."""
        anew = vanished.resume < vanished.position
        if checkpoint != vanished.position if anew else checkpoint >= vanished.resume:
            return  # another process has passed it already
        now = self._now_ms()
        event = kafka_reset(self._name, vanished.partition, checkpoint, vanished.resume, vanished.reason)
        if await self._outbox.announce(deliveries_of(event, self._receivers().values(), now), now):
            self._added()
