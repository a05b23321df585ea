"""What a hundred hostile receivers cost nine hundred healthy ones.

    python -m benchmarks.bench_hostile [SECONDS] [ALERTS A SECOND] [RECEIVERS] [HOSTILE]

The same stream of alerts goes to the healthy receivers in two worlds at the same time, so that whatever else the
machine does meets both: one without and one with the hostile receivers, which get as many alerts each. They drip, never
end, send gzip bombs, reset, flood with 1xx, or never answer. Each world has a dispatcher in a process of its own, a
store on a Valkey of its own, and its receivers in processes of theirs. Shown are how long the healthy waited, from the
alert's write to their 2xx, at the median and the 99th of a hundred; the longest attempt of all; and the difference in
memory.
"""

import asyncio
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.observer import Ending
from alerts.dispatch.standing import Standing
from alerts.model import Attempt, Delivery, Leased, Reply
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.receiver import Receiver
from alerts.senders.attempting import DEADLINE_SECONDS
from alerts.senders.http_exchange import HttpExchange
from alerts.senders.senders import Senders
from alerts.senders.signature import parse_secrets
from alerts.store.redis_connection import connect
from alerts.store.redis_private import PrivateServer
from benchmarks.hostile import HOSTILE, address, serve

ROUNDS = 5
"""The median counts."""

MOST_SECONDS, MOST_GROWTH = 15.5, 64
"""Of an attempt, of which the deadline is 15 s; of memory, in MiB."""

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
    healthy: int = 0  # alerts for them

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
        pass

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


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def resident_bytes() -> int:
    """What the process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def alert_for(receiver: str, id_: str) -> Delivery:
    """Alone in its lane."""
    return Delivery(
        id=id_, receiver=receiver, lane=id_, type="alert.opened", notice=id_, created_ms=now_ms(), body=BODY
    )


async def play(
    redis: Redis,
    name: str,
    receivers: Mapping[str, Receiver],
    healthy: set[str],
    seconds: float,
    rate: float,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> tuple[Watch, int]:
    """One round. ``rate`` is of alerts to all healthy together; the others get as many each."""
    watch, stopping = Watch(), asyncio.Event()
    exchange = HttpExchange(deadline_seconds=deadline_seconds)
    outbox, sender = RedisOutbox(redis, name, "one"), Senders(user_agent="rasid/benchmark", exchange=exchange)
    dispatcher = Dispatcher(
        outbox=outbox, sender=sender, receivers=receivers, observer=watch, log=watch, now_ms=now_ms, chance=lambda: 0.5
    )
    running = asyncio.create_task(dispatcher.run(stopping))
    names, made, most, began = list(receivers), 0, 0, time.monotonic()
    whole = rate * len(receivers) / len(healthy)
    while (passed := time.monotonic() - began) < seconds:
        batch = []
        for number in range(made, round(passed * whole)):
            receiver = names[number * 7919 % len(names)]
            id_ = f"evt_{name}{number}"
            batch.append(alert_for(receiver, id_))
            if receiver in healthy:
                watch.written[id_] = time.monotonic()
                watch.healthy += 1
        made += len(batch)
        if batch:
            await outbox.announce(batch, now_ms())
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


@dataclass(frozen=True)
class Seen:
    """What came of one world."""

    waits: Sequence[float]  # sorted
    failed: int
    longest: float
    resident: int
    cpu: float

    def p99(self) -> float:
        """Seconds."""
        return quantile(self.waits, 0.99)


async def world(healthy: Mapping[str, Receiver], hostile: Mapping[str, Receiver], seconds: float, rate: float) -> Seen:
    everyone = {**hostile, **healthy}
    with tempfile.TemporaryDirectory() as folder:
        server = PrivateServer(Path(folder))
        await server.start()
        redis = connect(server.url)
        watch, resident = await play(redis, "world", everyone, set(healthy), seconds, rate)
        await redis.aclose()
        await server.stop()
    return Seen(sorted(watch.waits), watch.failed, watch.longest, resident, time.process_time())


def live(told: Connection, numbers: Mapping[str, Sequence[int]], seconds: float, rate: float) -> None:
    """One world, in a process of its own; its healthy receivers in another, its hostile ones in a third."""
    processes, found = [], []
    for sort in ({"healthy": numbers["healthy"]}, {name: of_it for name, of_it in numbers.items() if name in HOSTILE}):
        here, there = multiprocessing.Pipe()
        process = multiprocessing.Process(target=serve, args=(there, sort), daemon=True)
        process.start()
        processes.append(process)
        found.append(receivers_at(here.recv(), [each for of_it in sort.values() for each in of_it]))
    told.send(asyncio.run(world(found[0], found[1], seconds, rate)))
    for process in processes:
        process.terminate()
        process.join()


def side_by_side(worlds: Sequence[Mapping[str, Sequence[int]]], seconds: float, rate: float) -> list[Seen]:
    """All of them at the same time."""
    spawn, begun = multiprocessing.get_context("spawn"), []
    for numbers in worlds:
        here, there = multiprocessing.Pipe()
        process = spawn.Process(target=live, args=(there, numbers, seconds, rate))
        process.start()
        begun.append((here, process))
    seen = [here.recv() for here, _ in begun]
    for _, process in begun:
        process.join()
    return seen


def compare(count: int, hostile: int, seconds: float, rate: float, rounds: int = ROUNDS) -> bool:
    """Whether what is promised was kept."""
    healthy: Mapping[str, Sequence[int]] = {"healthy": range(hostile, count)}
    bad = {behaviour: range(at, hostile, len(HOSTILE)) for at, behaviour in enumerate(HOSTILE)}
    ratios, longest, growth = list[float](), 0.0, 0.0
    for number in range(rounds):
        pair = side_by_side([healthy, {**healthy, **bad}], seconds, rate)
        for sort, seen in zip(("without", "with"), pair, strict=True):
            print(
                f"round {number + 1} {sort:7}: {len(seen.waits)} alerts to {count - hostile} healthy receivers, "
                f"median {1000 * quantile(seen.waits, 0.5):.1f} ms, p99 {1000 * seen.p99():.1f} ms; "
                f"{seen.failed} attempts failed, the longest took {seen.longest:.1f} s; {seen.cpu:.1f} s of computing",
                flush=True,
            )
        without, beside = pair
        ratios.append(beside.p99() / without.p99())
        longest = max(longest, beside.longest)
        growth = max(growth, (beside.resident - without.resident) / 2**20)
    ratio = statistics.median(ratios)
    print(
        f"p99 of the healthy beside hostile ones is {ratio:.2f} of that without (median of {rounds}); "
        f"longest attempt {longest:.1f} s; memory higher by {growth:.0f} MiB"
    )
    return ratio <= 1.1 and longest <= MOST_SECONDS and growth <= MOST_GROWTH


def main() -> None:
    given = [float(each) for each in sys.argv[1:]]
    seconds, rate, count, hostile = [*given, *[30.0, 20.0, 1_000, 100][len(given) :]]
    raise SystemExit(0 if compare(int(count), int(hostile), seconds, rate) else 1)


if __name__ == "__main__":
    main()
