"""Ours and a plain reference tell the same things together at the same moments, whatever comes and whenever."""

import os
import random
from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from alerts.admission.admission import Batch, RecordEffects
from alerts.admission.memory_admission import MemoryAdmission
from alerts.conditions import AlertFacts
from alerts.digest import TYPE, pending_to
from alerts.grouped import Teller
from alerts.kept_facts import keep_facts
from alerts.late_silences import LateSilences
from alerts.memory_state import MemoryState
from alerts.model import Alert, Delivery, Pending, Severity
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.pacing.pacing import Allowed, Pacing, plan_of
from alerts.pacing.repeat import repeat_key
from alerts.pacing.schedule import Schedule
from alerts.silences.silence import Silence as OurSilence
from alerts.silences.silence import Standing, a_silence, silenced_by
from processors.stories.news import last_told_ms, told_all, told_more
from processors.stories.rows import VERSION, Reader, StoryRow
from tests.alerts.pacing.reference import SEVERITIES, Notice, Policy, Reference, Silence, Told, play
from tests.simulation.store import run_now

RUNS = int(os.environ.get("RASID_PACING_RUNS", "1500"))
"""What is run always; 10,000 are run before a release."""

STORY = StoryRow(
    version=VERSION,
    founder="n0",
    first_ms=0,
    last_ms=0,
    articles=1,
    sources=(1,),
    outlets=(),
    languages=(),
    prints=(),
)
BEGUN = 1_900_000_000_000
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
GAPS = [0, 1, 999, SECOND, 29 * SECOND, 30 * SECOND, 31 * SECOND, MINUTE, 5 * MINUTE, HOUR, 7 * HOUR]
WEIGHTS = [3, 1, 1, 4, 2, 2, 2, 4, 4, 2, 1]
GROUPS = [("story",), ("topic",), ("topic", "severity"), ("source", "story"), (), ("...",)]


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


def our_silence(silence: Silence) -> OurSilence:
    said = {"topic": [silence.topic or "*"], "story": [silence.story or "*"]}
    return a_silence(said, author="a", comment="c", start_ms=silence.start, end_ms=silence.end, id_=silence.name)


def ours(policy: Policy) -> Pacing:
    minutes = sorted(int(each[:2]) * 60 + int(each[3:]) for each in policy.hours)
    return Pacing(
        group_by=policy.group_by,
        wait_ms=policy.wait,
        interval_ms=policy.interval,
        throttle=Allowed(policy.most, policy.per, policy.by_topic) if policy.most else None,
        schedule=Schedule(tuple(minutes), ZoneInfo(policy.zone), policy.zone, 10) if minutes else None,
        repeat_ms=policy.repeat,
    )


def waiting(pacing: Pacing, notice: Notice) -> Pending:
    """As ``daemon/paced.py`` makes it."""
    kind = "alert.corrected" if notice.corrected else "alert.opened"
    article = {"id": notice.name, "title": "", "url": None, "source": "", "lang": None, "published": None}
    alert = Alert(
        id=notice.name,
        notice=notice.name,
        type=kind,
        topic=notice.topic,
        story=notice.story,
        severity=Severity(notice.severity),
        labels={},
        data={
            "article": article,
            "alert": {"topics": [{"id": notice.topic}], "reason": "opened"},
            "story": {"articles": 1, "independent_sources": 1},
        },
    )
    values = {key: getattr(notice, key) for key in ("story", "topic", "severity", "source")}
    urgent = notice.urgent or notice.severity == "critical"
    plan = plan_of(pacing, "desk", alert, values, notice.at, urgent=urgent)
    pending = pending_to("desk", alert, notice.at, notice.at, plan)
    single = Delivery(
        id=pending.id, receiver="desk", lane=plan.lane, type=kind, notice=notice.name, created_ms=notice.at, body=b"{}"
    )
    facts = AlertFacts(alert.topic, alert.severity, source=notice.source, story=notice.story)
    return pending_to("desk", alert, notice.at, notice.at, plan, single, facts=keep_facts(facts))


