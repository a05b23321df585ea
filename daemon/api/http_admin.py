"""Listens for HTTP: metrics, health, and the API. What can be asked is in ``http_table``, by whom in ``http_guard``."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import structlog
from aiohttp import web

from alerts.errors import Refused
from daemon.api.desk import Desk
from daemon.api.http_connections import MOST_CONNECTIONS, Connections
from daemon.api.http_guard import Guard
from daemon.api.http_table import Table

MAX_REQUEST_BYTES = 256 * 1024
"""A few thousand ids; anything longer is a mistake."""

CLOSE_SECONDS = 1.0
"""For answers under way when we stop."""

REQUESTS_A_SECOND = 20.0
"""Of one token or address, where the configuration says nothing else."""


class AdminServer:
    """Listens from ``start`` to ``close``."""

    def __init__(
        self,
        desk: Desk,
        *,
        host: str,
        port: int,
        token: str | None,
        a_second: float = REQUESTS_A_SECOND,
        log: Any = None,
    ) -> None:
        self._host = host
        self._port = port
        self._connections = Connections()
        self._table = Table(desk, self._connections)
        self._guard = Guard(
            token=token,
            tokens=desk.tokens,
            metrics=desk.metrics,
            connections=self._connections,
            now_ms=desk.now_ms,
            a_second=a_second,
            log=structlog.get_logger() if log is None else log,
        )
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Begin to listen; returns ``host:port``. Raises ``Refused`` where that is impossible."""
        app = web.Application(middlewares=[self._guard.middleware], client_max_size=MAX_REQUEST_BYTES)
        app.on_shutdown.append(self._table.close)
        for route in self._table.routes:
            self._guard.routes[route.method, route.path] = route
            if route.method == "GET":
                app.router.add_get(route.path, route.handler)  # HEAD too
            else:
                app.router.add_route(route.method, route.path, route.handler)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_SECONDS)
        await self._runner.setup()
        make = self._connections.guard(cast(Callable[[], asyncio.Protocol], self._runner.server))  # there since setup
        try:
            # No more are accepted at once than may be connected: asyncio takes the whole backlog before it looks up.
            self._server = await asyncio.get_running_loop().create_server(
                make, self._host, self._port, backlog=MOST_CONNECTIONS
            )
        except OSError as error:
            await self.close()
            raise Refused(
                f"http.listen {self._host}:{self._port}: {error.strerror or error}. Choose another port, or stop "
                "what listens there"
            ) from error
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
