"""Replay an archive through a real Kafka, Debian's Redis and two daemons while they are killed; reconcile the ledgers.

    python -m benchmarks.replay_kafka [--seed N] [--faults N] [-t TOPICS]… ARCHIVE.jsonl.gz…

Three ledgers, each on disk before anybody is told: what Kafka acknowledged, what the daemons decided (their decision
log in Redis), what the receiver got. The first is also read by ``rasid match``, without any daemon. They agree when

- every record that was acknowledged has one outcome, counted once;
- every (article, topic) that ``rasid match`` finds was decided, and nothing else was;
- every (topic, story) that was decided was told under one id, with the same bytes each time, and nothing else was.

Faults are seeded: ``kill -9`` of a daemon, of Redis (also twice in a row), of Kafka, and a daemon that stands still
for longer than its session. Exit status 1 where the ledgers differ.
"""

import argparse
import asyncio
import gzip
import json
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from aiohttp import web
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from alerts.store.keys import Keys
from alerts.store.redis_connection import connect
from benchmarks.replay import RASID, SECRET, Receiver, matches, reconcile
from tests.conftest import SAFE, redis_program, start_redis
from tests.kafka.admin import create_topic
from tests.kafka.broker import Broker

NAME = "replay"
PARTITIONS = 4
PER_SECOND = 1_500
"""Articles: the whole archive takes most of a minute, so that every fault meets a stream."""

SESSION_SECONDS = 2
CALM_SECONDS = 240.0


