"""What a hundred hostile receivers cost nine hundred healthy ones.

    python -m benchmarks.bench_hostile [SECONDS] [ALERTS A SECOND] [RECEIVERS] [HOSTILE]

The same stream of alerts goes to the healthy receivers by the dispatcher, over a store on a private Valkey, in turns
without and with the hostile ones, which get as many alerts each: they drip, never end, send gzip bombs, reset, flood
with 1xx, or never answer. Shown are how long the healthy waited, from the alert's write to their 2xx, at the median and
the 99th of a hundred; the longest attempt of all; and by how much memory grew since the first round. Each round with
them is compared with the one before it, and the median of these counts: a busy machine is busy for both.
"""

import asyncio
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from alerts.dispatcher import Dispatcher, Ending
from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.receiver import Receiver
from alerts.redis_connection import connect
from alerts.redis_private import PrivateServer
from alerts.senders import Senders
from alerts.signature import parse_secrets
from alerts.standing import Standing
from benchmarks.hostile import HOSTILE, address, serve

ROUNDS = 5
"""Of each sort, in turns."""

TICK_SECONDS = 0.05
"""Between two writes of alerts, as batches of articles come."""

BODY = ('{"text": "' + "خبر " * 400 + '"}').encode()


@dataclass
class Watch:
    """Notes how long healthy receivers waited, and how long any attempt took."""

    written: dict[str, float] = field(default_factory=dict)  # of alerts to healthy receivers
    waits: list[float] = field(default_factory=list)
    longest: float = 0.0
    failed: int = 0
    states: Mapping[str, Standing] = field(default_factory=dict)

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        self.longest = max(self.longest, attempt.seconds)
        if attempt.reply is not Reply.DELIVERED:
            self.failed += 1
        elif (written := self.written.pop(leased.delivery.id, None)) is not None:
            self.waits.append(time.monotonic() - written)

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        pass

    def removed(self, deliveries: int) -> None:
        raise AssertionError(f"{deliveries} deliveries for a receiver that is not configured")

    def stand(self, standings: Mapping[str, Standing], now_ms: int) -> None:
        self.states = standings

    def info(self, event: str, **values: Any) -> None:
        pass

    warning = info


def receivers_at(port: int, numbers: Sequence[int]) -> dict[str, Receiver]:
    key = parse_secrets("whsec_" + "QUJD" * 10, "benchmark")
    allow = (ip_network("127.0.0.0/8"),)
    return {
        f"r{number}": Receiver(name=f"r{number}", url=f"http://{address(number)}:{port}/", secrets=key, allow=allow)
        for number in numbers
    }


def resident_bytes() -> int:
    """What the process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def play(
    redis: Redis, name: str, receivers: Mapping[str, Receiver], healthy: set[str], seconds: float, rate: float
) -> tuple[Watch, int]:
    """One round. ``rate`` is of alerts to all healthy together; the others get as many each."""
    watch, stopping, wake_ms = Watch(), asyncio.Event(), lambda: time.time_ns() // 1_000_000
    outbox, sender = RedisOutbox(redis, name, "one"), Senders(user_agent="rasid/benchmark")
    dispatcher = Dispatcher(
        outbox=outbox, sender=sender, receivers=receivers, observer=watch, log=watch, now_ms=wake_ms, chance=lambda: 0.5
    )
    running = asyncio.create_task(dispatcher.run(stopping))
    names, made, most, began = list(receivers), 0, 0, time.monotonic()
    whole = rate * len(receivers) / len(healthy)
    while (passed := time.monotonic() - began) < seconds:
        batch = []
        for number in range(made, round(passed * whole)):
            receiver = names[number * 7919 % len(names)]
            id_ = f"evt_{name}{number}"
            batch.append(
                Delivery(
                    id=id_,
                    receiver=receiver,
                    lane=id_,
                    type="alert.opened",
                    notice=id_,
                    created_ms=wake_ms(),
                    body=BODY,
                )
            )
            if receiver in healthy:
                watch.written[id_] = time.monotonic()
        made += len(batch)
        if batch:
            await outbox.announce(batch, wake_ms())
            dispatcher.wake.set()
        most = max(most, resident_bytes())
        await asyncio.sleep(TICK_SECONDS)
    async with asyncio.timeout(60):
        while watch.written:
            await asyncio.sleep(TICK_SECONDS)
    stopping.set()
    await running
    await sender.close()
    return watch, max(most, resident_bytes())


def quantile(values: Sequence[float], share: float) -> float:
    """Of sorted ``values``."""
    return values[min(round(share * len(values)), len(values) - 1)]


async def compare(port: int, numbers: Mapping[str, Sequence[int]], seconds: float, rate: float) -> bool:
    """Whether what is promised was kept."""
    healthy = receivers_at(port, numbers["healthy"])
    everyone = receivers_at(port, sorted(each for of_it in numbers.values() for each in of_it))
    p99: dict[str, list[float]] = {"without": [], "with": []}
    held: list[int] = []
    longest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateServer(Path(folder))
        await server.start()
        redis = connect(server.url)
        for number in range(ROUNDS):
            for sort, receivers in (("without", healthy), ("with", everyone)):
                watch, most = await play(redis, f"{sort}{number}", receivers, set(healthy), seconds, rate)
                mine = sorted(watch.waits)
                p99[sort].append(quantile(mine, 0.99))
                held.append(most)
                longest = max(longest, watch.longest)
                print(
                    f"round {number + 1} {sort:7}: {len(mine)} alerts to {len(healthy)} healthy receivers, "
                    f"median {1000 * quantile(mine, 0.5):.1f} ms, p99 {1000 * quantile(mine, 0.99):.1f} ms; "
                    f"{watch.failed} attempts failed, the longest took {watch.longest:.1f} s"
                )
        await redis.aclose()
        await server.stop()
    ratio = quantile(sorted(one / other for one, other in zip(p99["with"], p99["without"], strict=True)), 0.5)
    growth = (max(held) - held[0]) / 2**20
    print(
        f"p99 of the healthy with hostile ones is {ratio:.2f} of that without (median of {ROUNDS}); "
        f"longest attempt {longest:.1f} s; memory grew by {growth:.0f} MiB"
    )
    return ratio <= 1.1 and longest <= 15.5 and growth <= 64


def main() -> None:
    given = [float(each) for each in sys.argv[1:]]
    seconds, rate, count, hostile = [*given, *[15.0, 200.0, 1_000, 100][len(given) :]]
    numbers = {"healthy": range(int(hostile), int(count))}
    bad = {behaviour: range(at, int(hostile), len(HOSTILE)) for at, behaviour in enumerate(HOSTILE)}
    here, there = multiprocessing.Pipe()
    receivers = multiprocessing.Process(target=serve, args=(there, {**numbers, **bad}), daemon=True)
    receivers.start()
    kept = asyncio.run(compare(here.recv(), {**numbers, **bad}, seconds, rate))
    receivers.terminate()
    receivers.join()
    raise SystemExit(0 if kept else 1)


if __name__ == "__main__":
    main()
