"""Parts of the page by themselves, in the browser in which they run."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.asked import AskedDaemon
from tests.daemon.build import a_watch
from tests.page.chromium import live_page

EVENTS = """async (text) => {
  const { Events } = await import("/page/stream.js");
  const cut = (...parts) => {
    const found = [];
    const events = new Events((event) => found.push(event));
    for (const part of parts) events.feed(part);
    return found;
  };
  const whole = cut(text);
  const others = [];
  for (let at = 0; at <= text.length; at += 1) others.push(JSON.stringify(cut(text.slice(0, at), text.slice(at))));
  return [whole, others.every((each) => each === JSON.stringify(whole)), JSON.stringify(cut(...text))];
}"""

STREAM = (
    'retry: 1000\n\nid: 7-0\nevent: alert.opened\ndata: {"a":"فيضان"}\n\n'
    ": alive\n\nevent: gap\ndata: {}\r\n\r\nid: 8-0\ndata: cut o"
)


def test_a_stream_is_read_alike_wherever_it_is_cut(tmp_path: Path, runner: asyncio.Runner, browser: str) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, live_page(browser, address) as seen:
            whole, all_alike, in_letters = await seen.page.evaluate(EVENTS, STREAM)
            assert whole == [
                {"id": "7-0", "name": "alert.opened", "data": '{"a":"فيضان"}'},
                {"id": "", "name": "gap", "data": "{}"},
            ]
            assert all_alike
            assert json.loads(in_letters) == whole

    runner.run(scenario())


NOW_MS = 1_800_000_000_000
WELL: dict[str, Any] = {
    "reasons": [],
    "lag": {},
    "config": {"problems": []},
    "receivers": {"desk": {"disabled": None, "state": "working"}},
    "outbox": {"ready": 0, "pending": 0, "oldest_ms": None, "dead": 0},
    "redis": {
        "reachable": True,
        "server": "valkey",
        "version": "9.1.2",
        "used_bytes": 2_500_000,
        "limit_bytes": None,
        "safe": True,
        "flaw": None,
    },
    "sources": [],
}
KAFKA = {"source": "kafka:news", "kind": "kafka", "connected": True, "fails": None, "last_record_ms": None}


def redis_with(**values: Any) -> dict[str, Any]:
    """How the store stands, else as it does while all is well."""
    return {"redis": WELL["redis"] | values}


def a_source(**values: Any) -> dict[str, Any]:
    """One source of Kafka."""
    return {"sources": [KAFKA | values]}


HEALTH: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["ok  All delivered", "ok  1 receiver works", "ok Valkey works"]),
    (redis_with(server="redis"), ["ok  All delivered", "ok  1 receiver works", "ok Redis works"]),
    (
        redis_with(safe=False, flaw="evicts"),
        ["ok  All delivered", "ok  1 receiver works", "warn Valkey may lose alerts"],
    ),
    (
        redis_with(used_bytes=750, limit_bytes=1_000),
        ["ok  All delivered", "ok  1 receiver works", "warn Valkey memory 75 % full"],
    ),
    (
        redis_with(used_bytes=900, limit_bytes=1_000),
        ["ok  All delivered", "ok  1 receiver works", "bad Valkey memory 90 % full"],
    ),
    (
        redis_with(reachable=False, server=None, version=None, used_bytes=None, safe=None)
        | {"outbox": None, "reasons": ["asking where to go on: Connection refused"]},
        ["ok  1 receiver works", "bad Redis does not answer"],
    ),
    ({"redis": None, "outbox": None, "reasons": ["starting"]}, ["ok  1 receiver works", "warn  Not ready yet"]),
    (
        {"lag": {"news/0": {"records": 3, "seconds": 2.0}, "news/1": {"records": 900, "seconds": 4000.0}}} | a_source(),
        ["bad Behind 67 min", "ok  All delivered", "ok  1 receiver works", "ok Valkey works", "ok Kafka works"],
    ),
    (
        a_source(connected=False),
        ["ok  All delivered", "ok  1 receiver works", "ok Valkey works", "warn Kafka Connecting …"],
    ),
    (
        a_source(connected=False, fails="reading Kafka: no broker") | {"reasons": ["reading Kafka: no broker"]},
        ["ok  All delivered", "ok  1 receiver works", "ok Valkey works", "bad Kafka does not answer"],
    ),
    (
        a_source(kind="file", source="file:a.jsonl", connected=False, fails="a.jsonl: is gone"),
        ["ok  All delivered", "ok  1 receiver works", "ok Valkey works", "bad file:a.jsonl does not answer"],
    ),
    (
        {"outbox": {"ready": 4, "pending": 1, "oldest_ms": NOW_MS - 200_000, "dead": 2}},
        [
            "warn To deliver 4, oldest 3 min",
            "ok  1 waits for its turn",
            "warn  2 given up",
            "ok  1 receiver works",
            "ok Valkey works",
        ],
    ),
    (
        {"outbox": {"ready": 0, "pending": 3, "oldest_ms": 0, "dead": 0}},
        ["ok  3 wait for their turn", "ok  1 receiver works", "ok Valkey works"],
    ),
    (
        {"receivers": {"desk": {"disabled": "gone"}, "night": {"disabled": None, "state": "failing"}, "c": {}}},
        ["ok  All delivered", "bad  2 receivers fail", "ok Valkey works"],
    ),
    ({"receivers": {}}, ["ok  All delivered", "warn  No receiver", "ok Valkey works"]),
    (
        {"config": {"problems": ["topics.yaml:3: unknown key"]}},
        [
            "ok  All delivered",
            "ok  1 receiver works",
            "ok Valkey works",
            "warn  Configuration has errors, the old one is in force",
        ],
    ),
]

ITEMS = """async ([statuses, now]) => {
  const { items } = await import("/page/health.js");
  return statuses.map((status) => items(status, now).map((each) => `${each.state} ${each.name} ${each.says}`));
}"""


def test_the_strip_says_what_is_wrong_in_words(tmp_path: Path, runner: asyncio.Runner, browser: str) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, live_page(browser, address) as seen:
            shown = await seen.page.evaluate(ITEMS, [[WELL | status for status, _ in HEALTH], NOW_MS])
            assert shown == [says for _, says in HEALTH]

    runner.run(scenario())


COUNTS = [(1, "مقال واحد"), (2, "مقالان"), (3, "3 مقالات"), (11, "11 مقالًا"), (100, "100 مقال"), (1200, "1,200 مقال")]


def test_arabic_counts_as_arabic_does(tmp_path: Path, runner: asyncio.Runner, browser: str) -> None:
    script = """async (counts) => {
      const { say } = await import("/page/words.js");
      return counts.map((count) => say("articles", { count }));
    }"""

    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, live_page(browser, address, "ar-EG") as seen:
            assert await seen.page.evaluate(script, [count for count, _ in COUNTS]) == [text for _, text in COUNTS]

    runner.run(scenario())


def test_the_test_browser_lets_no_text_become_code(tmp_path: Path, runner: asyncio.Runner, browser: str) -> None:
    async def scenario() -> None:
        async with AskedDaemon(a_watch(tmp_path)).listening() as address, live_page(browser, address) as seen:
            with pytest.raises(Exception, match="TrustedHTML"):
                await seen.page.evaluate("document.body.innerHTML = '<img src=x onerror=owned(1)>'")
            await seen.page.evaluate(
                "document.body.append(Object.assign(document.createElement('img'), {src: 'https://evil.example/'}))"
            )
            await seen.until("reports.includes('img-src')")  # so a breach is seen

    runner.run(scenario())