class Ours:
    """The real code over a store in memory; the clock goes from one due moment to the next."""

    def __init__(self, policy: Policy, silences: list[Silence]) -> None:
        self.pacing = ours(policy)
        self.state = MemoryState()
        self.admission = MemoryAdmission(self.state)
        self.outbox = MemoryOutbox(self.state, "one")
        of_ours = [our_silence(each) for each in silences]
        self.teller = Teller(self.outbox, silences=LateSilences(self.outbox, lambda: of_ours))
        self.names: dict[str, str] = {}
        self.told: list[Told] = []
        self.readers: dict[tuple[str, str], Reader] = {}  # topic and story
        self.judged: set[tuple[str, str]] = set()
        self.repeats: list[tuple[str, str, str]] = []
        self.offset = 0
        run_now(self.admission.recover("p", 0, "i"))

    def take(self, notice: Notice) -> None:
        """As ``daemon/telling.py`` does with an article."""
        alert = notice.topic, notice.story
        reader = self.readers.get(alert)
        if notice.verdict:
            self.judge(alert)
        elif reader is None:
            if notice.new:
                self.readers[alert] = told_all(STORY, 1, notice.name, notice.at)
                self.admit(notice)
        elif notice.new or self.again(alert, reader, notice.at):
            self.readers[alert] = told_more(STORY, reader, notice.name, notice.at)
            self.admit(notice)

    def judge(self, alert: tuple[str, str]) -> None:
        self.judged.add(alert)

    def again(self, alert: tuple[str, str], reader: Reader, now: int) -> bool:
        if alert in self.judged:
            return False
        if key := repeat_key(self.pacing.again_ms, last_told_ms(STORY, reader), now):
            self.repeats.append((*alert, key))
        return key != ""

    def admit(self, notice: Notice) -> None:
        pending = waiting(self.pacing, notice)
        self.names[pending.id] = notice.name
        record = RecordEffects(self.offset, "alerted", pending=(pending,))
        here = self.offset, self.offset + 1
        run_now(self.admission.admit(Batch("i", "p", *here, self.state.version, f"v{here}", notice.at, [record])))
        self.offset += 1

    def look(self, now: int) -> None:
        run_now(self.teller.due(now))
        for each in list(self.state.waiting.values()):
            digest = each.delivery.type == TYPE
            members = [name for name, went_in in self.state.digested.items() if went_in == each.delivery.id]
            why = each.delivery.body.split(b'"reason":"')[1].split(b'"')[0].decode() if digest else "single"
            names = frozenset(self.names[member] for member in (members or [each.delivery.id]))
            self.told.append((now, why, names))
            del self.state.waiting[each.delivery.id]
            for member in members:
                del self.state.digested[member]

    def play(self, notices: list[Notice]) -> list[Told]:
        for notice in notices:
            while (due := min(self.state.groups.values(), default=None)) is not None and due < notice.at:
                self.look(due)
            self.take(notice)
            self.look(notice.at)
        while self.state.groups:
            self.look(min(self.state.groups.values()))
        assert not self.state.pending
        return self.told

    def silenced(self) -> list[tuple[int, str, str]]:
        return [(at, by, self.names[id_]) for id_, (at, _, by) in self.state.withheld.items()]


def by_reference(policy: Policy, notices: list[Notice], silences: list[Silence]) -> Reference:
    """Groups that are due in the same moment go in the order of their ids."""
    pacing = ours(policy)
    groups = {each.name: waiting(pacing, each).group for each in notices}
    return play(policy, notices, lambda notice: groups[notice.name], silences)


def in_no_order_within_a_moment(told: list[Told]) -> list[tuple[int, str, list[str]]]:
    """Groups that are due together may go in any order; their lanes differ."""
    return sorted((at, why, sorted(names)) for at, why, names in told)


def test_it_tells_what_the_reference_tells_when_the_reference_does() -> None:
    reasons: Counter[str] = Counter()
    repeats = 0
    for seed in range(RUNS):
        chance = random.Random(seed)
        policy, notices = a_policy(chance), some_notices(chance)
        silences = some_silences(chance, notices)
        expected, machine = by_reference(policy, notices, silences), Ours(policy, silences)
        told, silenced = machine.play(notices), machine.silenced()

        said = f"seed {seed}: {policy} {silences}"
        assert in_no_order_within_a_moment(told) == in_no_order_within_a_moment(expected.told), said
        assert sorted(silenced) == sorted(expected.silenced), said
        names = Counter([name for _, _, members in told for name in members] + [name for _, _, name in silenced])
        assert max(names.values(), default=1) == 1, f"seed {seed}: each once"
        assert {each.name for each in notices if each.new} <= names.keys(), f"seed {seed}: all that is new"
        assert len(set(machine.repeats)) == len(machine.repeats), f"seed {seed}: no two repeats have one name"
        repeats += len(machine.repeats)
        assert all(sooner[0] <= later[0] for sooner, later in pairwise(told)), f"seed {seed}"
        reasons.update(why for _, why, _ in told)
        reasons["silenced"] += len(silenced)
    assert min(reasons[why] for why in ("single", "group", "scheduled", "throttled", "silenced")) > RUNS / 20, reasons
    assert repeats > RUNS / 20


RULES = ["interval", "severity", "correction", "urgent", "repeat", "verdict", "silence", "end of a silence"]


@pytest.mark.parametrize("rule", RULES)
def test_the_reference_finds_out_a_rule_that_is_left_out(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if rule == "interval":
        monkeypatch.setattr("alerts.admission.memory_admission.due_ms", lambda plan, told_ms, now_ms: plan.due_ms)
    elif rule == "severity":
        monkeypatch.setattr("alerts.pacing.turn.SEVERITIES", tuple(reversed(Severity)))
    elif rule == "correction":
        monkeypatch.setattr("alerts.pacing.pacing.CORRECTED", "nothing is")
    elif rule == "repeat":
        monkeypatch.setattr("tests.alerts.pacing.test_pacing_reference.repeat_key", lambda *times: "")
    elif rule == "verdict":
        monkeypatch.setattr(Ours, "judge", lambda machine, alert: None)
    elif rule == "silence":
        monkeypatch.setattr("alerts.late_silences.silenced_by", lambda facts, silences, now_ms: None)
    elif rule == "end of a silence":
        monkeypatch.setattr(OurSilence, "standing", lambda silence, now_ms: Standing.ACTIVE)
        monkeypatch.setattr(
            "alerts.late_silences.silenced_by", lambda facts, held, now_ms: silenced_by(facts, held, held[0].start_ms)
        )
    else:
        original = plan_of
        monkeypatch.setattr(
            "tests.alerts.pacing.test_pacing_reference.plan_of",
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
