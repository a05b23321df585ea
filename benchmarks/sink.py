"""A receiver in a process of its own, for benchmarks that only count."""

import asyncio
from multiprocessing.connection import Connection

from aiohttp import web


def serve(port_to: Connection) -> None:
    """Reads everything and answers 204; its port is sent through ``port_to``."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=204)

    async def run() -> None:
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post("/{path:.*}", take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port_to.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())
