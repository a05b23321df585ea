"""Deliveries a second of one core: dispatcher, store and signed requests, against a bare aiohttp loop.

    python -m benchmarks.bench_sender [DELIVERIES]

Both post the same bodies, with as many requests open, to the same local receiver in a process of its own. Ours leases
each delivery from a private Valkey (appendfsync always), sends it signed to one of ten receivers, and settles it there.
Counted are CPU seconds of the process that sends, so that the figures hold whatever else the machine does; what the
Valkey takes of another core is shown beside it. The ratio is what the promises cost.
"""

import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

import aiohttp
from redis.asyncio import Redis

from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.observer import Ending
from alerts.model import Delivery, Leased
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.receiver import Receiver
from alerts.senders.senders import Senders
from alerts.senders.signature import parse_secrets
from alerts.store.redis_connection import connect
from alerts.store.redis_private import PrivateServer
from benchmarks.sink import serve
from benchmarks.unheard import Unheard

OPEN = 64
"""Requests at once, for both sides of the comparison."""

RECEIVERS = 10

ROUNDS = 3

AT_ONCE = 500
"""Deliveries added in one write."""

BODY = ('{"text": "' + "خبر " * 400 + '"}').encode()


async def bare(url: str, count: int) -> float:
    """CPU seconds of a loop that promises nothing."""
    left = iter(range(count))

    async def worker(session: aiohttp.ClientSession) -> None:
        for _ in left:
            async with session.post(url, data=BODY, headers={"content-type": "application/json"}) as response:
                await response.read()

    async with aiohttp.ClientSession() as session:
        began = time.process_time()
        await asyncio.gather(*(worker(session) for _ in range(OPEN)))
        return time.process_time() - began


@dataclass
class Count(Unheard):
    """Ends the run after the last delivery."""

    count: int
    stopping: asyncio.Event
    settlements: dict[Ending, int] = field(default_factory=dict)

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        self.settlements[ending] = self.settlements.get(ending, 0) + 1
        if sum(self.settlements.values()) == self.count:
            self.stopping.set()

    def removed(self, deliveries: int) -> None:
        raise AssertionError(f"{deliveries} deliveries for a receiver that is not configured")


async def filled(redis: Redis, name: str, count: int) -> RedisOutbox:
    """An outbox with ``count`` deliveries that are due, each of a story of its own."""
    outbox = RedisOutbox(redis, name, "one")
    for begin in range(0, count, AT_ONCE):
        added = [
            Delivery(
                id=f"evt_{number}",
                receiver=f"desk{number % RECEIVERS}",
                lane=f"lane{number}",
                type="alert.opened",
                notice=f"n{number}",
                created_ms=0,
                body=BODY,
            )
            for number in range(begin, min(begin + AT_ONCE, count))
        ]
        await outbox.announce(added, 1)
    return outbox


def receivers_at(url: str) -> dict[str, Receiver]:
    key = parse_secrets("whsec_" + "QUJD" * 10, "benchmark")
    loopback = (ip_network("127.0.0.0/8"),)
    names = [f"desk{number}" for number in range(RECEIVERS)]
    return {name: Receiver(name=name, url=url, secrets=key, allow=loopback) for name in names}


async def ours(url: str, redis: Redis, name: str, count: int) -> float:
    """CPU seconds of the whole way from the outbox to what became of each."""
    outbox, stopping = await filled(redis, name, count), asyncio.Event()
    counting, sender = Count(count, stopping), Senders(user_agent="rasid/benchmark")
    dispatcher = Dispatcher(
        outbox=outbox,
        sender=sender,
        receivers=receivers_at(url),
        observer=counting,
        log=counting,
        now_ms=lambda: time.time_ns() // 1_000_000,
        chance=lambda: 0.5,
        most_open=OPEN,
    )
    began = time.process_time()
    await dispatcher.run(stopping)
    took = time.process_time() - began
    await sender.close()
    if counting.settlements != {Ending.DELIVERED: count}:
        raise SystemExit(f"not everything arrived: {counting.settlements}")
    return took


async def compare(url: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateServer(Path(folder))
        await server.start()
        redis = connect(server.url)
        ratios = []
        for number in range(ROUNDS):
            plain = await bare(url, count)
            before = await redis.info("cpu")
            rasid = await ours(url, redis, f"round{number}", count)
            after = await redis.info("cpu")
            store = sum(float(after[key]) - float(before[key]) for key in ("used_cpu_user", "used_cpu_sys"))
            ratios.append(plain / rasid)
            print(
                f"round {number + 1}: bare aiohttp {count / plain:,.0f}/s of one core, rasid {count / rasid:,.0f}/s, "
                f"ratio {ratios[-1]:.2f}; the store took {store / rasid:.2f} of another"
            )
        await redis.aclose()
        await server.stop()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"median ratio {sorted(ratios)[ROUNDS // 2]:.2f}, peak memory {peak} MiB")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    here, there = multiprocessing.Pipe()
    receiver = multiprocessing.Process(target=serve, args=(there,), daemon=True)
    receiver.start()
    asyncio.run(compare(f"http://127.0.0.1:{here.recv()}/", count))
    receiver.terminate()
    receiver.join()


if __name__ == "__main__":
    main()
