"""Silences through the API, the command line and the file: who is not told, and what is said of it."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from alerts.silences.silence import Silence, a_silence
from daemon.cli.silence import conditions, table
from daemon.config.since import moment_ms
from daemon.history.why import why
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_flood, a_line, a_watch, value_of
from tests.daemon.desk import FLOODS, Desk, receivers, shown

HOUR = 3_600_000


def of_floods(**changes: Any) -> Silence:
    said: dict[str, Any] = {"match": {"topic": ["floods"]}, "author": "منى", "comment": "كفى"}
    return a_silence(**said | {"start_ms": NOW, "end_ms": NOW + HOUR} | changes)


@pytest.fixture
def desk(tmp_path: Path, runner: asyncio.Runner) -> Desk:
    routes = [{"receiver": "desk", "continue": True}, {"receiver": "duty"}]
    watch = a_watch(
        tmp_path,
        topics=FLOODS.format("floor: 15m"),
        receivers=receivers(desk=["alert.*"], duty=["alert.*"]),
        route={"receiver": "desk", "routes": routes},
    )
    return Desk(watch, runner)


def test_what_is_silenced_is_told_to_nobody_and_the_log_names_the_silence(desk: Desk, runner: asyncio.Runner) -> None:
    runner.run(desk.process.silences.add(of_floods()))

    assert desk.reads() == []
    (line,) = desk.log
    assert line["outcome"] == "silenced"
    assert line["told"][0]["withheld"] == [[name, "silenced", of_floods().id] for name in ("desk", "duty")]
    assert value_of(desk.process.metrics, "rasid_withheld_total", {"reason": "silenced"}) == 2
    assert value_of(desk.process.metrics, "rasid_records_total", {"outcome": "silenced"}) == 1


def test_when_a_silence_ends_the_story_is_opened_by_its_next_news_only(desk: Desk, runner: asyncio.Runner) -> None:
    runner.run(desk.process.silences.add(of_floods()))
    desk.reads()
    runner.run(desk.process.silences.expire(of_floods().id))

    assert desk.reads(1, id="b", source="other") == []
    told = desk.reads(2, id="c", lang="tr")
    assert sorted(shown(told)) == [("desk", "alert.opened", "opened", 1), ("duty", "alert.opened", "opened", 1)]
    assert desk.log[-1]["outcome"] == "alerted"


def test_a_story_that_is_silenced_goes_on_being_silent_and_others_do_not(desk: Desk, runner: asyncio.Runner) -> None:
    (opened, _) = desk.reads()
    story = opened["data"]["story"]["id"]
    runner.run(desk.process.silences.add(of_floods(match={"story": [f"{story[:8]}*"]})))

    assert desk.reads(1, id="b", lang="tr") == []
    assert len(desk.reads(2, id="c", title="فيضان آخر يقطع جسر النهر القديم", body="نص آخر")) == 2


def test_a_silence_of_an_entity_or_a_source_or_of_what_is_not_urgent(desk: Desk, runner: asyncio.Runner) -> None:
    topics = "topics: {floods: {match: فيضان AND @syria, severity: critical}, rain: {match: أمطار}}"
    desk.process.watch = a_watch(Path(desk.process.watch.loaded.folder), topics=topics)

    async def silence(match: dict[str, list[str]], number: int, **article: str) -> list[str]:
        added = of_floods(match=match, comment=f"{number}")
        await desk.process.silences.add(added)
        desk.source.add("p", a_flood_in_syria(number, **article))
        await desk.process.read_all()
        await desk.process.silences.expire(added.id)
        return [topic for line in desk.log[-1:] for topic in (line["outcome"],)]

    def a_flood_in_syria(number: int, **article: str) -> bytes:
        words = " ".join(f"كلمة{number}رقم{step}" for step in range(30))
        fields = {"title": f"فيضان في سوريا {number}", "body": words, "source": "الساحل", "lang": "ar"} | article
        return a_line(id=f"{number}", **fields)

    assert runner.run(silence({"entity": ["syria"]}, 1)) == ["silenced"]
    assert runner.run(silence({"entity": ["Q858"]}, 2)) == ["silenced"]
    assert runner.run(silence({"entity": ["lebanon"]}, 3)) == ["alerted"]
    assert runner.run(silence({"source": ["!الساحل"]}, 4)) == ["alerted"]
    assert runner.run(silence({"severity": ["!critical"]}, 5)) == ["alerted"]
    assert runner.run(silence({"severity": ["critical"], "lang": ["ar"]}, 6)) == ["silenced"]


def test_a_silence_of_the_file_holds_in_its_time_and_is_named(tmp_path: Path, runner: asyncio.Runner) -> None:
    silence = {
        "name": "eid",
        "match": {"topic": "floods"},
        "author": "منى",
        "comment": "عطلة",
        "start": "2030-03-18",
        "end": "2030-03-19T06:00:00+02:00",
    }
    desk = Desk(a_watch(tmp_path, topics=FLOODS.format("floor: 15m"), silences=[silence]), runner)

    outcomes = []
    for number, moment in enumerate(
        ["2030-03-17T23:59Z", "2030-03-18T00:00Z", "2030-03-19T03:59Z", "2030-03-19T04:00Z"]
    ):
        words = " ".join(f"كلمة{number}رقم{step}" for step in range(30))
        desk.at(moment).reads(id=f"{number}", title=f"فيضان في بلدة {number}", body=words)
        outcomes.append(desk.log[-1]["outcome"])

    assert outcomes == ["alerted", "silenced", "silenced", "alerted"]
    assert desk.log[1]["told"][0]["withheld"] == [["desk", "silenced", "file:eid"]]


async def asked_of(
    daemon: AskedDaemon, folder: Path, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    status = await daemon.command(folder, "silence", *words)
    captured = capsys.readouterr()
    return status, (captured.out + captured.err).strip()


@pytest.fixture
def daemon(tmp_path: Path) -> AskedDaemon:
    watch_folder = tmp_path / "watched"
    watch_folder.mkdir()
    silence = {"name": "eid", "match": {"topic": "x"}, "author": "منى", "comment": "عطلة", "end": "2030-01-01"}
    return AskedDaemon(a_watch(watch_folder, silences=[silence]))


def test_a_silence_is_added_listed_shown_and_ended(
    daemon: AskedDaemon, tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario() -> None:
        end = datetime.fromtimestamp((NOW + HOUR) / 1000, UTC).isoformat()
        start = datetime.fromtimestamp(NOW / 1000, UTC).isoformat()
        add = ("add", "topic=floods", "topic=rain-*", "source!=سانا", "--comment", "كفى", "--author", "منى")
        status, id_ = await asked_of(daemon, tmp_path, capsys, *add, "--start", start, "--until", end)
        assert status == 0
        (held,) = daemon.process.silences.in_force
        assert held.id == id_
        assert held.match == {"source": ("!سانا",), "topic": ("floods", "rain-*")}

        await daemon.read(a_flood(1))
        answer = await why(daemon.past, "floods", "flood-1")
        assert answer["answer"] == "silenced"
        assert f"was told to nobody: silenced for desk ({id_})" in answer["says"]
        assert answer["notices"][0]["withheld"] == [{"receiver": "desk", "why": "silenced", "by": id_, "at": None}]

        status, lines = await asked_of(daemon, tmp_path, capsys, "list")
        assert [json.loads(line)["id"] for line in lines.splitlines()] == [id_]
        status, lines = await asked_of(daemon, tmp_path, capsys, "list", "--all")
        assert [json.loads(line)["state"] for line in lines.splitlines()] == ["expired", "active"]
        status, one = await asked_of(daemon, tmp_path, capsys, "show", id_[:9])
        assert json.loads(one)["comment"] == "كفى"

        assert await asked_of(daemon, tmp_path, capsys, "expire", id_[:9]) == (0, f"{id_} ended")
        assert await asked_of(daemon, tmp_path, capsys, "expire", id_) == (1, f"{id_} was over already")
        assert daemon.process.silences.in_force == ()

    runner.run(scenario())


WRONG = [
    (("add", "topic", "--for", "1h", "--comment", "x"), 2, "'topic' is no condition: write one like topic=syria-*"),
    (("add", "topik=x", "--for", "1h", "--comment", "x"), 2, "did you mean `topic`?"),
    (("add", "severity=critcal", "--for", "1h", "--comment", "x"), 2, "did you mean `critical`?"),
    (("add", "topic=x", "--for", "1 hour", "--comment", "x"), 2, "is no duration"),
    (("add", "topic=x", "--start", "2030-03-18", "--for", "400d", "--comment", "x"), 2, "at most 366 days"),
    (("add", "topic=x", "--until", "soon", "--comment", "x"), 2, "'soon' is no time: write 2026-11-24"),
    (("add", "topic=x", "--until", "2020-01-01", "--comment", "x"), 2, "the end is over already"),
    (("add", "topic=x", "--start", "2030-03-18", "--for", "1h", "--comment", " "), 2, "say who silences it, and why"),
    (("expire", "sil_x"), 1, "no silence has the id `sil_x`"),
    (("show", "sil_x"), 1, "`rasid silence list --all` shows them"),
    (("expire", "file:eid"), 1, "was over already"),
]


@pytest.mark.parametrize(("words", "status", "says"), WRONG, ids=[" ".join(row[0][:2]) + row[2][:20] for row in WRONG])
def test_what_cannot_be_meant_is_told_how_to_say_it(
    words: tuple[str, ...],
    status: int,
    says: str,
    daemon: AskedDaemon,
    tmp_path: Path,
    runner: asyncio.Runner,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended, said = runner.run(asked_of(daemon, tmp_path, capsys, *words))

    assert (ended, daemon.state.silences) == (status, {})
    assert says in said


def test_conditions_are_written_as_alertmanagers_are() -> None:
    assert conditions(["topic=a", "topic=b*", "labels.desk!=x", "source==", "story=k3fq"]) == {
        "topic": ["a", "b*"],
        "labels.desk": ["!x"],
        "source": ["="],
        "story": ["k3fq*"],
    }
    full = "a" * 26
    assert conditions([f"story={full}"]) == {"story": [full]}


def test_a_table_tells_who_and_why_in_the_texts_own_direction() -> None:
    shown_as = {"id": "sil_abcdefghij", "state": "active", "end": "2026-11-24T08:00:00.000Z", "comment": "كفى"}
    lines = list(table([{**shown_as, "author": "منى", "match": {"topic": ["a", "b"]}}]))

    assert (
        lines[1] == "sil_abcdefgh  active   2026-11-24 08:00  \u2068topic=a|b\u2069 (\u2068منى\u2069: \u2068كفى\u2069)"
    )
    assert list(table([])) == ["no silences"]


def test_moments_are_read_as_people_and_yaml_write_them() -> None:
    eight = 1_795_507_200_000
    assert [moment_ms(each) for each in ("2026-11-24T08:00:00Z", "2026-11-24T10:00+02:00", "2026-11-24T08:00")] == [
        eight
    ] * 3
    assert moment_ms(datetime(2026, 11, 24, 8, tzinfo=UTC)) == eight
    assert moment_ms(datetime(2026, 11, 24, tzinfo=UTC).date()) == eight - 8 * HOUR
    for wrong in ("", "tomorrow", 5, None):
        with pytest.raises(ValueError, match="is no time"):
            moment_ms(wrong)
