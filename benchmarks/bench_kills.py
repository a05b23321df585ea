"""Is each alert received, once, in order? And what if the dispatcher is killed again and again?

    python -m benchmarks.bench_kills [ALERTS] [KILLS]

Alerts of many stories for twenty receivers are written into the store on a private Valkey (appendfsync always) and
delivered by a dispatcher in a process of its own. First nothing is disturbed: each id must come exactly once, each
story in order. Then the dispatcher is killed (SIGKILL) at random moments while it delivers, and started again: none may
be lost, the first time of each must be in order, and what comes again must have the same id and the same bytes.
"""

import asyncio
import multiprocessing
import random
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from redis.asyncio import Redis

from alerts.model import Delivery
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.redis_connection import connect
from alerts.store.redis_private import PrivateServer
from benchmarks.arrivals import serve
from benchmarks.dispatching import RECEIVERS, name_of

STORIES = 50
"""Of each receiver: lanes whose order is watched."""

AT_ONCE = 500
MOST_WAITING = 5_000
"""Alerts in one write; undelivered ones at which the writing waits."""

WAIT_SECONDS = 600.0
"""Until everything is delivered."""


@dataclass(frozen=True)
class Run:
    """What came of one."""

    alerts: int
    received: int
    requests: int
    changed: int
    disordered: int
    kills: int
    seconds: float

    @property
    def kept(self) -> bool:
        """Whether what is promised was kept: without a kill no alert comes twice."""
        once = self.requests == self.alerts or self.kills > 0
        return self.received == self.alerts and not self.changed and not self.disordered and once

    def __str__(self) -> str:
        return (
            f"{self.alerts} alerts, {self.kills} kills: {self.alerts - self.received} lost, "
            f"{self.requests - self.received} came again, {self.changed} of them with other bytes, "
            f"{self.disordered} out of order; {self.seconds:.0f} s"
        )


@asynccontextmanager
async def a_receiver() -> AsyncIterator[tuple[str, Connection]]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/", here
    finally:
        process.terminate()
        process.join()


async def write(redis: Redis, name: str, count: int) -> None:
    """Add the alerts, no faster than they are delivered."""
    outbox, numbers = RedisOutbox(redis, name, "writer"), dict[str, int]()
    for begin in range(0, count, AT_ONCE):
        while (await outbox.depth()).ready > MOST_WAITING:
            await asyncio.sleep(0.02)
        batch = []
        for number in range(begin, min(begin + AT_ONCE, count)):
            receiver = name_of(number % RECEIVERS)
            lane = f"{receiver}-{number // RECEIVERS % STORIES}"
            numbers[lane] = numbers.get(lane, -1) + 1
            body = f"{lane} {numbers[lane]}\0".encode() + b"x" * 2_000
            id_, now = f"evt_{number}", time.time_ns() // 1_000_000
            batch.append(
                Delivery(
                    id=id_, receiver=receiver, lane=lane, type="alert.opened", notice=id_, created_ms=now, body=body
                )
            )
        await outbox.announce(batch, time.time_ns() // 1_000_000)


async def start(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.dispatching", *arguments)


async def all_delivered(redis: Redis, name: str) -> None:
    outbox = RedisOutbox(redis, name, "writer")
    async with asyncio.timeout(WAIT_SECONDS):
        while (await outbox.depth()).ready:
            await asyncio.sleep(0.05)


async def until_amid(pipe: Connection, more: int) -> None:
    """Until so many more requests have come: the dispatcher that is to be killed is at work."""
    reached = summary(pipe)[1] + more
    async with asyncio.timeout(WAIT_SECONDS):
        while summary(pipe)[1] < reached:
            await asyncio.sleep(0.002)


def summary(pipe: Connection) -> tuple[int, int, int, int]:
    """What the receiver has seen."""
    pipe.send("all of it")
    seen: tuple[int, int, int, int] = pipe.recv()
    return seen


async def play(alerts: int, kills: int, chance: random.Random) -> Run:
    """One run."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateServer(Path(folder))
        await server.start()
        redis = connect(server.url)
        async with a_receiver() as (url, pipe):
            arguments = server.url, "run", url
            process, writing = await start(*arguments), asyncio.create_task(write(redis, "run", alerts))
            for _ in range(kills):
                await until_amid(pipe, chance.randint(1, alerts // (kills + 1)))
                process.kill()
                await process.wait()
                process = await start(*arguments)
            await writing
            await all_delivered(redis, "run")
            process.terminate()
            await process.wait()
            received, requests, changed, disordered = summary(pipe)
        await redis.aclose()
        await server.stop()
    return Run(alerts, received, requests, changed, disordered, kills, time.monotonic() - began)


def main() -> None:
    alerts = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    runs = []
    for number in (0, kills):
        runs.append(asyncio.run(play(alerts, number, random.Random(7))))
        print(runs[-1], flush=True)
    raise SystemExit(0 if all(run.kept for run in runs) else 1)


if __name__ == "__main__":
    main()
