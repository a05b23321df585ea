"""One seeded history from beginning to end: a world, its weather, and then calm until all has come to rest."""

from collections.abc import Callable

from tests.simulation.calls import Crash
from tests.simulation.judge import Result, judge
from tests.simulation.process import Process
from tests.simulation.rules import rules_of
from tests.simulation.world import World

TURNS = 260
"""Of weather. About forty batches and a hundred requests are in them."""

CALM_ROUNDS = 150
"""In which everything must come to rest; ten are usual."""

HOUR_MS = 3_600_000


def simulate(seed: int, without: str = "", tell: Callable[[str], None] | None = None) -> Result:
    """The history of a seed. The same on every machine."""
    world = World(seed, rules_of(seed, without), tell)
    for turn in range(TURNS):
        world.now_ms += 2_000
        _befall(world, turn)
        _go_on(world, turn)
    rested = _calm(world)
    return judge(seed, world, rested)


def _befall(world: World, turn: int) -> None:
    """At most one thing a turn, beside what was on its way."""
    chance, late = world.chance, world.store.late
    if late and chance.random() < 0.15:
        world.say("a late request arrives")
        world.arrives_late = True
        late.pop(chance.randrange(len(late)))()
        world.arrives_late = False
    for name in list(world.group.unheard):
        if chance.random() < 0.15:
            _hear(world, name)
    if chance.random() < 0.16:
        _publish(world)
    draw = chance.random() / world.rules.roughness
    for share, event in EVENTS:
        if draw < share:
            event(world, turn)
            return
        draw -= share


def _crash(world: World, turn: int) -> None:
    lost = world.store.crash()
    world.openings.lose(world.store.state.told)
    world.say(f"the store crashes and loses {lost} writes")


def _wipe(world: World, turn: int) -> None:
    if not world.rules.faithful:
        world.wipes += 1
        world.store.wipe()
        world.openings.lose(world.store.state.told)
        world.say("the store is wiped")


def _rebalance(world: World, turn: int) -> None:
    world.say(f"rebalance: {world.group.rebalance()}")


def _kill_one(world: World, turn: int) -> None:
    _kill(world, world.chance.choice(list(world.processes)), "is killed")


def _stop(world: World, turn: int) -> None:
    process = world.processes[world.chance.choice(list(world.processes))]
    if process is not None:
        process.stopped_until = turn + world.chance.randint(5, 40)
        world.say(f"{process.name} is stopped")


def _receiver(world: World, turn: int) -> None:
    world.down ^= {world.chance.choice(("desk", "radio"))}
    world.say(f"receivers down: {sorted(world.down)}")


def _publish(world: World) -> None:
    partition = world.chance.choice(list(world.unwritten))
    if world.unwritten[partition]:
        world.publish(partition)


def _hear(world: World, name: str) -> None:
    world.group.hear(name)
    world.say(f"{name} has now {dict(world.group.members[name].assigned())}")


def _kill(world: World, name: str, how: str) -> None:
    process = world.processes[name]
    if process is not None:
        world.say(f"{name} {how}")
        process.end()
        world.processes[name] = None


def _vanish(world: World, turn: int) -> None:
    """Retention: to what is needed at most, but where the source does not keep its promise."""
    rules, chance = world.rules, world.chance
    if not rules.retention:
        return
    partition = chance.choice(list(world.log.records))
    begin = world.log.begins.get(partition, 0)
    last = world.log.end(partition) if rules.vanishes else world.needed(partition)
    if last > begin:
        before = chance.randint(begin, last)
        world.log.vanish(partition, before)
        world.say(f"{partition} begins at {before}")


def _grow(world: World, turn: int) -> None:
    if world.rules.grows and "r" not in world.log.records:
        world.new_partition("r")
        world.group.rebalance()
        world.say("there is a partition more")


def _an_hour(world: World, turn: int) -> None:
    world.now_ms += HOUR_MS
    world.say("an hour passes")


EVENTS: tuple[tuple[float, Callable[[World, int], None]], ...] = (
    (0.03, _crash),
    (0.01, _wipe),
    (0.03, _rebalance),
    (0.015, _kill_one),
    (0.015, _stop),
    (0.02, _receiver),
    (0.03, _vanish),
    (0.02, _grow),
    (0.015, _an_hour),
)
"""What may happen in a turn, and how often in the roughest histories."""


def _go_on(world: World, turn: int) -> None:
    """Somebody does something."""
    chance = world.chance
    name = chance.choice(list(world.processes))
    process = world.processes[name]
    if process is None:
        if chance.random() < 0.3:
            world.say(f"{name} starts")
            world.processes[name] = Process(world, name)
    elif process.stopped_until <= turn:
        world.zombies += name in world.group.unheard
        try:
            process.go_on(chance.random() < 0.35)
        except Crash:
            _kill(world, name, "is dead")


def _calm(world: World) -> bool:
    """All are well, hear everything, and have time."""
    world.say("calm")
    world.quiet = True
    world.down.clear()
    for partition, unwritten in world.unwritten.items():
        while unwritten:
            world.publish(partition)
    for name, process in world.processes.items():
        world.processes[name] = process or Process(world, name)
    if world.chance.random() < 0.5:
        world.group.rebalance()
    for name in list(world.group.unheard):
        _hear(world, name)
    for arrive in world.store.late:
        arrive()
    for _ in range(CALM_ROUNDS):
        world.now_ms += 6_000
        for process in world.processes.values():
            assert process is not None
            process.go_on(0)
            process.go_on(1)
        if world.at_rest():
            return True
    return False
