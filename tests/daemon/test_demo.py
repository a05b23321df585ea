"""The demo: what it streams, how it shows alerts, and the whole of it as a user starts it."""

import asyncio
import base64
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from standardwebhooks import Webhook

from daemon.compiled import load_watchlist
from daemon.demo.http_receiver import Receiver
from daemon.demo.samples import sample_lines, sample_text
from daemon.demo.show import END_ISOLATE, ISOLATE, Style, alert_lines
from daemon.demo.summary import Ended, summary_lines
from daemon.sources.decode import Decoder
from processors.errors import InvalidArticle
from processors.model import Article

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAIN, COLORED = Style(colors=False), Style(colors=True)


def samples() -> tuple[list[Article], list[str]]:
    articles, reasons = [], []
    for line in sample_lines(sample_text(), NOW):
        try:
            articles.append(Decoder().decode(line).article)
        except InvalidArticle as error:
            reasons.append(error.reason)
    return articles, reasons


def test_the_samples_are_some_sixty_articles_most_of_them_arabic() -> None:
    articles, reasons = samples()
    languages = Counter(article.lang for article in articles)

    assert 55 <= len(articles) <= 70
    assert set(languages) == {"ar", "en", "fr", "tr"}
    assert languages["ar"] > len(articles) / 2
    assert sorted(reasons) == ["not_json", "nothing_to_read", "wrong_type"]


def test_the_samples_are_fresh_and_their_outlets_invented() -> None:
    for article in samples()[0]:
        assert article.published_at is not None
        assert timedelta(0) < NOW - article.published_at < timedelta(hours=2)
        assert re.match(r"https://[a-z-]+\.example/", article.url)


def payload(**article: Any) -> dict[str, Any]:
    return {
        "alert": {"topics": [{"id": "syria", "title": {"ar": "سوريا", "en": "Syria"}}], "severity": "warning"},
        "article": {"title": "زيارة لسوريا", "source": "نوافذ", "lang": "ar", "age": 540, **article},
        "latency": {"matched_to_admitted": 3},
        "evidence": [
            {
                "field": "title",
                "quote": "زيارة لسـ.ـوريا",
                "highlights": [
                    {
                        "start": 7,
                        "end": 15,
                        "clause": "@syria",
                        "level": "attached",
                        "plain": "سوريا",
                        "entity": {"id": "Q858", "arabic": "سوريا", "latin": "Syria", "role": None},
                    },
                    {"start": 7, "end": 15, "clause": "list:places", "level": "exact"},
                ],
            }
        ],
    }


def test_evidence_is_marked_in_its_sentence_and_named() -> None:
    lines = list(alert_lines(1, payload(), PLAIN))

    assert f"│ {ISOLATE}زيارة ل[سـ.ـوريا]{END_ISOLATE}" in lines[3]
    assert f"{ISOLATE}@syria{END_ISOLATE} {ISOLATE}سوريا Syria{END_ISOLATE} (attached, broken: " in lines[4]
    assert f"{ISOLATE}list:places{END_ISOLATE} (exact)" in lines[4]


def test_an_update_says_what_is_new() -> None:
    delta = {
        "reasons": [{"reason": "figures", "about": None}, {"reason": "country", "about": "Q79"}],
        "countries": [{"id": "Q79", "arabic": "مصر", "latin": "Egypt"}],
        "entities": [],
        "figures": {"was": ["7 قتلى"], "now": ["9 قتلى"]},
    }
    update = payload() | {"delta": delta}
    update["alert"] = update["alert"] | {"number": 2}

    line = list(alert_lines(1, update, PLAIN))[2]
    assert "notice 2 of this story" in line
    assert f"figures, country {ISOLATE}مصر Egypt{END_ISOLATE}" in line
    assert f"{ISOLATE}was 7 قتلى{END_ISOLATE}, {ISOLATE}now 9 قتلى{END_ISOLATE}" in line


def test_colours_are_used_only_where_asked_for() -> None:
    assert not any("\x1b" in line for line in alert_lines(1, payload(), PLAIN))
    assert any("\x1b[1;33mسـ.ـوريا\x1b[0m" in line for line in alert_lines(1, payload(), COLORED))


def test_every_piece_of_foreign_text_is_isolated_and_stays_on_its_line() -> None:
    lines = list(alert_lines(1, payload(title="first\nsecond\r\n third", source="a\u2028b"), PLAIN))

    assert not any("\n" in line or "\r" in line or "\u2028" in line for line in lines)
    assert all(line.count(ISOLATE) == line.count(END_ISOLATE) for line in lines)


