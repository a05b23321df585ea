"""How routes pace, as the configuration file has it: each slip is told with its place and its remedy."""

from pathlib import Path

import pytest

from alerts.pacing.pacing import Pacing
from alerts.receiver import Route
from daemon.config.load import load_config
from processors.errors import InvalidInput
from tests.daemon.build import write_config
from tests.daemon.desk import receivers

MINUTE = 60_000


def routed(folder: Path, **route: object) -> Route:
    sections = {"receivers": receivers(desk=["alert.*"], chat=["alert.opened"]), "route": {"receiver": "desk", **route}}
    return load_config(write_config(folder, **sections)).route  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "route", "place", "message"),
    [
        ("no unit", {"group_wait": 30}, "group_wait", "30 is no duration: write a number and ms, s, m, h or d"),
        ("no unit, in quotes", {"group_interval": "30"}, "group_interval", "'30' is no duration"),
        ("milliseconds", {"group_wait": "30ms"}, "group_wait", "group_wait is 0, or from 1s to 1h"),
        ("hours", {"group_wait": "30h"}, "group_wait", "from 1s to 1h"),
        ("a storm", {"group_interval": "1s"}, "group_interval", "group_interval is 0, or from 10s to 24h"),
        ("a week", {"group_interval": "7d"}, "group_interval", "from 10s to 24h"),
        ("a siren", {"repeat_interval": "5m"}, "repeat_interval", "repeat_interval is 0, or from 30m to 72h"),
        ("a week later", {"repeat_interval": "7d"}, "repeat_interval", "from 30m to 72h"),
        (
            "sooner than its group may be told",
            {"repeat_interval": "30m", "group_interval": "1h"},
            "repeat_interval",
            "`repeat_interval` (30m) is shorter than `group_interval` (1h)",
        ),
        (
            "sooner than its group, which a child makes wait",
            {"repeat_interval": "30m", "routes": [{"group_interval": "2h"}]},
            "group_interval",
            "(30m) is shorter than `group_interval` (2h)",
        ),
        ("fixed hours", {"digest": {"at": ["08:00"]}, "repeat_interval": "4h"}, "repeat_interval", "at its hours only"),
        (
            "a receiver that takes no updates",
            {"routes": [{"receiver": "chat", "repeat_interval": "4h"}]},
            "repeat_interval",
            "`chat` takes no alert.updated, which is how a story is told again: add it to its `events`",
        ),
        (
            "and one that inherits the interval",
            {"repeat_interval": "4h", "routes": [{"receiver": "chat"}]},
            "receiver",
            "give this route `repeat_interval: 0s`",
        ),
        ("unknown group", {"group_by": ["topics"]}, "group_by", "nothing is grouped by `topics`, did you mean `topic`"),
        ("a label by its name", {"group_by": ["desk"]}, "group_by", "a label of the topic is `labels.desk`"),
        ("by alertname", {"group_by": ["alertname"]}, "group_by", "grouped by `alertname`: here that is `topic`"),
        ("by language", {"group_by": ["language"]}, "group_by", "here that is `lang`"),
        ("by country", {"group_by": ["topic", "country"]}, "group_by", "here that is `entity`"),
        ("twice", {"group_by": ["topic", "topic"]}, "group_by", "something stands twice in it"),
        ("all and more", {"group_by": ["...", "topic"]}, "group_by", "`...` is each alert by itself"),
        (
            "nothing waits",
            {"group_by": ["topic"]},
            "group_by",
            "nothing waits, so nothing is told together: add a `grou",
        ),
        ("no slot", {"throttle": {"most": 5}}, "throttle", "`per` is missing"),
        ("an empty slot", {"throttle": {"most": 5, "per": 0}}, "throttle", "write how long a slot is"),
        ("a second's slot", {"throttle": {"most": 5, "per": "1s"}}, "per", "per is 0, or from 1m to 24h"),
        ("none at all", {"throttle": {"most": 0, "per": "1h"}}, "most", "expected 1 or more"),
        ("by what", {"throttle": {"most": 5, "per": "1h", "by": "story"}}, "by", "expected 'topic' or 'receiver'"),
        ("in words", {"throttle": {"most": "ten", "per": "1h"}}, "most", "expected a whole number, like 10"),
        ("no hours", {"digest": {"at": []}}, "at", "too few: expected 1 or more"),
        ("no hour", {"digest": {"at": ["8"]}}, "digest", 'is no hour of a day: write it in quotes, from "00:00"'),
        ("25 hours", {"digest": {"at": ["24:00"]}}, "digest", "is no hour of a day"),
        ("minutes", {"digest": {"at": ["08:00", "08:10"]}}, "digest", "less than 15 minutes apart"),
        ("over midnight", {"digest": {"at": ["23:55", "00:05"]}}, "digest", "less than 15 minutes apart"),
        ("no zone", {"digest": {"at": ["08:00"], "timezone": "Cairo"}}, "timezone", "write one like Africa/Cairo"),
        ("too many", {"digest": {"at": ["08:00"], "top": 500}}, "top", "expected 30 or less"),
        ("both", {"digest": {"at": ["08:00"]}, "group_wait": "30s"}, "group_wait", "tells at its hours only"),
        (
            "a receiver that takes no digests",
            {"group_wait": "30s", "receiver": "chat"},
            "group_wait",
            "`chat` takes no alert.digest",
        ),
        (
            "nor those at fixed hours",
            {"digest": {"at": ["08:00"]}, "receiver": "chat"},
            "digest",
            "add it to its `events`, or give this route no `digest`",
        ),
        (
            "and one that inherits the wait",
            {"group_wait": "30s", "routes": [{"receiver": "chat"}]},
            "receiver",
            "`chat` takes no alert.digest",
        ),
    ],
)
def test_a_slip_is_told_with_its_place_and_remedy(
    name: str, route: dict[str, object], place: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as caught:
        routed(tmp_path, **route)

    problems = [problem for problem in caught.value.problems if message in problem.message]
    assert problems, f"{name}: {[problem.message for problem in caught.value.problems]}"
    (problem,) = problems
    line = Path(problem.path).read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert place in line or place in problem.message, f"{name}: {line}"


def test_a_route_paces_as_its_parent_does_but_for_what_it_says_and_for_the_hours(tmp_path: Path) -> None:
    children = [
        {"match": {"topic": "a"}},
        {"match": {"topic": "b"}, "group_wait": "0s", "group_by": "...", "throttle": {"most": 3, "per": "1m"}},
        {"match": {"topic": "c"}, "routes": [{"receiver": "desk", "group_interval": "10s"}]},
    ]
    root = routed(tmp_path, group_by=["topic"], group_wait="30s", group_interval="5m", routes=children)

    same, other, third = root.routes
    assert same.pacing == root.pacing == Pacing(("topic",), 30_000, 5 * MINUTE)
    assert (other.pacing.group_by, other.pacing.wait_ms, other.pacing.interval_ms) == (("...",), 0, 5 * MINUTE)
    assert other.pacing.throttle is not None and other.pacing.throttle.most == 3
    assert third.routes[0].pacing == Pacing(("topic",), 30_000, 10_000)


def test_hours_are_by_the_clock_of_the_digest_else_of_its_route_and_yaml_may_count_in_sixties(tmp_path: Path) -> None:
    child = {"match": {"topic": "a"}, "digest": {"at": [1080, "08:00"]}}
    own = {"match": {"topic": "b"}, "digest": {"at": "06:30", "timezone": "Asia/Beirut"}}
    first, second = routed(tmp_path, timezone="Africa/Cairo", routes=[child, own]).routes

    assert first.pacing.schedule is not None and second.pacing.schedule is not None
    assert first.pacing.schedule.written == "08:00,18:00 Africa/Cairo"
    assert second.pacing.schedule.written == "06:30 Asia/Beirut"


def test_without_a_word_of_it_nothing_waits(tmp_path: Path) -> None:
    root = routed(tmp_path, group_by=["story"], routes=[{"group_by": ["story"]}])

    assert root.pacing.at_once and root.routes[0].pacing.at_once
    assert load_config(write_config(tmp_path)).route.pacing.at_once


def test_a_route_tells_again_as_its_parent_does_and_one_with_fixed_hours_never(tmp_path: Path) -> None:
    hours = {"match": {"topic": "b"}, "digest": {"at": ["08:00"]}, "routes": [{"match": {"topic": "c"}}]}
    routes = [{"match": {"topic": "a"}, "repeat_interval": "0s"}, hours, {"match": {"topic": "d"}}]
    root = routed(tmp_path, repeat_interval="4h", routes=routes)

    never, at_hours, same = root.routes
    assert [each.pacing.again_ms for each in (root, never, at_hours, same)] == [240 * MINUTE, 0, 0, 240 * MINUTE]
    assert at_hours.routes[0].pacing.again_ms == 240 * MINUTE
    assert root.pacing.at_once, "nothing waits because of it"
