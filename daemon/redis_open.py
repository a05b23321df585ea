"""Open the server that the configuration names, or a private one; wait until it answers and is safe to run on."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import structlog
from redis.asyncio import Redis

from alerts.errors import Unavailable
from alerts.patience import Patience
from alerts.store.redis_connection import check_safety, connect
from alerts.store.redis_private import PrivateServer
from daemon.config.config import RedisConfig
from daemon.lifecycle import cancel, unless_stopped
from daemon.readiness import Readiness

log = structlog.get_logger()


async def open_redis(
    stack: AsyncExitStack,
    config: RedisConfig | None,
    *,
    state_dir: Path,
    password: str | None,
    readiness: Readiness,
    stopping: asyncio.Event,
    lost: Callable[[BaseException], None],
) -> Redis | None:
    """A client, closed by ``stack``; None if told to stop while waiting. Raises ``Refused`` where it is not safe.

    ``lost`` is called when a private server died and could not be started again.
    """
    if config is None:
        readiness.phase("the private Valkey is starting")
        url = await _start_private(stack, state_dir, stopping, lost)
        if url is None:
            return None
        redis = connect(url)
    else:
        ca_file = None if config.ca_file is None else str(config.ca_file)
        redis = connect(config.url, ca_file=ca_file, username=config.username, password=password, unsafe=config.unsafe)
    stack.push_async_callback(redis.aclose)
    unsafe = config is not None and config.unsafe
    met = await unless_stopped(_until_it_answers(redis, readiness, unsafe=unsafe), stopping)
    return redis if met else None


async def _start_private(
    stack: AsyncExitStack, state_dir: Path, stopping: asyncio.Event, lost: Callable[[BaseException], None]
) -> str | None:
    server = PrivateServer(state_dir)
    stack.push_async_callback(server.stop)
    await unless_stopped(server.start(), stopping)
    if stopping.is_set():
        return None
    watcher = asyncio.create_task(server.watch(), name="private valkey")
    stack.push_async_callback(cancel, [watcher])

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            lost(error)

    watcher.add_done_callback(ended)
    return server.url


async def _until_it_answers(redis: Redis, readiness: Readiness, *, unsafe: bool) -> bool:
    patience = Patience()
    while True:
        try:
            await check_safety(redis, unsafe=unsafe)
        except Unavailable as error:
            readiness.phase(str(error))
            if patience.worth_a_line(time.monotonic()):
                log.warning("waiting", reason=str(error))
            await asyncio.sleep(patience.pause_seconds())
        else:
            return True
