"""The demo's subscriber: a webhook endpoint that believes nothing it cannot verify.

It uses the public Standard Webhooks library, as any subscriber would, and nothing of ours.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True, slots=True)
class Received:
    """One verified request."""

    webhook_id: str
    data: dict[str, Any]


@dataclass(slots=True)
class Receiver:
    """Collects what arrives; ``refused`` counts requests whose signature was wrong."""

    secret: str
    received: list[Received] = field(default_factory=list)
    refused: int = 0
    _runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen on a free port of this machine. Returns the URL."""
        app = web.Application()
        app.router.add_post("/webhook", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}/webhook"

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            self.refused += 1
            return web.Response(status=401)
        self.received.append(Received(headers["webhook-id"], json.loads(body)["data"]))
        return web.Response(status=204)
