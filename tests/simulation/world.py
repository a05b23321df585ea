"""A seeded world of faults around the project's real code: consumer, pipeline, story decisions, ids, payloads.

Two partitions, each read by a process of its own; one store that both share. The store may lose its last writes, or
everything; a process may die before or after any call; a receiver may be down, or its answer be lost. Nothing waits:
every coroutine of the real code runs to its end in one step, so one seed is one history, the same on every machine.
"""

import json
import random
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from alerts.admission.admission import Admitted, Answer, Batch, Remembered, Standing
from alerts.admission.memory_admission import MemoryAdmission
from alerts.memory_state import MemoryState
from alerts.model import Attempt, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from daemon.consumer import Consumer
from daemon.dead_letters import Limit, Rejected
from daemon.decode import Decoder
from daemon.memory_source import MemorySource
from daemon.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.source import Committed, Fetched
from daemon.watch import Watch, load_watch
from processors.model import Article, Verdict

T = TypeVar("T")

PARTITIONS = ("p", "q")
RECORDS = 14
STORIES = 8
OK = Attempt(Reply.DELIVERED, 204)
EVENT_TIME = "2026-11-20T10:00:00+00:00"


class Crash(Exception):
    """The process died here."""


@dataclass(frozen=True)
class Rules:
    """What a history may contain, and which rule of the protocol is left out on purpose."""

    wipes: bool = True
    loses_writes: bool = True
    without: str = ""  # "", gap, low, idle, checkpoint, order, one_step, outbox


