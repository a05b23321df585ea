"""The loops of a running daemon, each a task. What ends one of them by an error ends the process (``lifecycle``)."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from alerts.deliveries.replayer import Replayer
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.pacer import Pacer
from alerts.parking.parker import Parker
from daemon.api.http_silences import Silencing
from daemon.reload import Reloader
from daemon.watch import watched_files


def loop(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """One of them."""
    return asyncio.create_task(work, name=name)


def senders(
    dispatcher: Dispatcher, pacer: Pacer, replayer: Replayer, parker: Parker | None, stop: asyncio.Event
) -> list[asyncio.Task[None]]:
    """What empties the outbox, and what is put back into it."""
    tasks = [loop(dispatcher.run(stop), "dispatcher"), loop(pacer.run(stop), "pacer")]
    tasks.append(loop(replayer.run(stop), "replayer"))
    return tasks if parker is None else [*tasks, loop(parker.run(stop), "parker")]


def watchers(reloader: Reloader, silencing: Silencing | None, stop: asyncio.Event) -> list[asyncio.Task[None]]:
    """What learns of changes that people make."""
    tasks = [loop(reloader.watch_files(watched_files), "watch files")]
    return tasks if silencing is None else [*tasks, loop(silencing.known.run(stop), "silences")]
