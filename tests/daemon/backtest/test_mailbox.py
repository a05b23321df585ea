"""What receivers of a backtest are sent: what a daemon sends that reads the same articles at those times."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from alerts.dispatch.grouped import Teller
from alerts.dispatch.late_silences import LateSilences
from alerts.model import Attempt, Reply
from daemon.backtest.chart import receivers as receiver_lines
from daemon.backtest.html import page
from daemon.backtest.posts import Post
from daemon.backtest.run import Run, Span
from daemon.cli.main import main
from daemon.sources.source import Record
from daemon.watch import Watch
from processors.model import Article
from tests.daemon.backtest.archive import archive
from tests.daemon.build import a_line, a_watch, write_config
from tests.daemon.desk import Desk, receivers

ROUTES: list[dict[str, Any]] = [
    {"receiver": "evening", "digest": {"at": ["18:00"], "timezone": "Africa/Cairo", "top": 3}, "continue": True},
    {"receiver": "chat", "throttle": {"most": 2, "per": "12h"}, "continue": True},
    {"receiver": "desk", "group_by": ["topic"], "group_wait": "10m", "group_interval": "2h", "continue": True},
    {"receiver": "duty"},
]
PACED = {"receiver": "desk", "routes": ROUTES}
SETTINGS: dict[str, Any] = {
    "receivers": receivers(desk=["alert.*"], evening=["alert.*"], chat=["alert.*"], duty=["alert.*"]),
    "route": PACED,
}


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Watch:
    return a_watch(tmp_path_factory.mktemp("w"), **SETTINGS)


def posts_of(watch: Watch, articles: list[Article]) -> list[Post]:
    run = Run(watch, Span.parse(None, None, "UTC"))
    for article in articles:
        run.step(article)
    run.end()
    return run.sent()


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


class Live(Desk):
    """A daemon to whom each article comes at its time, and what it sends when."""

    def __init__(self, watch: Watch, runner: asyncio.Runner) -> None:
        super().__init__(watch, runner)
        silences = watch.loaded.silences
        self.teller = Teller(self.process.outbox, silences=LateSilences(self.process.outbox, lambda: silences))
        self.sent: list[tuple[int, str, str]] = []

    async def send(self) -> None:
        now_ms = self.process.now_ms
        await self.teller.due(now_ms)
        while leased := (
            await self.process.outbox.lease(dict.fromkeys(self.process.watch.receivers, 99), now_ms, 9)
        ).leased:
            for each in leased:
                self.sent.append((now_ms, each.delivery.receiver, each.delivery.id))
                await self.process.outbox.delivered(each, Attempt(Reply.DELIVERED, 204), now_ms)

    async def play(self, articles: list[Article]) -> None:
        clock = 0
        for article in articles:
            assert article.published_at is not None
            clock = max(clock, milliseconds(article.published_at))
            await self.until(clock)
            fields = {name: getattr(article, name) for name in ("id", "title", "body", "source", "url", "lang")}
            line = a_line(**fields, published_at=str(article.published_at))
            self.process.now_ms = clock
            self.source.add("p", Record(next(self.offsets), line, clock, "p"))
            await self.process.read_all()
            await self.send()
        await self.until(2 * clock)

    async def until(self, now_ms: int) -> None:
        groups = self.process.state.groups
        while groups and (due := min(groups.values())) < now_ms:
            self.process.now_ms = due
            await self.send()


def test_a_daemon_sends_the_same_to_the_same_at_the_same_moments(watch: Watch, runner: asyncio.Runner) -> None:
    articles = archive(days=8)
    posts, live = posts_of(watch, articles), Live(a_named(watch), runner)
    runner.run(live.play(articles))

    assert sorted((milliseconds(post.at), post.receiver, post.delivery) for post in posts) == sorted(live.sent)
    reasons = {post.receiver: {each.reason for each in posts if each.receiver == post.receiver} for post in posts}
    assert reasons["evening"] <= {"scheduled", "waited"} and "scheduled" in reasons["evening"]
    assert reasons["duty"] == {"at once"} and "throttled" in reasons["chat"]
    assert {"group", "waited"} <= reasons["desk"]


def test_it_does_where_stories_are_denied_while_they_wait_and_told_again_while_they_go_on(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    routes = [each | ({"repeat_interval": "1h"} if each["receiver"] == "duty" else {}) for each in ROUTES]
    denied_watch = a_watch(tmp_path, **SETTINGS | {"route": PACED | {"routes": routes}})
    articles = archive(days=3)
    first = [each for each in articles if each.id.endswith("-0")]
    denials = [later(each, "denied", minutes=20, title=f"وزارة النقل تنفي: {each.title}") for each in first]
    copies = [later(each, "copied", minutes=180, title=each.title) for each in first]
    articles = sorted([*articles, *denials, *copies], key=lambda each: str(each.published_at))
    posts, live = posts_of(denied_watch, articles), Live(denied_watch, runner)
    runner.run(live.play(articles))

    assert sorted((milliseconds(post.at), post.receiver, post.delivery) for post in posts) == sorted(live.sent)
    digests = [post for post in posts if post.receiver == "evening" and post.reason == "scheduled"]
    assert all("نفي: " in post.text for post in digests) and digests
    assert [post for post in posts if "تذكير" in post.text and post.receiver == "duty"]


def test_it_does_where_a_silence_begins_while_notices_wait(tmp_path: Path, runner: asyncio.Runner) -> None:
    articles = archive(days=3)
    moments = sorted(each.published_at for each in articles if each.published_at is not None)
    silence = {"name": "quiet", "match": {"topic": "*"}, "author": "a", "comment": "c"}
    silence |= {"start": str(moments[len(moments) // 2]), "end": str(moments[-1] + timedelta(days=2))}
    silenced = a_watch(tmp_path, **SETTINGS, silences=[silence])
    posts, live = posts_of(silenced, articles), Live(silenced, runner)
    runner.run(live.play(articles))

    assert sorted((milliseconds(post.at), post.receiver, post.delivery) for post in posts) == sorted(live.sent)
    assert live.process.state.withheld, "something waited when it began"
    count = {name: sum(len(post.notices) for post in posts if post.receiver == name) for name in silenced.receivers}
    assert count["evening"] < count["duty"], "what came at once was told before"


def later(article: Article, what: str, *, minutes: int, title: str) -> Article:
    """The same text from somebody else."""
    assert article.published_at is not None
    name, at = f"{article.id}-{what}", article.published_at + timedelta(minutes=minutes)
    return msgspec.structs.replace(
        article, id=name, title=title, source=f"بوابة {what}", url=f"https://{what}.example/{name}", published_at=at
    )


def a_named(watch: Watch) -> Watch:
    """The name that a test's process has."""
    assert watch.loaded.config.name == "test"
    return watch


