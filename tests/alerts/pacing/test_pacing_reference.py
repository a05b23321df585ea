"""Ours and a plain reference tell the same things together at the same moments, whatever comes and whenever."""

import os
import random
from collections import Counter
from itertools import pairwise

import pytest

from alerts.model import Pending, Severity
from alerts.notices.digest import together
from alerts.outbox.memory_pending import MemoryPending
from alerts.pacing.pacing import plan_of
from alerts.silences.silence import Silence as OurSilence
from alerts.silences.silence import SilenceState, silenced_by
from tests.alerts.pacing.machine import Ours, ours, waiting
from tests.alerts.pacing.reference import SEVERITIES, Notice, Policy, Reference, Silence, Told, play

RUNS = int(os.environ.get("RASID_PACING_RUNS", "1500"))
"""What is run always; 10,000 are run before a release."""

BEGUN = 1_900_000_000_000
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
GAPS = [0, 1, 999, SECOND, 29 * SECOND, 30 * SECOND, 31 * SECOND, MINUTE, 5 * MINUTE, HOUR, 7 * HOUR]
WEIGHTS = [3, 1, 1, 4, 2, 2, 2, 4, 4, 2, 1]
GROUPS = [("story",), ("topic",), ("topic", "severity"), ("source", "story"), ("entity",), (), ("...",)]


def a_policy(chance: random.Random) -> Policy:
    throttled = chance.random() < 0.5
    hours = chance.random() < 0.15
    return Policy(
        group_by=chance.choice(GROUPS),
        wait=chance.choice([0, SECOND, 30 * SECOND, 10 * MINUTE]),
        interval=chance.choice([0, 10 * SECOND, 5 * MINUTE, HOUR]),
        most=chance.randint(1, 3) if throttled and not hours else 0,
        per=chance.choice([MINUTE, 10 * MINUTE, HOUR]),
        by_topic=chance.random() < 0.7,
        hours=tuple(chance.sample(["00:00", "08:00", "12:30", "18:00"], chance.randint(1, 3))) if hours else (),
        zone=chance.choice(["UTC", "Africa/Cairo", "Asia/Kathmandu"]),
        repeat=chance.choice([0, 30 * MINUTE, HOUR, 4 * HOUR]),
    )


def some_notices(chance: random.Random) -> list[Notice]:
    now, notices = BEGUN + chance.randrange(HOUR), []
    severity_of = {topic: chance.choice(SEVERITIES) for topic in "tuv"}
    for number in range(chance.randint(1, 14)):
        now += chance.choices(GAPS, WEIGHTS)[0]
        topic = chance.choice("tuv")
        notices.append(
            Notice(
                name=f"n{number}",
                at=now,
                story=chance.choice("pqr"),
                topic=topic,
                severity=severity_of[topic],
                source=chance.choice("yz"),
                entity=chance.choice(["", "k", "l"]),
                urgent=chance.random() < 0.1,
                corrected=(new := chance.random() < 0.7) and chance.random() < 0.15,
                new=new,
                verdict=not new and chance.random() < 0.1,
            )
        )
    return notices


def some_silences(chance: random.Random, notices: list[Notice]) -> list[Silence]:
    """Mostly none: else little would be told."""
    silences = []
    for number in range(chance.choice([0, 0, 0, 1, 2])):
        start = chance.choice(notices).at + chance.choice(GAPS)
        of = chance.choice([("", "p"), ("t", ""), ("t", "p"), ("", "")])
        silences.append(Silence(f"sil{number}", *of, start, start + 1 + chance.choice(GAPS)))
    return silences


def by_reference(policy: Policy, notices: list[Notice], silences: list[Silence]) -> Reference:
    """Groups that are due in the same moment go in the order of their ids."""
    pacing = ours(policy)
    groups = {each.name: waiting(pacing, each).group for each in notices}
    return play(policy, notices, lambda notice: groups[notice.name], silences)


def in_no_order_within_a_moment(told: list[Told]) -> list[tuple[int, str, list[str], list[str]]]:
    """Groups that are due together may go in any order; their lanes differ."""
    return sorted((at, why, sorted(names), sorted(shown)) for at, why, names, shown in told)


