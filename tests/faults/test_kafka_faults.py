"""Everything around the daemon fails, under load and over Kafka: nothing is lost, and nothing else is wrong either.

RASID_FAULTS sets how often, RASID_SEED another plan. What a failed run leaves behind is named. RASID_REPORT names a
file to which a table of the run is added.
"""

import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.check import check
from tests.faults.evidence import extra_posts, leaked, too_many_posts, unfinished, wrong_dead_letters
from tests.faults.kafka_faults import plan
from tests.faults.kafka_nemesis import Nemesis
from tests.faults.kafka_world import SECRETS, Kafka, KafkaWorld, wait_until
from tests.faults.parts import SECRET
from tests.faults.recovery import summary

FAULTS = int(os.environ.get("RASID_FAULTS", "44"))
SEED = int(os.environ.get("RASID_SEED", "4"))
CALM_SECONDS = 60.0

REPEATS_PER_FAULT = 64
"""Dead letters that may be written again: those of a batch that was not admitted yet."""


@dataclass(frozen=True)
class Judgement:
    """What was found, as sentences, and figures for people."""

    wrong: list[str]
    articles: int
    alerts: int
    requests: int
    extra: int


def judge(world: KafkaWorld, nemesis: Nemesis) -> Judgement:
    """Everything that must hold of a run that has settled (the daemon still runs)."""
    published, receipts = world.published(), world.receipts()
    expected = [each.expected for each in published if each.expected]
    defects = check(expected, receipts, SECRET, published=published, losses=nemesis.losses)
    letters = world.dead_letters()
    wrong = [
        *(f"{defect.kind}: {defect.detail}" for defect in defects),
        *too_many_posts(receipts, nemesis.faults),
        *unfinished(world.positions(), world.first.status()),
        *wrong_dead_letters(world.topic, published, letters, repeats=nemesis.faults * REPEATS_PER_FAULT),
        *leaked(SECRETS, world.places()),
        *nemesis.exits,
    ]
    return Judgement(wrong, len(published), len(expected), len(receipts), extra_posts(receipts))


def report(world: KafkaWorld, nemesis: Nemesis, found: Judgement, seconds: float) -> str:
    lines = [
        f"{nemesis.faults} faults in {seconds:.0f} s, seed {world.seed}: {found.articles} articles,",
        f"{found.alerts} alerts, {found.requests} requests of which {found.extra} came after a 2xx,",
        f"{len(nemesis.losses)} losses of the store,",
        f"rasid_realerted_total at least {sum(world.realerted.values()):.0f}, wrong: {len(found.wrong)}",
        "",
        "| fault | times |",
        "|---|--:|",
        *(f"| {name} | {times} |" for name, times in sorted(nemesis.counts.items())),
        "",
        "| from the restart or the end of a fault to an alert from every partition | measured | median s | longest s |",
        "|---|--:|--:|--:|",
        *summary(dict(sorted(nemesis.recovered.items()))),
        *summary({f"{name}, after one that had not healed": s for name, s in sorted(nemesis.overlapping.items())}),
    ]
    return "\n".join(lines) + "\n"


def run(folder: Path, kafka: Kafka, seed: int, faults: int) -> None:
    world = KafkaWorld(folder, kafka, seed)
    nemesis = Nemesis(world, seed)
    began = time.monotonic()
    print(f"\nseed {seed}, {faults} faults, in {folder}")
    try:
        world.first.start()
        world.first.wait_until_ready()
        world.produce()
        nemesis.recover(time.time(), "the beginning")
        for blow in plan(seed, faults):
            nemesis.strike(blow)
        nemesis.settle()
        found = judge(world, nemesis)
        said = report(world, nemesis, found, time.monotonic() - began)
        ended = world.first.stop()
    finally:
        nemesis.close()
        world.close()
    print(said)
    if path := os.environ.get("RASID_REPORT"):
        with Path(path).open("a") as file:
            file.write(said)

    assert found.wrong == [], "\n".join([f"seed {seed}, left in {folder}", *found.wrong[:40]])
    assert ended == 0
    assert nemesis.faults >= faults
    assert found.alerts > 10 * faults, "there was no load to speak of"


@pytest.mark.faults
@pytest.mark.timeout(300 + 20 * FAULTS)
def test_whatever_fails_every_alert_arrives(tmp_path: Path, kafka_site: Kafka) -> None:
    run(tmp_path, kafka_site, SEED, FAULTS)


@pytest.mark.faults
@pytest.mark.timeout(300 + 10 * FAULTS)
def test_and_with_another_seed_each_time(tmp_path: Path, kafka_site: Kafka) -> None:
    run(tmp_path, kafka_site, secrets.randbelow(10**6) + 1, FAULTS // 2)


@pytest.mark.faults
def test_without_a_fault_every_alert_arrives_once_and_every_dead_letter_is_there_once(
    tmp_path: Path, kafka_site: Kafka
) -> None:
    world = KafkaWorld(tmp_path, kafka_site, 0)
    nemesis = Nemesis(world, 0)
    try:
        world.first.start()
        world.produce(per_second=200, count=800)
        world.stop_producing(at_once=False)
        wait_until(world.done, "everything finished", CALM_SECONDS, world.first.log)
        found = judge(world, nemesis)
        letters = wrong_dead_letters(world.topic, world.published(), world.dead_letters(), repeats=0)
    finally:
        nemesis.close()
        world.close()

    assert [*found.wrong, *letters] == []
    assert found.requests == found.alerts > 150
