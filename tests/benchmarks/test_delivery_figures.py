"""Small versions of what the benchmarks of deliveries measure, with real processes, sockets and stores."""

import asyncio
import multiprocessing
import random

from alerts.store.redis_connection import connect
from benchmarks import bench_hostile, bench_kills
from benchmarks.hostile import HOSTILE, serve

DEADLINE = 3.0
IN_TIME = 30.0
"""On a busy machine; those that never end would take for ever."""

HOSTILE_RECEIVERS, RECEIVERS = 2 * len(HOSTILE), 40


def test_each_alert_arrives_once_and_in_order() -> None:
    run = asyncio.run(bench_kills.play(500, 0, random.Random(1)))

    assert run.kept, run


def test_a_dispatcher_that_is_killed_loses_nothing_and_repeats_the_same_bytes() -> None:
    run = asyncio.run(bench_kills.play(600, 2, random.Random(2)))

    assert run.kept, run


def test_hostile_receivers_cost_the_others_no_alert_and_no_memory(valkey_url: str, runner: asyncio.Runner) -> None:
    numbers = {"healthy": range(HOSTILE_RECEIVERS, RECEIVERS)}
    numbers |= {each: range(at, HOSTILE_RECEIVERS, len(HOSTILE)) for at, each in enumerate(HOSTILE)}
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there, numbers), daemon=True)
    process.start()
    everyone = bench_hostile.receivers_at(here.recv(), range(RECEIVERS))
    healthy = {f"r{number}" for number in numbers["healthy"]}

    async def scenario() -> tuple[bench_hostile.Watch, int]:
        client = connect(valkey_url)
        before = bench_hostile.resident_bytes()
        watch, most = await bench_hostile.play(client, "hostile", everyone, healthy, 2.0, 60.0, DEADLINE)
        await client.aclose()
        return watch, most - before

    watch, growth = runner.run(scenario())
    process.terminate()
    process.join()

    assert watch.healthy > RECEIVERS and len(watch.waits) == watch.healthy, "each healthy one got each of its alerts"
    assert watch.failed >= HOSTILE_RECEIVERS
    assert watch.longest < IN_TIME
    assert growth < 64 * 2**20
