"""The real code of pacing over a store in memory, with a clock that goes from one due moment to the next."""

import json
from collections import defaultdict
from zoneinfo import ZoneInfo

from alerts.admission.admission import Amendment, Batch, RecordEffects
from alerts.admission.memory_admission import MemoryAdmission
from alerts.dispatch.grouped import Teller
from alerts.dispatch.late_silences import LateSilences
from alerts.model import Alert, Delivery, Pending, Severity
from alerts.notices.digest import TYPE
from alerts.notices.digest_line import amended_by, pending_to
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.pacing.pacing import Allowed, Pacing, plan_of
from alerts.pacing.repeat import repeat_key
from alerts.pacing.schedule import Schedule
from alerts.routing.conditions import AlertFacts
from alerts.silences.kept_facts import keep_facts
from alerts.silences.silence import Silence as OurSilence
from alerts.silences.silence import a_silence
from alerts.store.memory_state import MemoryState
from processors.stories.news import last_told_ms, told_all, told_more
from processors.stories.rows import VERSION, Reader, StoryRow
from tests.alerts.pacing.reference import Notice, Policy, Silence, Told
from tests.simulation.store import run_now

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
    alert = an_alert(notice)
    values = {key: getattr(notice, key) for key in ("story", "topic", "severity", "source", "entity")}
    urgent = notice.urgent or notice.severity == "critical"
    plan = plan_of(pacing, "desk", alert, values, notice.at, urgent=urgent)
    pending = pending_to("desk", alert, notice.at, notice.at, plan)
    single = Delivery(
        id=pending.id,
        receiver="desk",
        lane=plan.lane,
        type=alert.type,
        notice=notice.name,
        created_ms=notice.at,
        body=b"{}",
    )
    facts = AlertFacts(alert.topic, alert.severity, source=notice.source, story=notice.story)
    return pending_to("desk", alert, notice.at, notice.at, plan, single, facts=keep_facts(facts))


def an_alert(notice: Notice) -> Alert:
    kind = "alert.corrected" if notice.corrected else "alert.opened"
    article = {"id": notice.name, "title": "", "url": None, "source": "", "lang": None, "published": None}
    return Alert(
        id=notice.topic + notice.story,
        notice=notice.name,
        type=kind,
        topic=notice.topic,
        story=notice.story,
        severity=Severity(notice.severity),
        labels={},
        data={
            "article": article,
            "alert": {"topics": [{"id": notice.topic}], "reason": "denial" if notice.corrected else "opened"},
            "story": {"articles": 1, "independent_sources": 1},
        },
    )


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
        self.deliveries = defaultdict[tuple[str, str], list[str]](list)
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
        if key := repeat_key(self.pacing.again_ms, last_told_ms(STORY, reader), now, now):
            self.repeats.append((*alert, key))
        return key != ""

    def admit(self, notice: Notice) -> None:
        pending = waiting(self.pacing, notice)
        self.names[pending.id] = notice.name
        ids = self.deliveries[notice.topic, notice.story]
        corrects = (Amendment(tuple(ids), amended_by(an_alert(notice), notice.at, notice.at)),)
        amendments = corrects if notice.corrected else ()
        record = RecordEffects(self.offset, "alerted", pending=(pending,), amendments=amendments)
        ids.append(pending.id)
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
            lines = json.loads(each.delivery.body)["data"]["alerts"] if digest else []
            shown = frozenset(line["article"]["id"] for line in lines if "was" in line)
            self.told.append((now, why, names, shown))
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
