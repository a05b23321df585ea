"""A source that is watched tells how it does, and passes on everything else."""

import asyncio

import pytest

from alerts.errors import Unavailable
from daemon.sources.memory_source import Failure, MemorySource
from daemon.sources.watched_source import WatchedSource
from tests.daemon.build import a_flood

NOW = 7_000


def watched(inner: MemorySource) -> WatchedSource:
    return WatchedSource("kafka:news", "kafka", inner, lambda: NOW)


def test_it_is_connected_once_it_answered_and_knows_when_the_last_record_came(runner: asyncio.Runner) -> None:
    source = watched(MemorySource({"p": [a_flood(1)]}))
    assert (source.connected, source.fails, source.last_read_ms) == (False, "", None)

    runner.run(source.committed("p"))
    assert (source.connected, source.last_read_ms) == (True, None)
    source.seek("p", 0)
    fetched = runner.run(source.fetch(10, 0))

    assert fetched is not None
    assert source.last_read_ms == NOW
    assert source.position("p") == source.inner.position("p") > 0


def test_a_source_that_fails_says_why_until_it_answers_again(runner: asyncio.Runner) -> None:
    inner = MemorySource({"p": [Failure("no broker"), a_flood(1)]})
    source = watched(inner)
    source.seek("p", 0)

    with pytest.raises(Unavailable):
        runner.run(source.fetch(10, 0))
    assert (source.connected, source.fails) == (False, "no broker")

    runner.run(source.fetch(10, 0))
    assert (source.connected, source.fails) == (True, "")
