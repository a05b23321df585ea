"""Nothing is lost in any seeded history, and every rule is there because leaving it out loses alerts."""

import os
from pathlib import Path

import pytest

from tests.simulation.history import simulate
from tests.simulation.world import Rules

SEEDS = int(os.environ.get("RASID_SEEDS", "400"))
"""Histories of the full protocol; ``make simulate RASID_SEEDS=…`` plays more."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("simulation")


@pytest.mark.timeout(3600)
def test_no_history_loses_an_alert(folder: Path) -> None:
    losses = 0
    for seed in range(SEEDS):
        result = simulate(seed, Rules(), folder)
        assert result.finished, f"seed {seed} never came to rest"
        assert not result.lost, f"seed {seed} lost {sorted(result.lost)}"
        losses += result.losses
    assert losses > SEEDS / 2, "the store hardly lost anything: the histories test nothing"


def test_while_the_store_keeps_its_word_each_story_has_one_id_and_each_id_one_body(folder: Path) -> None:
    repeats = 0
    for seed in range(SEEDS // 4):
        result = simulate(seed, Rules(wipes=False, loses_writes=False), folder)
        assert result.finished, f"seed {seed} never came to rest"
        assert (result.lost, result.two_ids, result.two_bodies) == (frozenset(), 0, 0), f"seed {seed}"
        repeats += result.repeats
    assert repeats, "no answer was ever lost: the histories test nothing"


@pytest.mark.parametrize("rule", ["gap", "low", "idle", "checkpoint", "one_step", "outbox"])
def test_a_rule_left_out_is_found_out(folder: Path, rule: str) -> None:
    for seed in range(2000):
        result = simulate(seed, Rules(without=rule), folder)
        if result.lost or not result.finished:
            return
    pytest.fail(f"leaving out {rule} lost nothing in 2,000 histories: is it needed, is it tested?")