@dataclass
class World:
    """Everything that runs, and can be killed."""

    folder: Path
    hook: str
    topics: list[str]
    daemons: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    struck: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for each in ("redis", "one", "two"):
            (self.folder / each).mkdir()
        self.broker = Broker(self.folder / "kafka")
        self.broker.start()
        self.broker.wait_until_ready()
        self.start_redis()

    def start_redis(self) -> None:
        self.redis, self.redis_url = start_redis(redis_program(), self.folder / "redis", *SAFE)

    def start_daemon(self, name: str) -> None:
        home = self.folder / name
        (home / "secret").write_text(SECRET + "\n")
        kafka = {"servers": [self.broker.address], "subscribe": [NAME], "start": "earliest"}
        settings = {
            "name": NAME,
            "state_dir": "state",
            "sources": [{"kafka": kafka | {"session_timeout": f"{SESSION_SECONDS}s"}}],
            "redis": {"url": self.redis_url},
            "topics": self.topics,
            "receivers": [
                {
                    "name": "ledger",
                    "url": self.hook,
                    "secret_file": "secret",
                    "allow": ["127.0.0.0/8"],
                    "retry": ["0s", *["1s"] * 40],
                }
            ],
            "limits": {"max_age": "3650d"},  # an archive is old news; here each is to be told
            "http": {"listen": "127.0.0.1:0"},
        }
        (home / "rasid.yaml").write_text(json.dumps(settings))
        with (home / "log").open("ab") as log:
            self.daemons[name] = subprocess.Popen([RASID, "run", "-c", "rasid.yaml"], cwd=home, stderr=log)

    async def strike(self, chance: random.Random) -> None:
        """One fault."""
        kind = chance.choices(["daemon", "redis", "redis twice", "kafka", "stopped daemon"], [45, 20, 10, 10, 15])[0]
        name = chance.choice(sorted(self.daemons))
        self.struck[kind] += 1
        if kind == "daemon":
            self.kill(self.daemons[name])
            self.start_daemon(name)
        elif kind in ("redis", "redis twice"):
            for _ in range(2 if kind == "redis twice" else 1):
                self.kill(self.redis)
                self.start_redis()
        elif kind == "kafka":
            self.broker.kill()
            self.broker.start()
            await asyncio.to_thread(self.broker.wait_until_ready)
        else:
            self.daemons[name].send_signal(signal.SIGSTOP)
            await asyncio.sleep(3 * SESSION_SECONDS)
            self.daemons[name].send_signal(signal.SIGCONT)

    @staticmethod
    def kill(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()

    def end(self) -> list[int]:
        """Exit statuses of the daemons, stopped in good order."""
        for each in self.daemons.values():
            each.terminate()
        statuses = [each.wait(60) for each in self.daemons.values()]
        self.broker.kill()
        return statuses


def lines_of(archives: list[str]) -> Iterator[bytes]:
    for archive in archives:
        with gzip.open(archive) if archive.endswith(".gz") else Path(archive).open("rb") as file:
            yield from (line.rstrip(b"\n") for line in file)


async def publish(server: str, archives: list[str], ledger: IO[str]) -> int:
    """Every line, until Kafka has acknowledged it; each acknowledgement is on disk. How many records that made."""
    producer = AIOKafkaProducer(
        bootstrap_servers=server,
        acks="all",
        enable_idempotence=True,
        compression_type="zstd",
        request_timeout_ms=60_000,
    )
    await producer.start()
    sent: list[asyncio.Future[Any]] = []
    began, acknowledged = time.monotonic(), 0

    async def settle() -> None:
        nonlocal acknowledged
        for each in sent:
            record = await each
            ledger.write(f"{record.partition} {record.offset}\n")
        acknowledged += len(sent)
        sent.clear()
        ledger.flush()
        os.fsync(ledger.fileno())

    for number, line in enumerate(lines_of(archives)):
        if (early := began + number / PER_SECOND - time.monotonic()) > 0:
            await asyncio.sleep(early)
        sent.append(await producer.send(NAME, line, partition=number % PARTITIONS))
        if len(sent) >= 500:
            await settle()
    await settle()
    await producer.stop()
    return acknowledged


async def rest(url: str, records: int) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Once all records are counted and nothing waits: the outcomes, and the decision log."""
    keys = Keys(NAME)
    deadline = time.monotonic() + CALM_SECONDS
    while True:
        redis = connect(url)
        with suppress(Exception):  # it may just be coming back
            outcomes = {name.decode(): int(n) for name, n in (await redis.hgetall(keys.key("outcomes"))).items()}
            if sum(outcomes.values()) >= records and not await redis.zcard(keys.key("ready")):
                entries: Any = await redis.xrange(keys.key("decisions"))
                await redis.aclose()
                return outcomes, [json.loads(fields[b"line"]) for _, fields in entries]
        await redis.aclose()
        if time.monotonic() > deadline:
            sys.exit("not all was read and delivered in time")
        await asyncio.sleep(0.3)


async def replay(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    receiver = Receiver()
    app = web.Application(client_max_size=1 << 20)
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world = World(folder, f"http://127.0.0.1:{runner.addresses[0][1]}/hook", options.topics)
    await create_topic(world.broker.address, NAME, PARTITIONS)
    chance, began = random.Random(options.seed), time.monotonic()
    for name in ("one", "two"):
        world.start_daemon(name)
    with (folder / "acknowledged").open("w") as ledger:
        publishing = asyncio.create_task(publish(world.broker.address, options.archives, ledger))
        for _ in range(options.faults):
            await asyncio.sleep(chance.uniform(0.3, 2.0))
            with suppress(KafkaError):
                await world.strike(chance)
        records = await publishing
    outcomes, decisions = await rest(world.redis_url, records)
    seconds, statuses = time.monotonic() - began, world.end()
    world.kill(world.redis)
    await runner.cleanup()
    problems = compare(options, receiver, decisions, outcomes, records)
    if any(statuses):
        problems.append(f"the daemons ended with {statuses}")
    return {
        "records_acknowledged": records,
        "outcomes": outcomes,
        "decisions": len(decisions),
        "posts": len(receiver.posts),
        "webhook_ids": len({webhook_id for webhook_id, _ in receiver.posts}),
        "faults": dict(world.struck),
        "seconds": round(seconds, 1),
        "differences": problems,
    }


def compare(
    options: argparse.Namespace,
    receiver: Receiver,
    decisions: list[dict[str, Any]],
    outcomes: dict[str, int],
    records: int,
) -> list[str]:
    """As for a replay without faults, except that a repeat is no difference if its bytes are the same."""
    problems = []
    if sum(outcomes.values()) != records:
        problems.append(f"{sum(outcomes.values())} outcomes of {records} records")
    bodies = Counter(webhook_id for webhook_id, _ in set(receiver.posts))
    if drifted := [webhook_id for webhook_id, times in bodies.items() if times > 1]:
        problems.append(f"{len(drifted)} webhook-ids came with different bytes")
    receiver.posts = list(dict.fromkeys(receiver.posts))
    found, _ = matches(options.archives, options.topics)
    return problems + reconcile(found, receiver, decisions)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+")
    parser.add_argument("-t", "--topics", action="append", help="as for rasid match; default builtin:mena")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=24)
    options = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it says ten times a second that a broker is away
    options.topics = options.topics or ["builtin:mena"]
    with tempfile.TemporaryDirectory(prefix="rasid-replay-") as folder:
        figures = asyncio.run(replay(options, Path(folder)))
    print(json.dumps(figures, indent=1))
    return 1 if figures["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
