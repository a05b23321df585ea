"""Life and death of the process: signals only set events; what is upstream stops first; one deadline for all.

A loop that ends by an error ends the process: it comes out of ``supervise``.
"""

import asyncio
import gc
import signal
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog

T = TypeVar("T")

CANCEL_AGAIN_SECONDS = 0.1
"""Between two cancellations of a task that swallowed one: short beside any drain, long enough to end in peace."""

log = structlog.get_logger()


class Drain:
    """The time that everything under way has left, from the moment of the stop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: float | None = None
        self.late: list[str] = []  # what had to be cancelled

    def left(self) -> float:
        """Seconds; the clock starts at the first question."""
        if self._until is None:
            self._until = time.monotonic() + self._seconds
        return max(0.0, self._until - time.monotonic())

    async def finish(self, what: str, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Wait for ``tasks``; cancel what is not done in time. Their errors come out."""
        if not tasks:
            return
        _, pending = await asyncio.wait(tasks, timeout=self.left())
        await cancel(list(pending))
        if pending:
            self.late.append(what)
            log.warning("drain_timeout", what=what, tasks=len(pending))
        for task in tasks:
            if task not in pending:
                task.result()


async def cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """End ``tasks``, whatever they are at; their errors are dropped.

    A cancellation that meets a reply of Redis half way can come out as a lost connection, after which the loop goes
    on: so it is repeated until they have ended.
    """
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def signals(stop: Callable[[], None], reload: Callable[[], None], before: Sequence[int] = ()) -> Iterator[None]:
    """SIGTERM and SIGINT call ``stop``, SIGHUP calls ``reload``, while inside; any in ``before`` have asked to stop."""
    loop = asyncio.get_running_loop()
    handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: reload}
    for number, handler in handlers.items():
        loop.add_signal_handler(number, handler)
    if before:  # asked only now, when the next one comes here: none falls between
        stop()
    try:
        yield
    finally:
        for number in handlers:
            loop.remove_signal_handler(number)


def freeze_loaded() -> None:
    """Call once all is open: the collector need not look again through what was loaded.

    A full collection over the built-in pack takes 100 ms, during which nothing else runs; what is frozen is passed
    over. ``not_collecting`` has seen to what was loaded, and does so at a reload; here it is what was opened since.
    What an older set leaves behind goes by itself.
    """
    gc.collect()
    gc.freeze()


async def supervise(tasks: Sequence[asyncio.Task[None]], stopping: asyncio.Event) -> None:
    """Return when ``stopping`` is set; raise what ends a task before that."""
    stop = asyncio.create_task(stopping.wait())
    try:
        while not stop.done():
            done, _ = await asyncio.wait([stop, *tasks], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stop}:
                await task  # raises its error; a loop that ends by itself has nothing left to do
            tasks = [task for task in tasks if not task.done()]
    finally:
        stop.cancel()


async def unless_stopped(waiting: Coroutine[Any, Any, T], stopping: asyncio.Event) -> T | None:
    """The result of ``waiting``, or None if ``stopping`` was set first."""
    work, stop = asyncio.create_task(waiting), asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait([work, stop], return_when=asyncio.FIRST_COMPLETED)
        return await work if work.done() else None
    finally:
        for each in (work, stop):
            each.cancel()
        await asyncio.gather(work, stop, return_exceptions=True)
