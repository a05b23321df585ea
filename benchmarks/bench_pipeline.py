"""The whole path in one process: bytes → decode → match → story → ADMIT → dispatcher → a receiver that answers 204.

    python benchmarks/bench_pipeline.py [--articles 20000] [--store valkey|memory] [--profile] [ARCHIVE.jsonl.gz…]

Prints articles per CPU second and what each stage costs, beside a bare loop in the same run that decodes, scans for 200
names, asks ``SET NX`` and POSTs: no folding, no stories, no signatures, and what it had taken and not yet sent is lost
when it dies. Both tell of the same articles. Without an archive the articles are composed of the words below, 1,600
characters each, and 3 % of them match. The receiver has a process of its own, whose CPU time is not counted; that of
the store is told apart.
"""

import argparse
import asyncio
import base64
import cProfile
import json
import multiprocessing
import pstats
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar, cast

from redis.asyncio import Redis

from alerts.admission.memory_admission import MemoryAdmission
from alerts.admission.redis_admission import RedisAdmission
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.observer import Ending
from alerts.dispatch.standing import Standing
from alerts.model import Attempt, Leased
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.senders.http_sender import HttpSender
from alerts.store.memory_state import MemoryState
from benchmarks.bare_loop import BATCH, OPEN, a_store, bare, cpu_of
from benchmarks.composed import lines_of
from benchmarks.sink import serve
from daemon.metrics.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import Limit, Rejected
from daemon.sources.decode import Decoder
from daemon.sources.source import Fetched, Record
from daemon.watch import Watch, load_watch
from processors.model import Article
from processors.topics.watchlist import Watchlist

T = TypeVar("T")
SECRET = "whsec_" + base64.b64encode(b"the whole path, measured").decode()


class Clock:
    """CPU seconds of this process, by stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def __call__(self, stage: str, work: Callable[[], T]) -> T:
        began = time.process_time()
        result = work()
        self.spent[stage] = self.spent.get(stage, 0.0) + time.process_time() - began
        return result

    async def wait(self, stage: str, work: Awaitable[T]) -> T:
        began = time.process_time()
        result = await work
        self.spent[stage] = self.spent.get(stage, 0.0) + time.process_time() - began
        return result


class TimedDecoder:
    """Decoding, on the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._decoder = Decoder()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._decoder, name)

    def decode(self, value: bytes) -> Any:
        return self._clock("decode", lambda: self._decoder.decode(value))


class TimedWatchlist:
    """Matching, on the clock; remembers which articles matched."""

    def __init__(self, watchlist: Watchlist, clock: Clock) -> None:
        self._clock = clock
        self._watchlist = watchlist
        self.seen = 0
        self.matching: list[int] = []  # their places in the stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._watchlist, name)

    def match_text(self, article: Article, *more: Any) -> Any:
        found = self._clock("match", lambda: self._watchlist.match_text(article, *more))
        if found[0]:
            self.matching.append(self.seen)
        self.seen += 1
        return found


class Store:
    """The admission with its two calls on the clock, counting what it takes on."""

    def __init__(self, admission: Any, clock: Clock) -> None:
        self.deliveries = 0
        self._admission = admission
        self._clock = clock

    async def lookup(self, *asked: Any) -> Any:
        return await self._clock.wait("LOOKUP", self._admission.lookup(*asked))

    async def admit(self, batch: Any) -> Any:
        self.deliveries += sum(len(record.deliveries) for record in batch.records)
        return await self._clock.wait("ADMIT", self._admission.admit(batch))

    async def keep(self, rejected: Sequence[Rejected]) -> None:
        pass

    add = keep  # nobody asks for the dead letters


class Told:
    """Sees deliveries end."""

    def __init__(self) -> None:
        self.ended = 0
        self.changed = asyncio.Event()

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        pass

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        if ending is not Ending.DELIVERED:
            raise SystemExit(f"a delivery ended otherwise: {ending} {reason}")
        self.ended += 1
        self.changed.set()

    def removed(self, deliveries: int) -> None:
        raise SystemExit("a receiver was removed")

    def stand(self, standings: Mapping[str, Standing], now_ms: int) -> None:
        pass

    def info(self, event: str, **values: Any) -> None:
        pass  # a line of each request

    def warning(self, event: str, **values: Any) -> None:
        print(event, values)

    async def until(self, number: int) -> None:
        while self.ended < number:
            self.changed.clear()
            await self.changed.wait()


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def a_watch(folder: Path, port: int, topics: Sequence[str]) -> Watch:
    """The built-in pack and one receiver."""
    (folder / "secret").write_text(SECRET + "\n")
    configuration = {
        "name": "bench",
        "state_dir": str(folder),
        "sources": [{"file": {"path": str(folder / "none.jsonl"), "follow": True}}],
        "topics": list(topics),
        "receivers": [
            {
                "name": "desk",
                "url": f"http://127.0.0.1:{port}/",
                "secret_file": str(folder / "secret"),
                "allow": ["127.0.0.0/8"],
                "max_in_flight": OPEN,
            }
        ],
    }
    path = folder / "rasid.yaml"
    path.write_text(json.dumps(configuration))  # JSON is YAML
    return load_watch(path)


