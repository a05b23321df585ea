"""Looks receivers' names up, in threads of their own.

The process' shared threads also keep positions and dead letters: a name server that hangs must not hold those up.
The threads do not outlive us either: whoever stops the process does not wait for a name server.
"""

import asyncio
import contextlib
import socket
import threading
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

MOST_LOOKUPS = 128
"""Threads at most. A lookup under way cannot be ended: one that hangs keeps its thread until the system gives up."""


class ThreadResolver(AbstractResolver):
    """The system's resolver. Made inside the running loop."""

    def __init__(self, most: int = MOST_LOOKUPS) -> None:
        self._room = asyncio.Semaphore(most)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Every address of ``host``. Raises ``OSError`` where there is none."""
        await self._room.acquire()
        answer = self._look_up(host, port, family)
        return [_result(host, found) for found in await answer]

    def _look_up(self, host: str, port: int, family: socket.AddressFamily) -> asyncio.Future[list[Any]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Any]] = loop.create_future()

        def ended(found: list[Any], error: Exception | None) -> None:
            self._room.release()  # only now: whoever asked may have stopped waiting, the thread had not
            if answer.done():
                return
            if error is None:
                answer.set_result(found)
            else:
                answer.set_exception(error)

        def ask() -> None:
            found, failed = list[Any](), None
            try:
                found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
            except Exception as error:  # an OSError, or a ValueError for what is no name
                failed = error
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody asks any more
                loop.call_soon_threadsafe(ended, found, failed)

        try:
            threading.Thread(target=ask, name="look up a name", daemon=True).start()
        except RuntimeError as error:
            self._room.release()
            raise OSError(f"no thread to look {host} up: {error}") from error
        return answer

    async def close(self) -> None:
        """Nothing is held."""
        return


def _result(host: str, found: tuple[Any, ...]) -> ResolveResult:
    family, _, protocol, _, address = found
    scope = address[3] if family == socket.AF_INET6 and len(address) > 3 else 0
    return ResolveResult(
        hostname=host,
        host=f"{address[0]}%{scope}" if scope else address[0],
        port=address[1],
        family=family,
        proto=protocol,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
