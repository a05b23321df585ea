"""``rasid stories list`` and ``show``, and their pages of the API, over what a process decided."""

import asyncio
import json
from pathlib import Path

import pytest

from alerts.model import Reply
from daemon.cli.stories_list import table
from daemon.cli.stories_show import story_lines
from daemon.history.decision_line import read_decision
from daemon.history.past import NotKnown, SeveralKnown
from daemon.history.story_list import list_stories
from daemon.history.story_timeline import story_timeline
from processors.ids import story_id
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_flood, a_line, a_watch, quiet

TEXT = " ".join(f"كلمة{number}" for number in range(60))
TOLD = story_id("test", "first")
OTHER = story_id("test", "flood-7")


def a_report(name: str, outlet: str, **fields: object) -> bytes:
    return a_line(
        **{"id": name, "title": "فيضان في المدينة", "body": TEXT, "source": outlet, "lang": "ar-EG", **fields}
    )


@pytest.fixture
def asked(tmp_path: Path, runner: asyncio.Runner) -> AskedDaemon:
    """One story of three articles, the last read twice, then one of one."""
    asked = AskedDaemon(a_watch(tmp_path))
    copies = [
        a_report("first", "وكالة"),
        a_report("copy", "صحيفة", title="الفيضان يغمر الأحياء"),
        a_report("third", "موقع"),
    ]
    runner.run(asked.read(*copies, copies[-1], quiet(1), a_flood(7)))
    return asked


def test_the_story_read_of_last_comes_first(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    other, told = runner.run(list_stories(asked.past, topic="", since_ms=0, limit=50))

    assert (other["story"], told["story"]) == (OTHER, TOLD)
    assert told["headline"] == "فيضان في المدينة"
    assert (told["articles"], told["outlets"], told["languages"]) == (3, ["وكالة", "صحيفة", "موقع"], ["ar"])
    assert (told["topics"], told["remembered"]) == (["floods"], True)


def test_a_list_is_as_long_as_asked_and_of_the_topic_asked(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    async def ids(topic: str = "", since_ms: int = 0, limit: int = 50) -> list[str]:
        return [each["story"] for each in await list_stories(asked.past, topic=topic, since_ms=since_ms, limit=limit)]

    assert runner.run(ids(limit=1)) == [OTHER]
    assert runner.run(ids(topic="floods")) == [OTHER, TOLD]
    assert runner.run(ids(topic="harbours")) == []
    assert runner.run(ids(topic="flood")) == []
    newest = read_decision(asked.state.decisions[-1])
    assert newest is not None
    assert runner.run(ids(since_ms=newest.at + 1)) == []


def test_a_story_shows_its_articles_in_order_and_what_was_told(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    story = runner.run(story_timeline(asked.past, TOLD[:9]))

    assert story["story"] == TOLD
    assert [(each["article"], each["relation"], each["of"], each["times"]) for each in story["timeline"]] == [
        ("first", "new", "", 1),
        ("copy", "copy", "first", 1),
        ("third", "copy", "first", 1),
        ("third", "same_article", "third", 1),
    ]
    assert all(each["because"] for each in story["timeline"][1:])
    (notice,) = story["notices"]
    assert (notice["topic"], notice["reason"], notice["article"]) == ("floods", "opened", "first")
    assert [(each["receiver"], each["state"]) for each in notice["receivers"]] == [("desk", "unfinished")]
    assert (story["left_out"], story["from_the_start"]) == (0, True)


@pytest.mark.parametrize(
    ("reply", "status", "state", "line"),
    [
        (Reply.DELIVERED, 204, "delivered", "desk: delivered at 2030-03-17 17:46"),
        (
            Reply.FAILED,
            503,
            "unfinished",
            "waiting since 2030-03-17 17:46, 1 attempt failed (last 2030-03-17 17:46: HTTP 503)",
        ),
    ],
)
def test_a_notice_says_what_became_of_it(
    reply: Reply, status: int, state: str, line: str, asked: AskedDaemon, runner: asyncio.Runner
) -> None:
    runner.run(asked.settle(reply, status))

    story = runner.run(story_timeline(asked.past, TOLD))

    assert story["notices"][0]["receivers"][0]["state"] == state
    assert any(line in each for each in story_lines(story))


def test_a_beginning_must_be_that_of_one_story(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    runner.run(asked.read(*(a_flood(number) for number in range(100, 150))))

    with pytest.raises(SeveralKnown, match="stories begin with"):
        runner.run(story_timeline(asked.past, TOLD[:1]))
    with pytest.raises(NotKnown, match="the decision log, which reaches back to 2030"):
        runner.run(story_timeline(asked.past, "zzzzzzzz"))
    with pytest.raises(NotKnown, match="is no story"):
        runner.run(story_timeline(asked.past, 'x","outcome":"'))


def test_the_commands_ask_the_daemon(
    asked: AskedDaemon, tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert runner.run(asked.command(tmp_path, "stories", "list", "--topic", "floods")) == 0
    assert [json.loads(line)["story"] for line in capsys.readouterr().out.splitlines()] == [OTHER, TOLD]
    assert runner.run(asked.command(tmp_path, "stories", "show", TOLD[:8])) == 0
    assert json.loads(capsys.readouterr().out)["story"] == TOLD
    assert runner.run(asked.command(tmp_path, "stories", "show", "zzzz")) == 1
    assert "no story begins with zzzz" in capsys.readouterr().err
    assert runner.run(asked.command(tmp_path, "stories", "list", "--since", "yesterday")) == 2
    assert "write 6h or 2d" in capsys.readouterr().err


def test_on_a_terminal_headlines_keep_their_direction(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    lines = table(list(runner.run(list_stories(asked.past, topic="", since_ms=0, limit=50))))

    assert lines[2].startswith(f"{TOLD[:8]}  2030-03-17 17:46")
    assert "\u2068فيضان في المدينة\u2069 [floods; ar]" in lines[2]
    assert table([]) == ["no stories"]


def test_an_empty_daemon_knows_no_story(tmp_path: Path, runner: asyncio.Runner) -> None:
    asked = AskedDaemon(a_watch(tmp_path))

    assert runner.run(list_stories(asked.past, topic="", since_ms=0, limit=50)) == []
    with pytest.raises(NotKnown, match="the decision log is empty"):
        runner.run(story_timeline(asked.past, "abcd"))