async def ours(lines: Sequence[bytes], watch: Watch, redis: Redis | None) -> tuple[Clock, list[int], int]:
    """Everything through Rasid, batch by batch. Returns CPU by stage, which articles match, and the deliveries."""
    clock, told, state, tag = Clock(), Told(), MemoryState(), count()
    watchlist = TimedWatchlist(watch.watchlist, clock)
    watch = replace(watch, watchlist=cast(Watchlist, watchlist))
    admission = MemoryAdmission(state) if redis is None else RedisAdmission(redis, "bench")
    outbox = MemoryOutbox(state, "one") if redis is None else RedisOutbox(redis, "bench", "one")
    store = Store(admission, clock)
    sender = HttpSender(user_agent="rasid/bench")
    dispatcher = Dispatcher(
        outbox=outbox,
        sender=sender,
        receivers=watch.receivers,
        observer=told,
        log=told,
        now_ms=now_ms,
        chance=lambda: 0.5,
    )
    pipeline = Pipeline(
        name="bench",
        decoder=cast(Decoder, TimedDecoder(clock)),
        watch=lambda: watch,
        admission=store,
        dead_letters=store,
        limit=Limit(1.0),
        metrics=Metrics("bench"),
        now_ms=now_ms,
        new_version=lambda: f"v{next(tag)}",
        admitted=lambda: None,
        told=lambda _: None,
    )
    incarnation = (await admission.recover("p", 0, "i")).incarnation
    stopping = asyncio.Event()
    sending = asyncio.create_task(dispatcher.run(stopping))
    records = [Record(offset, line, origin=f"bench:{offset}") for offset, line in enumerate(lines)]
    for a in range(0, len(records), BATCH):
        batch = records[a : a + BATCH]
        await clock.wait("process", pipeline.process(Fetched("p", a, a + len(batch), batch), incarnation))
        dispatcher.wake.set()
        await clock.wait("deliver", told.until(store.deliveries))
    stopping.set()
    dispatcher.wake.set()
    await sending
    await sender.close()
    return clock, watchlist.matching, told.ended


def report(clock: Clock, articles: int, matching: int, deliveries: int) -> None:
    spent = dict(clock.spent)
    within = sum(spent[stage] for stage in ("decode", "match", "LOOKUP", "ADMIT") if stage in spent)
    spent["decide, build"] = spent.pop("process") - within
    print(f"{'stage':<14}{'µs an article':>15}{'µs a matching one':>20}")
    for stage in ("decode", "match", "LOOKUP", "decide, build", "ADMIT", "deliver"):
        seconds = spent.get(stage, 0.0)
        of_matching = "" if stage in ("decode", "match") else f"{seconds / max(1, matching) * 1e6:20.0f}"
        print(f"{stage:<14}{seconds / articles * 1e6:15.1f}{of_matching}")
    print(f"{matching:,} of {articles:,} articles match ({matching / articles:.1%}), {deliveries:,} deliveries")


async def measure(options: argparse.Namespace, port: int) -> None:
    lines = lines_of(options.archives, options.articles)
    with tempfile.TemporaryDirectory(prefix="rasid-bench-") as name:
        watch = a_watch(Path(name), port, options.topics or ["builtin:mena"])
        for line in lines[:BATCH]:  # caches are filled, rare groups known
            watch.watchlist.match(Decoder().decode(line).article)
        async with a_store(options.store, Path(name)) as redis:
            before = await cpu_of(redis)
            profile = cProfile.Profile() if options.profile else None
            if profile is not None:
                profile.enable()
            clock, matching, deliveries = await ours(lines, watch, redis)
            if profile is not None:
                profile.disable()
                pstats.Stats(profile).sort_stats("tottime").print_stats(45)
            stored = await cpu_of(redis) - before
            spent = clock.spent["process"] + clock.spent["deliver"]
            before = await cpu_of(redis)
            plain = await bare(lines, set(matching), f"http://127.0.0.1:{port}/", redis)
            plain_stored = await cpu_of(redis) - before
    report(clock, len(lines), len(matching), deliveries)
    for who, own, beside in (("rasid", spent, stored), ("bare loop", plain, plain_stored)):
        rate, with_store = len(lines) / own, len(lines) / (own + beside)
        print(f"{who:<10}{rate:9,.0f} articles a CPU second, {with_store:,.0f} with the store's CPU time counted too")
    print(f"ratio to the bare loop {plain / spent:.2f}, with the store {(plain + plain_stored) / (spent + stored):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="*", help="JSON lines, also .gz, instead of composed articles")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--store", choices=("valkey", "memory"), default="valkey")
    parser.add_argument("-t", "--topics", action="append", help="as for rasid match; default builtin:mena")
    parser.add_argument("--profile", action="store_true", help="also print where the time goes")
    options = parser.parse_args()
    here, there = multiprocessing.Pipe()
    receiver = multiprocessing.Process(target=serve, args=(there,), daemon=True)
    receiver.start()
    try:
        asyncio.run(measure(options, here.recv()))
    finally:
        receiver.terminate()
        receiver.join()


if __name__ == "__main__":
    main()
