"""``rasid route``: who would be told, by which route, and what keeps it from whom."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from alerts.silences.silence import a_silence
from daemon.cli.main import main
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_flood, a_line, a_watch, write_config
from tests.daemon.desk import MIDNIGHT, MORNING, NIGHT, receivers

TOPICS = """\
topics:
  floods: {severity: warning, labels: {desk: levant}, match: فيضان}
  syria: {severity: critical, match: "@syria"}
"""
ROUTES: list[dict[str, Any]] = [
    {"receiver": "duty", "match": {"severity": "critical"}, "continue": True},
    {"receiver": "corrections", "continue": True},
    {"routes": [{"receiver": "levant", "match": {"entity": "syria"}}], "match": {"lang": "!tr"}, "continue": True},
    {"receiver": "desk", "mute_time_intervals": ["nights"]},
]
SETTINGS: dict[str, Any] = {
    "topics": TOPICS,
    "receivers": receivers(
        desk=["alert.*"], duty=["alert.*"], levant=["alert.opened"], corrections=["alert.corrected"]
    ),
    "route": {"receiver": "desk", "routes": ROUTES},
    "time_intervals": [NIGHT],
    "silences": [
        {
            "name": "eid",
            "match": {"topic": "floods", "source": "سانا"},
            "author": "م",
            "comment": "ع",
            "end": "2031-01-01",
        }
    ],
}


def asked(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]], str]:
    status = main(["route", "-c", str(write_config(folder, **SETTINGS)), *words])
    captured = capsys.readouterr()
    return status, [json.loads(line) for line in captured.out.splitlines()], captured.err


def told(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["receiver"], "told" if each["told"] else each["because"]) for each in answer["receivers"]]


def test_an_article_goes_past_the_topics_and_each_receiver_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "article.json"
    article.write_text(json.dumps({"id": "a", "title": "فيضان في سوريا", "body": "x", "lang": "ar"}, indent=2), "utf-8")

    status, answers, _ = asked(tmp_path, capsys, str(article), "--at", MORNING)

    assert status == 0
    assert [(each["article"], each["topic"], each["severity"]) for each in answers] == [
        ("a", "floods", "warning"),
        ("a", "syria", "critical"),
    ]
    without = [("corrections", "takes no alert.opened"), ("desk", "told")]
    assert told(answers[0]) == without, "what was found for floods names no entity"
    assert told(answers[1]) == [("duty", "told"), without[0], ("levant", "told"), without[1]]
    by = answers[1]["receivers"][2]
    assert (by["route"], by["match"]) == ("route.routes[2].routes[0]", {"entity": ["syria"]})


def test_an_alert_may_be_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, (at_night,), _ = asked(tmp_path, capsys, "topic=floods", "entity=@syria", "--at", MIDNIGHT)
    _, (silenced,), _ = asked(tmp_path, capsys, "topic=floods", "severity=critical", "source=سانا", "--at", MORNING)
    _, (turkish,), _ = asked(tmp_path, capsys, "topic=floods", "entity=Q858", "lang=tr", "--at", MORNING)

    assert told(at_night)[1:] == [("levant", "told"), ("desk", "muted")]
    assert at_night["receivers"][2]["by"] == "nights"
    assert [each["by"] for each in silenced["receivers"] if each["because"] == "silenced"] == ["file:eid"] * 2
    assert silenced["labels"] == {"desk": "levant"}
    assert [receiver for receiver, _ in told(turkish)] == ["corrections", "desk"]


def test_lines_are_articles_and_one_that_nothing_matches_is_told_to_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "articles.jsonl"
    lines.write_bytes(b"\n".join([a_flood(1), a_line(id="calm", title="أسعار الخضار"), b"{"]))

    status, answers, said = asked(tmp_path, capsys, str(lines), "--at", MORNING)

    assert status == 1, "one of them is no article"
    assert [(each["article"], each["topic"]) for each in answers] == [("flood-1", "floods"), ("calm", None)]
    assert "articles.jsonl:3" in said


def test_of_one_article_the_weightier_topic_inhibits_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = [{"source": {"severity": "critical"}, "target": {"topic": "floods"}}]
    path = str(write_config(tmp_path, **SETTINGS | {"inhibit_rules": rules}))
    article = tmp_path / "article.json"
    article.write_bytes(a_line(id="a", title="فيضان في سوريا", lang="tr"))

    assert main(["route", "-c", path, str(article), "--at", MORNING]) == 0

    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["topic"], told(first)[-1], second["topic"]) == ("syria", ("desk", "told"), "floods")
    assert told(second)[-1] == ("desk", "inhibited")
    assert second["receivers"][-1]["by"] == "syria"


def test_who_must_be_told_can_be_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("topic=floods", "severity=critical", "--at", MORNING)
    assert asked(tmp_path, capsys, *words, "--verify", "desk, duty")[0] == 0
    status, _, said = asked(tmp_path, capsys, *words, "--verify", "desk")
    assert status == 1
    assert "rasid route: told: desk, duty; expected: desk" in said
    assert "rasid route: only silences of the file are known: no daemon runs with " in said


def test_a_table_is_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(write_config(tmp_path, **SETTINGS))
    main(["route", "-c", config, "topic=floods", "lang=tr", "--at", MIDNIGHT, "--format", "table"])

    assert capsys.readouterr().out.splitlines() == [
        "floods (warning)",
        "  corrections: not told: takes no alert.opened",
        "      by route.routes[1]",
        "  desk: not told: muted (nights)",
        "      by route.routes[3]",
    ]


def test_what_pacing_would_do_is_told_to_programs_and_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pacing = {"group_wait": "30s", "group_interval": "5m", "throttle": {"most": 10, "per": "1h"}}
    evening = {"receiver": "evening", "digest": {"at": ["18:00"], "timezone": "Africa/Cairo"}, "continue": True}
    routes = [evening, {"receiver": "desk", **pacing}]
    settings = SETTINGS | {
        "route": {"receiver": "desk", "routes": routes},
        "receivers": receivers(desk=["alert.*"], evening=["alert.*"]),
    }
    config, urgent = str(write_config(tmp_path, **settings)), tmp_path / "article.json"
    urgent.write_text(json.dumps({"id": "a", "title": "عاجل: فيضان", "body": "x"}), "utf-8")
    main(["route", "-c", config, "topic=floods", "--at", MORNING, "--format", "table"])
    people = capsys.readouterr().out.splitlines()
    main(["route", "-c", config, str(urgent), "--at", MORNING])
    (answer,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    then = "each story no sooner than 5m after it was told; at most 10 of its topic in each 1h, the rest in a digest"
    assert people[1:] == [
        "  evening: told",
        "      by route.routes[0]",
        "      in the digest of 18:00 Africa/Cairo, next at 2030-03-18 18:00 there",
        "  desk: told",
        "      by route.routes[1]",
        f"      waits 30s for others of its story; {then}",
    ]
    assert answer["receivers"][1]["pacing"] == f"urgent: waits for no others; {then}"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("topic=flods",), "no topic that is watched is called `flods`, did you mean `floods`?"),
        (("severity=critical",), "say of which topic it is: topic=NAME"),
        (("topic=floods", "severity=critcal"), "did you mean `critical`?"),
        (("topik=floods",), "an alert has no `topik`, did you mean `topic`?"),
        (("topic=floods", "topic=syria"), "`topic` stands twice"),
        (("topic=floods", "entity=siria"), "no entity is called `siria`, did you mean `syria`?"),
        (("topic=floods", "a.json"), "not both"),
        (("topic=floods", "--at", "later"), "'later' is no time"),
        (("topic=floods", "--verify", "dsk"), "no receiver is called `dsk`, did you mean `desk`?"),
        (("absent.json",), "absent.json: cannot be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_meant_is_told_with_the_nearest_that_can(
    words: tuple[str, ...], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, answers, said = asked(tmp_path, capsys, *words)

    assert (status, answers) == (2, [])
    assert says in said


def test_silences_of_a_running_daemon_count(
    tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    daemon = AskedDaemon(a_watch(tmp_path))
    silence = a_silence({"topic": ["floods"]}, author="منى", comment="كفى", start_ms=NOW, end_ms=NOW + 60_000)

    async def scenario() -> int:
        await daemon.process.silences.add(silence)
        return await daemon.command(tmp_path, "route", "topic=floods", "--at", "2030-03-17T17:46:50Z")

    assert runner.run(scenario()) == 0
    captured = capsys.readouterr()
    (answer,) = [json.loads(line) for line in captured.out.splitlines()]
    assert [(each["because"], each["by"]) for each in answer["receivers"]] == [("silenced", silence.id)]
    assert captured.err == ""
