"""A silence made while a notice waits: for others, for its hour, for the end of a slot, or in a backlog."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from alerts.dispatch.backlog import flush
from alerts.dispatch.late_silences import LateSilences
from alerts.silences.silence import Silence, a_silence
from daemon.cli.why import answer_lines
from daemon.history.why import why
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_flood, a_watch, value_of
from tests.daemon.test_paced import PacedDesk, a_desk, kinds

HOUR_S = 3_600.0
FIVE_DAYS = 5 * 24 * 60  # in minutes: a backlog


class Lines:
    """A log."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def info(self, event: str, **values: Any) -> None:
        self.lines.append({"event": event} | values)

    warning = info


class SilencedDesk(PacedDesk):
    """A desk whose silences hold when a turn comes, too."""

    def silence(self, hours: float = 1, **match: str) -> Silence:
        """Made now."""
        now = self.process.now_ms
        conditions = {key.replace("labels_", "labels."): [value] for key, value in match.items()}
        end_ms = now + round(hours * 3_600_000)
        made = a_silence(conditions, author="منى", comment="كفى", start_ms=now, end_ms=end_ms)
        self.runner.run(self.process.silences.add(made))
        return made


def desk_of(folder: Path, runner: asyncio.Runner, **route: Any) -> SilencedDesk:
    desk = SilencedDesk(a_desk(folder, runner, **route).process.watch, runner)
    process = desk.process
    desk.teller.silences = LateSilences(process.outbox, lambda: process.silences.in_force, process.metrics)
    return desk


