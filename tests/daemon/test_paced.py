"""What a desk is told by a route that paces it: when, in which company, and in which order."""

import asyncio
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from alerts.dispatch.grouped import Teller
from alerts.notices.digest import Weight
from alerts.notices.payload import MAX_BODY_BYTES
from daemon.watch import Watch
from tests.daemon.build import a_watch, value_of
from tests.daemon.desk import TITLE, Desk, receivers

DIGEST = Draft202012Validator(json.loads(files("alerts").joinpath("schemas/alert.digest.json").read_text("utf-8")))
NOON = "2030-03-15T12:00:00+02:00"
TOPICS = """\
topics:
  floods: {severity: warning, labels: {desk: north}, match: فيضان OR flood, updates: {floor: 0s}}
  harbours: {severity: info, labels: {desk: north}, match: ميناء OR harbour}
  quakes: {severity: critical, labels: {desk: south}, match: زلزال OR quake}
"""


class PacedDesk(Desk):
    """A desk whose clock is turned by hand."""

    def __init__(self, watch: Watch, runner: asyncio.Runner, weights: dict[str, Weight] | None = None) -> None:
        super().__init__(watch, runner)
        self.weights = weights
        self.teller = Teller(self.process.outbox, weigh=self._weigh, observer=self.process.metrics)
        self.at(NOON)

    async def _weigh(self, stories: Mapping[str, int]) -> Mapping[str, Weight]:
        return {story: self.weights[story] for story in stories if self.weights and story in self.weights}

    def hears(self, word: str, number: int = 1, **article: Any) -> list[dict[str, Any]]:
        """An article of a story of its own comes now; what is told at once."""
        own = f"{word.replace(' ', '')}{chr(ord('a') + number) * 3}"  # no word in common: another story
        body = " ".join(f"{own}{step}" for step in range(40))
        title = f"{word} {own}x {own}y {own}z"
        values = {"id": f"{word}-{number}", "title": title, "body": body, "source": "الساحل"} | article
        came = self.reads((self.process.now_ms - self.begun) / 60_000, **values)
        return [*came, *self.after(0)]

    def after(self, seconds: float) -> list[dict[str, Any]]:
        """What is told so many seconds later."""
        self.process.now_ms += round(seconds * 1000)
        self.runner.run(self.teller.due(self.process.now_ms))
        told = self.runner.run(self.told())
        for each in told:
            body = {key: value for key, value in each.items() if key in ("type", "timestamp", "data")}
            if each["type"] == "alert.digest":
                DIGEST.validate(body)
                assert len(json.dumps(body, ensure_ascii=False).encode()) <= MAX_BODY_BYTES
        return told


def a_desk(folder: Path, runner: asyncio.Runner, **route: Any) -> PacedDesk:
    sections: dict[str, Any] = {
        "topics": TOPICS,
        "receivers": receivers(desk=["alert.*"], duty=["alert.*"]),
        "route": {"receiver": "desk", **route},
    }
    return PacedDesk(a_watch(folder, **sections), runner)


def kinds(told: list[dict[str, Any]]) -> list[str]:
    """``floods-1`` for an alert, ``group:floods-2,floods-1`` for a digest."""
    shown = []
    for each in told:
        data = each["data"]
        ids = ",".join(alert["article"]["id"] for alert in data.get("alerts", ()))
        shown.append(f"{data['reason']}:{ids}" if "alerts" in data else data["article"]["id"])
    return shown


def test_the_first_notice_of_a_group_waits_for_others_and_goes_out_whole_where_none_comes(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner, group_wait="30s")

    assert desk.hears("flood") == desk.after(29.999) == []
    (told,) = desk.after(0.001)

    assert (told["type"], told["data"]["evidence"][0]["highlights"][0]["clause"]) == ("alert.opened", "flood")
    assert desk.log[0]["told"][0]["waits"] == [["desk", "group"]]
    assert desk.log[0]["outcome"] == "alerted"
    assert value_of(desk.process.metrics, "rasid_paced_notices_total", {"outcome": "single"}) == 1


