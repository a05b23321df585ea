"""What the source lost is told before it is passed over."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from alerts.admission.admission import Admitted
from alerts.errors import Unavailable
from alerts.store.memory_state import MemoryState
from daemon.sources.memory_source import MemorySource
from daemon.sources.source import Vanished
from tests.daemon.build import NOW, Process, a_watch, quiet

RECEIVERS = [
    {"name": name, "url": "http://127.0.0.1:9/", "secret_file": "secret", "allow": ["127.0.0.0/8"], "events": events}
    for name, events in [("desk", ["alert.*"]), ("ops", ["system.*"])]
]


@pytest.fixture
def process(tmp_path: Path, runner: asyncio.Runner) -> Process:
    """One that has read two of six records."""
    source = MemorySource({"p": [quiet(1), quiet(2)]}, grows=True)
    made = Process(a_watch(tmp_path, receivers=RECEIVERS), source, MemoryState())
    runner.run(made.read_all())
    source.add("p", *(quiet(number) for number in range(3, 7)))
    return made


def told(process: Process) -> list[tuple[str, dict[str, Any]]]:
    return [
        (waiting.delivery.receiver, json.loads(waiting.delivery.body)["data"])
        for waiting in process.state.waiting.values()
    ]


def vanish(process: Process, before: int) -> None:
    assert isinstance(process.source, MemorySource)
    process.source.vanish("p", before)


def test_records_that_vanished_are_told_to_who_asked_for_it(process: Process, runner: asyncio.Runner) -> None:
    vanish(process, 5)

    runner.run(process.read_all())

    ((receiver, data),) = told(process)
    assert receiver == "ops"
    assert (data["partition"], data["position"], data["resume"], data["lost"], data["reason"]) == (
        "p", 2, 5, 3, "retention",
    )  # fmt: skip
    assert process.state.outcomes["skipped:retention"] == 3
    assert process.woken == 1


def test_a_crash_between_telling_and_skipping_tells_once(process: Process, runner: asyncio.Runner) -> None:
    vanish(process, 5)
    skip = process.admission.skip

    async def die(*args: object) -> Admitted:
        raise Unavailable("died here")

    process.admission.skip = die  # type: ignore[method-assign, assignment]
    with pytest.raises(Unavailable):
        runner.run(process.consumer.step())
    assert len(told(process)) == 1, "told first"
    assert process.state.checkpoints == {"p": 2}

    process.admission.skip = skip  # type: ignore[method-assign]
    runner.run(process.read_all())

    assert len(told(process)) == 1
    assert process.state.checkpoints == {"p": 6}


def test_what_another_process_passed_already_is_not_told(process: Process, runner: asyncio.Runner) -> None:
    vanish(process, 5)
    process.state.checkpoints["p"] = 6  # it has read on while we stood still

    runner.run(process.consumer.step())

    assert told(process) == []


def test_what_another_process_read_of_it_is_not_counted_as_lost(process: Process, runner: asyncio.Runner) -> None:
    vanish(process, 5)
    process.state.checkpoints["p"] = 4

    runner.run(process.consumer.step())

    ((_, data),) = told(process)
    assert (data["position"], data["lost"]) == (4, 1)


@pytest.mark.parametrize(("checkpoint", "times"), [(2, 1), (1, 0), (0, 0)])
def test_a_partition_made_anew_is_told_by_who_stood_in_the_old_one(
    process: Process, runner: asyncio.Runner, checkpoint: int, times: int
) -> None:
    assert process.consumer._announcer is not None
    runner.run(process.consumer._announcer.vanished(Vanished("p", 2, 0, "recreated"), checkpoint))

    assert [data["lost"] for _, data in told(process)] == [0] * times


def test_a_wiped_store_is_recovered_before_anything_is_told(process: Process, runner: asyncio.Runner) -> None:
    vanish(process, 5)
    process.state.restore(MemoryState())

    runner.run(process.consumer.step())
    assert told(process) == []
    runner.run(process.read_all())

    ((_, data),) = told(process)
    assert (data["position"], data["lost"]) == (0, 5)
    assert data["text"].startswith("p: 5 records from 0 on")


def test_the_moment_is_when_it_was_told(process: Process, runner: asyncio.Runner) -> None:
    vanish(process, 5)

    runner.run(process.read_all())

    (waiting,) = process.state.waiting.values()
    assert (waiting.delivery.created_ms, waiting.ready_ms) == (NOW, NOW)