def test_the_summary_accounts_for_every_record() -> None:
    watchlist, _ = load_watchlist(["builtin:mena"], [])
    lines = [json.dumps({"id": str(n), "title": title}).encode() for n, title in enumerate(("حصة الأسد", "طقس دمشق"))]
    matched = {"article": "7", "story": "s", "outcome": "alerted", "relation": "new"}
    copied = {"article": "8", "story": "s", "outcome": "repeat", "relation": "copy"}
    told = [json.dumps({"id": n, "title": f"title {n}"}).encode() for n in ("7", "8")]

    shown = "\n".join(summary_lines(Ended([*lines, *told, b"{"], [matched, copied], 1, 0, 3.0), watchlist, PLAIN))

    assert "5 records, 4 articles, 1 story of a topic, 1 alert in 3 s; every signature verified." in shown
    assert re.search(r"1  a copy of a text already told\n.*title 8", shown)
    assert re.search(r"1  names of a topic, .*\n.*طقس دمشق", shown)
    assert re.search(r"1  nobody whom a topic watches.*\n.*حصة الأسد", shown)
    assert "1  no article: not_json" in shown


def test_the_receiver_takes_what_verifies_and_refuses_the_rest(runner: asyncio.Runner) -> None:
    secret = "whsec_" + base64.b64encode(b"twenty-four bytes or more").decode()
    body = json.dumps({"data": {"text": "hello"}})

    async def scenario() -> Receiver:
        receiver = Receiver(secret)
        url = await receiver.start()
        now = datetime.now(UTC)
        headers = {"webhook-id": "evt_1", "webhook-timestamp": str(int(now.timestamp()))}
        async with aiohttp.ClientSession() as client:
            good = {**headers, "webhook-signature": Webhook(secret).sign("evt_1", now, body)}
            bad = {**headers, "webhook-signature": Webhook(secret).sign("evt_2", now, body)}
            for sent, status in ((good, 204), (bad, 401), (headers, 401)):
                async with client.post(url, data=body, headers=sent) as answer:
                    assert answer.status == status
        await receiver.close()
        return receiver

    receiver = runner.run(scenario())

    assert [each.webhook_id for each in receiver.received] == ["evt_1"]
    assert receiver.refused == 2


def start_demo(folder: Path, seconds: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "daemon", "demo", "--for", seconds]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_the_demo_ends_by_itself_and_leaves_nothing_behind(tmp_path: Path) -> None:
    demo = start_demo(tmp_path, "4s")
    shown, said = demo.communicate(timeout=60)

    assert demo.returncode == 0, said
    assert said == ""
    assert "\x1b" not in shown, "no colours where nobody looks"
    assert len(re.findall(r"signature verified$", shown, re.MULTILINE)) >= 20
    assert re.search(
        r"^65 records, 62 articles, \d+ stories of a topic, \d+ alerts and \d+ updates? .*every signature verified",
        shown,
        re.MULTILINE,
    )
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_demo_stops_at_once_and_leaves_nothing_behind(tmp_path: Path) -> None:
    demo = start_demo(tmp_path, "60s")
    assert demo.stdout is not None
    page = re.search(r"^The live page: (http://\S+)", demo.stdout.readline())
    assert page is not None
    with urllib.request.urlopen(page[1], timeout=30) as answer:
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    demo.send_signal(signal.SIGINT)
    shown, said = demo.communicate(timeout=30)

    assert demo.returncode == 130, said
    assert shown.endswith("Stopped before the end.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("written", ["1s", "soon", "", "-5s"])
def test_a_length_that_makes_no_sense_is_refused(written: str) -> None:
    command = [sys.executable, "-m", "daemon", "demo", "--for", written]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "--for" in done.stderr


def test_on_a_terminal_it_runs_until_somebody_ends_it(tmp_path: Path) -> None:
    terminal, other_end = os.openpty()
    environment = {**os.environ, "TMPDIR": str(tmp_path), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "daemon", "demo"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=other_end, stdout=other_end) as demo:
        os.close(other_end)
        shown = b""
        while b"(until Ctrl-C)" not in shown:
            shown += os.read(terminal, 65_536)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 130
    os.close(terminal)


def test_when_all_was_told_the_page_stays_with_it_until_somebody_ends_it(tmp_path: Path) -> None:
    script = """if True:
        import asyncio
        from daemon.demo.play import play
        from daemon.demo.show import Style
        say = lambda line: print(line, flush=True)
        raise SystemExit(asyncio.run(play(None, say, Style(colors=False), stream_seconds=3)))"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        shown = ""
        while "Ctrl-C ends it" not in shown:
            line = demo.stdout.readline()
            assert line, shown
            shown += line
        page = re.search(r"The live page: (http://\S+)", shown)
        assert page is not None
        with urllib.request.urlopen(f"{page[1]}api/v1/alerts?limit=200", timeout=30) as answer:
            alerts = json.loads(answer.read())["alerts"]
        assert len(alerts) == len(re.findall(r"signature verified$", shown, re.MULTILINE)) > 20
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0
    assert list(tmp_path.iterdir()) == []
