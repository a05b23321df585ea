"""Seeded histories of a backlog: two partitions share stories, the store loses writes or all of them, processes die.

Half the articles are old, so that some stories are told by an alert, some in a digest, and copies of either come in the
other partition. Whatever happens, each story reaches the receiver.
"""

import json
import os
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from alerts.admission.memory_admission import MemoryAdmission
from alerts.dispatch.backlog import due, flush
from alerts.model import Attempt, Delivery, Pending, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.store.memory_state import Later, MemoryState
from daemon.consumer import Consumer
from daemon.metrics.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import Limit
from daemon.sources.decode import Decoder
from daemon.sources.memory_source import MemorySource
from daemon.sources.source import Record
from daemon.watch import Watch
from tests.simulation.articles import article_of, watch_of
from tests.simulation.process import NoDeadLetters, run_now

SEEDS = int(os.environ.get("RASID_SEEDS", "400")) // 8
PARTITIONS = ("p", "q")
DAY_MS = 86_400_000
OK = Attempt(Reply.DELIVERED, 204)


class WithoutPins(MemoryOutbox):
    """The rule left out: the digest does not take over the pins of its members."""

    async def flush(self, digest: Delivery, members: Sequence[str], now_ms: int, **group: Any) -> bool:
        done = await super().flush(digest, members, now_ms, **group)
        if digest.id in self._state.waiting:
            self._state.waiting[digest.id].pins.clear()
        return done


class Unpinned(dict[str, Later]):
    """The rule left out: what is pending pins nothing."""

    def __getitem__(self, key: str) -> Later:
        later = super().__getitem__(key)
        later.pins.clear()
        return later


class TwoSteps(MemoryOutbox):
    """The rule left out: what is pending is taken in one step, and the digest added in another."""

    chance: random.Random

    async def pending(self, receiver: str, limit: int) -> Sequence[Pending]:
        held = await super().pending(receiver, limit)
        if self.chance.random() < 0.2:
            for each in held:
                del self._state.pending[each.id]
            return []
        return held