def test_it_tells_what_the_reference_tells_when_the_reference_does() -> None:
    reasons: Counter[str] = Counter()
    repeats = corrected = 0
    for seed in range(RUNS):
        chance = random.Random(seed)
        policy, notices = a_policy(chance), some_notices(chance)
        silences = some_silences(chance, notices)
        expected, machine = by_reference(policy, notices, silences), Ours(policy, silences)
        told, silenced = machine.play(notices), machine.silenced()

        said = f"seed {seed}: {policy} {silences}"
        assert in_no_order_within_a_moment(told) == in_no_order_within_a_moment(expected.told), said
        assert sorted(silenced) == sorted(expected.silenced), said
        names = Counter([name for _, _, members, _ in told for name in members] + [name for _, _, name in silenced])
        assert max(names.values(), default=1) == 1, f"seed {seed}: each once"
        assert {each.name for each in notices if each.new} <= names.keys(), f"seed {seed}: all that is new"
        assert len(set(machine.repeats)) == len(machine.repeats), f"seed {seed}: no two repeats have one name"
        repeats += len(machine.repeats)
        assert all(sooner[0] <= later[0] for sooner, later in pairwise(told)), f"seed {seed}"
        reasons.update(why for _, why, _, _ in told)
        reasons["silenced"] += len(silenced)
        corrected += sum(bool(shown) for _, _, _, shown in told)
    assert min(reasons[why] for why in ("single", "group", "scheduled", "throttled", "silenced")) > RUNS / 20, reasons
    assert repeats > RUNS / 20 and corrected > RUNS / 50


RULES = ["interval", "severity", "correction", "urgent", "repeat", "verdict", "silence", "end of a silence"]
RULES += ["amended", "followed"]


async def unamended(pending: MemoryPending, group: str, limit: int) -> list[Pending]:
    held = [each.pending for each in pending._state.pending.values() if each.pending.group == group]
    pending._state.amended.clear()
    return held[:limit]


@pytest.mark.parametrize("rule", RULES)
def test_the_reference_finds_out_a_rule_that_is_left_out(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if rule == "interval":
        monkeypatch.setattr("alerts.admission.memory_admission.due_ms", lambda plan, told_ms, now_ms: plan.due_ms)
    elif rule == "severity":
        monkeypatch.setattr("alerts.pacing.turn.SEVERITIES", tuple(reversed(Severity)))
    elif rule == "correction":
        monkeypatch.setattr("alerts.pacing.pacing.CORRECTED", "nothing is")
    elif rule == "amended":
        monkeypatch.setattr("alerts.outbox.memory_pending.MemoryPending.pending", unamended)
    elif rule == "followed":
        monkeypatch.setattr(
            "alerts.dispatch.grouped.together", lambda members, weights, then=(): together(members, weights)
        )
    elif rule == "repeat":
        monkeypatch.setattr("tests.alerts.pacing.machine.repeat_key", lambda *times: "")
    elif rule == "verdict":
        monkeypatch.setattr(Ours, "judge", lambda machine, alert: None)
    elif rule == "silence":
        monkeypatch.setattr("alerts.dispatch.late_silences.silenced_by", lambda facts, silences, now_ms: None)
    elif rule == "end of a silence":
        monkeypatch.setattr(OurSilence, "state", lambda silence, now_ms: SilenceState.ACTIVE)
        monkeypatch.setattr(
            "alerts.dispatch.late_silences.silenced_by",
            lambda facts, held, now_ms: silenced_by(facts, held, held[0].start_ms),
        )
    else:
        original = plan_of
        monkeypatch.setattr(
            "tests.alerts.pacing.machine.plan_of",
            lambda *args, urgent: original(*args, urgent=False),
        )
    for seed in range(RUNS):
        chance = random.Random(seed)
        policy, notices = a_policy(chance), some_notices(chance)
        silences = some_silences(chance, notices)
        told, expected = Ours(policy, silences).play(notices), by_reference(policy, notices, silences).told
        if in_no_order_within_a_moment(told) != in_no_order_within_a_moment(expected):
            return
    pytest.fail(f"leaving out {rule} changes nothing in {RUNS} runs: is it tested?")
