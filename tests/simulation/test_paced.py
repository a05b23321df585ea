"""Seeded histories of a route that paces: notices wait, are gathered and held back, while processes die, answers are
lost, and the store loses writes or all of them.

Whatever happens, each story reaches the receiver; while the store keeps its word, by one delivery of constant bytes.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from alerts.admission.memory_admission import MemoryAdmission
from alerts.dispatch.grouped import Teller
from alerts.dispatch.late_silences import LateSilences
from alerts.errors import Unavailable
from alerts.model import Attempt, Delivery, Pending
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.silences.silence import Silence, a_silence
from tests.simulation.articles import EVENT_TIME, watch_of
from tests.simulation.process import run_now
from tests.simulation.test_digests import PARTITIONS, World

SEEDS = int(os.environ.get("RASID_SEEDS", "400")) // 20
ROUTE = json.dumps(
    {
        "receiver": "desk",
        "group_by": ["topic"],
        "group_wait": "1s",
        "throttle": {"most": 1, "per": "10m"},
    }
)

JUST_AFTER = round(datetime.fromisoformat(EVENT_TIME).timestamp() * 1000) + 60_000
"""The articles are news then, but for those that were appended days before."""


SILENCED_FROM, SILENCED_UNTIL = JUST_AFTER + 60_000, JUST_AFTER + 300_000
SILENCE = a_silence({"topic": ["marked"]}, author="a", comment="c", start_ms=SILENCED_FROM, end_ms=SILENCED_UNTIL)
"""Somebody asks for it while much waits; those that read do not know it."""


def story_of(pending: Pending) -> int:
    return int(json.loads(pending.summary)["article"]["id"].split("-")[0])


class Unsure(MemoryOutbox):
    """A store that does what it is asked, or not, and does not always say so."""

    world: "PacedWorld"

    def _unlucky(self) -> bool:
        return not self.world.calming and self.world.chance.random() < 0.15

    async def flush(self, digest: Delivery, members: Sequence[str], now_ms: int, **group: Any) -> bool:
        if self._unlucky():
            raise Unavailable("it did not happen")
        done = await super().flush(digest, members, now_ms, **group)
        if self.world.without == "pins" and digest.id in self._state.waiting:
            self._state.waiting[digest.id].pins.clear()
        if self._unlucky():
            raise Unavailable("it happened")
        return done

    async def hold(self, group: str, members: Sequence[Pending], now_ms: int) -> bool:
        if self._unlucky():
            raise Unavailable("it did not happen")
        done = await super().hold(group, members, now_ms)
        self.world.held += done
        if self.world.without == "hold":
            for each in members:
                if each.id in self._state.pending:
                    self._state.pending[each.id].pins.clear()
        if self._unlucky():
            raise Unavailable("it happened")
        return done

    async def withhold(self, members: Sequence[Pending], why: str, by: Sequence[str], now_ms: int) -> bool:
        if self._unlucky():
            raise Unavailable("it did not happen")
        done = await super().withhold(members, why, by, now_ms)
        if done:
            assert set(by) == {SILENCE.id} and SILENCED_FROM <= now_ms < SILENCED_UNTIL
            self.world.silenced |= {story_of(each) for each in members}
        if self._unlucky():
            raise Unavailable("it happened")
        return done


@dataclass
class PacedWorld(World):
    """One history on that route."""

    now_ms: int = JUST_AFTER
    held: int = 0
    silenced: set[int] = field(default_factory=set)  # stories of which a notice was kept back when its turn came
    silences: Sequence[Silence] = ()
    calming: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        outbox = Unsure(self.state, "one")
        outbox.world = self
        self.outbox = outbox
        late = LateSilences(outbox, lambda: self.silences)
        self.teller = Teller(outbox, silences=late)

    def step(self) -> None:
        """Something happens, and what is due is told, or not."""
        if self.chance.random() < 0.5:
            with suppress(Unavailable):
                run_now(self.teller.due(self.now_ms))
        with suppress(Unavailable):
            super().step()

    def send(self, answer: Attempt | None) -> None:
        if self.calming:
            run_now(self.teller.due(self.now_ms))
        super().send(answer)

    def calm(self) -> None:
        self.calming = True
        super().calm()


def play(seed: int, folder: Path, *, losing: bool, without: str = "", silences: Sequence[Silence] = ()) -> PacedWorld:
    world = PacedWorld(seed, watch_of(folder, ROUTE), losing, without, silences=silences)
    for _ in range(60):
        world.step()
    world.calm()
    return world


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paced")


def test_no_history_loses_a_story_that_waits(folder: Path) -> None:
    reasons: dict[str, int] = {}
    for seed in range(SEEDS):
        world = play(seed, folder, losing=True)
        assert world.told().keys() == world.stories, f"seed {seed} lost {world.stories - world.told().keys()}"
        for each in world.got:
            reason = json.loads(each.body)["data"].get("reason", "single")
            reasons[reason] = reasons.get(reason, 0) + 1
    assert min(reasons[each] for each in ("single", "group", "throttled", "backlog")) > SEEDS / 10, reasons


def test_while_the_store_keeps_its_word_each_story_is_told_by_one_delivery(folder: Path) -> None:
    repeats = held = 0
    for seed in range(SEEDS):
        world = play(seed, folder, losing=False)
        told = world.told()
        assert told.keys() == world.stories, f"seed {seed}"
        assert all(len(ids) == 1 for ids in told.values()), f"seed {seed}"
        assert len({(each.id, each.body) for each in world.got}) == len({each.id for each in world.got}), f"seed {seed}"
        repeats += len(world.got) - len({each.id for each in world.got})
        held += world.held
    assert repeats and held, "no answer was ever lost, or nothing held: the histories test nothing"


def test_what_is_not_told_was_silenced_when_its_turn_came_and_nothing_stays_pinned(folder: Path) -> None:
    silenced = 0
    for seed in range(SEEDS):
        world = play(seed, folder, losing=True, silences=(SILENCE,))
        lost = world.stories - world.told().keys()
        assert lost <= world.silenced, f"seed {seed} lost {lost - world.silenced}"
        for name in PARTITIONS:
            standing = run_now(MemoryAdmission(world.state).snapshot(name))
            assert standing is None or standing.low == standing.checkpoint, f"seed {seed}"
        silenced += len(world.silenced)
    assert silenced > SEEDS, "hardly anything was silenced: the histories test nothing"


def test_while_the_store_keeps_its_word_what_was_silenced_is_told_by_nothing(folder: Path) -> None:
    for seed in range(SEEDS):
        world = play(seed, folder, losing=False, silences=(SILENCE,))
        told = world.told()
        assert world.silenced.isdisjoint(told) and told.keys() | world.silenced == world.stories, f"seed {seed}"
        assert all(len(ids) == 1 for ids in told.values()), f"seed {seed}"


@pytest.mark.parametrize("rule", ["pins", "hold"])
def test_a_rule_of_pacing_left_out_is_found_out(folder: Path, rule: str) -> None:
    for seed in range(2_000):
        world = play(seed, folder, losing=True, without=rule)
        if world.told().keys() != world.stories:
            return
    pytest.fail(f"leaving out {rule} lost nothing in 2,000 histories: is it needed, is it tested?")
