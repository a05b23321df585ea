"""A seeded plan of faults around Kafka. Pure: what, how long after the one before, and whether it may heal first."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.faults.proxy import Toxic


class Fault(StrEnum):
    DAEMON_KILLED = "daemon killed"
    REDIS_KILLED = "Redis killed"
    REDIS_TORN = "Redis killed twice, its log torn between"
    REDIS_WIPED = "Redis wiped"
    SCRIPTS_FORGOTTEN = "scripts forgotten"
    KAFKA_KILLED = "Kafka killed"
    RECEIVER_KILLED = "receiver killed"
    DAEMON_FROZEN = "daemon frozen for three sessions"
    SECOND_JOINS = "second daemon joins"
    SECOND_LEAVES = "second daemon leaves"
    ROLLING = "both daemons restarted"
    PARTITION_ADDED = "partition added"
    REDIS_NETWORK = "network to Redis"
    RECEIVER_NETWORK = "network to the receiver"
    KAFKA_NETWORK = "network to Kafka"


NETWORKS = (Fault.REDIS_NETWORK, Fault.RECEIVER_NETWORK, Fault.KAFKA_NETWORK)

RARE = (Fault.KAFKA_KILLED, Fault.DAEMON_FROZEN, Fault.ROLLING)
"""They take their time: once in a while beside the first round is enough."""

OFTEN = (Fault.DAEMON_KILLED, Fault.REDIS_KILLED, Fault.REDIS_TORN, Fault.REDIS_WIPED, Fault.RECEIVER_KILLED, *NETWORKS)

HEALS = (0.6, 0.25)
"""Share of blows that heal before the next one: of what is killed, and of networks, which so overlap with others."""

MOST_PARTITIONS = 2
"""Added in one run."""


@dataclass(frozen=True, slots=True)
class Blow:
    fault: Fault
    after_seconds: float  # from the moment before
    for_seconds: float  # how long a network is bad
    heals: bool  # before the next one; otherwise that may strike at any moment
    toxic: Toxic | None = None


def plan(seed: int, faults: int, kinds: Sequence[Fault] = tuple(Fault)) -> Iterator[Blow]:
    """Each kind first, and each toxic of each network as far as ``faults`` go, then at random."""
    chance = random.Random(seed)
    first = [fault for fault in kinds if fault not in NETWORKS]
    toxics = [(network, toxic) for network in NETWORKS if network in kinds for toxic in Toxic]
    chance.shuffle(first)
    chance.shuffle(toxics)
    begin: list[tuple[Fault, Toxic | None]] = [*((each, None) for each in first), *toxics][:faults]
    chance.shuffle(begin)
    added = 0
    for number in range(faults):
        fault, toxic = begin[number] if number < len(begin) else _any(chance, kinds)
        added += fault is Fault.PARTITION_ADDED
        if fault is Fault.PARTITION_ADDED and added > MOST_PARTITIONS:
            fault = Fault.DAEMON_KILLED
        yield Blow(
            fault, chance.uniform(0.0, 0.8), chance.uniform(0.5, 2.0), chance.random() < HEALS[fault in NETWORKS], toxic
        )


def _any(chance: random.Random, kinds: Sequence[Fault]) -> tuple[Fault, Toxic | None]:
    often = [fault for fault in OFTEN if fault in kinds]
    usual = [fault for fault in kinds if fault not in RARE]
    drawn = chance.random()
    fault = chance.choice(often if often and drawn < 0.7 else usual if usual and drawn < 0.95 else list(kinds))
    return fault, chance.choice(list(Toxic)) if fault in NETWORKS else None
