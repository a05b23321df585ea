"""A receiver as unreliable as real ones, in a process of its own: ``python -m tests.faults.receiver LEDGER SEED PORT``.

Writes each request to its ledger before it answers. Prints its port, then serves until it is killed. Some requests
are answered 503, some late, some not at all. With seed 0 it is as good as can be.
"""

import asyncio
import random
import sys
import time
from pathlib import Path

from aiohttp import web

from tests.faults.ledger import Ledger, Receipt

REFUSED, CUT_OFF, LATE = 0.04, 0.03, 0.04
"""Shares of requests: enough that every run meets each many times, few enough that retries keep up."""

LATE_SECONDS = 0.3


class Receiver:
    """One webhook endpoint."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self._ledger = ledger
        self._random = random.Random(seed)
        self._well = seed == 0

    async def take(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except OSError:  # cut off on its way: it never came
            return web.Response(status=400)
        draw = 0.5 if self._well else self._random.random()
        status = 503 if draw < REFUSED else 0 if draw < REFUSED + CUT_OFF else 204
        headers = {name.lower(): value for name, value in request.headers.items()}
        self._ledger.write(Receipt(request.match_info["name"], time.time(), status, headers, body))
        if status == 0 and request.transport is not None:
            request.transport.abort()
        elif draw > 1 - LATE:
            await asyncio.sleep(LATE_SECONDS)
        return web.Response(status=status or 500)


async def serve(ledger: Path, seed: int, port: int) -> None:
    receiver = Receiver(Ledger(ledger), seed)
    app = web.Application()
    app.router.add_post("/{name}", receiver.take)
    # Who is cut off ends the connection: aiohttp need not log it.
    runner = web.AppRunner(app, access_log=None, handler_cancellation=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
