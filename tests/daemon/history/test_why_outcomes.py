"""``rasid why`` for every outcome that an article can end in: none of them is told as another, or not at all."""

import asyncio
from collections.abc import Sequence

import pytest

from alerts.dispatch.grouped import Teller
from alerts.model import Attempt, Outcome, Reply
from daemon.cli.why import answer_lines
from daemon.history.why import why
from daemon.watch import Watch
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_line, a_watch

HOUR = 3_600_000

TOPICS = """\
topics:
  floods: {match: فيضان, severity: critical, updates: {floor: 15m}}
  harbours: {match: ميناء}
  quakes: {match: زلزال}
  fires: {match: حريق}
  rains: {match: أمطار}
  winds: {match: رياح}
"""

ALWAYS = {"name": "always", "time_intervals": [{"times": [{"start_time": "00:00", "end_time": "24:00"}]}]}

RECEIVER = {"url": "http://127.0.0.1:9/", "secret_file": "secret", "allow": ["127.0.0.0/8"]}

CONFIG = {
    "topics": TOPICS,
    "time_intervals": [ALWAYS],
    "silences": [
        {"name": "drill", "author": "Mona", "comment": "a drill", "end": "2031-01-01", "match": {"topic": "fires"}}
    ],
    "inhibit_rules": [{"source": {"topic": "floods"}, "target": {"topic": "harbours"}}],
    "receivers": [
        {"name": "desk", "events": ["alert.*"], **RECEIVER},
        {"name": "nobody", "events": ["system.*"], **RECEIVER},
    ],
    "route": {
        "receiver": "desk",
        "routes": [
            {"match": {"topic": "quakes"}, "mute_time_intervals": ["always"]},
            {"match": {"topic": "rains"}, "throttle": {"most": 1, "per": "1h"}, "group_wait": "1m"},
            {"match": {"topic": "winds"}, "receiver": "nobody"},
        ],
    },
}


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """Topics of which each ends in another way."""
    return a_watch(tmp_path_factory.mktemp("w"), **CONFIG)


@pytest.fixture
def asked(watch: Watch) -> AskedDaemon:
    return AskedDaemon(watch)


def article(id_: str, title: str, story: int = 0, **fields: str) -> bytes:
    """Articles of one ``story`` share their text."""
    words = " ".join(f"كلمة{story}رقم{step}" for step in range(40))
    return a_line(**{"id": id_, "title": title, "body": words, "source": "الساحل", "lang": "ar"} | fields)


FLOOD = article("a", "فيضان يغمر سوق البلدة")
TURKISH = article("b", "فيضان يغمر سوق البلدة", source="Kıyı", lang="tr")
FRENCH = article("c", "فيضان يغمر سوق البلدة", source="Rivage", lang="fr")

ENDS: dict[Outcome, tuple[str, Sequence[bytes | None], str, str, str]] = {
    Outcome.UNMATCHED: ("floods", [article("a", "أسعار")], "a", "not_concerned", "too little of what the topic needs"),
    Outcome.ALERTED: ("floods", [FLOOD], "a", "alerted", "led to a notice (opened) for desk"),
    Outcome.UPDATED: ("floods", [FLOOD, TURKISH], "b", "alerted", "led to a notice (language) for desk"),
    Outcome.REPEAT: (
        "floods",
        [FLOOD, article("b", "فيضان يغمر سوق البلدة", source="الميدان")],
        "b",
        "repeat",
        "and that was told of already: a repeat",
    ),
    Outcome.UNROUTED: ("winds", [article("a", "رياح")], "a", "unrouted", "no route sends its alert anywhere"),
    Outcome.MUTED: ("quakes", [article("a", "زلزال")], "a", "muted", "told to nobody: muted for desk (always)"),
    Outcome.SILENCED: (
        "fires",
        [article("a", "حريق")],
        "a",
        "silenced",
        "nobody: silenced for desk (file:drill)",
    ),
    Outcome.INHIBITED: (
        "harbours",
        [FLOOD, article("b", "فيضان في ميناء")],
        "b",
        "inhibited",
        "told to nobody: inhibited for desk (floods)",
    ),
    Outcome.INVALID: ("floods", [b'{"title": 7}'], "p/0", "invalid", "held no article, and is in the dead letters"),
    Outcome.TOMBSTONE: ("floods", [None], "p/0", "never_seen", "was never seen"),  # it names no article
}


