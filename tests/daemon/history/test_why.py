"""``rasid why``: for each way that an article can go, the true reason."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from alerts.store.keys import MISSES_KEPT
from daemon.cli.why import answer_lines
from daemon.history.miss_line import LINES_A_SECOND
from daemon.history.why import why
from daemon.watch import Watch
from processors.ids import story_id
from tests.daemon.asked import AskedDaemon
from tests.daemon.build import NOW, a_line, a_watch

TOPICS = """\
topics:
  floods:
    match: فيضان
    exclude: رياضة
  cities:
    match: فيضان SENTENCE مدينة
  weighed:
    match: سيول^1 OR (أمطار SENTENCE غزيرة)^2
    threshold: 3
  quiet:
    match: زلزال
"""
ROUTE = {"receiver": "desk", "routes": [{"match": {"topic": "quiet"}, "receiver": "nobody"}]}
TEXT = " ".join(f"كلمة{number}" for number in range(60))
URL = "https://news.example/2026/11/24/خبر"
ARTICLES = [
    a_line(id="first", title="فيضان في الوادي", body=TEXT, source="وكالة", url=URL),
    a_line(id="copy", title="فيضان كبير", body=TEXT, source="صحيفة", url="https://other.example/خبر"),
    a_line(id="apart", title="خبر", body="وقع فيضان أمس. وصل الوزير إلى مدينة أخرى.", url="https://news.example/apart"),
    a_line(id="sport", title="فيضان أهداف", body="رياضة"),
    a_line(id="little", title="سيول", body="هطلت أمطار. كانت غزيرة"),
    a_line(id="unrouted", title="زلزال خفيف"),
    a_line(id="calm", title="أسعار الخضار مستقرة"),
    b'{"id": "wrong", "title": "x", "body": 7}',
]


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    """The topics, compiled once."""
    return a_watch(tmp_path_factory.mktemp("w"), topics=TOPICS, receivers=receivers("desk", "nobody"), route=ROUTE)


@pytest.fixture
def asked(watch: Watch, runner: asyncio.Runner) -> AskedDaemon:
    """All of them read."""
    asked = AskedDaemon(watch)
    runner.run(asked.read(*ARTICLES))
    return asked


def receivers(*names: str) -> list[dict[str, Any]]:
    """``nobody`` takes nothing that there is."""
    made = [
        {"name": name, "url": "http://127.0.0.1:9/", "secret_file": "secret", "allow": ["127.0.0.0/8"]}
        for name in names
    ]
    made[-1]["events"] = ["system.*"]
    return made


@pytest.mark.parametrize(
    ("topic", "article", "answer", "says"),
    [
        ("floods", "first", "alerted", "matched with score 1 (فيضان), and led to a notice (opened) for desk"),
        ("floods", URL + "?utm_source=rss", "alerted", "notice (opened) for desk"),
        ("floods", "p/0", "alerted", "notice (opened) for desk"),
        ("floods", "copy", "repeat", f"joined story {story_id('test', 'first')} by first because "),
        ("floods", "https://other.example/%D8%AE%D8%A8%D8%B1", "repeat", "that was told of already"),
        ("quiet", "unrouted", "unrouted", "no route sends its alert anywhere"),
        ("cities", "apart", "near_miss", "did not match: no clause holds; nearest: فيضان SENTENCE مدينة"),
        ("cities", "https://news.example/apart", "near_miss", "nearest: فيضان SENTENCE مدينة"),
        ("floods", "sport", "excluded", "did not match: excluded by رياضة"),
        ("weighed", "little", "below_threshold", "did not match: score 1 is below the threshold 3"),
        ("floods", "calm", "not_concerned", "was read, and too little of what the topic needs was in it"),
        ("quiet", "first", "not_concerned", "was read, and too little of what the topic needs was in it"),
        ("floods", "wrong", "invalid", "held no article, and is in the dead letters: wrong_type"),
        ("floods", "nowhere", "never_seen", "was never seen since 2030-03-17"),
    ],
)
def test_each_article_is_answered_by_what_happened_to_it(
    topic: str, article: str, answer: str, says: str, asked: AskedDaemon, runner: asyncio.Runner
) -> None:
    found = runner.run(why(asked.past, topic, article))

    assert found["answer"] == answer
    assert says in found["says"]
    assert len(found["readings"]) == (answer != "never_seen")


def test_a_repeat_shows_what_its_story_was_told_by(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    runner.run(asked.settle())

    (notice,) = runner.run(why(asked.past, "floods", "copy"))["notices"]

    assert (notice["article"], notice["reason"]) == ("first", "opened")
    assert [(each["receiver"], each["state"]) for each in notice["receivers"]] == [("desk", "delivered")]


def test_an_article_read_again_is_still_one_that_was_told(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    runner.run(asked.read(ARTICLES[0]))

    found = runner.run(why(asked.past, "floods", "first"))

    assert found["answer"] == "alerted"
    assert [each["answer"] for each in found["readings"]] == ["alerted", "repeat"]


def test_topics_that_were_loaded_since_are_told_of(asked: AskedDaemon, tmp_path: Path, runner: asyncio.Runner) -> None:
    asked.loaded_ms = NOW + 60_000
    asked.process.watch = a_watch(tmp_path, topics=TOPICS.replace("SENTENCE", "AND"))

    apart, calm = (runner.run(why(asked.past, "cities", each)) for each in ("apart", "calm"))

    assert apart["answer"] == "matches_now"
    assert "did not match, and would now: matches with score 1" in apart["says"]
    assert "(topics as loaded since, 2030-03-17T17:47:40.000Z)" in apart["says"]
    assert "the topics were loaded since, 2030-03-17T17:47:40.000Z" in calm["says"]


def test_silence_is_no_answer_where_more_was_near_than_is_written_down(
    asked: AskedDaemon, runner: asyncio.Runner
) -> None:
    near = [a_line(id=f"near-{n}", title=f"خبر {n}", body="وقع فيضان. مدينة") for n in range(LINES_A_SECOND)]
    runner.run(asked.read(*near, a_line(id="late", title="خبر", body="وقع فيضان. وصل إلى مدينة")))

    found = runner.run(why(asked.past, "cities", "late"))

    assert found["answer"] == "perhaps_near"
    assert "more articles were near a topic than are written down" in found["says"]


def test_what_the_logs_have_dropped_is_not_guessed_at(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    line = json.dumps({"at": NOW + 1, "article": "later"}).encode()
    asked.state.misses[:] = [line] * MISSES_KEPT

    assert runner.run(why(asked.past, "cities", "apart"))["answer"] == "perhaps_near"


def test_the_command_asks_the_daemon(
    asked: AskedDaemon, tmp_path: Path, runner: asyncio.Runner, capsys: pytest.CaptureFixture[str]
) -> None:
    assert runner.run(asked.command(tmp_path, "why", "floods", "first")) == 0
    assert json.loads(capsys.readouterr().out)["answer"] == "alerted"
    assert runner.run(asked.command(tmp_path, "why", "floods", "nowhere")) == 1
    assert json.loads(capsys.readouterr().out)["answer"] == "never_seen"
    assert runner.run(asked.command(tmp_path, "why", "flods", "first")) == 2
    assert capsys.readouterr().err == "rasid: no topic is called `flods`, did you mean `floods`?\n"
    assert runner.run(asked.command(tmp_path, "why", "floods", "")) == 2
    assert "name an article by its id, its address, or where it was read" in capsys.readouterr().err


def test_on_a_terminal_the_answer_comes_first(asked: AskedDaemon, runner: asyncio.Runner) -> None:
    first, second, *_ = answer_lines(runner.run(why(asked.past, "cities", "apart")))

    assert first.startswith("near miss: it \u2068did not match: no clause holds; nearest: فيضان SENTENCE مدينة (")
    assert second == "  read 2030-03-17 17:46:40"