def run_now(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never really waits."""
    try:
        while True:
            work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result


def article_of(story: int, copy: int) -> bytes:
    """An article of a story: 40 words of its own, so that its copies join it and nothing else does."""
    words = " ".join(f"كلمة{story}س{number}ع" for number in range(40))
    return json.dumps(
        {
            "id": f"{story}-{copy}",
            "title": f"عنوان القصة {story}",
            "body": f"علامة {words}",
            "source": f"outlet{copy % 3}",
            "published_at": EVENT_TIME,
        }
    ).encode()


UNWATCHED = json.dumps({"id": "none", "title": "لا شيء", "body": "خبر عن الطقس"}).encode()


@cache
def watch_of(folder: Path) -> Watch:
    """One topic, one receiver; what an article says is found out once."""
    (folder / "secret").write_text("whsec_c2ltdWxhdGlvbiBzZWNyZXQgMDEyMzQ1Njc=\n")
    (folder / "topics.yaml").write_text("topics:\n  marked: {match: علامة}\n", encoding="utf-8")
    (folder / "rasid.yaml").write_text(
        json.dumps(
            {
                "name": "simulation",
                "state_dir": "state",
                "sources": [{"file": {"path": "x", "follow": True}}],
                "topics": ["topics.yaml"],
                "receivers": [
                    {"name": "desk", "type": "webhook", "url": "https://example.org/", "secret_file": "secret"}
                ],
                "route": {"receiver": "desk"},
            }
        )
    )
    watch, _ = load_watch(folder / "rasid.yaml")
    real_match = watch.watchlist.match
    seen: dict[str, tuple[Verdict, ...]] = {}

    def match(article: Article) -> tuple[Verdict, ...]:
        if article.id not in seen:
            seen[article.id] = real_match(article)
        return seen[article.id]

    watch.watchlist.match = match  # type: ignore[method-assign]  # the same answers, faster
    return watch


class NoDeadLetters:
    """No record of the simulation is invalid."""

    async def add(self, rejected: list[Rejected]) -> None:
        raise AssertionError(rejected)


@dataclass
class World:
    """One history."""

    seed: int
    rules: Rules
    watch: Watch
    state: MemoryState = field(default_factory=MemoryState)
    kept: list[MemoryState] = field(default_factory=list)  # states after each write that is not on disk yet
    receipts: list[tuple[str, bytes]] = field(default_factory=list)
    quiet: bool = False
    now_ms: int = 1_800_000_000_000
    losses: int = 0
    tokens: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.on_disk = self.state.copy()
        self.always = not self.rules.loses_writes or self.chance.random() < 0.4
        self.logs = {
            name: [(self.chance.randrange(STORIES) if self.chance.random() < 0.8 else None) for _ in range(RECORDS)]
            for name in PARTITIONS
        }
        self.sources = {name: self._source(name) for name in PARTITIONS}
        self.metrics = Metrics("simulation")

    def _source(self, name: str) -> MemorySource:
        copies: defaultdict[int, int] = defaultdict(int)
        steps = []
        for story in self.logs[name]:
            if story is None:
                steps.append(UNWATCHED)
            else:
                copies[story] += 1
                steps.append(article_of(story, copies[story] * 10 + PARTITIONS.index(name)))
        kind = CommitsCheckpointAsLow if self.rules.without == "low" else MemorySource
        return kind({name: steps})

    def token(self) -> str:
        self.tokens += 1
        return f"t{self.tokens}"

    def boom(self, share: float = 0.04) -> bool:
        return not self.quiet and self.chance.random() < share

    def wrote(self) -> None:
        """The store took a write: on disk at once, or with those before it some time later."""
        if self.always or self.chance.random() < 0.1:
            self.on_disk, self.kept = self.state.copy(), []
        else:
            self.kept.append(self.state.copy())

    def store_crashes(self) -> None:
        """It comes back with any prefix of the writes that were not on disk."""
        survivors = [self.on_disk, *self.kept]
        survivor = survivors[self.chance.randrange(len(survivors))]
        self.losses += survivor is not survivors[-1]
        self.state.restore(survivor)
        self.on_disk, self.kept = self.state.copy(), []

    def store_is_wiped(self) -> None:
        self.losses += 1
        self.state.restore(MemoryState())
        self.on_disk, self.kept = self.state.copy(), []


class CommitsCheckpointAsLow(MemorySource):
    """The rule ``low`` left out."""

    async def commit(self, positions: Any) -> None:
        await super().commit(
            {name: Committed(p.checkpoint, p.checkpoint, p.incarnation) for name, p in positions.items()}
        )


class FaultyAdmission(MemoryAdmission):
    """The real twin; the process may die around a write, and a rule may be left out."""

    def __init__(self, world: World) -> None:
        super().__init__(world.state)
        self._world = world

    async def recover(self, partition: str, start: int, incarnation: str) -> Standing:
        standing = await super().recover(partition, start, incarnation)
        self._world.wrote()
        return standing

    async def lookup(self, days: Any, fields: Any) -> Remembered:
        return await super().lookup(days, fields)

    async def admit(self, batch: Batch) -> Admitted:
        world = self._world
        if world.boom():
            raise Crash
        if world.rules.without == "gap" and batch.a > world.state.checkpoints.get(batch.partition, batch.a):
            world.state.checkpoints[batch.partition] = batch.a
        if world.rules.without == "one_step":
            await self._mark_first(batch)
        admitted = await super().admit(batch)
        if admitted.answer is Answer.DONE:
            if world.rules.without == "outbox":
                for delivery in sorted(world.state.waiting)[:-2]:
                    del world.state.waiting[delivery]
            world.wrote()
        if world.boom():
            raise Crash
        return admitted

    async def _mark_first(self, batch: Batch) -> None:
        """The memory of stories in one step, the deliveries in another."""
        world = self._world
        if batch.incarnation == world.state.incarnation and batch.version in ("", world.state.version):
            for record in batch.records:
                for write in record.memory:
                    world.state.memory.setdefault(write.day, {})[write.field] = write.row
            world.wrote()
            if world.boom(0.1):
                raise Crash


class Process:
    """One daemon: the real consumer over its partition, and the real outbox."""

    def __init__(self, world: World, partition: str) -> None:
        self.world = world
        self.partition = partition
        self.source = world.sources[partition]
        self.source.restart()
        admission = FaultyAdmission(world)
        self.outbox = MemoryOutbox(world.state, f"daemon-{partition}")
        pipeline = Pipeline(
            name="simulation",
            decoder=Decoder({}),
            watch=lambda: world.watch,
            admission=admission,
            dead_letters=NoDeadLetters(),  # type: ignore[arg-type]
            limit=Limit(0.5),
            metrics=world.metrics,
            now_ms=lambda: world.now_ms,
            new_version=world.token,
            admitted=lambda: None,
        )
        self.consumer = Consumer(
            source=SmallBatches(self.source, world),
            pipeline=pipeline,
            admission=admission,
            outbox=self.outbox,
            metrics=world.metrics,
            now_ms=lambda: world.now_ms,
            new_incarnation=world.token,
        )
        run_now(self.outbox.reclaim(["desk"], world.now_ms))

    def read(self) -> None:
        if self.world.rules.without == "checkpoint":  # commit what was fetched before it is in the store
            self._commit_position()
        run_now(self.consumer.step())

    def _commit_position(self) -> None:
        incarnation = self.world.state.incarnation or ""
        ahead = min(self.source.position(self.partition) + 6, self.source.end(self.partition))
        committed = Committed(ahead, ahead, incarnation)
        run_now(self.source.commit({self.partition: committed}))
        self.world.state.checkpoints[self.partition] = max(self.world.state.checkpoints.get(self.partition, 0), ahead)

    def tick(self) -> None:
        if self.world.rules.without == "idle":
            standing = run_now(FaultyAdmission(self.world).snapshot(self.partition))
            if standing is not None:
                committed = Committed(standing.checkpoint, standing.low, standing.incarnation)
                run_now(self.source.commit({self.partition: committed}))
            return
        run_now(self.consumer.tick())

    def deliver(self) -> None:
        world = self.world
        for leased in run_now(self.outbox.lease({"desk": 1}, world.now_ms, 20_000)).leased:
            if world.boom(0.2):
                run_now(self.outbox.later(leased, Attempt(Reply.FAILED, 503), world.now_ms, world.now_ms + 5_000))
                world.wrote()
                continue
            world.receipts.append((leased.delivery.id, leased.delivery.body))
            if world.boom():
                raise Crash
            run_now(self.outbox.delivered(leased, OK, world.now_ms))
            world.wrote()


class SmallBatches:
    """Fetches of one to four records, so that a history has many steps."""

    def __init__(self, source: MemorySource, world: World) -> None:
        self._source = source
        self._world = world

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    async def fetch(self, max_records: int, timeout_seconds: float) -> Fetched | None:
        return await self._source.fetch(self._world.chance.randint(1, 4), timeout_seconds)


@dataclass(frozen=True)
class Result:
    """What a history came to."""

    lost: frozenset[int]  # stories that nobody was told of
    two_ids: int  # stories told under several ids
    two_bodies: int  # ids sent with several bodies
    repeats: int  # POSTs beyond the first of an id
    losses: int  # times that the store lost acknowledged writes
    finished: bool


def simulate(seed: int, rules: Rules, folder: Path) -> Result:
    """One history: faults for a while, then calm until everything is read and delivered."""
    world = World(seed, rules, watch_of(folder))
    processes: dict[str, Process | None] = dict.fromkeys(PARTITIONS)
    for _ in range(140):
        world.now_ms += 3_000
        if world.boom(0.03):
            world.store_crashes()
        if rules.wipes and world.boom(0.006):
            world.store_is_wiped()
        for name in PARTITIONS:
            processes[name] = _live(world, name, processes[name])
    world.quiet = True
    finished = _calm(world, processes)
    return _judge(world, finished)


def _live(world: World, name: str, process: Process | None) -> Process | None:
    try:
        if process is None:
            return Process(world, name) if world.chance.random() < 0.3 else None
        deed = world.chance.choices([process.read, process.tick, process.deliver], [5, 2, 3])[0]
        deed()
    except Crash:
        return None
    return process


def _calm(world: World, processes: dict[str, Process | None]) -> bool:
    alive = {name: process or Process(world, name) for name, process in processes.items()}
    for _ in range(200):
        world.now_ms += 10_000
        for process in alive.values():
            process.read()
            process.tick()
            process.deliver()
        done = all(world.state.checkpoints.get(name) == RECORDS for name in PARTITIONS)
        if done and not world.state.waiting and all(p.source.position(n) == RECORDS for n, p in alive.items()):
            return True
    return False


def _judge(world: World, finished: bool) -> Result:
    expected = {story for log in world.logs.values() for story in log if story is not None}
    ids: defaultdict[int, set[str]] = defaultdict(set)
    bodies: defaultdict[str, set[bytes]] = defaultdict(set)
    for delivery, body in world.receipts:
        ids[int(json.loads(body)["data"]["article"]["title"].rsplit(" ", 1)[1])].add(delivery)
        bodies[delivery].add(body)
    return Result(
        lost=frozenset(expected - ids.keys()),
        two_ids=sum(len(each) > 1 for each in ids.values()),
        two_bodies=sum(len(each) > 1 for each in bodies.values()),
        repeats=len(world.receipts) - len(bodies),
        losses=world.losses,
        finished=finished,
    )
