"""What tracing costs: batches taken to a store in memory with spans exported to a collector, and without, in turns.

    python -m benchmarks.bench_tracing [--articles 6000]

Prints CPU time for each article, of those that concern no topic of the built-in pack and of those that do, each sampled
and with its four spans, and the ratio of the two ways. The exporter's thread counts; the collector has a process of its
own. Articles have 1,600 characters.
"""

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from alerts.admission.memory_admission import MemoryAdmission
from alerts.store.memory_state import MemoryState
from benchmarks.composed import MATCHING, composed
from benchmarks.sink import serve
from daemon.metrics.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import Limit, Rejected
from daemon.sources.decode import Decoder
from daemon.sources.source import Fetched, Record
from daemon.tracing.otel_export import otel_tracing
from daemon.tracing.tracing import Tracing
from daemon.watch import Watch, load_watch

BATCH = 100
PARTITION = "news/0"


class NoDeadLetters:
    """There are none."""

    async def add(self, rejected: Sequence[Rejected]) -> None:
        raise AssertionError(rejected)


class Way:
    """One of the two ways, with a store of its own."""

    def __init__(self, watch: Watch, tracing: Tracing) -> None:
        versions = count(1)
        self.tracing = tracing
        self.spent = 0.0
        self.admission = MemoryAdmission(MemoryState())
        self.pipeline = Pipeline(
            name="bench",
            decoder=Decoder(),
            watch=lambda: watch,
            admission=self.admission,
            dead_letters=NoDeadLetters(),
            limit=Limit(1.0),
            metrics=Metrics("bench"),
            now_ms=lambda: round(time.time() * 1000),
            new_version=lambda: str(next(versions)),
            admitted=lambda: None,
            told=lambda effects: None,
            spans=tracing.spans_of(watch.loaded.config.sources[0]),
        )

    async def take(self, fetched: Fetched) -> None:
        """One batch, its CPU time added."""
        begun = time.process_time()
        await self.pipeline.process(fetched, "bench")
        self.spent += time.process_time() - begun


def a_watch(folder: Path, port: int) -> Watch:
    sources = [{"kafka": {"servers": ["127.0.0.1:9"], "subscribe": ["news"]}}]
    tracing = {"endpoint": f"http://127.0.0.1:{port}/"}
    receivers = [{"name": "desk", "url": "http://127.0.0.1:9/", "secret_file": "secret", "allow": ["127.0.0.0/8"]}]
    (folder / "secret").write_text("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
    path = folder / "rasid.yaml"
    written = {"state_dir": ".", "sources": sources, "receivers": receivers, "tracing": tracing}
    path.write_text(json.dumps(written))
    return load_watch(path)


async def compare(watch: Watch, lines: Sequence[bytes], what: str) -> None:
    spans = {True: 0, False: 0}

    def counted(number: int, taken: bool) -> None:
        spans[taken] += number

    off, on = Way(watch, Tracing()), Way(watch, otel_tracing(watch.loaded.config, {}, "bench", counted))
    for way in (off, on):
        await way.admission.recover(PARTITION, 0, "bench")
    for start in range(0, len(lines), BATCH):
        records = [Record(start + at, line) for at, line in enumerate(lines[start : start + BATCH])]
        fetched = Fetched(PARTITION, start, start + len(records), records)
        for way in (off, on) if start // BATCH % 2 else (on, off):
            await way.take(fetched)
        if start == 0:
            off.spent = on.spent = 0.0  # what is read or compiled once has been
    begun = time.process_time()
    await on.tracing.close()
    on.spent += time.process_time() - begun
    measured = len(lines) - BATCH
    each_off, each_on = (way.spent / measured * 1e6 for way in (off, on))
    print(
        f"{what}: {each_off:.0f} µs each without, {each_on:.0f} µs with tracing, ratio {each_on / each_off:.3f}; "
        f"{measured} articles, {spans[True]} spans exported, {spans[False]} dropped"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=6000)
    number = parser.parse_args().articles
    ours, theirs = multiprocessing.Pipe()
    sink = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    sink.start()
    with tempfile.TemporaryDirectory() as folder:
        watch = a_watch(Path(folder), ours.recv())
        quiet = [composed(each) for each in range(number) if each % MATCHING]
        found = [composed(each * MATCHING) for each in range(number // 10)]
        asyncio.run(compare(watch, quiet, "no topic"))
        asyncio.run(compare(watch, found, "a topic"))
    sink.kill()


if __name__ == "__main__":
    main()
