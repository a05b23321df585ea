"""What came of a history, and what of it must not be."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from tests.simulation.stories import Key
from tests.simulation.updates import in_turn, key_of, notices_of, unheard
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Result:
    """A history's end."""

    seed: int
    kind: str
    problems: tuple[str, ...]  # none in a good protocol
    seen: dict[str, int]  # what the history had in it


def judge(seed: int, world: World, rested: bool) -> Result:
    """All that is promised."""
    told = _told(world)
    problems = [] if rested else ["it never came to rest"]
    problems += _lost(world, told)
    problems += [f"told, and nothing asked for it: {key}" for key in told.keys() - world.carriers.keys()]
    notices = notices_of(world)
    problems += unheard(world, notices)
    if world.rules.faithful:
        problems += _faithful(world, told)
        problems += in_turn(world, notices)
    alerts: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for (story, topic, _), ids in told.items():
        alerts[story, topic] |= {alert for alert, _ in ids}
    again = sum(len(each) - 1 for each in alerts.values())
    realerted = round(world.metrics.realerted.value)
    uncounted = world.openings.uncounted
    if again > realerted + uncounted:
        problems.append(f"{again} alerts were opened again, {realerted} counted, {uncounted} known to nobody")
    seen = {
        "losses": world.store.losses,
        "wipes": world.wipes,
        "requests": len(world.receipts),
        "repeats": len(world.receipts) - len({each.delivery for each in world.receipts}),
        "alerts again": again,
        "realerted": realerted,
        "uncounted": uncounted,
        "refused commits": world.refused,
        "retries": world.retries,
        "gaps": world.gaps,
        "turns of zombies": world.zombies,
        "skipped": len(world.passed),
        "order gaps": sum(each.order_gap for each in world.receipts),
        "updates": sum(each.number > 1 for each in notices),
        "reasons held": sum(len(each.reasons) > 1 for each in notices),
    }
    return Result(seed, world.rules.kind, tuple(problems), seen)


Told = dict[Key, set[tuple[str, str]]]
"""By what had to be told: alert and delivery ids under which it was."""


def _told(world: World) -> Told:
    told: Told = defaultdict(set)
    for receipt in {each.delivery: each for each in world.receipts}.values():
        data = msgspec.json.decode(receipt.body)["data"]
        if data["alert"]["reason"] == "opened":
            told[key_of(data, receipt.receiver)].add((data["alert"]["id"], receipt.delivery))
    return told


def _lost(world: World, told: Told) -> list[str]:
    """Only what the source no longer has, and what was counted as skipped, may be missing."""
    problems = []
    for key, records in world.carriers.items():
        if key not in told:
            why = [each for each in sorted(records) if not (world.rules.vanishes and each in world.passed)]
            if why:
                problems.append(f"lost {key}, of {why}")
    missing = world.broken - world.dead_letters - (world.passed if world.rules.vanishes else set())
    problems += [f"no dead letter for {partition}/{offset}" for partition, offset in sorted(missing)]
    return problems


def _faithful(world: World, told: Told) -> list[str]:
    """While the store keeps its word."""
    problems = [f"told under {len(ids)} ids: {key}" for key, ids in told.items() if len(ids) > 1]
    bodies: defaultdict[str, set[bytes]] = defaultdict(set)
    first: dict[str, int] = {}
    for number, receipt in enumerate(world.receipts):
        bodies[receipt.delivery].add(receipt.body)
        first.setdefault(receipt.delivery, number)
    problems += [f"{len(each)} bodies of {delivery}" for delivery, each in bodies.items() if len(each) > 1]
    for lane, deliveries in world.lanes.items():
        came = [first[each] for each in deliveries if each in first]
        late = {later for earlier, later in pairwise(came) if later < earlier}
        if any(not world.receipts[number].order_gap for number in late):
            problems.append(f"lane {lane}: {deliveries} came as {came}")
    counted = sum(world.store.state.outcomes.values())
    if not world.passed and counted != world.count:
        problems.append(f"{counted} outcomes of {world.count} records")
    if world.metrics.realerted.value:
        problems.append("something was counted as told again")
    return problems
