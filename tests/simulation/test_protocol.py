"""Nothing is lost in any seeded history, and every rule is there because leaving it out is found out."""

import os

import pytest

from tests.simulation.history import simulate
from tests.simulation.play import first_failure, play
from tests.simulation.rules import LEFT_OUT

SEEDS = int(os.environ.get("RASID_SEEDS") or ("10000" if os.environ.get("CI") else "1000"))
"""Histories of the full protocol; ``make simulate RASID_SEEDS=…`` plays more."""

ONCE_WRONG = [0, 140, 1172, 1590]
"""Histories that have shown a mistake: a new partition that nobody told where to begin; two parked deliveries of a
lane that overtook each other unmarked."""

CANNOT_LOSE = {
    # GAP and the version of the memory are checked as well: a batch is a fact about the log and a memory, whichever
    # incarnation it was read under. The check makes a process notice at once and not within a second.
    "incarnation",
    # What is finished is finished whatever became of the store: `low` of any incarnation is true of the world. The
    # guard keeps the incarnation beside it honest, by which a wipe is told in the log.
    "commit_guard",
}
"""Rules that are there for other reasons than this, and why nothing can be lost without them."""


@pytest.mark.timeout(3600)
def test_no_history_loses_an_alert_tells_it_twice_for_no_reason_or_never_rests() -> None:
    played = play(range(SEEDS))

    assert not played.failed, played.report()
    seen = played.seen
    tested = ("losses", "wipes", "repeats", "alerts again", "refused commits", "retries", "gaps", "skipped")
    rare = [each for each in tested if seen[each] < SEEDS / 20]
    assert not rare, f"hardly any {rare}: the histories do not test them"
    assert seen["turns of zombies"] > SEEDS
    assert seen["losses"] > SEEDS
    assert seen["order gaps"]
    assert seen["updates"] > SEEDS, "hardly any updates: the histories do not test them"
    assert seen["reasons held"] > SEEDS / 20, "hardly any update waited for its floor"


@pytest.mark.parametrize("seed", ONCE_WRONG)
def test_a_history_that_once_went_wrong_does_not_again(seed: int) -> None:
    played = play([seed])

    assert not played.failed, played.report()


def test_a_seed_is_one_history_whether_answers_are_remembered_or_not() -> None:
    alone, lines = simulate(41), list[str]()
    (with_others,) = (result for result in [first_failure([41], "outbox")] if result is not None)

    assert simulate(41, "", lines.append) == alone
    assert simulate(41, "outbox") == with_others
    assert lines


@pytest.mark.timeout(600)
@pytest.mark.parametrize("rule", sorted(LEFT_OUT.keys() - CANNOT_LOSE))
def test_a_rule_left_out_is_found_out(rule: str) -> None:
    assert first_failure(range(5_000), rule), f"without {rule} 5,000 histories went well: is it needed, is it tested?"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("rule", sorted(CANNOT_LOSE))
def test_a_rule_that_is_there_for_another_reason_loses_nothing(rule: str) -> None:
    assert first_failure(range(SEEDS // 10), rule) is None
