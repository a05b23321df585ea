"""The whole of it on one core: Kafka → match → one write → webhook, beside a plain loop in the same run.

    python -m benchmarks.bench_kafka [--articles 100000] [--share 0.03] [--rounds 3] [--latency SECONDS]

A real Kafka, Debian's Redis with every write synced, and a receiver run on the second core; what is measured has the
first to itself, and takes turns with the plain loop (``plain_loop.py``). Prints articles a second of wall time three
times: from the first record to the last delivery; of that, once a third was read, when words and connections are known
(steady); and of the process's own CPU time, its start included. And how long it took from the command to where it can
read, which none of the first two counts (ready). ``--latency`` then has
300 articles a second appended and says how long each alert took from there to the receiver. Memory is the daemon's
resident set after each quarter.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from aiohttp import web
from aiokafka import AIOKafkaProducer

from benchmarks.invented import articles, topics
from tests.conftest import SAFE, redis_program, start_redis
from tests.daemon.build import SECRET
from tests.kafka.admin import create_topic
from tests.kafka.broker import Broker

PER_SECOND = 300
"""Articles, while latency is measured: a busy day of a thousand outlets, far from what wears a process out."""


@dataclass
class Hook:
    """Counts what arrives, and when each article did."""

    url: str = ""
    arrived: dict[str, float] = field(default_factory=dict)
    posts: list[float] = field(default_factory=list)  # when each came

    async def serve(self) -> None:
        app = web.Application()
        app.router.add_post("/", self._take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"

    async def _take(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        self.posts.append(time.monotonic())
        if "data" in body:
            self.arrived.setdefault(body["data"]["article"]["id"], time.monotonic())
        return web.Response(status=204)


async def fill(server: str, topic: str, number: int, share: float, seed: int, *, repeat: int = 1) -> int:
    """How many of the articles match. ``repeat`` publishes each so often, under other ids: copies of one story."""
    await create_topic(server, topic, 2)
    producer = AIOKafkaProducer(bootstrap_servers=server, compression_type="lz4", linger_ms=20, max_batch_size=262_144)
    await producer.start()
    matching, last = 0, None
    for n, (value, matches) in enumerate(articles(number, share, seed)):
        matching += matches
        for copy in range(repeat):
            told = value if copy == 0 else value.replace(b'{"id": "', b'{"id": "%d-' % copy, 1)
            last = await producer.send(topic, told, partition=n % 2)
    await producer.stop()
    assert last is not None
    await last
    return matching


def write_daemon(folder: Path, server: str, topic: str, redis_url: str, hook: str) -> None:
    """Its files."""
    (folder / "secret").write_text(SECRET)
    (folder / "topics.yaml").write_text(json.dumps(topics(), ensure_ascii=False), encoding="utf-8")
    settings = {
        "name": topic,
        "state_dir": "state",
        "sources": [{"kafka": {"servers": [server], "subscribe": [topic], "start": "earliest"}}],
        "redis": {"url": redis_url},
        "topics": ["topics.yaml"],
        "receivers": [{"name": "desk", "url": hook, "secret_file": "secret", "allow": ["127.0.0.0/8"]}],
        "http": {"listen": "127.0.0.1:0"},
    }
    (folder / "rasid.yaml").write_text(json.dumps(settings))


@dataclass(frozen=True)
class Run:
    """One run of either."""

    wall: float
    cpu: float
    ready: float | None = None  # seconds from the command to the partitions
    resident: tuple[int, ...] = ()  # MiB


def started(command: list[str], folder: Path, out: IO[bytes], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """On the first core."""
    return subprocess.Popen(["taskset", "-c", "0", *command], cwd=folder, stdout=out, stderr=log)


async def measured(command: list[str], folder: Path) -> tuple[subprocess.Popen[bytes], list[int], float]:
    """Run to the end on the first core. Resident sets each second, in MiB; CPU seconds."""
    before = os.times()
    with (folder / "log").open("wb") as log, (folder / "out").open("wb") as out:
        process = started(command, folder, out, log)
    resident = []
    while process.poll() is None:
        await asyncio.sleep(0.5)
        resident.append(resident_mib(process.pid))
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return process, [mib for mib in resident if mib], cpu


def resident_mib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS 0")
    return int(line.split()[1]) // 1024


async def run_rasid(folder: Path, server: str, topic: str, redis_url: str, hook: Hook) -> Run:
    write_daemon(folder, server, topic, redis_url, hook.url)
    command = [str(Path(sys.executable).parent / "rasid"), "run", "-c", "rasid.yaml", "--once"]
    began = time.time()
    process, resident, cpu = await measured(command, folder)
    lines = [json.loads(line) for line in (folder / "log").read_text().splitlines()]
    assert process.returncode == 0, lines[-3:]
    at = {line["event"]: time_of(line["timestamp"]) for line in reversed(lines)}
    quarters = [resident[len(resident) * n // 4 - 1] for n in range(1, 5)] if len(resident) >= 4 else resident
    ready = at["partitions_assigned"] - began
    return Run(at["stopping"] - at["partitions_assigned"], cpu, ready, tuple(quarters))


def time_of(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


async def run_plain(folder: Path, server: str, topic: str, redis_url: str, hook: Hook, number: int) -> Run:
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "benchmarks.plain_loop", server, topic, str(number), redis_url, hook.url]
    os.environ["PYTHONPATH"] = str(root)
    process, _, cpu = await measured(command, folder)
    assert process.returncode == 0, (folder / "log").read_text()[-2000:]
    return Run(float((folder / "out").read_text().split()[0]), cpu)


async def throughput(options: argparse.Namespace, server: str, redis_url: str, hook: Hook, folder: Path) -> None:
    number = options.articles
    ratios = []
    for turn in range(options.rounds):
        topic = f"bench-{turn}"
        matching = await fill(server, topic, number // options.repeat, options.share, turn, repeat=options.repeat)
        here = folder / topic
        for name in ("plain", "rasid"):
            (here / name).mkdir(parents=True)
        hook.posts.clear()
        plain = await run_plain(here / "plain", server, topic, redis_url, hook, number)
        tell(f"round {turn + 1} plain loop", plain, number, hook.posts)
        hook.posts.clear()
        rasid = await run_rasid(here / "rasid", server, topic, redis_url, hook)
        tell(f"round {turn + 1} rasid     ", rasid, number, hook.posts)
        assert len(hook.posts) == matching, f"{len(hook.posts)} posts of {matching}"
        ratios.append(plain.wall / rasid.wall)
    print(f"rasid / plain loop, median of {len(ratios)}: {statistics.median(ratios):.2f}")


def tell(who: str, run: Run, articles: int, posts: Sequence[float]) -> None:
    """One line. Articles that match are as frequent at the end as at the beginning, so a third of the posts is a third
    of the articles."""
    third = len(posts) // 3
    steady = articles * (len(posts) - third) / len(posts) / (posts[-1] - posts[third]) if third else 0.0
    print(
        f"{who}: {articles / run.wall:7.0f} articles/s, steady {steady:7.0f}, {articles / run.cpu:7.0f} per CPU s, "
        f"{len(posts)} alerts"
        + (f", ready after {run.ready:.2f} s, resident {list(run.resident)} MiB" if run.ready is not None else ""),
        flush=True,
    )


async def latency(options: argparse.Namespace, server: str, redis_url: str, hook: Hook, folder: Path) -> None:
    topic = "bench-latency"
    await create_topic(server, topic, 2)
    write_daemon(folder, server, topic, redis_url, hook.url)
    rasid = str(Path(sys.executable).parent / "rasid")
    with (folder / "log").open("wb") as log:
        process = started([rasid, "run", "-c", "rasid.yaml"], folder, log, log)
    while "partitions_assigned" not in (folder / "log").read_text():
        await asyncio.sleep(0.05)
    producer = AIOKafkaProducer(bootstrap_servers=server)
    await producer.start()
    appended: dict[str, float] = {}

    async def append(value: bytes, n: int, matches: bool) -> None:
        await producer.send_and_wait(topic, value, partition=n % 2)
        if matches:
            appended[json.loads(value)["id"]] = time.monotonic()

    sends, began = [], time.monotonic()
    for n, (value, matches) in enumerate(articles(round(options.latency * PER_SECOND), options.share, 99)):
        await asyncio.sleep(max(0.0, began + n / PER_SECOND - time.monotonic()))
        sends.append(asyncio.create_task(append(value, n, matches)))
    await asyncio.gather(*sends)
    while len(appended.keys() - hook.arrived.keys()) > 0:
        await asyncio.sleep(0.05)
    process.terminate()
    process.wait()
    await producer.stop()
    waits = sorted((hook.arrived[article] - at) * 1000 for article, at in appended.items())
    p50, p99 = waits[len(waits) // 2], waits[min(len(waits) - 1, len(waits) * 99 // 100)]
    print(f"append → receiver at {PER_SECOND}/s, {len(waits)} alerts: p50 {p50:.1f} ms, p99 {p99:.1f} ms")


async def bench(options: argparse.Namespace) -> None:
    os.sched_setaffinity(0, {1} if len(os.sched_getaffinity(0)) > 1 else os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="rasid-bench-") as name:
        folder = Path(name)
        (folder / "redis").mkdir()
        (folder / "latency").mkdir()
        broker = Broker(folder / "kafka")
        redis, redis_url = start_redis(redis_program(), folder / "redis", *SAFE)
        hook = Hook()
        try:
            broker.start()
            broker.wait_until_ready()
            await hook.serve()
            if options.articles:
                await throughput(options, broker.address, redis_url, hook, folder)
            if options.latency:
                await latency(options, broker.address, redis_url, hook, folder / "latency")
        finally:
            broker.kill()
            redis.kill()
            redis.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--share", type=float, default=0.03)
    parser.add_argument("--repeat", type=int, default=1, help="publish each article so often, under other ids")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    asyncio.run(bench(parser.parse_args()))


if __name__ == "__main__":
    main()