@dataclass
class World:
    """One history."""

    seed: int
    watch: Watch
    losing: bool
    without: str = ""
    state: MemoryState = field(default_factory=MemoryState)
    now_ms: int = 1_800_000_000_000
    tokens: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.stories: set[int] = set()
        self.kept = [self.state.copy()]
        self.got: list[Delivery] = []
        self.sources = {name: MemorySource({name: self._log(name)}) for name in PARTITIONS}
        self.consumers = {name: self._process(name) for name in PARTITIONS}
        kinds = {"pins": WithoutPins, "one_step": TwoSteps}
        self.outbox = kinds.get(self.without, MemoryOutbox)(self.state, "one")
        if isinstance(self.outbox, TwoSteps):
            self.outbox.chance = self.chance

    def _log(self, name: str) -> list[Record]:
        records = []
        for offset in range(12):
            story = self.chance.randrange(8)
            self.stories.add(story)
            appended = self.now_ms - 3 * DAY_MS * self.chance.randrange(2)
            records.append(Record(offset, article_of(story, offset * 10 + PARTITIONS.index(name)), appended))
        return records

    def token(self) -> str:
        self.tokens += 1
        return f"t{self.tokens}"

    def _process(self, name: str) -> Consumer:
        self.sources[name].restart()
        admission, metrics = MemoryAdmission(self.state), Metrics("simulation")
        pipeline = Pipeline(
            name="simulation",
            decoder=Decoder({}),
            watch=lambda: self.watch,
            admission=admission,
            dead_letters=NoDeadLetters(),  # type: ignore[arg-type]
            limit=Limit(0.5),
            metrics=metrics,
            now_ms=lambda: self.now_ms,
            new_version=self.token,
            admitted=lambda: None,
            told=lambda _: None,
        )
        return Consumer(
            source=self.sources[name],
            pipeline=pipeline,
            admission=admission,
            outbox=MemoryOutbox(self.state, name),
            metrics=metrics,
            now_ms=lambda: self.now_ms,
            new_incarnation=self.token,
        )

    def step(self) -> None:
        """Something happens."""
        self.now_ms += self.chance.choice([100, 2_000, 20_000])
        name = self.chance.choice(PARTITIONS)
        match self.chance.choices(["read", "tick", "flush", "send", "die", "lose", "wipe"], [6, 4, 4, 4, 1, 1, 0.3])[0]:
            case "read":
                run_now(self.consumers[name].step())
            case "tick":
                run_now(self.consumers[name].tick())
            case "flush":
                run_now(flush(self.outbox, self.now_ms, lambda backlog: due(backlog, self.now_ms)))
            case "send":
                self.send(self.chance.choice([OK, None]))
            case "die":
                self.consumers[name] = self._process(name)
            case "lose" if self.losing:
                self.state.restore(self.chance.choice(self.kept[-5:]))
            case "wipe" if self.losing:
                self.state.restore(MemoryState())
        self.kept.append(self.state.copy())

    def send(self, answer: Attempt | None) -> None:
        for leased in run_now(self.outbox.lease({"desk": 1}, self.now_ms, 20_000)).leased:
            self.got.append(leased.delivery)
            if answer is not None:
                run_now(self.outbox.delivered(leased, answer, self.now_ms))

    def calm(self) -> None:
        """No more faults until everything is read and told."""
        for _ in range(60):
            self.now_ms += 21_000
            for consumer in self.consumers.values():
                while run_now(consumer.step()):
                    pass
                run_now(consumer.tick())
            run_now(flush(self.outbox, self.now_ms, lambda backlog: backlog.pending))
            self.send(OK)
        assert not self.state.waiting and not self.state.pending, f"seed {self.seed} never came to rest"

    def told(self) -> dict[int, set[str]]:
        """Of each story, the deliveries that told it to a receiver that drops ids that it knows."""
        told, seen = defaultdict[int, set[str]](set), set[str]()
        for delivery in self.got:
            if delivery.id in seen:
                continue
            seen.add(delivery.id)
            data = json.loads(delivery.body)["data"]
            assert data.get("more", 0) == 0
            for article in [each["article"] for each in data.get("alerts", ())] or [data["article"]]:
                told[int(article["id"].split("-")[0])].add(delivery.id)
        return told


def play(seed: int, folder: Path, *, losing: bool, without: str = "") -> World:
    world = World(seed, watch_of(folder), losing, without)
    for _ in range(80):
        if without == "pending":
            world.state.pending = Unpinned(world.state.pending)
        world.step()
    world.calm()
    return world


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("digests")


def test_no_history_loses_a_story_of_a_backlog(folder: Path) -> None:
    digests = 0
    for seed in range(SEEDS):
        world = play(seed, folder, losing=True)
        assert world.told().keys() == world.stories, f"seed {seed} lost {world.stories - world.told().keys()}"
        digests += sum(each.type == "alert.digest" for each in world.got)
    assert digests > SEEDS, "hardly a digest was made: the histories test nothing"


def test_while_the_store_keeps_its_word_each_story_is_told_by_one_delivery(folder: Path) -> None:
    repeats = 0
    for seed in range(SEEDS):
        world = play(seed, folder, losing=False)
        told = world.told()
        assert told.keys() == world.stories, f"seed {seed}"
        assert all(len(ids) == 1 for ids in told.values()), f"seed {seed}"
        assert len({(each.id, each.body) for each in world.got}) == len({each.id for each in world.got}), f"seed {seed}"
        repeats += len(world.got) - len({each.id for each in world.got})
    assert repeats, "no answer was ever lost: the histories test nothing"


@pytest.mark.parametrize("rule", ["pins", "pending", "one_step"])
def test_a_rule_of_digests_left_out_is_found_out(folder: Path, rule: str) -> None:
    for seed in range(2_000):
        world = play(seed, folder, losing=True, without=rule)
        if world.told().keys() != world.stories:
            return
    pytest.fail(f"leaving out {rule} lost nothing in 2,000 histories: is it needed, is it tested?")