def test_two_topics_of_one_story_are_one_notification(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, group_wait="30s", locale="ar", timezone="Africa/Cairo")
    desk.hears("flood harbour")
    (digest,) = desk.after(30)

    assert (digest["type"], digest["data"]["reason"], digest["data"]["total"]) == ("alert.digest", "group", 2)
    assert [each["topic"] for each in digest["data"]["alerts"]] == ["floods", "harbours"], "the more severe first"
    assert list(digest["data"]["group"]) == ["story"]
    assert digest["style"] == ["ar", "Africa/Cairo"]


def test_after_a_group_was_told_the_next_are_told_together_no_sooner_than_its_interval(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner, group_by=["topic"], group_wait="10s", group_interval="5m")
    desk.hears("flood", 1)
    assert kinds(desk.after(10)) == ["flood-1"]
    desk.hears("flood", 2)
    desk.after(60)
    desk.hears("flood", 3)

    assert desk.after(239.9) == []
    (digest,) = desk.after(0.1)
    assert sorted(kinds([digest])) == ["group:flood-3,flood-2"]
    assert digest["data"]["group"] == {"topic": "floods"}
    desk.hears("harbour", 1)
    assert kinds(desk.after(10)) == ["harbour-1"], "another group does not wait for this one"


def test_groups_are_of_what_the_route_names(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, group_by=["labels.desk", "lang"], group_wait="30s")
    desk.hears("flood", 1, lang="ar")
    desk.hears("harbour", 1, lang="ar")
    desk.hears("flood", 2, lang="en")

    told = desk.after(30)
    assert sorted(kinds(told)) == ["flood-2", "group:flood-1,harbour-1"]
    (digest,) = [each["data"] for each in told if each["type"] == "alert.digest"]
    assert digest["group"] == {"labels.desk": "north", "lang": "ar"}


@pytest.mark.parametrize(
    ("urgent", "article"),
    [
        ("a critical topic", {"word": "quake"}),
        ("the word for it", {"word": "flood", "title": "#عاجــل | flood في البلدة القديمة"}),
        ("a section of that name", {"word": "flood", "section": "أخبار عاجلة"}),
    ],
)
def test_what_is_urgent_does_not_wait_for_others_and_takes_those_along_that_do(
    tmp_path: Path, runner: asyncio.Runner, urgent: str, article: dict[str, Any]
) -> None:
    desk = a_desk(tmp_path, runner, group_by=[], group_wait="30s", group_interval="10m")
    desk.hears("harbour", 1)
    told = desk.hears(**article)

    assert [each["type"] for each in told] == ["alert.digest"], urgent
    assert told[0]["data"]["total"] == 2
    assert desk.hears("quake", 9) == [], "the interval holds for it"
    assert len(desk.after(600)) == 1


def test_a_correction_waits_for_nothing_and_comes_after_what_waited(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, group_wait="30s", group_interval="1h", throttle={"most": 1, "per": "1h"})
    desk.hears("flood", 1, title=TITLE)
    told = desk.hears("flood", 1, id="b", title=f"البلدية تنفي: {TITLE}")

    assert [each["type"] for each in told] == ["alert.opened", "alert.corrected"]
    assert desk.hears("harbour", 1) == [] and len(desk.after(30)) == 1


def test_beyond_a_throttle_notices_come_in_one_digest_when_its_slot_ends(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner, throttle={"most": 2, "per": "1h"})
    assert kinds(desk.hears("flood", 1)) == ["flood-1"]
    assert kinds(desk.hears("flood", 2)) == ["flood-2"]
    assert desk.hears("flood", 3) == desk.hears("flood", 4) == []
    assert kinds(desk.hears("harbour", 1)) == ["harbour-1"], "another topic has its own"
    assert value_of(desk.process.metrics, "rasid_paced_notices_total", {"outcome": "held"}) == 2

    assert desk.after(3599) == []
    (digest,) = desk.after(1)
    assert kinds([digest]) == ["throttled:flood-4,flood-3"]
    assert (digest["data"]["group"], digest["data"]["slot_end"]) == ({"topic": "floods"}, "2030-03-15T11:00:00.000Z")
    assert kinds(desk.hears("flood", 5)) == ["flood-5"], "another slot"