def test_every_notice_reaches_every_receiver_once_in_whichever_company(watch: Watch) -> None:
    posts = posts_of(watch, archive(days=8))
    count = {name: sum(len(post.notices) for post in posts if post.receiver == name) for name in watch.receivers}

    assert len(set(count.values())) == 1, count
    sent = {name: sum(post.receiver == name for post in posts) for name in watch.receivers}
    assert sent["evening"] <= 9 and sent["evening"] < sent["desk"] < sent["duty"] and sent["chat"] < sent["duty"]


def test_the_reports_say_what_each_receiver_is_sent(
    watch: Watch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(watch, Span.parse("2026-03-02", "2026-03-05", "Africa/Cairo"))
    for article in archive(days=8):
        run.step(article)
    run.end()
    lines = list(receiver_lines(run.posts))
    html = page("x", run.tally, posts=run.posts)

    assert lines[1].split() == ["RECEIVER", "SENT", "NOTICES", "MOST", "AN", "HOUR"]
    assert sorted(line.split()[0] for line in lines[2:]) == ["chat", "desk", "duty", "evening"]
    evening = next(line for line in lines if line.startswith("evening"))
    assert "(digests: 4 scheduled)" in evening and "18:00" in evening
    assert "<h2>Receivers</h2>" in html and "<td>4 scheduled<td>" in html


def test_the_command_prints_each_thing_that_a_receiver_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, file = write_config(tmp_path, **SETTINGS), tmp_path / "archive.jsonl"
    with file.open("wb") as lines:
        for article in archive(days=3):
            fields = {name: getattr(article, name) for name in ("id", "title", "body", "source", "url", "lang")}
            lines.write(a_line(**fields, published_at=str(article.published_at)) + b"\n")

    assert main(["backtest", "-c", str(config), "--format", "deliveries", str(file)]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["receiver"] for each in told} == {"desk", "evening", "chat", "duty"}
    assert told == sorted(told, key=lambda each: each["at"]), "in order of time"
    digest = next(each for each in told if each["receiver"] == "evening")
    assert (digest["type"], digest["reason"]) == ("alert.digest", "scheduled") and "أبرز الأخبار" in digest["text"]

    assert main(["backtest", "-c", str(config), str(file)]) == 0
    assert "RECEIVER" in capsys.readouterr().out
