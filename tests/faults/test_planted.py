"""The checker proves itself on the running system: each bug that is planted into a daemon is found, as what it is."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.kafka_faults import Blow, Fault
from tests.faults.kafka_nemesis import Nemesis
from tests.faults.kafka_world import Kafka, KafkaWorld
from tests.faults.planted import BUGS
from tests.faults.test_kafka_faults import judge

KILL, WIPE, TEAR = (
    Blow(fault, after_seconds=0.2, for_seconds=0, heals=False)
    for fault in (Fault.DAEMON_KILLED, Fault.REDIS_WIPED, Fault.REDIS_TORN)
)

LATE_WIPE = replace(WIPE, after_seconds=0.5)
"""When the receiver has taken what waited for it, and Kafka has not heard of that yet."""

PER_SECOND = 120.0
PAUSE_SECONDS = 1.2
END_SECONDS = 20.0

FOUND: list[tuple[str, list[Blow], tuple[str, ...]]] = [
    # bug, blows while the receiver is away (a late one after that), how a sentence that must be found begins
    ("commit_first", [KILL], ("lost:",)),
    ("split_admit", [KILL], ("lost:",)),
    ("no_gap_check", [TEAR] * 4, ("lost:",)),
    ("trimming", [], ("lost:",)),
    ("no_low", [WIPE], ("lost:",)),
    ("id_drift", [LATE_WIPE], ("second id:",)),
    ("reused_id", [], ("lost:",)),
    ("body_drift", [], ("body drift:",)),
    ("bad_signature", [], ("bad signature:",)),
    ("order_broken", [], ("order:",)),
    ("dropped_dead_letter", [], ("no dead letter of",)),
    ("wrong_reason", [], ("faults-",)),
    ("leaked_canary", [], ("a secret is in",)),
]


def wrong_with(bug: str, blows: list[Blow], folder: Path, kafka: Kafka) -> list[str]:
    """What the checker says of a few seconds under load, with the receiver away for some of them."""
    world = KafkaWorld(folder, kafka, 7, program=("-m", "tests.faults.planted", bug))
    nemesis = Nemesis(world, 7)
    try:
        world.first.start()
        world.first.wait_until_ready()
        world.produce(per_second=PER_SECOND)
        nemesis.wait(PAUSE_SECONDS)
        world.receiver.close()
        nemesis.wait(PAUSE_SECONDS)
        for blow in (each for each in blows if each is not LATE_WIPE):
            nemesis.strike(blow)
        taken = (folder / "receipts").stat().st_size
        world.receiver.start()
        for blow in (each for each in blows if each is LATE_WIPE):
            until = time.monotonic() + END_SECONDS
            while time.monotonic() < until and (folder / "receipts").stat().st_size == taken:
                nemesis.wait(0.02)  # it was away: the next probe tells that it is back
            nemesis.strike(blow)
        nemesis.wait(PAUSE_SECONDS)
        world.stop_producing()
        until = time.monotonic() + END_SECONDS
        while time.monotonic() < until and not world.done():  # some bugs never come to an end
            nemesis.wait(0.1)
        nemesis.counts["receiver killed"] += 1
        assert world.first.running, f"it crashed, which anybody would notice:\n{world.first.last_words()}"
        return judge(world, nemesis).wrong
    finally:
        nemesis.close()
        world.close()


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("bug", "blows", "begins"), FOUND, ids=[bug for bug, *_ in FOUND])
def test_a_planted_bug_is_found(
    bug: str, blows: list[Blow], begins: tuple[str, ...], tmp_path: Path, kafka_site: Kafka
) -> None:
    wrong = wrong_with(bug, blows, tmp_path, kafka_site)

    assert [sentence for sentence in wrong if sentence.startswith(begins)], wrong[:20]


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_without_one_nothing_is_found(tmp_path: Path, kafka_site: Kafka) -> None:
    assert wrong_with("nothing", [KILL, TEAR, WIPE, LATE_WIPE], tmp_path, kafka_site) == []


def test_every_bug_has_its_test() -> None:
    assert {bug for bug, *_ in FOUND} | {"nothing"} == BUGS.keys()
