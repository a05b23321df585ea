"""Articles that were old when they were read: one digest, and no alert lost or told twice on the way."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from alerts.admission.admission import Admission
from alerts.admission.memory_admission import MemoryAdmission
from alerts.admission.redis_admission import RedisAdmission
from alerts.dispatch.backlog import QUIET_MS, due, flush
from alerts.model import Attempt, Delivery, Reply
from alerts.outbox.memory_outbox import MemoryOutbox
from alerts.outbox.outbox import Outbox
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.memory_state import MemoryState
from alerts.store.redis_connection import connect
from daemon.consumer import Consumer
from daemon.metrics.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import Limit
from daemon.sources.decode import Decoder
from daemon.sources.memory_source import MemorySource
from daemon.sources.source import Record
from daemon.watch import Watch
from tests.daemon.build import NOW, MemoryDeadLetters, a_flood, a_watch, quiet

HOUR = 3_600_000
_names = (f"backlog-{number}" for number in count())
_versions = count(1)


@dataclass
class Desk:
    """One process over a store, and what its receivers got."""

    admission: Admission
    outbox: Outbox
    watch: Watch
    source: MemorySource
    now_ms: int = NOW

    def __post_init__(self) -> None:
        pipeline = Pipeline(
            name="test",
            decoder=Decoder(),
            watch=lambda: self.watch,
            admission=self.admission,
            dead_letters=MemoryDeadLetters(),
            limit=Limit(1.0),
            metrics=Metrics("test"),
            now_ms=lambda: self.now_ms,
            new_version=lambda: f"v{next(_versions)}",
            admitted=lambda: None,
        )
        self.consumer = Consumer(
            source=self.source,
            pipeline=pipeline,
            admission=self.admission,
            outbox=self.outbox,
            metrics=Metrics("test"),
            now_ms=lambda: self.now_ms,
            new_incarnation=lambda: f"i{next(_versions)}",
        )
        self.got: list[Delivery] = []

    async def read(self) -> None:
        while await self.consumer.step():
            pass

    async def make_digests(self, after_ms: int = QUIET_MS) -> int:
        self.now_ms += after_ms
        return await flush(self.outbox, self.now_ms, lambda backlog: due(backlog, self.now_ms))

    async def deliver(self) -> list[Delivery]:
        before = len(self.got)
        free = dict.fromkeys(self.watch.receivers, 100)
        while leased := (await self.outbox.lease(free, self.now_ms, 20_000)).leased:
            for each in leased:
                self.got.append(each.delivery)
                await self.outbox.delivered(each, Attempt(Reply.DELIVERED, 204), self.now_ms)
        return self.got[before:]

    async def committed(self) -> tuple[int, int]:
        """Checkpoint and low as the source keeps them."""
        await self.consumer.tick()
        kept = await self.source.committed("p")
        assert kept is not None
        return kept.checkpoint, kept.low


@pytest.fixture(params=["memory", "valkey", "redis"])
def store(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[tuple[Admission, Outbox]]:
    if request.param == "memory":
        state = MemoryState()
        yield MemoryAdmission(state), MemoryOutbox(state, "one")
        return
    client, name = connect(request.getfixturevalue(f"{request.param}_url")), next(_names)
    yield RedisAdmission(client, name), RedisOutbox(client, name, "one")
    runner.run(client.aclose())


def log_of(*articles: tuple[bytes, float | None]) -> MemorySource:
    """Articles, and how many hours ago each was appended."""
    records = [
        Record(offset, value, None if hours is None else NOW - round(hours * HOUR), f"p/{offset}")
        for offset, (value, hours) in enumerate(articles)
    ]
    return MemorySource({"p": records})


def receivers(**events: list[str]) -> list[dict[str, object]]:
    shared = {"url": "http://127.0.0.1:9/", "secret_file": "secret", "allow": ["127.0.0.0/8"]}
    return [{"name": name, "events": wanted, **shared} for name, wanted in events.items()]


def shown(digest: Delivery) -> list[str]:
    data: dict[str, Any] = json.loads(digest.body)["data"]
    assert (data["total"], data["more"]) == (len(data["alerts"]), 0)
    return [each["article"]["id"] for each in data["alerts"]]


Store = tuple[Admission, Outbox]


def test_what_is_older_than_the_limit_comes_in_one_digest_the_rest_as_ever(
    store: Store, tmp_path: Path, runner: asyncio.Runner
) -> None:
    source = log_of((a_flood(1), 50), (quiet(1), 49), (a_flood(2), 24.01), (a_flood(3), 24), (a_flood(4), None))
    desk = Desk(*store, a_watch(tmp_path), source)

    runner.run(desk.read())
    fresh = runner.run(desk.deliver())
    assert sorted(json.loads(each.body)["data"]["article"]["id"] for each in fresh) == ["flood-3", "flood-4"]
    assert runner.run(desk.make_digests(QUIET_MS - 1)) == 0, "more may come"
    assert runner.run(desk.committed()) == (5, 0), "the oldest is still needed"

    assert runner.run(desk.make_digests(1)) == 1
    (digest,) = runner.run(desk.deliver())

    assert (digest.type, shown(digest)) == ("alert.digest", ["flood-2", "flood-1"])
    assert runner.run(desk.committed()) == (5, 5)
    assert runner.run(store[0].counts()) == {"alerted": 4, "unmatched": 1}


def test_copies_of_what_is_pending_or_told_in_a_digest_are_repeats(
    store: Store, tmp_path: Path, runner: asyncio.Runner
) -> None:
    source = log_of((a_flood(1), 50), (a_flood(1), 49), (a_flood(1), 0))
    desk = Desk(*store, a_watch(tmp_path), source)

    runner.run(desk.read())
    runner.run(desk.make_digests())
    source.add("p", a_flood(1))  # joins while the digest is unfinished
    runner.run(desk.read())
    assert runner.run(desk.committed()) == (4, 0)
    told = runner.run(desk.deliver())
    source.add("p", a_flood(1))
    runner.run(desk.read())

    assert [each.type for each in told] == ["alert.digest"]
    assert runner.run(desk.make_digests()) == 0 and runner.run(desk.deliver()) == []
    assert runner.run(store[0].counts()) == {"alerted": 1, "repeat": 4}
    assert runner.run(desk.committed()) == (5, 5)


def test_each_receiver_gets_what_it_asks_for(store: Store, tmp_path: Path, runner: asyncio.Runner) -> None:
    route = {"receiver": "desk", "routes": [{"receiver": name, "continue": True} for name in ("desk", "each", "none")]}
    watch = a_watch(
        tmp_path,
        receivers=receivers(desk=["alert.*"], each=["alert.opened"], none=["system.*"]),
        route=route,
    )
    desk = Desk(*store, watch, log_of((a_flood(1), 50), (a_flood(2), 49)))

    runner.run(desk.read())
    runner.run(desk.make_digests())
    told = runner.run(desk.deliver())

    by_receiver = sorted((each.receiver, each.type) for each in told)
    assert by_receiver == [("desk", "alert.digest"), ("each", "alert.opened"), ("each", "alert.opened")]


def test_the_limit_is_configured_and_a_reload_holds_for_what_comes_next(
    store: Store, tmp_path: Path, runner: asyncio.Runner
) -> None:
    source = log_of((a_flood(1), 3))
    desk = Desk(*store, a_watch(tmp_path, limits={"max_age": "2h"}), source)
    runner.run(desk.read())
    assert runner.run(desk.deliver()) == []

    desk.watch = a_watch(tmp_path, limits={"max_age": "4h"})
    source.add("p", Record(1, a_flood(2), NOW - 3 * HOUR))
    source.add("p", Record(2, a_flood(1), NOW - 3 * HOUR))
    runner.run(desk.read())
    told = runner.run(desk.deliver())

    assert [each.type for each in told] == ["alert.opened"], "what is pending stays so"
    assert runner.run(desk.make_digests()) == 1
    assert shown(runner.run(desk.deliver())[0]) == ["flood-1"]


def test_a_backlog_that_takes_long_is_told_in_parts_each_alert_in_one(
    store: Store, tmp_path: Path, runner: asyncio.Runner
) -> None:
    articles = [(a_flood(number), 50.0) for number in range(30)]
    source, made = log_of(*articles[:10]), 0
    desk = Desk(*store, a_watch(tmp_path), source)
    for part in range(3):
        runner.run(desk.read())
        for number in range(10 * (part + 1), min(10 * (part + 2), 30)):
            source.add("p", Record(number, articles[number][0], NOW - 50 * HOUR))
        made += runner.run(desk.make_digests(61_000))

    digests = runner.run(desk.deliver())

    assert made == len(digests) == 3
    told = [article for digest in digests for article in shown(digest)]
    assert sorted(told) == sorted(f"flood-{number}" for number in range(30))


@pytest.mark.parametrize("flushed", [False, True], ids=["pending", "in a digest"])
def test_a_wiped_store_is_filled_again_with_what_no_receiver_was_told(
    tmp_path: Path, runner: asyncio.Runner, flushed: bool
) -> None:
    state = MemoryState()
    desk = Desk(MemoryAdmission(state), MemoryOutbox(state, "one"), a_watch(tmp_path), log_of((a_flood(1), 50)))
    runner.run(desk.read())
    runner.run(desk.make_digests() if flushed else desk.committed())
    assert runner.run(desk.committed()) == (1, 0)

    state.restore(MemoryState())
    runner.run(desk.committed())
    runner.run(desk.read())
    runner.run(desk.make_digests())

    assert [shown(each) for each in runner.run(desk.deliver())] == [["flood-1"]]


def test_a_process_that_starts_after_a_crash_finishes_what_was_pending(
    store: Store, tmp_path: Path, runner: asyncio.Runner
) -> None:
    source = log_of((a_flood(1), 50), (a_flood(2), 49))
    runner.run(Desk(*store, a_watch(tmp_path), source).read())

    source.restart()
    second = Desk(*store, a_watch(tmp_path), source)
    runner.run(second.read())
    runner.run(second.make_digests())

    (digest,) = runner.run(second.deliver())
    assert shown(digest) == ["flood-2", "flood-1"]
    assert runner.run(store[0].counts()) == {"alerted": 2}
