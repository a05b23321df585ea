"""One seeded history from beginning to end, and what came of it."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from alerts.errors import Unavailable
from tests.simulation.articles import watch_of
from tests.simulation.process import Process
from tests.simulation.world import PARTITIONS, RECORDS, Crash, Rules, World


@dataclass(frozen=True)
class Result:
    """What a history came to."""

    lost: frozenset[int]  # stories that nobody was told of
    two_ids: int  # stories told under several ids
    two_bodies: int  # ids sent with several bodies
    repeats: int  # POSTs beyond the first of an id
    losses: int  # times that the store lost acknowledged writes
    finished: bool


def simulate(seed: int, rules: Rules, folder: Path) -> Result:
    """One history: faults for a while, then calm until everything is read and delivered."""
    world = World(seed, rules, watch_of(folder))
    processes: dict[str, Process | None] = dict.fromkeys(PARTITIONS)
    for _ in range(140):
        world.now_ms += 3_000
        if world.boom(0.03):
            world.store_crashes()
        if rules.wipes and world.boom(0.006):
            world.store_is_wiped()
        for name in PARTITIONS:
            processes[name] = _live(world, name, processes[name])
    world.quiet = True
    finished = _calm(world, processes)
    return _judge(world, finished)


def _live(world: World, name: str, process: Process | None) -> Process | None:
    try:
        if process is None:
            return Process(world, name) if world.chance.random() < 0.3 else None
        deed = world.chance.choices([process.read, process.tick, process.deliver], [5, 2, 3])[0]
        deed()
    except Crash:
        return None
    except Unavailable:
        pass  # it lives on and tries again
    return process


def _calm(world: World, processes: dict[str, Process | None]) -> bool:
    alive = {name: process or Process(world, name) for name, process in processes.items()}
    for _ in range(200):
        world.now_ms += 10_000
        for process in alive.values():
            process.read()
            process.tick()
            process.deliver()
        done = all(world.state.checkpoints.get(name) == RECORDS for name in PARTITIONS)
        if done and not world.state.waiting and all(p.source.position(n) == RECORDS for n, p in alive.items()):
            return True
    return False


def _judge(world: World, finished: bool) -> Result:
    expected = {story for log in world.logs.values() for story in log if story is not None}
    ids: defaultdict[int, set[str]] = defaultdict(set)
    bodies: defaultdict[str, set[bytes]] = defaultdict(set)
    for delivery, body in world.receipts:
        ids[int(json.loads(body)["data"]["article"]["title"].rsplit(" ", 1)[1])].add(delivery)
        bodies[delivery].add(body)
    return Result(
        lost=frozenset(expected - ids.keys()),
        two_ids=sum(len(each) > 1 for each in ids.values()),
        two_bodies=sum(len(each) > 1 for each in bodies.values()),
        repeats=len(world.receipts) - len(bodies),
        losses=world.losses,
        finished=finished,
    )
