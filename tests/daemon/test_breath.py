"""While one large article is read, everything else in the process goes on."""

import asyncio
from pathlib import Path

from alerts.store.memory_state import MemoryState
from daemon.sources.memory_source import MemorySource
from tests.daemon.build import Process, a_line, a_watch

FEWEST_TURNS = 3
"""Read on the loop, an article leaves it no turn at all; in a thread, one every few milliseconds."""


def test_the_loop_goes_on_while_a_large_article_is_read(tmp_path: Path, runner: asyncio.Runner) -> None:
    large = a_line(id="large", title="فيضان", body="<p>فيضان في ميناء harbour flood.</p>\n" * 8_000)
    process = Process(a_watch(tmp_path), MemorySource({"p": [large]}), MemoryState())
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.001)
            turns += 1

    async def scenario() -> None:
        counting = asyncio.create_task(count_turns())
        await process.read_all()
        counting.cancel()

    runner.run(scenario())

    assert len(process.waiting()) == 2
    assert turns >= FEWEST_TURNS


def test_reading_pauses_while_redis_is_nearly_full(tmp_path: Path, runner: asyncio.Runner) -> None:
    source = MemorySource({"p": [a_line(id="1", title="فيضان")]})
    process = Process(a_watch(tmp_path), source, MemoryState())
    process.outbox.memory_used = 0.81
    runner.run(process.consumer.tick())

    runner.run(process.read_all())
    assert process.waiting() == []

    process.outbox.memory_used = 0.5
    runner.run(process.consumer.tick())
    runner.run(process.read_all())
    assert len(process.waiting()) == 1