def test_a_story_that_is_silenced_is_not_in_the_digest_that_it_waited_for(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = desk_of(tmp_path, runner, digest={"at": ["18:00"], "timezone": "Africa/Cairo"})
    for number in (1, 2, 3):
        desk.hears("flood", number)
    story = desk.log[1]["story"]
    desk.after(5 * HOUR_S)
    desk.silence(2, story=story)

    (digest,) = desk.after(HOUR_S)
    assert {each["article"]["id"] for each in digest["data"]["alerts"]} == {"flood-1", "flood-3"}
    assert digest["data"]["total"] == 2
    assert value_of(desk.process.metrics, "rasid_withheld_total", {"reason": "silenced"}) == 1
    assert value_of(desk.process.metrics, "rasid_paced_notices_total", {"outcome": "silenced"}) == 1
    assert value_of(desk.process.metrics, "rasid_paced_notices_total", {"outcome": "scheduled"}) == 2
    assert desk.after(25 * HOUR_S) == [], "it is not told later"


def test_a_digest_of_which_all_is_silenced_is_not_sent(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = desk_of(tmp_path, runner, group_by=[], group_wait="10m", group_interval="1h")
    desk.hears("flood", 1)
    desk.hears("harbour", 1)
    desk.silence(0.5, labels_desk="north")

    assert desk.after(600) == []
    assert not desk.process.state.pending and not desk.process.state.waiting
    desk.after(1800)
    desk.hears("flood", 2)
    assert kinds(desk.after(600)) == ["flood-2"], "the group was not told: its interval did not begin"


@pytest.mark.parametrize("match", [{"entity": "Q858"}, {"source": "الساحل"}, {"lang": "ar"}, {"severity": "warning"}])
def test_it_holds_for_whatever_a_silence_can_be_about(
    match: dict[str, str], tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = desk_of(tmp_path, runner, group_wait="30s")
    topics = "topics: {floods: {severity: warning, match: فيضان AND @syria}}"
    desk.process.watch = a_watch(tmp_path, topics=topics, route={"receiver": "desk", "group_wait": "30s"})
    desk.hears("فيضان", 1, title="فيضان في سوريا", lang="ar-EG")
    assert len(desk.process.state.pending) == 1
    desk.silence(1, **match)

    assert desk.after(30) == []


def test_what_does_not_fit_is_told(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = desk_of(tmp_path, runner, group_wait="30s")
    desk.hears("flood", 1)
    desk.silence(1, labels_desk="!north", topic="floods")

    assert kinds(desk.after(30)) == ["flood-1"]


def test_a_silence_that_ended_meanwhile_does_not_hold(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = desk_of(tmp_path, runner, digest={"at": ["18:00"], "timezone": "Africa/Cairo"})
    desk.hears("flood", 1)
    desk.silence(1, topic="floods")
    ended = desk.silence(20, topic="*")
    desk.after(2 * HOUR_S)
    runner.run(desk.process.silences.expire(ended.id))

    assert kinds(desk.after(4 * HOUR_S)) == ["scheduled:flood-1"]


def test_what_a_throttle_would_hold_is_silenced_and_uses_nothing_of_it(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = desk_of(tmp_path, runner, group_wait="30s", throttle={"most": 1, "per": "1h"})
    desk.hears("flood", 1)
    silence = desk.silence(0.5, story=desk.log[0]["story"])
    assert desk.after(30) == []
    desk.hears("flood", 2)
    assert kinds(desk.after(30)) == ["flood-2"], "of the one that the throttle lets through nothing is used"

    desk.hears("flood", 3)
    assert desk.after(30) == []
    desk.silence(2, topic="floods")
    assert desk.after(HOUR_S) == [], "nor is what it held told when the slot ends"
    by = [by for _, why, by in desk.process.state.withheld.values() if why == "silenced"]
    assert len(by) == 2 and by[0] == silence.id != by[1]


def test_what_was_never_told_is_opened_by_the_next_news_once_nothing_silences_it(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = desk_of(tmp_path, runner, group_wait="30s")
    desk.hears("flood", 1, lang="en")
    silence = desk.silence(5, topic="floods")
    assert desk.after(30) == []
    desk.hears("flood", 1, id="tr", lang="tr")
    assert desk.after(30) == [], "silenced at once"
    runner.run(desk.process.silences.expire(silence.id))
    assert desk.hears("flood", 1, id="copy", source="other", lang="tr") == desk.after(30) == [], "no news"
    desk.hears("flood", 1, id="fr", lang="fr")

    (opened,) = desk.after(30)
    assert (opened["type"], opened["data"]["alert"]["number"]) == ("alert.opened", 1)
    assert opened["data"]["article"]["id"] == "fr"
    desk.hears("flood", 1, id="fa", lang="fa")
    (updated,) = desk.after(30)
    assert (updated["type"], updated["data"]["alert"]["number"]) == ("alert.updated", 2)
    assert not desk.process.state.withheld


def test_what_was_never_told_is_opened_also_where_its_updates_waited_with_it(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = desk_of(tmp_path, runner, digest={"at": ["18:00"], "timezone": "Africa/Cairo"})
    for lang in ("en", "tr", "fr"):
        desk.hears("flood", 1, id=lang, lang=lang)
    assert len(desk.process.state.pending) == 3
    silence = desk.silence(7, topic="floods")
    assert desk.after(6 * HOUR_S) == []
    runner.run(desk.process.silences.expire(silence.id))
    desk.hears("flood", 1, id="fa", lang="fa")

    (digest,) = desk.after(24 * HOUR_S)
    assert [(each["reason"], each["article"]["id"]) for each in digest["data"]["alerts"]] == [("opened", "fa")]
    assert not desk.process.state.withheld.keys() & desk.process.state.told.keys()


def test_who_was_told_an_update_of_what_was_silenced_goes_on_getting_updates(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = desk_of(tmp_path, runner, group_wait="30s")
    desk.hears("flood", 1, lang="en")
    desk.hears("flood", 1, id="tr", source="الأفق", lang="tr")
    desk.silence(5, source="الساحل")
    (updated,) = desk.after(30)
    assert (updated["type"], updated["data"]["article"]["id"]) == ("alert.updated", "tr")
    desk.hears("flood", 1, id="fr", source="الأفق", lang="fr")

    assert [each["data"]["alert"]["number"] for each in desk.after(30)] == [3]


def test_who_was_told_before_gets_an_update_without_what_was_silenced(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = desk_of(tmp_path, runner, group_wait="30s")
    desk.hears("flood", 1, lang="en")
    assert len(desk.after(30)) == 1
    desk.hears("flood", 1, id="tr", lang="tr")
    silence = desk.silence(5, topic="floods")
    assert desk.after(30) == []
    runner.run(desk.process.silences.expire(silence.id))
    desk.hears("flood", 1, id="fr", lang="fr")

    (updated,) = desk.after(30)
    assert (updated["type"], updated["data"]["alert"]["reason"]) == ("alert.updated", "language")


def test_a_backlog_is_told_without_what_is_silenced(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = desk_of(tmp_path, runner)
    process = desk.process
    for word in ("flood", "harbour"):
        words = " ".join(f"{word}word{step}" for step in range(40))
        assert desk.reads(-FIVE_DAYS, id=word, title=f"{word} {word}x {word}y", body=words) == []
    desk.silence(1, topic="harbours")
    silences = desk.teller.silences
    runner.run(flush(process.outbox, process.now_ms, lambda backlog: backlog.pending, silences))

    assert kinds(runner.run(desk.told())) == ["backlog:flood"]
    assert value_of(process.metrics, "rasid_withheld_total", {"reason": "silenced"}) == 1
    assert value_of(process.metrics, "rasid_paced_notices_total", {"outcome": "silenced"}) == 0
    assert runner.run(process.outbox.backlogs()) == []


def test_why_names_the_silence_that_kept_it_back_when_its_turn_came(tmp_path: Path, runner: asyncio.Runner) -> None:
    routes = [{"receiver": "desk", "continue": True}, {"receiver": "duty", "match": {"topic": "none"}}]
    asked = AskedDaemon(a_watch(tmp_path, route={"receiver": "desk", "group_wait": "1m", "routes": routes[:1]}))
    process = asked.process
    runner.run(asked.read(a_flood(1)))
    silence = a_silence({"topic": ["floods"]}, author="منى", comment="كفى", start_ms=NOW, end_ms=NOW + 3_600_000)
    runner.run(process.silences.add(silence))
    log = Lines()
    late = LateSilences(process.outbox, lambda: process.silences.in_force, log=log)
    held = runner.run(process.outbox.groups(1))[0].id
    assert runner.run(late.left(runner.run(process.outbox.pending(held, 9)), NOW + 60_000)) == []

    (delivery,) = process.state.withheld
    line = {"receiver": "desk", "notices": 1, "silences": [silence.id], "deliveries": [delivery]}
    assert log.lines == [{"event": "silenced_late"} | line]

    answer = runner.run(why(asked.past, "floods", "flood-1"))
    assert answer["answer"] == "silenced"
    assert f"when its turn came it was told to nobody: silenced for desk ({silence.id})" in answer["says"]
    (notice,) = answer["notices"]
    assert notice["receivers"] == []
    assert notice["withheld"] == [
        {"receiver": "desk", "why": "silenced", "by": silence.id, "at": "2030-03-17T17:47:40.000Z"}
    ]
    assert f"desk: silenced ({silence.id}) when its turn came, 2030-03-17 17:47" in "\n".join(answer_lines(answer))
