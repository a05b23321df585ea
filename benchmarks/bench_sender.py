"""Deliveries a second through dispatcher, memory outbox and signed requests, against a bare aiohttp loop.

Both post the same bodies, with the same number of requests open, to the same receiver in a process of its own.
Run: ``python benchmarks/bench_sender.py [deliveries]``. The ratio is what the promises cost.
"""

import asyncio
import multiprocessing
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import aiohttp

from alerts.dispatcher import Dispatcher, Ending
from alerts.http_sender import HttpSender
from alerts.memory_state import MemoryState, Waiting
from alerts.model import Attempt, Delivery, Leased
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.receiver import Receiver
from alerts.signature import parse_secrets
from alerts.standing import Standing
from benchmarks.sink import serve

OPEN = 16
"""Requests at once, for both sides of the comparison."""

ROUNDS = 3
"""The best counts: whatever else the machine does only makes one slower."""

# The memory outbox searches through what waits, so it is fed as it empties, as a stream would.
WAITING = 200
BODY = ('{"text": "' + "خبر " * 400 + '"}').encode()


async def bare(url: str, count: int) -> float:
    left = iter(range(count))

    async def worker(session: aiohttp.ClientSession) -> None:
        for _ in left:
            async with session.post(url, data=BODY, headers={"content-type": "application/json"}) as response:
                await response.read()

    async with aiohttp.ClientSession() as session:
        started = time.perf_counter()
        await asyncio.gather(*(worker(session) for _ in range(OPEN)))
        return count / (time.perf_counter() - started)


@dataclass
class Feed:
    """Keeps the outbox at ``WAITING`` deliveries and ends the run after the last one."""

    state: MemoryState
    count: int
    stopping: asyncio.Event
    made: int = 0
    settlements: dict[Ending, int] = field(default_factory=dict)

    def fill(self) -> None:
        while self.made < self.count and len(self.state.waiting) < WAITING:
            self.made += 1
            id_ = f"evt_{self.made}"
            delivery = Delivery(
                id=id_, receiver="desk", lane=id_, type="alert.opened", notice=id_, created_ms=0, body=BODY
            )
            self.state.waiting[id_] = Waiting(delivery, self.made, 0, id_)
            self.state.due["desk", id_] = 0

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        pass

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        self.settlements[ending] = self.settlements.get(ending, 0) + 1
        self.fill()
        if sum(self.settlements.values()) == self.count:
            self.stopping.set()

    def removed(self, deliveries: int) -> None:
        raise AssertionError(f"{deliveries} deliveries for a receiver that is not configured")

    def stand(self, standings: Mapping[str, Standing], now_ms: int) -> None:
        pass

    def info(self, event: str, **values: Any) -> None:
        print(event, values, file=sys.stderr)

    warning = info


async def ours(url: str, count: int) -> float:
    state, stopping = MemoryState(), asyncio.Event()
    feed = Feed(state, count, stopping)
    feed.fill()
    key = parse_secrets("whsec_" + "QUJD" * 10, "benchmark")
    receivers: Mapping[str, Receiver] = {
        "desk": Receiver(name="desk", url=url, secrets=key, allow=(ip_network("127.0.0.0/8"),), max_in_flight=OPEN)
    }
    sender = HttpSender(user_agent="rasid/benchmark")
    dispatcher = Dispatcher(
        outbox=MemoryOutbox(state, "one"),
        sender=sender,
        receivers=receivers,
        observer=feed,
        log=feed,
        now_ms=lambda: time.time_ns() // 1_000_000,
        chance=lambda: 0.5,
    )
    started = time.perf_counter()
    await dispatcher.run(stopping)
    rate = count / (time.perf_counter() - started)
    await sender.close()
    if feed.settlements != {Ending.DELIVERED: count}:
        raise SystemExit(f"not everything arrived: {feed.settlements}")
    return rate


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    here, there = multiprocessing.Pipe()
    receiver = multiprocessing.Process(target=serve, args=(there,), daemon=True)
    receiver.start()
    url = f"http://127.0.0.1:{here.recv()}/"
    ratios = []
    for number in range(ROUNDS):
        plain, rasid = asyncio.run(bare(url, count)), asyncio.run(ours(url, count))
        ratios.append(rasid / plain)
        print(f"round {number + 1}: bare aiohttp {plain:,.0f}/s, rasid {rasid:,.0f}/s, ratio {ratios[-1]:.2f}")
    print(f"median ratio {sorted(ratios)[ROUNDS // 2]:.2f}")
    receiver.terminate()
    receiver.join()


if __name__ == "__main__":
    main()
