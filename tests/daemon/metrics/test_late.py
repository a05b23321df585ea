"""Old news in a live stream: backfills, replays, and dates that cannot be."""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.store.memory_state import MemoryState
from daemon.history.decision_line import read_decision
from daemon.history.story_timeline import timeline
from daemon.sources.memory_source import MemorySource
from daemon.sources.source import Record
from daemon.watch import Watch
from tests.daemon.build import NOW, Process, a_flood, a_line, a_watch, value_of
from tests.daemon.files import Opened

DAY_MS = 86_400_000


def a_dated(number: int, days_ago: float | None) -> bytes:
    """``a_flood`` that was published so long ago."""
    published = datetime.fromtimestamp((NOW - round((days_ago or 0) * DAY_MS)) / 1000, UTC).isoformat()
    return a_line(**{**json.loads(a_flood(number)), "published_at": None if days_ago is None else published})


def a_record(offset: int, value: bytes, appended_ms: int | None = NOW) -> Record:
    return Record(offset, value, appended_ms, f"p/{offset}")


def a_process(watch: Watch, *records: Record, state: MemoryState | None = None, partition: str = "p") -> Process:
    return Process(watch, MemorySource({partition: list(records)}), state or MemoryState())


def told(process: Process) -> tuple[int, int]:
    """Alerts that go out by themselves, and those that wait for a digest."""
    return len(process.state.waiting), len(process.state.pending)


@pytest.mark.parametrize(
    ("what", "days_ago", "appended_ms", "expected"),
    [
        ("fresh", 0.1, NOW, (1, 0)),
        ("late, within the window of a story", 2.9, NOW, (1, 0)),
        ("old when it came: a backfill", 3.1, NOW, (0, 1)),
        ("of last year: a backfill", 365, NOW, (0, 1)),
        ("fresh when it came, and waited since", 2.1, NOW - 2 * DAY_MS, (0, 1)),
        ("of last year, in a file, which has no time for each line", 365, None, (1, 0)),
        ("without a date, when it came", None, NOW, (1, 0)),
        ("without a date, and waited since", None, NOW - 2 * DAY_MS, (0, 1)),
        ("of tomorrow", -1, NOW, (1, 0)),
    ],
)
def test_old_news_goes_out_in_a_digest(
    what: str,
    days_ago: float | None,
    appended_ms: int | None,
    expected: tuple[int, int],
    tmp_path: Path,
    runner: asyncio.Runner,
) -> None:
    process = a_process(a_watch(tmp_path), a_record(0, a_dated(1, days_ago), appended_ms))

    runner.run(process.read_all())

    assert told(process) == expected, what


def test_a_kafka_topic_that_is_read_anew_tells_nothing(tmp_path: Path, runner: asyncio.Runner) -> None:
    records = [a_record(number, a_dated(number % 7, number % 5), NOW - number * 3_600_000) for number in range(40)]
    first = a_process(a_watch(tmp_path), *records)
    runner.run(first.read_all())
    before = told(first), set(first.state.told)

    again = a_process(a_watch(tmp_path), *records, state=first.state, partition="made-anew")
    runner.run(again.read_all())

    assert (told(again), set(again.state.told)) == before
    decisions = [read_decision(line) for line in again.state.decisions[len(records) :]]
    assert {each.outcome for each in decisions if each is not None} == {"repeat"}


def test_a_date_that_cannot_be_is_ignored_counted_and_told_of(tmp_path: Path, runner: asyncio.Runner) -> None:
    appended = NOW - 5 * 3_600_000
    dates = ["2031-01-01T00:00:00Z", "1970-01-01T09:00:00Z", "soon", None]
    lines = [a_line(**{**json.loads(a_flood(number)), "published_at": date}) for number, date in enumerate(dates)]
    process = a_process(a_watch(tmp_path), *(a_record(n, line, appended) for n, line in enumerate(lines)))

    runner.run(process.read_all())

    decisions = [each for line in process.state.decisions if (each := read_decision(line)) is not None]
    assert [each.dated for each in decisions] == ["future", "impossible", "no_date", "no_date"]
    assert {each.event_ms for each in decisions} == {appended}, "arrival, not the time of reading"
    assert value_of(process.metrics, "rasid_unreadable_dates_total") == 3
    assert [each["dated"] for each in timeline(decisions[:1])] == ["future"]


@pytest.mark.parametrize(
    ("modified", "expected"),
    [(datetime(2015, 8, 1, tzinfo=UTC), datetime(2015, 8, 1, tzinfo=UTC)), (datetime(1980, 1, 1, tzinfo=UTC), None)],
)
def test_a_line_of_a_file_was_written_no_later_than_the_file(
    modified: datetime, expected: datetime | None, tmp_path: Path, opened: Opened, runner: asyncio.Runner
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(a_flood(1) + b"\n")
    os.utime(path, (modified.timestamp(), modified.timestamp()))

    fetched = runner.run(opened(follow=False).fetch(10, 0))

    assert fetched is not None
    written = fetched.records[0].written_ms
    assert written == (None if expected is None else round(expected.timestamp() * 1000))


def test_an_article_without_a_date_is_as_old_as_its_file(tmp_path: Path, runner: asyncio.Runner) -> None:
    written = NOW - 400 * DAY_MS
    record = Record(0, a_flood(1), None, "a.jsonl@0", written_ms=written)
    process = a_process(a_watch(tmp_path), record)

    runner.run(process.read_all())

    decision = read_decision(process.state.decisions[0])
    assert decision is not None and decision.event_ms == written