def test_no_outcome_is_left_out() -> None:
    assert set(ENDS) == set(Outcome)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_of_a_record_is_told(outcome: Outcome, asked: AskedDaemon, runner: asyncio.Runner) -> None:
    topic, lines, name, answer, says = ENDS[outcome]
    runner.run(asked.read(*lines))

    found = runner.run(why(asked.past, topic, name))

    assert asked.process.metrics.records.labels(outcome.value)._value.get() >= 1
    assert found["answer"] == answer
    assert says in found["says"]


def test_news_that_the_floor_holds_back_is_told_of_with_its_end(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    runner.run(asked.read(FLOOD, TURKISH, FRENCH))

    found = runner.run(why(asked.past, "floods", "c"))

    assert found["answer"] == "held"
    assert found["says"].endswith(
        "brought news of an alert that is known; language:fr waits for desk: the floor between updates ends at "
        "2030-03-17T18:01:40.000Z, and the first article of the story after it tells it"
    )
    assert [each["reason"] for each in found["notices"]] == ["opened", "language"], "what was told before it"

    asked.process.now_ms = NOW + 15 * 60_000
    runner.run(asked.read(article("d", "فيضان يغمر سوق البلدة", source="الميدان")))
    told = runner.run(why(asked.past, "floods", "c"))["notices"][-1]
    assert (told["article"], told["reason"]) == ("d", "language"), "and by what it was told in the end"


@pytest.mark.parametrize(
    ("reply", "state", "line"),
    [
        (Reply.DELIVERED, "delivered", "desk: delivered at 2030-03-17 17:46"),
        (Reply.FAILED, "dead", "desk: dead since 2030-03-17 17:46 because exhausted, after 1 attempt (last"),
    ],
)
def test_the_end_of_a_delivery_is_told(
    reply: Reply, state: str, line: str, asked: AskedDaemon, runner: asyncio.Runner
) -> None:
    runner.run(asked.read(FLOOD))
    runner.run(end_all(asked, reply, NOW))

    found = runner.run(why(asked.past, "floods", "a"))

    assert [each["state"] for each in found["notices"][0]["receivers"]] == [state]
    assert line in "\n".join(answer_lines(found))


@pytest.mark.parametrize(("reply", "state"), [(Reply.DELIVERED, "delivered"), (Reply.FAILED, "dead")])
def test_what_is_throttled_goes_out_in_a_digest_whose_end_is_told(
    reply: Reply, state: str, asked: AskedDaemon, runner: asyncio.Runner
) -> None:
    end_of_hour = (NOW // HOUR + 1) * HOUR
    runner.run(asked.read(*(article(f"rain-{number}", f"أمطار {number}", number) for number in (1, 2, 3))))
    runner.run(Teller(asked.process.outbox).due(NOW + 60_000))
    answers = [runner.run(why(asked.past, "rains", f"rain-{number}")) for number in (1, 2, 3)]
    waits = [each["notices"][0]["receivers"][0]["waits_for"] for each in answers]
    assert sorted(waits, key=str) == [None, "throttled", "throttled"]

    runner.run(Teller(asked.process.outbox).due(end_of_hour))
    runner.run(end_all(asked, reply, end_of_hour))

    throttled = answers[waits.index("throttled")]["article"]
    (receiver,) = runner.run(why(asked.past, "rains", throttled))["notices"][0]["receivers"]
    assert (receiver["state"], receiver["digest"]) == (state, True)


async def end_all(asked: AskedDaemon, reply: Reply, now_ms: int) -> None:
    outbox = asked.process.outbox
    for leased in (await outbox.lease({"desk": 9}, now_ms, 20_000)).leased:
        if reply is Reply.DELIVERED:
            await outbox.delivered(leased, Attempt(reply, 204), now_ms)
        else:
            await outbox.dead(leased, Attempt(reply, 500), now_ms, "exhausted")