def test_all_that_waits_is_told_at_once_where_nothing_may_wait_any_longer(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    desk = a_desk(tmp_path, runner, group_wait="30s", throttle={"most": 1, "per": "1h"})
    desk.hears("flood", 1)
    assert kinds(desk.after(30)) == ["flood-1"]
    assert desk.hears("flood", 2) == []

    runner.run(desk.teller.all(desk.process.now_ms, lambda group: True))

    assert kinds(runner.run(desk.told())) == ["throttled:flood-2"]


def test_a_throttle_never_hides_what_is_weightier_than_what_used_it_up(tmp_path: Path, runner: asyncio.Runner) -> None:
    desk = a_desk(tmp_path, runner, throttle={"most": 1, "per": "1h", "by": "receiver"})
    assert kinds(desk.hears("harbour", 1)) == ["harbour-1"]
    assert desk.hears("harbour", 2) == []
    assert kinds(desk.hears("flood", 1)) == ["flood-1"], "a warning after one of no severity"
    assert kinds(desk.hears("quake", 1)) == ["quake-1"], "and a critical one"
    assert desk.hears("quake", 2) == desk.hears("flood", 2) == []

    assert kinds(desk.after(3600)) == ["throttled:quake-2,flood-2,harbour-2"]


def test_a_digest_comes_at_its_hours_with_the_stories_of_most_sources_first(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    schedule = {"at": ["08:00", "18:00"], "timezone": "Africa/Cairo", "top": 2}
    desk = a_desk(tmp_path, runner, digest=schedule)
    for number in range(1, 4):
        assert desk.hears("flood", number) == []
    desk.hears("harbour flood", 4)
    stories = [line["story"] for line in desk.log]
    desk.weights = {story: Weight(9, sources) for story, sources in zip(stories, (2, 7, 5, 1), strict=True)}

    assert desk.after(6 * 3600 - 1) == []
    (digest,) = desk.after(1)
    data = digest["data"]
    assert (data["reason"], data["slot_end"], data["total"], data["more"]) == (
        "scheduled",
        "2030-03-15T16:00:00.000Z",
        4,
        2,
    )
    assert [(each["article"]["id"], each["independent_sources"]) for each in data["alerts"]] == [
        ("flood-2", 7),
        ("flood-3", 5),
    ]
    assert {each["id"]: each["alerts"] for each in data["topics"]} == {"floods": 4, "harbours": 1}
    assert digest["style"] == ["", ""] and "Top stories: 4" in data["text"]
    assert desk.after(24 * 3600) == [], "nothing came since"


def test_a_route_below_one_with_a_digest_tells_at_once(tmp_path: Path, runner: asyncio.Runner) -> None:
    child = {"match": {"severity": "critical"}}
    desk = a_desk(tmp_path, runner, digest={"at": "18:00"}, routes=[child])

    assert desk.hears("flood", 1) == []
    assert kinds(desk.hears("quake", 1)) == ["quake-1"]


def test_a_child_waits_as_its_parent_unless_it_says_otherwise(tmp_path: Path, runner: asyncio.Runner) -> None:
    children = [
        {"match": {"topic": "harbours"}, "group_wait": "0s", "continue": True},
        {"match": {"topic": "floods"}, "receiver": "duty"},
    ]
    desk = a_desk(tmp_path, runner, group_wait="30s", routes=children)

    assert kinds(desk.hears("harbour", 1)) == ["harbour-1"]
    assert desk.hears("flood", 1) == []
    assert [each["receiver"] for each in desk.after(30)] == ["duty"]


def test_a_muted_receiver_waits_for_nothing(tmp_path: Path, runner: asyncio.Runner) -> None:
    night = {"name": "always", "time_intervals": [{"years": ["2000:2100"]}]}
    route = {"receiver": "desk", "routes": [{"mute_time_intervals": ["always"], "group_wait": "30s"}]}
    sections: dict[str, Any] = {"topics": TOPICS, "time_intervals": [night], "route": route}
    desk = PacedDesk(a_watch(tmp_path, receivers=receivers(desk=["alert.*"]), **sections), runner)

    assert desk.hears("flood", 1) == desk.after(60) == []
    assert desk.process.state.pending == {}
