"""A process over memory twins that has read some records, its API, and commands that ask it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alerts.deliveries.memory_deliveries import MemoryDeliveries
from alerts.ledger.memory_alert_log import MemoryAlertLog
from alerts.ledger.memory_ledger import MemoryLedger
from alerts.model import Attempt, Reply
from alerts.store.memory_state import MemoryState
from daemon.access.memory_tokens import MemoryTokens
from daemon.api.desk import Desk
from daemon.api.http_admin import AdminServer
from daemon.api.http_silences import Silencing
from daemon.cli.main import main
from daemon.history.past import Past
from daemon.readiness import Readiness
from daemon.sources.memory_source import MemorySource, Step
from daemon.watch import Watch
from tests.daemon.build import NOW, Process, write_config

LEASE_MS = 20_000


WORKS = {"ready": 0, "disabled": None, "state": "working", "failing": None, "asked_again_ms": None}
"""How a receiver stands that nothing was sent to."""


class AskedDaemon:
    """Give it lines, then ask."""

    def __init__(self, watch: Watch) -> None:
        self.source = MemorySource({"p": []})
        self.state = MemoryState()
        self.logged: list[dict[str, Any]] = []  # of requests to its API
        self.tokens = MemoryTokens()
        self.loaded_ms = 0  # when the topics were loaded
        self.process = Process(watch, self.source, self.state)
        self.past = Past(
            MemoryLedger(self.state),
            self.process.admission,
            MemoryDeliveries(self.state),
            lambda: self.process.watch,
            lambda: NOW,
            lambda: self.loaded_ms,
            MemoryAlertLog(self.state),
            self.process.verdicts,
        )

    async def read(self, *lines: Step) -> None:
        """Publish the lines and read them all."""
        self.source.add("p", *lines)
        await self.process.read_all()

    async def settle(self, reply: Reply = Reply.DELIVERED, status: int = 204) -> None:
        """Each delivery that is due has one attempt."""
        outbox = self.process.outbox
        for leased in (await outbox.lease({"desk": 100}, NOW, LEASE_MS)).leased:
            attempt = Attempt(reply, status)
            if reply is Reply.DELIVERED:
                await outbox.delivered(leased, attempt, NOW)
            else:
                await outbox.later(leased, attempt, NOW, NOW + LEASE_MS)

    def log(self, level: int, event: str, **values: Any) -> None:
        """A line of the log of its API."""
        self.logged.append({"level": level, "event": event, **values})

    @asynccontextmanager
    async def listening(self, token: str | None = None, a_second: float = 1_000) -> AsyncIterator[str]:
        """Its API, at the address."""

        async def status() -> dict[str, Any]:
            return {"receivers": dict.fromkeys(self.process.watch.receivers, WORKS)}

        desk = Desk(
            metrics=self.process.metrics,
            readiness=Readiness(),
            status=status,
            reload=lambda: asyncio.sleep(0, ()),
            outbox=lambda: self.process.outbox,
            now_ms=lambda: NOW,
            woken=lambda: None,
            past=lambda: self.past,
            silencing=lambda: Silencing(
                self.process.silences, lambda: self.process.watch.loaded.silences, lambda: self.process.now_ms
            ),
            tokens=lambda: self.tokens,
        )
        server = AdminServer(desk, host="127.0.0.1", port=0, token=token, a_second=a_second, log=self)
        address = await server.start()
        try:
            yield address
        finally:
            await server.close()

    async def command(self, folder: Path, *arguments: str) -> int:
        """``rasid`` with these arguments, and the configuration that leads to this process."""
        async with self.listening() as address:
            path = write_config(folder, http={"listen": address})
            return await asyncio.to_thread(main, [*arguments, "-c", str(path)])
