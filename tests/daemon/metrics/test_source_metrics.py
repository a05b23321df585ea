"""That nothing comes from a source or an outlet can be seen, and only configured names are labels."""

import asyncio
from pathlib import Path

from alerts.store.memory_state import MemoryState
from daemon.config.config import FileSourceConfig, SourceConfig, StdinSourceConfig
from daemon.metrics.metrics import Metrics
from daemon.open_sources import labels_of
from daemon.sources.memory_source import MemorySource
from tests.daemon.build import Process, a_line, a_watch, value_of


def test_sources_are_called_by_what_they_read_and_numbered_where_two_read_the_same() -> None:
    files = SourceConfig(file=FileSourceConfig(path="incoming/*.jsonl"))

    assert labels_of([files, SourceConfig(stdin=StdinSourceConfig()), files]) == [
        "file:incoming/*.jsonl",
        "stdin",
        "file:incoming/*.jsonl (2)",
    ]


def test_a_configured_source_and_outlet_have_a_series_before_anything_comes() -> None:
    metrics = Metrics("1")

    metrics.watch_sources(["kafka:articles"])
    metrics.watch_outlets(["صحيفة الأهرام"])

    assert value_of(metrics, "rasid_source_records_total", {"source": "kafka:articles"}) == 0
    assert value_of(metrics, "rasid_outlet_articles_total", {"outlet": "صحيفة الأهرام"}) == 0


def test_an_outlet_is_known_however_articles_spell_it_and_no_other_makes_a_series() -> None:
    metrics = Metrics("1")
    metrics.watch_outlets(["صحيفة الأهرام"])

    for source in ["الاهرام", "الأهرام", "", *(f"outlet-{number}.example" for number in range(1_000))]:
        metrics.came_from(source)

    assert value_of(metrics, "rasid_outlet_articles_total", {"outlet": "صحيفة الأهرام"}) == 2
    assert metrics.text().count(b"\nrasid_outlet_articles_total{") == 1


def test_records_are_counted_for_their_source_once_the_store_has_them(tmp_path: Path, runner: asyncio.Runner) -> None:
    lines = [a_line(id=f"a{number}", title="خبر", source="سانا") for number in range(3)]
    process = Process(a_watch(tmp_path), MemorySource({"p": lines}), MemoryState(), label="stdin")
    process.metrics.watch_sources(["stdin"])
    process.metrics.watch_outlets(["سانا"])

    runner.run(process.read_all())
    runner.run(process.consumer.tick())

    assert value_of(process.metrics, "rasid_source_records_total", {"source": "stdin"}) == 3
    assert value_of(process.metrics, "rasid_outlet_articles_total", {"outlet": "سانا"}) == 3
    assert value_of(process.metrics, "rasid_source_partitions", {"source": "stdin"}) == 1
    assert (
        value_of(process.metrics, "rasid_source_look_timestamp_seconds", {"source": "stdin"}) == process.now_ms / 1000
    )


def test_an_article_that_is_read_again_is_not_another_of_its_outlet(tmp_path: Path, runner: asyncio.Runner) -> None:
    source = MemorySource({"p": [a_line(id="a", title="خبر", source="سانا")]})
    process = Process(a_watch(tmp_path), source, MemoryState())
    process.metrics.watch_outlets(["سانا"])

    runner.run(process.read_all())
    source.seek("p", 0)
    runner.run(process.read_all())

    assert value_of(process.metrics, "rasid_outlet_articles_total", {"outlet": "سانا"}) == 1
